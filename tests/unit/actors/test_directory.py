"""Guarantee 8: tenants are woken by a message, once, and rest when idle; nothing is lost."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest

from actors.directory import Directory
from actors.supervision import ChildSpec, Supervisor, System
from errors import ActorStopped, Quarantined, StartFailed
from tests.unit.actors.support import (
    Add,
    Broken,
    Do,
    Note,
    Puppet,
    Stage,
    crash,
    outcome,
    puppet,
)
from tests.virtual_time import VirtualClock, run_virtual, seeded

SEEDS = range(30)


class House:
    """A system with a directory of puppets."""

    def __init__(
        self, make: Callable[[Stage], Puppet] = Puppet, *, idle_seconds: float = 600.0
    ) -> None:
        self.stages: dict[int, Stage] = {}
        self.make = make
        self.system = System(clock=VirtualClock(), random=seeded(), on_event=lambda _: None)
        self.tenants = Directory(self.tenant, idle_seconds=idle_seconds)

    def tenant(self, tenant_id: int) -> Puppet:
        """Make the actor of a tenant."""
        return self.make(self.stages.setdefault(tenant_id, Stage()))

    async def start(self) -> "House":
        """Start the tree."""
        await self.system.start(ChildSpec("root", lambda: Supervisor([self.tenants.spec()])))
        return self

    def awake(self) -> list[str]:
        """Return the ids of the tenants that have an actor now."""
        return [status.id for status in self.system.snapshot() if status.parent == "tenants"]


class Slow(Puppet):
    """Takes a second to start and another to stop."""

    async def started(self) -> None:
        """Take a second."""
        await asyncio.sleep(1.0)
        await super().started()

    async def stopping(self) -> None:
        """Take a second."""
        await asyncio.sleep(1.0)
        await super().stopping()


@pytest.mark.parametrize("seed", SEEDS)
def test_all_who_come_at_once_find_one_actor(seed: int) -> None:
    async def main() -> Any:
        house = await House(Slow).start()
        sums = await asyncio.gather(*(house.tenants.ask(7, Add(), deadline=5.0) for _ in range(50)))
        return sorted(sums), house.stages[7].lives, house.awake()

    assert run_virtual(main, seed=seed) == ([*range(1, 51)], 1, ["tenant 7"])


def test_an_idle_tenant_costs_no_task() -> None:
    async def main() -> Any:
        house = await House().start()
        before = len(asyncio.all_tasks())
        await asyncio.gather(*(house.tenants.ask(t, Add(), deadline=5.0) for t in range(100)))
        awake = len(asyncio.all_tasks()) - before
        await asyncio.sleep(1000.0)
        return awake, len(asyncio.all_tasks()) - before, house.awake()

    assert run_virtual(main) == (100, 0, [])


@pytest.mark.parametrize("seed", range(200))
def test_no_message_is_lost_while_tenants_rest_and_wake(seed: int) -> None:
    async def main() -> list[str]:
        rng = random.Random(seed)  # noqa: S311 -- a schedule, not a secret
        house = await House(Slow, idle_seconds=2.0).start()
        for number in range(30):
            await house.tenants.tell(1, Note(str(number)))
            await asyncio.sleep(rng.choice([0.0, 0.5, 2.0, 2.5, 3.0, 3.5]))
        await house.tenants.ask(1, Add(), deadline=10.0)
        return [word for word in house.stages[1].log if word.isdigit()]

    assert [str(number) for number in range(30)] == run_virtual(main, seed=seed)


def test_what_comes_while_an_actor_goes_to_rest_wakes_it_again() -> None:
    async def main() -> Any:
        house = await House(Slow, idle_seconds=4.0).start()
        await house.tenants.ask(1, Add(5), deadline=5.0)
        await asyncio.sleep(4.5)
        answer = await house.tenants.ask(1, Add(1), deadline=10.0)
        return answer, list(house.stages[1].log)

    assert run_virtual(main) == (1, ["started", "stopping", "started"])


def test_an_actor_with_something_to_come_does_not_rest() -> None:
    async def later(actor: Puppet) -> None:
        actor.context.after(5000.0, Note("later"))

    async def background(actor: Puppet) -> None:
        actor.context.spawn(asyncio.sleep(5000.0), name="send in flight")

    async def child_with_timer(actor: Puppet) -> None:
        child = await actor.context.start_child(puppet("child"))
        await child.tell(Do(later))

    async def restless(actor: Puppet) -> None:
        actor.restless = True

    async def main() -> Any:
        house = await House().start()
        for tenant_id, work in enumerate([later, background, child_with_timer, restless]):
            await house.tenants.tell(tenant_id, Do(work))
        await asyncio.sleep(4000.0)
        early = house.awake()
        await asyncio.sleep(4000.0)
        return early, house.awake()

    assert run_virtual(main) == (["tenant 0", "tenant 1", "tenant 2", "tenant 3"], ["tenant 3"])


def test_a_failed_start_reaches_all_who_wait_and_the_next_one_may_succeed() -> None:
    async def main() -> Any:
        house = await House(Slow).start()
        house.stages[1] = Stage(failing_starts=1)
        asks = [outcome(house.tenants.ask(1, Add(), deadline=60.0)) for _ in range(3)]
        failed = await asyncio.gather(*asks)
        return failed, house.system.clock.monotonic(), await house.tenants.ask(1, Add(), deadline=9)

    assert run_virtual(main) == ([StartFailed] * 3, pytest.approx(1.0), 1)


def test_a_tenant_that_cannot_live_is_quarantined_and_its_neighbour_never_notices() -> None:
    async def main() -> Any:
        house = await House().start()
        for _ in range(6):
            await outcome(house.tenants.ask(1, Do(crash), deadline=60.0))
        return (
            await outcome(house.tenants.ask(1, Add(), deadline=60.0)),
            await house.tenants.ask(2, Add(), deadline=1.0),
        )

    assert run_virtual(main) == (Quarantined, 1)


def test_a_stopped_tenant_is_woken_by_the_next_message() -> None:
    async def main() -> Any:
        house = await House().start()
        await house.tenants.ask(1, Add(5), deadline=1.0)
        await house.tenants.stop(1)
        return house.awake(), await house.tenants.ask(1, Add(1), deadline=1.0)

    assert run_virtual(main) == ([], 1)


def test_tenants_stop_all_at_once() -> None:
    async def main() -> Any:
        house = await House(Slow).start()
        await asyncio.gather(*(house.tenants.ask(t, Add(), deadline=5.0) for t in range(100)))
        began = house.system.clock.monotonic()
        left = await house.system.stop(total_seconds=10.0)
        refused = await outcome(house.tenants.ask(1, Add(), deadline=5.0))
        return house.system.clock.monotonic() - began, left, refused

    assert run_virtual(main) == (pytest.approx(1.0), [], ActorStopped)


def test_a_crash_in_the_last_words_loses_nothing() -> None:
    class BadEnd(Puppet):
        async def stopping(self) -> None:
            raise Broken

    async def main() -> Any:
        house = await House(BadEnd, idle_seconds=10.0).start()
        await house.tenants.ask(1, Add(), deadline=1.0)
        await asyncio.sleep(100.0)
        return house.awake(), await house.tenants.ask(1, Add(), deadline=1.0)

    assert run_virtual(main) == ([], 1)
