"""Guarantee 5: when many fail together it is not them: restarts pause and nobody is charged.

More than a fifth of the actors within ten seconds open one breaker; on return, activations ramp by
a token bucket. What all else rests on, the children of the root, never waits behind the tenants.
"""

import asyncio
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from actors.runtime import (
    Actor,
    ChildSpec,
    Directory,
    Event,
    EventKind,
    Request,
    Supervisor,
    System,
    on,
)
from actors.runtime.start_gate import PAUSE_SECONDS, RAMP_START_PER_SECOND
from tests.unit.actors.support import Add, Broken, outcome
from tests.virtual_time import VirtualClock, run_virtual, seeded

TENANTS = 200


@dataclass(frozen=True, slots=True)
class Fall(Request[None]):
    """Die, whatever the database does."""


class World:
    """A database that can be gone, and who cannot live without it: a part, and the tenants."""

    def __init__(self, seed: int = 0) -> None:
        self.is_up = True
        self.starts: list[tuple[str, float]] = []
        self.events: list[Event] = []
        self.system = System(clock=VirtualClock(), random=seeded(seed), on_event=self.events.append)
        self.tenants = Directory(lambda _: Needy(self), idle_seconds=1e9)

    async def start(self, tenants: int = TENANTS) -> "World":
        """Start the tree with every tenant awake."""
        part = ChildSpec("part", lambda: Needy(self))
        root = ChildSpec("root", lambda: Supervisor([part, self.tenants.spec()]))
        await self.system.start(root)
        await self.ask_all(tenants)
        self.starts.clear()
        return self

    async def ask_all(self, tenants: int = TENANTS) -> list[Any]:
        """Ask every tenant."""
        asks = (self.tenants.ask(t, Add(), deadline=300.0) for t in range(tenants))
        return await asyncio.gather(*map(outcome, asks))

    async def crash_times(self, tenants: int, times: int) -> None:
        """Have so many tenants fail so often."""
        for _ in range(times):
            asks = (self.tenants.ask(t, Add(), deadline=60.0) for t in range(tenants))
            await asyncio.gather(*map(outcome, asks))

    def count(self, kind: EventKind) -> int:
        """Return how often something happened."""
        return sum(event.kind is kind for event in self.events)


class Needy(Actor):
    """Reads the database for everything."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def started(self) -> None:
        """Read."""
        self.world.starts.append((self.context.me.id, self.context.clock.monotonic()))
        self.read()

    @on(Add)
    async def add(self, message: Add) -> int:
        """Read."""
        self.read()
        return message.amount

    @on(Fall)
    async def fall(self, _message: Fall) -> None:
        """Die."""
        raise Broken

    def read(self) -> None:
        """Fail when the database is gone."""
        if not self.world.is_up:
            raise Broken


@pytest.mark.parametrize("seed", range(3))
def test_guarantee_5_an_outage_quarantines_nobody_and_all_come_back(seed: int) -> None:
    async def main() -> Any:
        world = await World(seed).start()
        world.is_up = False
        await world.ask_all()
        await asyncio.sleep(600.0)
        world.is_up = True
        await asyncio.sleep(180.0)
        return world.count(EventKind.QUARANTINED), set(await world.ask_all())

    assert run_virtual(main, seed=seed) == (0, {1})


@pytest.mark.parametrize("seed", range(3))
def test_guarantee_5_an_outage_burns_no_budget(seed: int) -> None:
    async def main() -> Any:
        world = await World(seed).start()
        world.is_up = False
        await world.ask_all()
        world.is_up = True
        await asyncio.sleep(45.0)  # long enough to be back, too short to be forgiven anything
        for _ in range(5):  # all that a budget holds
            asks = (world.tenants.ask(t, Fall(), deadline=60.0) for t in range(3))
            await asyncio.gather(*map(outcome, asks))
        return set(await world.ask_all()), world.count(EventKind.QUARANTINED)

    assert run_virtual(main, seed=seed) == ({1}, 0)


def test_guarantee_5_an_outage_is_tried_a_few_times_a_minute_not_by_everybody() -> None:
    async def main() -> int:
        world = await World().start()
        world.is_up = False
        await world.ask_all()
        world.starts.clear()
        await asyncio.sleep(600.0)
        return len(world.starts)

    assert run_virtual(main) < 150


@pytest.mark.parametrize("seed", range(3))
def test_guarantee_5_after_an_outage_starts_are_let_in_ever_faster(seed: int) -> None:
    async def main() -> list[float]:
        world = await World(seed).start()
        world.is_up = False
        await world.ask_all()
        world.is_up = True
        world.starts.clear()
        await asyncio.sleep(120.0)
        return [at for _, at in world.starts]

    starts = run_virtual(main, seed=seed)
    gaps = [later - earlier for earlier, later in pairwise(starts)]

    assert TENANTS == len(starts)
    assert starts[0] >= PAUSE_SECONDS
    assert gaps[0] == pytest.approx(1.0 / RAMP_START_PER_SECOND, rel=0.1)
    assert gaps[-1] < gaps[0] / 4
    assert sorted(gaps, reverse=True) == gaps


@pytest.mark.parametrize("seed", range(3))
def test_guarantee_5_a_new_tenant_waits_its_turn_on_the_ramp_too(seed: int) -> None:
    async def main() -> Any:
        world = await World(seed).start()
        world.is_up = False
        await world.ask_all()
        world.is_up = True
        answer = await outcome(world.tenants.ask(TENANTS + 1, Add(), deadline=120.0))
        return answer, world.system.clock.monotonic() > PAUSE_SECONDS

    assert run_virtual(main, seed=seed) == (1, True)


@pytest.mark.parametrize("seed", range(2))
def test_guarantee_5_a_part_of_the_root_never_waits_behind_a_thousand_tenants(seed: int) -> None:
    async def main() -> Any:
        world = await World(seed).start(1000)
        world.is_up = False
        await world.ask_all(1000)
        await asyncio.sleep(2.0)
        await outcome(world.system.ref("part").ask(Add(), deadline=60.0))
        world.is_up = True
        fell, world.starts = world.system.clock.monotonic(), []
        await asyncio.sleep(120.0)
        actor, at = world.starts[0]
        return (
            actor,
            at - fell <= 1.0,
            await outcome(world.system.ref("part").ask(Add(), deadline=1)),
        )

    assert run_virtual(main, seed=seed) == ("part", True, 1)


@pytest.mark.parametrize(
    ("failing", "quarantined", "paused"),
    [
        pytest.param(4, 4, 0, id="few are charged"),
        pytest.param(40, 40, 0, id="a fifth is charged"),
        pytest.param(60, 0, 1, id="more than a fifth is pardoned"),
    ],
)
def test_guarantee_5_it_takes_more_than_a_fifth_to_be_a_pattern(
    failing: int, quarantined: int, paused: int
) -> None:
    async def main() -> Any:
        world = await World().start()
        world.is_up = False
        await world.crash_times(failing, 6)
        await asyncio.sleep(5.0)
        world.is_up = True
        await asyncio.sleep(90.0)
        answers = await world.ask_all()
        return (
            world.count(EventKind.QUARANTINED),
            min(1, world.count(EventKind.PAUSED)),
            answers.count(1),
        )

    assert run_virtual(main) == (quarantined, paused, TENANTS - quarantined)


def test_guarantee_5_failures_spread_over_time_are_no_pattern() -> None:
    async def main() -> Any:
        world = await World().start()
        for first in range(0, TENANTS, 20):
            world.is_up = False
            asks = (world.tenants.ask(t, Add(), deadline=9.0) for t in range(first, first + 20))
            await asyncio.gather(*map(outcome, asks))
            world.is_up = True
            await asyncio.sleep(11.0)
        return world.count(EventKind.CRASHED), world.count(EventKind.PAUSED)

    assert run_virtual(main) == (TENANTS, 0)


def test_guarantee_5_who_was_quarantined_before_the_pattern_showed_is_pardoned() -> None:
    async def main() -> Any:
        world = await World().start()
        world.is_up = False
        await world.crash_times(4, 6)
        await asyncio.sleep(0.01)  # who fails once too often answers first, then is set aside
        early = world.count(EventKind.QUARANTINED)
        await world.ask_all()
        world.is_up = True
        await asyncio.sleep(120.0)
        return early, world.count(EventKind.RECOVERED), set(await world.ask_all())

    assert run_virtual(main) == (4, 4, {1})
