"""The place of an actor at its edges: when it is cancelled, abandoned, probed, counted, told of."""

import asyncio
import gc
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from actors.runtime import Down, EventKind, Strategy
from actors.runtime.cell import Cell
from errors import ActorStopped, Quarantined, StartFailed
from tests.guarantees.support import crash_times, downs, watch
from tests.unit.actors.support import (
    Add,
    Broken,
    Do,
    Puppet,
    Stage,
    Tree,
    crash,
    outcome,
    puppet,
)
from tests.virtual_time import run_virtual


def now() -> float:
    """The virtual instant."""
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize(
    ("seconds", "cancelled_after"),
    [
        pytest.param(10.0, 9.0, id="a second is left to end in"),
        pytest.param(2.0, 1.6, id="of a short time a fifth"),
        pytest.param(0.2, 0.1, id="but never less than a tenth of a second"),
        pytest.param(0.0, 0.0, id="of no time nothing"),
    ],
)
def test_who_does_not_stop_is_cancelled_a_little_before_its_time_is_over(
    seconds: float, cancelled_after: float
) -> None:
    async def main() -> tuple[float, float]:
        tree = await Tree().start(puppet("a"))
        seen: list[float] = []

        async def busy(_: Puppet) -> None:
            try:
                await asyncio.sleep(600.0)
            finally:
                seen.append(now())

        async def end(actor: Puppet) -> float:
            child = await actor.context.start_child(puppet("b", shutdown_seconds=seconds))
            await child.tell(Do(busy))
            await asyncio.sleep(1.0)
            began = now()
            await actor.context.stop_child("b")
            return began

        began = await tree["a"].ask(Do(end), deadline=60.0)
        return round(seen[0] - began, 6), round(now() - began, 6)

    assert (cancelled_after, cancelled_after) == run_virtual(main)


@pytest.mark.parametrize(
    ("seconds", "abandoned_after"),
    [
        pytest.param(10.0, 10.0, id="when its time is over"),
        pytest.param(2.0, 2.0, id="a short one too"),
        pytest.param(0.0, 0.1, id="a tenth of a second later where it had none"),
    ],
)
def test_who_ignores_its_cancellation_is_abandoned_in_time(
    seconds: float, abandoned_after: float
) -> None:
    async def main() -> tuple[float, int]:
        tree = await Tree().start(puppet("a"))
        stubborn = Stage(hang_in_stopping=True)

        async def end(actor: Puppet) -> float:
            await actor.context.start_child(puppet("b", stubborn, shutdown_seconds=seconds))
            began = now()
            await actor.context.stop_child("b")
            return now() - began

        took = await tree["a"].ask(Do(end), deadline=60.0)
        return round(took, 6), tree.kinds().count(EventKind.ABANDONED)

    assert (abandoned_after, 1) == run_virtual(main)


@pytest.mark.parametrize("seed", range(10))
def test_the_quarantined_are_probed_about_every_five_minutes(seed: int) -> None:
    async def main() -> list[float]:
        tree = await Tree(seed=seed).start(puppet("a", Stage(failing_starts=99)))
        seen: list[float] = []
        while len(seen) < 3:
            await asyncio.sleep(1.0)
            probes = tree.kinds().count(EventKind.PROBED)
            seen += [now()] * (probes - len(seen))
        return [after - before for before, after in pairwise(seen)]

    assert all(150.0 - 1.0 <= between <= 450.0 + 1.0 for between in run_virtual(main))


def running(tree: Tree) -> int:
    """How many the system says are running, which is how many there are."""
    states = list(tree.states().values()).count("running")
    assert states == tree.system.running
    return states


@pytest.mark.parametrize(
    ("what", "left"),
    [
        pytest.param(lambda tree: outcome(tree["b"].ask(Do(crash), deadline=9.0)), 3, id="crash"),
        pytest.param(lambda tree: crash_times(tree, "b", 6), 3, id="quarantine"),
        pytest.param(lambda tree: tree["b"].ask(Add(), deadline=9.0), 4, id="nothing"),
    ],
)
def test_the_running_are_counted(what: Callable[[Tree], Any], left: int) -> None:
    async def main() -> tuple[int, int]:
        tree = await Tree().start(puppet("a"), puppet("b"))
        before = running(tree)
        await what(tree)
        return before, running(tree)

    assert (4, left) == run_virtual(main)


def test_nobody_runs_after_the_end() -> None:
    async def main() -> int:
        tree = await Tree().start(puppet("a"), puppet("b"))
        await tree.system.stop()
        return tree.system.running

    assert 0 == run_virtual(main)


def test_restarts_are_counted_one_by_one() -> None:
    async def main() -> list[int]:
        tree = await Tree().start(puppet("a"))
        counted = []
        for _ in range(4):
            counted += [one.restarts for one in tree.system.snapshot() if one.id == "a"]
            await crash_times(tree, "a", 1)
            await tree["a"].ask(Add(), deadline=60.0)
        return counted

    assert [0, 1, 2, 3] == run_virtual(main)


def test_each_of_three_watchers_hears_of_each_of_three_deaths_once() -> None:
    async def main() -> list[list[tuple[str, type]]]:
        names = ("x", "y", "z")
        tree = await Tree().start(*map(puppet, "abc"), *map(puppet, names))
        for watcher in "abc":
            for name in names:
                await tree[watcher].ask(watch(tree, name, times=2), deadline=1.0)
        for name in names:
            await outcome(tree[name].ask(Do(crash), deadline=1.0))
            await tree[name].ask(Add(), deadline=60.0)
        return [await tree[watcher].ask(Do(downs), deadline=1.0) for watcher in "abc"]

    assert [[("x", Broken), ("y", Broken), ("z", Broken)]] * 3 == run_virtual(main)


def test_a_second_death_is_told_to_who_asked_again_only() -> None:
    async def main() -> list[int]:
        tree = await Tree().start(puppet("a"), puppet("b"), puppet("victim"))
        for times in range(2):
            for watcher in ("a", "b")[times:]:
                await tree[watcher].ask(watch(tree, "victim"), deadline=1.0)
            await outcome(tree["victim"].ask(Do(crash), deadline=1.0))
            await tree["victim"].ask(Add(), deadline=60.0)
        return [len(await tree[name].ask(Do(downs), deadline=1.0)) for name in ("a", "b")]

    assert [1, 2] == run_virtual(main)


def test_a_quarantined_actor_that_is_stopped_is_gone_and_told_of_once() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))

        async def with_child(actor: Puppet) -> Any:
            child = await actor.context.start_child(puppet("child"))
            for _ in range(6):
                await outcome(child.ask(Do(crash), deadline=120.0))
            refused = await outcome(child.ask(Add(), deadline=1.0))
            actor.context.monitor(child)
            await actor.context.stop_child("child")
            return refused, await outcome(child.ask(Add(), deadline=1.0))

        refusals = await tree["a"].ask(Do(with_child), deadline=900.0)
        await asyncio.sleep(1000.0)
        told = await tree["a"].ask(Do(downs), deadline=1.0)
        return refusals, told, tree.kinds().count(EventKind.PROBED), tree.states()

    refusals, told, probes, states = run_virtual(main)
    assert ((Quarantined, ActorStopped), [("child", type(None))], 0) == (refusals, told, probes)
    assert "child" not in states


def test_how_busy_an_actor_is() -> None:
    async def main() -> list[float]:
        tree = await Tree().start(puppet("a"))

        async def work(_: Puppet) -> None:
            await asyncio.sleep(30.0)

        shares = []
        for _ in range(2):
            await tree["a"].ask(Do(work), deadline=60.0)
            await asyncio.sleep(30.0)
            shares += [one.busy_share for one in tree.system.snapshot() if one.id == "a"]
        await tree["a"].tell(Do(work))
        await asyncio.sleep(30.0)
        shares += [one.busy_share for one in tree.system.snapshot() if one.id == "a"]
        return [round(share, 3) for share in shares]

    assert [0.5, 0.5, 0.6] == run_virtual(main)


def test_a_message_tells_how_long_it_has_waited() -> None:
    async def main() -> list[tuple[int, float]]:
        tree = await Tree().start(puppet("a"))

        async def work(_: Puppet) -> None:
            await asyncio.sleep(30.0)

        await tree["a"].tell(Do(work))
        await asyncio.sleep(1.0)
        await tree["a"].tell(Add())
        await asyncio.sleep(7.0)
        return [
            (one.mailbox_depth, round(one.oldest_message_seconds, 3))
            for one in tree.system.snapshot()
            if one.id == "a"
        ]

    assert [(1, 7.0)] == run_virtual(main)


def test_a_down_names_who_died_and_of_what() -> None:
    async def main() -> list[Down]:
        tree = await Tree().start(puppet("a"), puppet("victim"))
        await tree["a"].ask(watch(tree, "victim"), deadline=1.0)
        await outcome(tree["victim"].ask(Do(crash), deadline=1.0))

        async def seen(actor: Puppet) -> list[Down]:
            return actor.downs

        return list(await tree["a"].ask(Do(seen), deadline=1.0))

    (down,) = run_virtual(main)
    assert ("victim", True) == (down.ref.id, isinstance(down.reason, Broken))


@pytest.mark.parametrize("strategy", list(Strategy))
def test_all_start_at_once(strategy: Strategy) -> None:
    async def main() -> float:
        began = now()
        await Tree().start(puppet("a"), puppet("b"), strategy=strategy)
        return now() - began

    assert 0.0 == run_virtual(main)


@pytest.mark.parametrize("strategy", [Strategy.ONE_FOR_ALL, Strategy.REST_FOR_ONE])
def test_who_was_taken_along_is_restarted_after_a_crash_of_its_own(strategy: Strategy) -> None:
    async def main() -> list[str]:
        stages = [Stage(), Stage()]
        tree = await Tree().start(
            *(puppet(name, stage) for name, stage in zip("ab", stages, strict=True)),
            strategy=strategy,
        )
        for name in "ab":
            await outcome(tree[name].ask(Do(crash), deadline=1.0))
            await asyncio.sleep(5.0)
        await tree["b"].ask(Add(), deadline=1.0)
        return list(stages[1].log)

    assert ["started", "stopping", "started", "stopping", "started"] == run_virtual(main)


def test_who_waits_for_a_start_hears_of_it_and_not_of_the_one_after() -> None:
    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))
        stage = Stage(failing_starts=1)

        async def begin(actor: Puppet) -> list[Any]:
            first = await outcome(actor.context.start_child(puppet("b", stage)))
            child = actor.context.children()["b"]
            return [first, await child.ask(Add(), deadline=60.0)]

        return list(await tree["a"].ask(Do(begin), deadline=120.0))

    assert [StartFailed, 1] == run_virtual(main)


def test_who_started_in_time_may_live_longer_than_a_start_takes() -> None:
    async def main() -> tuple[list[EventKind], int]:
        tree = await Tree().start(puppet("a", start_seconds=5.0))
        await asyncio.sleep(60.0)
        return tree.kinds(), await tree["a"].ask(Add(), deadline=1.0)

    assert ([], 1) == run_virtual(main)


def test_a_new_life_is_as_busy_as_it_is_and_not_as_the_last_one_was() -> None:
    async def main() -> list[float]:
        tree = await Tree().start(puppet("a"))

        async def work(_: Puppet) -> None:
            await asyncio.sleep(30.0)

        await tree["a"].ask(Do(work), deadline=60.0)
        await crash_times(tree, "a", 1)
        await tree["a"].ask(Add(), deadline=60.0)
        await asyncio.sleep(30.0)
        return [one.busy_share for one in tree.system.snapshot() if one.id == "a"]

    assert [0.0] == run_virtual(main)


def test_who_swallows_a_cancellation_is_cancelled_again_when_it_is_abandoned() -> None:
    async def main() -> list[float]:
        tree = await Tree().start(puppet("a"))
        cancelled: list[float] = []

        async def swallow(_: Puppet) -> None:
            for _turn in range(2):
                try:
                    await asyncio.sleep(600.0)
                except asyncio.CancelledError:
                    cancelled.append(now())

        async def end(actor: Puppet) -> float:
            child = await actor.context.start_child(puppet("b", shutdown_seconds=10.0))
            await child.tell(Do(swallow))
            await asyncio.sleep(1.0)
            began = now()
            await actor.context.stop_child("b")
            return began

        began = await tree["a"].ask(Do(end), deadline=60.0)
        await asyncio.sleep(1.0)
        return [round(at - began, 6) for at in cancelled]

    assert [9.0, 10.0] == run_virtual(main)


@pytest.mark.parametrize(
    ("seconds", "ends_after"),
    [
        pytest.param(3.0, 3.0, id="a shorter deadline counts"),
        pytest.param(60.0, 10.0, id="a longer one does not"),
    ],
)
def test_a_second_order_to_stop_may_shorten_the_time_and_never_lengthens_it(
    seconds: float, ends_after: float
) -> None:
    async def main() -> float:
        tree = await Tree().start(puppet("b", Stage(hang_in_stopping=True), shutdown_seconds=99.0))
        cell = tree["b"].cell
        began = now()
        await asyncio.gather(cell.stop(10.0), cell.stop(seconds))
        return now() - began

    assert ends_after == pytest.approx(run_virtual(main), abs=1.0)


def test_the_children_of_an_abandoned_life_are_gone_for_good() -> None:
    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))

        async def have_child(actor: Puppet) -> None:
            await actor.context.start_child(puppet("grandchild"))

        async def end(actor: Puppet) -> None:
            stubborn = puppet("b", Stage(hang_in_stopping=True), shutdown_seconds=2.0)
            child = await actor.context.start_child(stubborn)
            await child.ask(Do(have_child), deadline=1.0)
            await actor.context.stop_child("b")

        await tree["a"].ask(Do(end), deadline=60.0)
        await asyncio.sleep(30.0)
        return [name in tree.system.names for name in ("a", "b", "grandchild")]

    assert [True, False, False] == run_virtual(main)


@pytest.mark.parametrize("strategy", list(Strategy))
def test_nobody_is_restarted_without_a_pause(strategy: Strategy) -> None:
    async def main() -> float:
        tree = await Tree(seed=1).start(puppet("a"), puppet("b"), strategy=strategy)
        began = now()
        for _ in range(4):
            await outcome(tree["a"].ask(Do(crash), deadline=60.0))
            await tree["a"].ask(Add(), deadline=60.0)
        return now() - began

    assert 0.1 < run_virtual(main) < 3.0


def test_who_is_busy_or_has_something_to_do_is_not_idle() -> None:
    async def main() -> list[bool]:
        tree = await Tree().start(puppet("a"))
        cell = tree["a"].cell

        async def ask_oneself(_: Puppet) -> bool:
            return cell.is_idle

        async def set_timer(actor: Puppet) -> None:
            actor.context.after(5.0, Add())

        await asyncio.sleep(1.0)
        found = [cell.is_idle, bool(await tree["a"].ask(Do(ask_oneself), deadline=1.0))]
        await tree["a"].tell(Add())
        found.append(cell.is_idle)
        await asyncio.sleep(1.0)
        await tree["a"].ask(Do(set_timer), deadline=1.0)
        await asyncio.sleep(1.0)
        found.append(cell.is_idle)
        await asyncio.sleep(9.0)
        found.append(cell.is_idle)
        await crash_times(tree, "a", 1)
        found.append(cell.is_idle)
        return found

    assert [True, False, False, False, True, False] == run_virtual(main)


def test_probes_are_spread_so_that_who_fell_together_does_not_try_together() -> None:
    async def first_probe(seed: int) -> float:
        tree = await Tree(seed=seed).start(puppet("a", Stage(failing_starts=99)))
        seen: dict[EventKind, float] = {}
        for _ in range(3000):
            await asyncio.sleep(1.0)
            for kind in tree.kinds():
                seen.setdefault(kind, now())
        return seen[EventKind.PROBED] - seen[EventKind.QUARANTINED]

    waits = [run_virtual(partial(first_probe, seed)) for seed in range(12)]

    assert min(waits) < 300.0 < max(waits)


def test_who_was_stopped_for_good_stays_so_whoever_asks_for_less() -> None:
    async def main() -> str:
        tree = await Tree().start(puppet("a", shutdown_seconds=9.0))
        cell = tree["a"].cell
        cell.begin_stop(5.0)
        cell.begin_stop(5.0, for_good=False)
        await asyncio.sleep(10.0)
        return cell.state.value

    assert "stopped" == run_virtual(main)


def test_nothing_is_kept_of_a_watcher_that_is_no_more() -> None:
    async def main() -> list[int]:
        tree = await Tree().start(puppet("a"), puppet("victim"))
        kept = []
        await tree["a"].ask(watch(tree, "victim", times=3), deadline=1.0)
        for _ in range(2):
            kept.append(len(tree["victim"].cell.watchers or ()))
            await crash_times(tree, "a", 1)
        return kept

    assert [1, 0] == run_virtual(main)


def cells() -> int:
    """How many places of actors the process holds."""
    gc.collect()
    return sum(type(one) is Cell for one in gc.get_objects())


def test_nothing_is_kept_of_the_watched_that_are_no_more() -> None:
    async def main() -> int:
        tree = await Tree().start(puppet("a"))
        before = cells()

        async def outlive(actor: Puppet) -> None:
            actor.context.monitor(await actor.context.start_child(puppet("victim")))
            await actor.context.stop_child("victim")

        async def forget(actor: Puppet) -> None:
            actor.downs.clear()

        for _ in range(3):
            await tree["a"].ask(Do(outlive), deadline=9.0)
        await tree["a"].ask(Do(forget), deadline=9.0)
        return cells() - before

    assert 0 == run_virtual(main)
