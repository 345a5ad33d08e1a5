"""Guarantee 5: when many fail together, restarts pause, budgets are kept, starts return slowly."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from actors.directory import Directory
from actors.events import Event, EventKind
from actors.runtime import Actor, on
from actors.supervision import ChildSpec, Supervisor, System
from tests.unit.actors.support import Add, Broken, outcome
from tests.virtual_time import VirtualClock, run_virtual, seeded

TENANTS = 200


class World:
    """A database that can be gone, and tenants that cannot live without it."""

    def __init__(self) -> None:
        self.is_up = True
        self.starts: list[float] = []
        self.events: list[Event] = []
        self.system = System(clock=VirtualClock(), random=seeded(), on_event=self.events.append)
        self.tenants = Directory(lambda _: Needy(self), idle_seconds=1e9)

    async def start(self) -> "World":
        """Start the tree with every tenant awake."""
        await self.system.start(ChildSpec("root", lambda: Supervisor([self.tenants.spec()])))
        await self.ask_all()
        return self

    async def ask_all(self) -> list[Any]:
        """Ask every tenant."""
        asks = (self.tenants.ask(t, Add(), deadline=120.0) for t in range(TENANTS))
        return await asyncio.gather(*map(outcome, asks))

    def count(self, kind: EventKind) -> int:
        """Return how often something happened."""
        return sum(event.kind is kind for event in self.events)


class Needy(Actor):
    """Reads the database for everything."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def started(self) -> None:
        """Read."""
        self.world.starts.append(self.context.clock.monotonic())
        self.read()

    @on(Add)
    async def add(self, message: Add) -> int:
        """Read."""
        self.read()
        return message.amount

    def read(self) -> None:
        """Fail when the database is gone."""
        if not self.world.is_up:
            raise Broken


@pytest.mark.parametrize("seed", range(5))
def test_an_outage_quarantines_nobody_and_all_come_back(seed: int) -> None:
    async def main() -> Any:
        world = await World().start()
        world.is_up = False
        await world.ask_all()
        await asyncio.sleep(600.0)
        world.is_up = True
        await asyncio.sleep(180.0)
        return world.count(EventKind.QUARANTINED), set(await world.ask_all())

    assert run_virtual(main, seed=seed) == (0, {1})


def test_an_outage_is_tried_a_few_times_a_minute_not_by_everybody() -> None:
    async def main() -> int:
        world = await World().start()
        world.is_up = False
        await world.ask_all()
        world.starts.clear()
        await asyncio.sleep(600.0)
        return len(world.starts)

    assert run_virtual(main) < 150


def test_after_an_outage_starts_are_let_in_ever_faster() -> None:
    async def main() -> list[float]:
        world = await World().start()
        world.is_up = False
        await world.ask_all()
        world.is_up = True
        world.starts.clear()
        await asyncio.sleep(120.0)
        return world.starts

    starts = run_virtual(main)
    gaps = [later - earlier for earlier, later in pairwise(starts)]

    assert len(starts) == TENANTS
    assert starts[0] >= 10.0
    assert gaps[0] == pytest.approx(0.2, rel=0.1)
    assert gaps[-1] < gaps[0] / 4
    assert gaps == sorted(gaps, reverse=True)


def test_a_few_that_fail_are_charged_and_the_rest_are_not_held_up() -> None:
    async def main() -> Any:
        world = await World().start()
        world.is_up = False
        for _ in range(6):
            asks = (world.tenants.ask(t, Add(), deadline=60.0) for t in range(4))
            await asyncio.gather(*map(outcome, asks))
        await asyncio.sleep(30.0)
        world.is_up = True
        answers = await world.ask_all()
        return (
            world.count(EventKind.QUARANTINED),
            world.count(EventKind.PAUSED),
            answers.count(1),
        )

    assert run_virtual(main) == (4, 0, TENANTS - 4)


def test_who_was_quarantined_just_before_the_pattern_showed_is_pardoned() -> None:
    async def main() -> Any:
        world = await World().start()
        world.is_up = False
        for _ in range(6):
            asks = (world.tenants.ask(t, Add(), deadline=60.0) for t in range(4))
            await asyncio.gather(*map(outcome, asks))
        await asyncio.sleep(0.01)  # who fails once too often answers first, then is set aside
        early = world.count(EventKind.QUARANTINED)
        await world.ask_all()
        world.is_up = True
        await asyncio.sleep(120.0)
        return early, world.count(EventKind.RECOVERED), set(await world.ask_all())

    assert run_virtual(main) == (4, 4, {1})
