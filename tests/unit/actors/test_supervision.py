"""Starts, ends and restarts in detail; guarantees 4 and 6 are proved in tests/guarantees."""

import asyncio
from typing import Any

import pytest

from actors.runtime import Budget, ChildSpec, Supervisor, System
from actors.runtime.budget import Ledger
from domain.backoff import ACTOR_RESTART
from errors import ActorCrashed, ActorStopped, StartFailed
from tests.unit.actors.support import (
    Add,
    Broken,
    Do,
    Note,
    Puppet,
    Stage,
    Tree,
    crash,
    hang,
    ignore_cancellation,
    outcome,
    puppet,
)
from tests.virtual_time import VirtualClock, run_virtual, seeded

SEEDS = range(20)


async def crash_times(tree: Tree, actor_id: str, times: int) -> None:
    """Crash an actor so many times, each as soon as it runs again."""
    for _ in range(times):
        await outcome(tree[actor_id].ask(Do(crash), deadline=120.0))


def test_a_thousand_starts_and_stops_leave_no_task_behind() -> None:
    async def main() -> int:
        for _ in range(1000):
            tree = await Tree().start(puppet("a"), puppet("b"))
            await tree["a"].ask(Add(), deadline=1.0)
            await tree.system.stop()
        return len(asyncio.all_tasks())

    assert run_virtual(main) == 1


def test_a_listener_that_fails_harms_nobody() -> None:
    async def main() -> Any:
        complaints: list[str] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))

        def fail(_: object) -> None:
            raise Broken

        async with System(clock=VirtualClock(), random=seeded(), on_event=fail) as system:
            await system.start(ChildSpec("root", lambda: Supervisor([puppet("a")])))
            await outcome(system.ref("a").ask(Do(crash), deadline=1.0))
            return await system.ref("a").ask(Add(1), deadline=1.0), complaints

    assert run_virtual(main) == (1, ["listener failed"])


class Stubborn(Puppet):
    """Goes on starting, whoever cancels."""

    async def started(self) -> None:
        """Start for ten minutes."""
        await ignore_cancellation(self)


class Hanging(Puppet):
    """Never gets to run."""

    async def started(self) -> None:
        """Wait for nothing."""
        await hang(self)


@pytest.mark.parametrize("kind", [Hanging, Stubborn])
def test_a_start_that_takes_too_long_is_a_failed_start(kind: type[Puppet]) -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))
        hanging = puppet("b", factory=lambda: kind(Stage()), start_seconds=10.0)

        async def start_child(actor: Puppet) -> None:
            await actor.context.start_child(hanging)

        with pytest.raises(StartFailed) as caught:
            await tree["a"].ask(Do(start_child), deadline=60.0)
        return type(caught.value.__cause__), tree.system.clock.monotonic() <= 15.0

    assert run_virtual(main) == (TimeoutError, True)


def test_a_crash_that_is_ignored_ends_in_abandonment_and_a_new_life() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))

        async def dies() -> None:
            raise Broken

        async def work(actor: Puppet) -> None:
            actor.context.spawn(dies(), name="dies")
            await ignore_cancellation(actor)

        first = await outcome(tree["a"].ask(Do(work), deadline=60.0))
        at = tree.system.clock.monotonic()
        return first, at, await tree["a"].ask(Add(1), deadline=30.0)

    assert run_virtual(main) == (ActorCrashed, 0.0, 1)


def test_stopping_interrupts_a_start_and_ends_well_whoever_was_started_before() -> None:
    async def main() -> Any:
        stage = Stage()
        tree = Tree()
        hanging = puppet("b", factory=lambda: Hanging(Stage()))
        starting = asyncio.create_task(outcome(tree.start(puppet("a", stage), hanging)))
        await asyncio.sleep(1.0)
        left = await tree.system.stop()
        return left, await starting, stage.log, tree.system.clock.monotonic(), tree.events

    assert run_virtual(main) == ([], ActorStopped, ["started", "stopping"], pytest.approx(1.0), [])


def test_stopping_does_not_wait_longer_for_who_is_crashing_already() -> None:
    class SlowEnd(Puppet):
        async def stopping(self) -> None:
            await hang(self)

    async def main() -> Any:
        tree = await Tree().start(puppet("a", factory=lambda: SlowEnd(Stage())))
        await outcome(tree["a"].ask(Do(crash), deadline=1.0))
        await asyncio.sleep(2.0)
        left = await tree.system.stop()
        return left, tree.system.clock.monotonic() <= 5.0

    assert run_virtual(main) == ([], True)


def test_two_children_of_one_name_are_a_defect_of_the_parent() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))

        async def twice(actor: Puppet) -> None:
            await actor.context.start_child(puppet("twin"))
            await actor.context.start_child(puppet("twin"))

        with pytest.raises(ActorCrashed) as caught:
            await tree["a"].ask(Do(twice), deadline=1.0)
        return type(caught.value.__cause__)

    assert run_virtual(main) is ValueError


def test_what_an_abandoned_life_still_tries_is_refused() -> None:
    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))
        found: list[Any] = []

        async def zombie(actor: Puppet) -> None:
            await ignore_cancellation(actor)
            found.append(await outcome(actor.context.start_child(puppet("child"))))
            with pytest.raises(ActorStopped):
                actor.context.spawn(hang(actor), name="late")
            actor.context.after(1.0, Note("late"))

        await tree["a"].tell(Do(zombie))
        await asyncio.sleep(1.0)
        await tree.system.stop()
        await asyncio.sleep(1000.0)
        return found

    assert run_virtual(main) == [ActorStopped]


def test_the_backoff_stays_below_its_cap_however_patient_the_budget_is() -> None:
    ledger, rng, patient = Ledger(), seeded(), Budget(restarts=10_000)
    waits = [ledger.failed(patient, 0.0, rng) for _ in range(1_500)]

    assert all(wait is not None and wait <= ACTOR_RESTART.most_s for wait in waits)
