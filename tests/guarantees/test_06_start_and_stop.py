"""Guarantee 6: a failed start counts and reaches who waits; a stop ends inside one total deadline.

Starts go in order, stops in reverse. actor-ts 914: a constructor that throws leaves a zombie whose
watchers never hear of it; 915: an actor that ends with messages left spins until its last child is
gone. (Under virtual time a spinning loop stands still: such a test would never end.)
"""

import asyncio
from typing import Any

import pytest

from actors.runtime import ChildSpec, Strategy
from errors import Quarantined, StartFailed
from tests.guarantees.support import SEEDS, crash_times, downs
from tests.unit.actors.support import (
    Add,
    Broken,
    Do,
    Note,
    Puppet,
    Stage,
    Tree,
    outcome,
    puppet,
)
from tests.virtual_time import run_virtual


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_6_an_actor_whose_constructor_throws_is_no_zombie(seed: int) -> None:
    # actor-ts 914: suspended for ever, its mailbox filling, its watchers never told, no retry.
    def throw() -> Puppet:
        raise Broken

    async def start_bad(actor: Puppet) -> type:
        failure = await outcome(actor.context.start_child(puppet("bad", factory=throw)))
        actor.context.monitor(actor.context.children()["bad"])
        assert isinstance(failure, type)
        return failure

    async def main() -> Any:
        tree = await Tree(seed=seed).start(puppet("a"))
        failure = await tree["a"].ask(Do(start_bad), deadline=1.0)
        bad = tree.system.ref("bad")
        told = await outcome(bad.tell(Note("waits for a life that comes never")))
        await asyncio.sleep(30.0)
        seen = await tree["a"].ask(Do(downs), deadline=1.0)
        return failure, told, seen, tree.quarantined, await outcome(bad.ask(Add(), deadline=9.0))

    assert run_virtual(main, seed=seed) == (
        StartFailed,
        None,
        [("bad", Broken)],
        ["bad"],
        Quarantined,
    )


class Named(Puppet):
    """Takes a second to start and to stop, and says so."""

    def __init__(self, name: str, log: list[str]) -> None:
        super().__init__(Stage())
        self.name, self.shared = name, log

    async def started(self) -> None:
        """Take a second."""
        await asyncio.sleep(1.0)
        self.shared.append(f"+{self.name}")

    async def stopping(self) -> None:
        """Take a second."""
        await asyncio.sleep(1.0)
        self.shared.append(f"-{self.name}")


def named(name: str, log: list[str]) -> ChildSpec:
    """Return the spec of one that says when it starts and stops."""
    return ChildSpec(name, lambda: Named(name, log))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("strategy", list(Strategy))
def test_guarantee_6_starts_go_in_order_and_stops_in_reverse(strategy: Strategy, seed: int) -> None:
    async def main() -> list[str]:
        log: list[str] = []
        tree = await Tree(seed=seed).start(*(named(n, log) for n in "abcd"), strategy=strategy)
        await tree.system.stop()
        return log

    assert run_virtual(main, seed=seed) == ["+a", "+b", "+c", "+d", "-d", "-c", "-b", "-a"]


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_6_a_group_is_restarted_in_that_order_too(seed: int) -> None:
    async def main() -> list[str]:
        log: list[str] = []
        specs = (named(name, log) for name in "abcd")
        tree = await Tree(seed=seed).start(*specs, strategy=Strategy.REST_FOR_ONE)
        log.clear()
        await crash_times(tree, "b", 1)
        await asyncio.sleep(60.0)
        return list(log)

    assert run_virtual(main, seed=seed) == ["-b", "-d", "-c", "+b", "+c", "+d"]


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_6_who_ends_with_messages_left_waits_for_its_children_in_peace(seed: int) -> None:
    # actor-ts 915: a queued message is looked at again and again until the last child is gone.
    async def main() -> Any:
        log: list[str] = []
        stage = Stage()
        tree = await Tree(seed=seed).start(puppet("a", stage))

        async def with_children(actor: Puppet) -> None:
            for name in ("first", "second"):
                await actor.context.start_child(named(name, log))

        await tree["a"].ask(Do(with_children), deadline=5.0)
        await tree["a"].tell(Do(lambda _: asyncio.sleep(1.0)))
        await asyncio.sleep(0.5)
        await tree["a"].tell(Note("left"))
        left = await tree.system.stop()
        return left, log[2:], stage.log, tree.system.clock.monotonic()

    assert run_virtual(main, seed=seed) == (
        [],
        ["-second", "-first"],
        ["started", "stopping"],
        pytest.approx(5.0),
    )


def test_guarantee_6_a_failed_start_counts_as_a_failure_and_reaches_who_waits() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))

        async def start_bad(actor: Puppet) -> Any:
            bad = puppet("bad", Stage(failing_starts=2))
            with pytest.raises(StartFailed) as caught:
                await actor.context.start_child(bad)
            return caught.value.actor_id, type(caught.value.__cause__)

        async def ask_bad(actor: Puppet) -> Any:
            return await outcome(actor.context.children()["bad"].ask(Add(3), deadline=60.0))

        return [
            await tree["a"].ask(Do(start_bad), deadline=1.0),
            await tree["a"].ask(Do(ask_bad), deadline=60.0),
            await tree["a"].ask(Do(ask_bad), deadline=60.0),
        ]

    assert run_virtual(main) == [("bad", Broken), StartFailed, 3]


def test_guarantee_6_a_message_under_way_is_finished_before_the_actor_stops() -> None:
    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))

        async def slowly(_: Puppet) -> str:
            await asyncio.sleep(2.0)
            return "finished"

        under_way = asyncio.create_task(outcome(tree["a"].ask(Do(slowly), deadline=60.0)))
        await asyncio.sleep(1.0)
        await tree.system.stop()
        return [await under_way, tree.system.clock.monotonic()]

    assert run_virtual(main) == ["finished", pytest.approx(2.0)]
