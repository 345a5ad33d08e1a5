"""Guarantees 1, 2 and 3: typed messages, bounded mailboxes, asks that always end."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from actors.events import EventKind
from actors.runtime import Ref
from actors.supervision import ChildSpec
from errors import (
    ActorCrashed,
    ActorStopped,
    AskCycle,
    AskTimeout,
    InvalidInput,
    MailboxFull,
    Quarantined,
    StartFailed,
    UnhandledMessage,
)
from tests.unit.actors.support import (
    Add,
    Broken,
    Do,
    Note,
    Puppet,
    Stage,
    Tree,
    Unknown,
    crash,
    hang,
    outcome,
    puppet,
    refuse,
)
from tests.virtual_time import run_virtual

SEEDS = range(20)


def test_an_ask_answers_with_what_the_handler_returns() -> None:
    async def main() -> int:
        tree = await Tree().start(puppet("a"))
        await tree["a"].ask(Add(40), deadline=1.0)
        return await tree["a"].ask(Add(2), deadline=1.0)

    assert run_virtual(main) == 42


@pytest.mark.parametrize("seed", SEEDS)
def test_a_message_is_handled_to_its_end_before_the_next(seed: int) -> None:
    log: list[str] = []

    async def slowly(_: Puppet) -> None:
        log.append("in")
        await asyncio.sleep(1.0)
        log.append("out")

    async def main() -> None:
        tree = await Tree().start(puppet("a"))
        await asyncio.gather(*(tree["a"].ask(Do(slowly), deadline=60.0) for _ in range(5)))

    run_virtual(main, seed=seed)

    assert ["in", "out"] * 5 == log


@pytest.mark.parametrize("seed", SEEDS)
def test_one_sender_is_heard_in_order_also_when_there_is_no_room(seed: int) -> None:
    async def main() -> list[str]:
        stage = Stage()
        tree = await Tree().start(puppet("a", stage, mailbox_size=2))
        for number in range(50):
            await tree["a"].tell(Note(str(number)))
        await tree["a"].ask(Add(), deadline=1.0)
        return list(stage.log)

    assert ["started", *map(str, range(50))] == run_virtual(main, seed=seed)


def test_tell_waits_for_room_until_its_deadline() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a", mailbox_size=1))
        busy = asyncio.create_task(outcome(tree["a"].ask(Do(hang), deadline=60.0)))
        await asyncio.sleep(1.0)
        await tree["a"].tell(Note("the only place"))
        began = tree.system.clock.monotonic()
        result = await outcome(tree["a"].tell(Note("no place"), deadline=3.0))
        waited = tree.system.clock.monotonic() - began
        await busy
        return result, waited

    assert run_virtual(main) == (MailboxFull, pytest.approx(3.0))


def test_try_tell_refuses_at_once_and_the_sender_lives_on() -> None:
    async def flood(actor: Puppet) -> None:
        for _ in range(3):
            actor.context.children()["small"].try_tell(Note("x"))

    async def with_child(actor: Puppet) -> None:
        await actor.context.start_child(puppet("small", mailbox_size=1))

    async def main() -> tuple[Any, int, list[EventKind]]:
        tree = await Tree().start(puppet("a"))
        await tree["a"].ask(Do(with_child), deadline=1.0)
        await tree["a"].tell(Do(flood))
        total = await tree["a"].ask(Add(1), deadline=1.0)
        return await outcome(tree["a"].ask(Do(flood), deadline=1.0)), total, tree.kinds()

    assert run_virtual(main) == (MailboxFull, 1, [EventKind.REFUSED])


def test_an_ask_of_a_full_mailbox_ends_at_its_deadline() -> None:
    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a", mailbox_size=1))
        asks = [tree["a"].ask(Do(hang), deadline=2.0) for _ in range(4)]
        return await asyncio.gather(*map(outcome, asks))

    assert run_virtual(main) == [AskTimeout] * 4


def test_a_late_reply_is_dropped_and_the_next_ask_gets_its_own() -> None:
    async def late(_: Puppet) -> str:
        await asyncio.sleep(5.0)
        return "late"

    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))
        first = await outcome(tree["a"].ask(Do(late), deadline=1.0))
        return [first, await tree["a"].ask(Add(7), deadline=10.0)]

    assert run_virtual(main) == [AskTimeout, 7]


def test_work_nobody_waits_for_any_more_is_not_begun() -> None:
    async def main() -> int:
        tree = await Tree().start(puppet("a"))
        await tree["a"].tell(Do(lambda _: asyncio.sleep(5.0)))
        asks = [tree["a"].ask(Add(1), deadline=1.0) for _ in range(3)]
        await asyncio.gather(*map(outcome, asks))
        return await tree["a"].ask(Add(0), deadline=10.0)

    assert run_virtual(main) == 0


def test_an_error_raised_on_purpose_reaches_the_asker_and_the_actor_lives_on() -> None:
    async def main() -> tuple[Any, list[str], int]:
        tree = await Tree().start(puppet("a"))
        await tree["a"].ask(Add(5), deadline=1.0)
        with pytest.raises(InvalidInput) as caught:
            await tree["a"].ask(Do(refuse), deadline=1.0)
        notes = caught.value.__notes__
        return caught.value.sentence, notes, await tree["a"].ask(Add(0), deadline=1.0)

    assert run_virtual(main) == ("assim não", ["answered by actor a"], 5)


def test_a_defect_reaches_the_asker_as_a_crash_and_the_state_is_gone() -> None:
    async def main() -> tuple[str, type, int]:
        tree = await Tree().start(puppet("a"))
        await tree["a"].ask(Add(5), deadline=1.0)
        with pytest.raises(ActorCrashed) as caught:
            await tree["a"].ask(Do(crash), deadline=1.0)
        cause = type(caught.value.__cause__)
        return caught.value.actor_id, cause, await tree["a"].ask(Add(0), deadline=1.0)

    assert run_virtual(main) == ("a", Broken, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_crash_fails_the_waiting_asks_at_once_and_keeps_what_was_told(seed: int) -> None:
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


def test_a_stray_cancellation_is_a_crash_not_a_silent_end() -> None:
    async def await_cancelled(_: Puppet) -> None:
        task = asyncio.create_task(asyncio.sleep(60.0))
        task.cancel()
        await task

    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))
        first = await outcome(tree["a"].ask(Do(await_cancelled), deadline=5.0))
        return [first, await tree["a"].ask(Add(1), deadline=5.0)]

    assert run_virtual(main) == [ActorCrashed, 1]


def test_a_stopped_actor_refuses_at_once() -> None:
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


def test_a_quarantined_actor_refuses_at_once() -> None:
    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))
        for _ in range(6):
            await outcome(tree["a"].ask(Do(crash), deadline=60.0))
        return [
            await outcome(tree["a"].ask(Add(), deadline=60.0)),
            await outcome(tree["a"].tell(Note("x"))),
        ]

    assert run_virtual(main) == [Quarantined, Quarantined]


def test_an_actor_that_asks_itself_is_told_so() -> None:
    async def ask_self(actor: Puppet) -> Any:
        return await actor.context.me.ask(Add(), deadline=60.0)

    async def main() -> Any:
        tree = await Tree().start(puppet("a"))
        return await outcome(tree["a"].ask(Do(ask_self), deadline=60.0))

    assert run_virtual(main) is AskCycle


@pytest.mark.parametrize("length", [2, 3, 10])
def test_a_cycle_of_asks_is_an_error_not_a_deadlock(length: int) -> None:
    async def main() -> tuple[Any, float]:
        tree = await Tree().start(*(puppet(str(number)) for number in range(length)))

        def ask_on(number: int) -> Do:
            async def work(_: Puppet) -> Any:
                return await tree[str(number)].ask(ask_on((number + 1) % length), deadline=60.0)

            return Do(work)

        result = await outcome(tree["0"].ask(ask_on(1), deadline=60.0))
        return result, tree.system.clock.monotonic()

    assert run_virtual(main) == (AskCycle, 0.0)


def test_two_unrelated_asks_that_block_each_other_are_a_cycle_too() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"), puppet("b"))

        def ask_later(other: str) -> Do:
            async def work(_: Puppet) -> Any:
                await asyncio.sleep(1.0)
                return await tree[other].ask(Add(3), deadline=60.0)

            return Do(work)

        asks = [
            tree["a"].ask(ask_later("b"), deadline=90.0),
            tree["b"].ask(ask_later("a"), deadline=90.0),
        ]
        answers = await asyncio.gather(*map(outcome, asks))
        return sorted(answers, key=str), tree.system.clock.monotonic()

    assert run_virtual(main) == ([3, AskCycle], pytest.approx(1.0))


def test_a_background_task_may_ask_its_own_actor() -> None:
    async def spawn_asker(actor: Puppet) -> "asyncio.Task[int]":
        return actor.context.spawn(actor.context.me.ask(Add(9), deadline=5.0), name="asker")

    async def main() -> int:
        tree = await Tree().start(puppet("a"))
        task: asyncio.Task[int] = await tree["a"].ask(Do(spawn_asker), deadline=1.0)
        return await task

    assert run_virtual(main) == 9


def test_a_message_without_a_handler_is_refused_and_harms_nobody() -> None:
    async def main() -> tuple[list[Any], int]:
        tree = await Tree().start(puppet("a"))
        await tree["a"].tell(Unknown())
        total = await tree["a"].ask(Add(1), deadline=1.0)
        return [(event.kind, type(event.error)) for event in tree.events], total

    assert run_virtual(main) == ([(EventKind.REFUSED, UnhandledMessage)], 1)


def test_a_cancelled_asker_leaves_nothing_behind() -> None:
    async def main() -> int:
        tree = await Tree().start(puppet("a"))
        asking = asyncio.create_task(tree["a"].ask(Do(hang), deadline=2.0))
        await asyncio.sleep(1.0)
        asking.cancel()
        await asyncio.wait({asking})
        await outcome(tree["a"].ask(Add(1), deadline=1.0))
        return tree.system.snapshot()[-1].mailbox_depth

    assert run_virtual(main) == 1


def test_a_child_that_asks_the_parent_that_waits_for_its_start_is_told_so() -> None:
    class Needy(Puppet):
        def __init__(self, parent: Ref) -> None:
            super().__init__(Stage())
            self.parent = parent

        async def started(self) -> None:
            await self.parent.ask(Add(), deadline=60.0)

    async def main() -> Any:
        tree = await Tree().start(puppet("a"))

        async def start_child(actor: Puppet) -> None:
            me = actor.context.me
            await actor.context.start_child(ChildSpec("child", lambda: Needy(me)))

        with pytest.raises(StartFailed) as caught:
            await tree["a"].ask(Do(start_child), deadline=60.0)
        return type(caught.value.__cause__), tree.system.clock.monotonic()

    assert run_virtual(main) == (AskCycle, 0.0)


def test_a_crash_fails_the_asks_still_in_line_for_room_too() -> None:
    async def crash_soon(_: Puppet) -> None:
        await asyncio.sleep(1.0)
        raise Broken

    async def main() -> Any:
        tree = await Tree().start(puppet("a", mailbox_size=1))
        await tree["a"].tell(Do(crash_soon))
        await asyncio.sleep(0.5)
        asks = [outcome(tree["a"].ask(Add(), deadline=60.0)) for _ in range(3)]
        return await asyncio.gather(*asks), tree.system.clock.monotonic()

    assert run_virtual(main) == ([ActorCrashed] * 3, pytest.approx(1.0))


def test_a_handler_of_a_base_class_handles_what_has_none_of_its_own() -> None:
    @dataclass(frozen=True, slots=True)
    class Shout(Note):
        pass

    async def main() -> list[str]:
        stage = Stage()
        tree = await Tree().start(puppet("a", stage))
        for word in ("once", "again"):
            await tree["a"].tell(Shout(word))
        await tree["a"].ask(Add(), deadline=1.0)
        return list(stage.log)

    assert run_virtual(main) == ["started", "once", "again"]


def test_an_actor_with_much_to_do_lets_the_others_have_their_turn() -> None:
    async def main() -> int:
        stage = Stage()
        tree = await Tree().start(puppet("a", stage))
        for number in range(1000):
            tree["a"].try_tell(Note(str(number)))
        for _ in range(3):
            await asyncio.sleep(0)
        return len(stage.log)

    assert run_virtual(main) < 1000
