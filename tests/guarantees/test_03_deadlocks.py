"""Guarantee 3, deadlocks: who would wait for itself, through however many others, is told at once.

kameo 335: a child asks its stopped parent and hangs. pykka 76: an actor waits for itself.
"""

import asyncio
from typing import Any

import pytest

from errors import ActorCrashed, ActorError, ActorStopped, AskCycle
from tests.guarantees.support import SEEDS, House
from tests.unit.actors.support import Add, Do, Puppet, Tree, crash, outcome, puppet
from tests.virtual_time import run_virtual


async def a_child_that_asks_its_parent_later(tree: Tree, heard: list[Any]) -> None:
    """Give `a` a child, which asks `a` for something when it has been busy for a second."""

    async def ask_parent(_: Puppet) -> None:
        await asyncio.sleep(1.0)
        answer = await outcome(tree["a"].ask(Add(), deadline=600.0))
        heard.append((answer, tree.system.clock.monotonic()))

    async def work(actor: Puppet) -> None:
        child = await actor.context.start_child(puppet("child", shutdown_seconds=60.0))
        await child.tell(Do(ask_parent))

    await tree["a"].ask(Do(work), deadline=1.0)
    await asyncio.sleep(0.5)


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_3_a_child_that_asks_its_stopped_parent_is_told_at_once(seed: int) -> None:
    # kameo 335: the message goes to the buffer of the stopped parent, and the child hangs.
    async def main() -> Any:
        tree = await Tree(seed=seed).start(puppet("a"))
        heard: list[Any] = []
        await a_child_that_asks_its_parent_later(tree, heard)
        left = await tree.system.stop()
        return heard, left, tree.system.clock.monotonic()

    ((told, at),), left, ended = run_virtual(main, seed=seed)

    assert issubclass(told, ActorError)
    assert (1.0, [], 1.0) == (at, left, round(ended, 6))


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_3_a_child_that_asks_its_falling_parent_is_told_at_once(seed: int) -> None:
    # The same, when the parent is to be started again: it waits for its child before it ends.
    async def main() -> Any:
        tree = await Tree(seed=seed).start(puppet("a", shutdown_seconds=60.0))
        heard: list[Any] = []
        await a_child_that_asks_its_parent_later(tree, heard)
        await tree["a"].tell(Do(crash))
        answer = await outcome(tree["a"].ask(Add(3), deadline=30.0))
        await asyncio.sleep(2.0)
        return heard, answer, await tree["a"].ask(Add(3), deadline=1.0)

    assert run_virtual(main, seed=seed) == ([(AskCycle, 1.0)], ActorCrashed, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_3_a_child_that_has_asked_a_parent_about_to_stop_is_told(seed: int) -> None:
    # The question waits in the mailbox, and the parent, before it is started anew, for the child.
    async def busy_then_stop(actor: Puppet) -> None:
        await asyncio.sleep(2.0)
        actor.context.stop()

    async def main() -> Any:
        tree = await Tree(seed=seed).start(puppet("a", shutdown_seconds=60.0))
        heard: list[Any] = []
        await a_child_that_asks_its_parent_later(tree, heard)
        await tree["a"].tell(Do(busy_then_stop))
        await asyncio.sleep(5.0)
        return heard, await tree["a"].ask(Add(3), deadline=1.0)

    assert run_virtual(main, seed=seed) == ([(ActorStopped, 2.5)], 3)


def test_guarantee_3_an_actor_that_asks_itself_is_told_so() -> None:
    async def ask_self(actor: Puppet) -> Any:
        return await actor.context.me.ask(Add(), deadline=60.0)

    async def main() -> Any:
        tree = await Tree().start(puppet("a"))
        answer = await outcome(tree["a"].ask(Do(ask_self), deadline=60.0))
        return answer, tree.system.clock.monotonic()

    assert run_virtual(main) == (AskCycle, 0.0)


@pytest.mark.parametrize("length", [2, 3, 10])
def test_guarantee_3_a_cycle_of_asks_is_an_error_not_a_deadlock(length: int) -> None:
    async def main() -> tuple[Any, float]:
        tree = await Tree().start(*(puppet(str(number)) for number in range(length)))

        def ask_on(number: int) -> Do:
            async def work(_: Puppet) -> Any:
                return await tree[str(number)].ask(ask_on((number + 1) % length), deadline=60.0)

            return Do(work)

        result = await outcome(tree["0"].ask(ask_on(1), deadline=60.0))
        return result, tree.system.clock.monotonic()

    assert run_virtual(main) == (AskCycle, 0.0)


def test_guarantee_3_two_unrelated_asks_that_block_each_other_are_a_cycle_too() -> None:
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


def test_guarantee_3_an_actor_that_waits_for_its_own_end_while_it_starts_ends_at_once() -> None:
    # pykka 76: on_start() calls stop(block=True) on itself and waits for ever.
    async def main() -> Any:
        class Suicidal(Puppet):
            async def started(self) -> None:
                await house.tenants.stop(1)

        house = await House(Suicidal).start()
        answer = await outcome(house.tenants.ask(1, Add(), deadline=60.0))
        return answer, house.system.clock.monotonic()

    told, ended = run_virtual(main)

    assert issubclass(told, ActorError)
    assert 0.0 == ended


def test_guarantee_3_a_tenant_that_waits_for_its_own_end_is_told_so() -> None:
    async def main() -> Any:
        house = await House().start()
        heard: list[Any] = []

        async def stop_self(_: Puppet) -> None:
            heard.append(await outcome(house.tenants.stop(1)))

        await outcome(house.tenants.ask(1, Do(stop_self), deadline=60.0))
        return heard, house.system.clock.monotonic()

    assert run_virtual(main) == ([AskCycle], 0.0)
