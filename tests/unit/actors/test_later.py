"""An answer may come later (gen_server:reply/2): guarantee 3 holds for it all the same."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from actors.runtime import EventKind, Later
from errors import ActorCrashed, ActorStopped, AskTimeout, InvalidInput
from tests.unit.actors.support import Add, Broken, Do, Puppet, Tree, crash, outcome, puppet
from tests.virtual_time import run_virtual

SEEDS = range(10)


def later(work: Coroutine[Any, Any, Any]) -> Do:
    """Have the actor answer with what `work` comes to."""

    async def begin(actor: Puppet) -> Later[Any]:
        return actor.context.later(work)

    return Do(begin)


async def slow(answer: int = 7) -> int:
    """Take five seconds."""
    await asyncio.sleep(5.0)
    return answer


async def broken() -> None:
    """Break after a second."""
    await asyncio.sleep(1.0)
    raise Broken


async def refusing() -> None:
    """Refuse after a second."""
    await asyncio.sleep(1.0)
    raise InvalidInput("assim não")


@pytest.mark.parametrize("seed", SEEDS)
def test_others_are_answered_while_an_answer_is_on_its_way(seed: int) -> None:
    async def main() -> Any:
        tree = await Tree(seed=seed).start(puppet("a"))
        asks = [tree["a"].ask(later(slow(n)), deadline=30.0) for n in range(3)]
        waiting = asyncio.gather(*asks)
        await asyncio.sleep(1.0)
        quick = await tree["a"].ask(Add(2), deadline=1.0)
        return quick, await waiting, tree.system.clock.monotonic()

    assert run_virtual(main, seed=seed) == (2, [0, 1, 2], pytest.approx(5.0))


def test_a_refusal_that_comes_later_reaches_the_asker_and_the_actor_lives_on() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))
        await tree["a"].ask(Add(2), deadline=1.0)
        refused = await outcome(tree["a"].ask(later(refusing()), deadline=30.0))
        return refused, await tree["a"].ask(Add(), deadline=1.0)

    assert run_virtual(main) == (InvalidInput, 3)


def test_a_refusal_that_nobody_waits_for_is_reported() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))
        await tree["a"].tell(later(refusing()))
        await asyncio.sleep(2.0)
        return tree.kinds(), await tree["a"].ask(Add(), deadline=1.0)

    assert run_virtual(main) == ([EventKind.REFUSED], 1)


def test_a_defect_that_comes_later_is_a_crash_like_any_other() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))
        await tree["a"].ask(Add(2), deadline=1.0)
        crashed = await outcome(tree["a"].ask(later(broken()), deadline=30.0))
        return crashed, await tree["a"].ask(Add(), deadline=5.0), tree.kinds()

    assert run_virtual(main) == (ActorCrashed, 1, [EventKind.CRASHED])


@pytest.mark.parametrize("seed", SEEDS)
def test_who_waits_for_a_later_answer_is_told_at_once_when_the_actor_dies(seed: int) -> None:
    async def main() -> Any:
        tree = await Tree(seed=seed).start(puppet("a"), puppet("b"))
        asks = [tree[name].ask(later(slow()), deadline=60.0) for name in ("a", "b")]
        waiting = [asyncio.create_task(outcome(ask)) for ask in asks]
        await asyncio.sleep(1.0)
        await outcome(tree["a"].ask(Do(crash), deadline=1.0))
        crashed, died_at = await waiting[0], tree.system.clock.monotonic()
        await tree.system.stop()
        return crashed, died_at, await waiting[1], tree.system.clock.monotonic()

    at = pytest.approx(1.0)
    assert run_virtual(main, seed=seed) == (ActorCrashed, at, ActorStopped, at)


def test_a_later_answer_that_comes_too_late_is_dropped() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))
        late = await outcome(tree["a"].ask(later(slow()), deadline=2.0))
        await asyncio.sleep(10.0)
        return late, await tree["a"].ask(Add(), deadline=1.0), tree.kinds()

    assert run_virtual(main) == (AskTimeout, 1, [])
