"""Guarantee 11, as far as it is a property and not a timing: what a message and a tenant cost.

How fast it is, and what it weighs, is measured in bench/.
"""

import asyncio
import gc
import weakref
from itertools import pairwise
from typing import Any

import pytest

from actors.runtime import Context
from actors.runtime.context import BURST
from tests.guarantees.support import House
from tests.unit.actors.support import Add, Note, Puppet, Stage, Tree, hang, outcome, puppet
from tests.virtual_time import NothingWillHappen, VirtualClock, run_virtual

DEADLINE_SECONDS = 3600.0
MESSAGES = 1000


def test_guarantee_11_an_active_tenant_holds_exactly_one_task() -> None:
    async def main() -> int:
        house = await House().start()
        before = len(asyncio.all_tasks())
        await house.wake(100)
        return len(asyncio.all_tasks()) - before

    assert 100 == run_virtual(main)


def alive(kind: type) -> int:
    """How many of a kind exist."""
    gc.collect()
    return sum(type(one) is kind for one in gc.get_objects())


def test_guarantee_11_a_passive_tenant_leaves_no_task_no_actor_and_no_life() -> None:
    async def main() -> tuple[int, ...]:
        house = await House().start()
        before = len(asyncio.all_tasks()), alive(Puppet), alive(Context)
        await house.wake(100)
        await asyncio.sleep(2000.0)
        after = len(asyncio.all_tasks()), alive(Puppet), alive(Context)
        return len(house.awake()), *(b - a for a, b in zip(before, after, strict=True))

    assert (0, 0, 0, 0) == run_virtual(main)


class Letter(Add):
    """A message that can be watched; slots alone would not let it."""


def test_guarantee_11_an_idle_actor_keeps_nothing_of_what_it_was_sent() -> None:
    # With ten thousand idle ones that is memory, and somebody's words besides.
    async def main() -> bool:
        tree = await Tree().start(puppet("a"))
        letter = Letter()
        kept = weakref.ref(letter)
        await tree["a"].ask(letter, deadline=1.0)
        del letter
        await asyncio.sleep(1.0)
        return kept() is None

    assert run_virtual(main)


def test_guarantee_11_an_ask_leaves_no_timer_behind() -> None:
    # With a timer left, time would jump to it before the loop finds that nothing will happen.
    clocks: list[VirtualClock] = []

    async def main() -> None:
        clocks.append(VirtualClock())
        tree = await Tree().start(puppet("a", mailbox_size=2))
        asks = (tree["a"].ask(Add(), deadline=DEADLINE_SECONDS) for _ in range(100))
        await asyncio.gather(*asks)
        asking = asyncio.create_task(tree["a"].ask(Add(), deadline=DEADLINE_SECONDS))
        await asyncio.sleep(0)
        asking.cancel()
        await outcome(hang(Puppet(Stage())))

    with pytest.raises(NothingWillHappen):
        run_virtual(main)
    assert clocks[0].monotonic() < DEADLINE_SECONDS


def test_guarantee_11_no_task_is_made_for_a_message() -> None:
    async def main() -> list[str]:
        tree = await Tree().start(puppet("a"), puppet("b", mailbox_size=10))
        made: list[str] = []

        def make(loop: asyncio.AbstractEventLoop, work: Any, **rest: Any) -> asyncio.Task[Any]:
            made.append(work.__qualname__)
            return asyncio.Task(work, loop=loop, **rest)

        asyncio.get_running_loop().set_task_factory(make)
        for number in range(100):
            tree["a"].try_tell(Note(str(number)))
            await tree["b"].tell(Note(str(number)))
            await tree["a"].ask(Add(), deadline=1.0)
        asyncio.get_running_loop().set_task_factory(None)
        return made

    assert [] == run_virtual(main)


def test_guarantee_11_a_tell_with_room_never_suspends_its_sender() -> None:
    async def main() -> None:
        tree = await Tree().start(puppet("a"))
        telling = tree["a"].tell(Note("x"))
        with pytest.raises(StopIteration):
            telling.send(None)

    run_virtual(main)


def test_guarantee_11_what_waits_in_the_mailbox_is_handled_without_a_turn_of_the_loop() -> None:
    async def main() -> int:
        stage = Stage()
        tree = await Tree().start(puppet("a", stage))
        for number in range(BURST - 1):
            tree["a"].try_tell(Note(str(number)))
        await tree["a"].ask(Add(), deadline=1.0)
        handled = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(lambda: handled.set_result(len(stage.log)))
        return int(await handled)

    assert BURST == run_virtual(main)


async def test_guarantee_11_a_burst_lets_the_others_have_their_turn() -> None:
    stage, loop, over = Stage(), asyncio.get_running_loop(), asyncio.Event()
    tree = await Tree().start(puppet("a", stage))
    seen: list[int] = []

    def look() -> None:
        seen.append(len(stage.log))
        loop.call_soon(look if seen[-1] <= MESSAGES else over.set)

    look()
    for number in range(MESSAGES):
        tree["a"].try_tell(Note(str(number)))
    await asyncio.wait_for(over.wait(), timeout=30.0)
    await tree.system.stop()

    assert max(later - earlier for earlier, later in pairwise(seen)) <= BURST
