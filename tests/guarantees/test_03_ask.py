"""Guarantee 3: an ask always ends: by its answer, its deadline, or at once when there is no hope.

A handler's error reaches the asker with the actor's id, and late replies are dropped. kameo 335: an
ask of an actor that died must not hang. What would wait for itself: test_03_deadlocks.py.
"""

import asyncio
import inspect
from typing import Any

import pytest

from actors.runtime import Ref
from errors import (
    ActorCrashed,
    ActorStopped,
    AskTimeout,
    InvalidInput,
    Quarantined,
    StartFailed,
)
from tests.guarantees.support import SEEDS, House, Slow, crash_times
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
    outcome,
    puppet,
    refuse,
)
from tests.virtual_time import run_virtual


def test_guarantee_3_an_ask_cannot_be_made_without_a_deadline() -> None:
    deadline = inspect.signature(Ref.ask).parameters["deadline"]

    assert inspect.Parameter.empty is deadline.default


@pytest.mark.parametrize("mailbox_size", [1, 1000])
def test_guarantee_3_an_ask_ends_at_its_deadline_also_in_line_for_room(mailbox_size: int) -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a", mailbox_size=mailbox_size))
        asks = [tree["a"].ask(Do(hang), deadline=2.0) for _ in range(4)]
        return await asyncio.gather(*map(outcome, asks)), tree.system.clock.monotonic()

    assert run_virtual(main) == ([AskTimeout] * 4, pytest.approx(2.0))


def test_guarantee_3_a_late_reply_is_dropped_and_the_next_ask_gets_its_own() -> None:
    async def late(_: Puppet) -> str:
        await asyncio.sleep(5.0)
        return "late"

    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))
        first = await outcome(tree["a"].ask(Do(late), deadline=1.0))
        return [first, await tree["a"].ask(Add(7), deadline=10.0), list(tree.events)]

    assert run_virtual(main) == [AskTimeout, 7, []]


def test_guarantee_3_an_error_raised_on_purpose_reaches_the_asker_with_the_actors_id() -> None:
    async def main() -> tuple[Any, list[str], int]:
        tree = await Tree().start(puppet("a"))
        await tree["a"].ask(Add(5), deadline=1.0)
        with pytest.raises(InvalidInput) as caught:
            await tree["a"].ask(Do(refuse), deadline=1.0)
        notes = caught.value.__notes__
        return caught.value.sentence, notes, await tree["a"].ask(Add(0), deadline=1.0)

    assert run_virtual(main) == ("assim não", ["answered by actor a"], 5)


def test_guarantee_3_a_defect_reaches_the_asker_with_the_actors_id_and_its_cause() -> None:
    async def main() -> tuple[str, type, int]:
        tree = await Tree().start(puppet("a"))
        await tree["a"].ask(Add(5), deadline=1.0)
        with pytest.raises(ActorCrashed) as caught:
            await tree["a"].ask(Do(crash), deadline=1.0)
        cause = type(caught.value.__cause__)
        return caught.value.actor_id, cause, await tree["a"].ask(Add(0), deadline=1.0)

    assert run_virtual(main) == ("a", Broken, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_3_an_ask_fails_at_once_when_its_target_dies(seed: int) -> None:
    async def crash_soon(_: Puppet) -> None:
        await asyncio.sleep(1.0)
        raise Broken

    async def main() -> Any:
        stage = Stage()
        tree = await Tree(seed=seed).start(puppet("a", stage))
        crashing = asyncio.create_task(outcome(tree["a"].ask(Do(crash_soon), deadline=60.0)))
        await asyncio.sleep(0.5)
        await tree["a"].tell(Note("kept"))
        waiting = await outcome(tree["a"].ask(Add(), deadline=60.0))
        ended = tree.system.clock.monotonic()
        await tree["a"].ask(Add(), deadline=5.0)
        return [await crashing, waiting], ended, list(stage.log)

    assert run_virtual(main, seed=seed) == (
        [ActorCrashed, ActorCrashed],
        pytest.approx(1.0),
        ["started", "stopping", "started", "kept"],
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_3_an_ask_of_an_actor_that_cannot_start_fails_with_its_start(seed: int) -> None:
    async def main() -> Any:
        house = await House(Slow).start()
        house.stages[1] = Stage(failing_starts=1)
        asks = [outcome(house.tenants.ask(1, Add(), deadline=60.0)) for _ in range(3)]
        return await asyncio.gather(*asks), house.system.clock.monotonic()

    assert run_virtual(main, seed=seed) == ([StartFailed] * 3, pytest.approx(1.0))


def test_guarantee_3_a_stopped_actor_refuses_at_once() -> None:
    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))
        ref = tree["a"]
        await tree.system.stop()
        return [
            await outcome(ref.tell(Note("x"))),
            await outcome(ref.ask(Add(), deadline=60.0)),
            tree.system.clock.monotonic(),
        ]

    assert run_virtual(main) == [ActorStopped, ActorStopped, 0.0]


def test_guarantee_3_a_quarantined_actor_refuses_at_once() -> None:
    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))
        await crash_times(tree, "a", 6)
        began = tree.system.clock.monotonic()
        return [
            await outcome(tree["a"].ask(Add(), deadline=60.0)),
            await outcome(tree["a"].tell(Note("x"))),
            tree.system.clock.monotonic() - began,
        ]

    assert run_virtual(main) == [Quarantined, Quarantined, 0.0]
