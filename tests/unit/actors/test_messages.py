"""Messages, mailboxes and asks in detail; the guarantees 1 to 3 are proved in tests/guarantees."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from actors.runtime import ChildSpec, EventKind, Ref
from errors import (
    ActorCrashed,
    AskCycle,
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
    hang,
    outcome,
    puppet,
)
from tests.virtual_time import run_virtual

SEEDS = range(20)


def test_an_ask_answers_with_what_the_handler_returns() -> None:
    async def main() -> int:
        tree = await Tree().start(puppet("a"))
        await tree["a"].ask(Add(40), deadline=1.0)
        return await tree["a"].ask(Add(2), deadline=1.0)

    assert run_virtual(main) == 42


def test_work_nobody_waits_for_any_more_is_not_begun() -> None:
    async def main() -> int:
        tree = await Tree().start(puppet("a"))
        await tree["a"].tell(Do(lambda _: asyncio.sleep(5.0)))
        asks = [tree["a"].ask(Add(1), deadline=1.0) for _ in range(3)]
        await asyncio.gather(*map(outcome, asks))
        return await tree["a"].ask(Add(0), deadline=10.0)

    assert run_virtual(main) == 0


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
