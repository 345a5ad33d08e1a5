"""Guarantee 9: exactly one `Down` per watcher; timers and tasks die with the actor; the live tree.

The registry tells of each actor its state, restarts, depth, age of the oldest, busy share and last
error. A watchdog ends the process when its loop is stuck.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actors.runtime import EXIT_STUCK, ActorStatus
from errors import ActorCrashed, ActorStopped
from tests.guarantees import stuck
from tests.guarantees.forked import Forked
from tests.guarantees.support import SEEDS, downs, watch
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
)
from tests.virtual_time import run_virtual


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_9_each_watcher_hears_of_a_death_exactly_once(seed: int) -> None:
    async def main() -> list[Any]:
        tree = await Tree(seed=seed).start(puppet("a"), puppet("b"), puppet("victim"))
        for name in ("a", "b"):
            await tree[name].ask(watch(tree, "victim", times=3), deadline=1.0)
        for _ in range(3):
            await outcome(tree["victim"].ask(Do(crash), deadline=60.0))
        await asyncio.sleep(1.0)
        return [await tree[name].ask(Do(downs), deadline=1.0) for name in ("a", "b")]

    assert run_virtual(main, seed=seed) == [[("victim", Broken)]] * 2


def test_guarantee_9_watching_the_dead_is_answered_at_once() -> None:
    async def main() -> list[tuple[str, type]]:
        tree = await Tree().start(puppet("a"))

        async def watch_the_dead(actor: Puppet) -> None:
            child = await actor.context.start_child(puppet("victim"))
            await actor.context.stop_child("victim")
            actor.context.monitor(child)

        await tree["a"].ask(Do(watch_the_dead), deadline=1.0)
        return await tree["a"].ask(Do(downs), deadline=1.0)

    assert run_virtual(main) == [("victim", ActorStopped)]


def test_guarantee_9_a_restarted_watcher_hears_nothing_of_the_monitors_of_its_last_life() -> None:
    async def main() -> list[tuple[str, type]]:
        tree = await Tree().start(puppet("a"), puppet("victim"))
        await tree["a"].ask(watch(tree, "victim"), deadline=1.0)
        await outcome(tree["a"].ask(Do(crash), deadline=1.0))
        await tree["a"].ask(Add(), deadline=1.0)
        await outcome(tree["victim"].ask(Do(crash), deadline=1.0))
        await asyncio.sleep(1.0)
        return await tree["a"].ask(Do(downs), deadline=1.0)

    assert run_virtual(main) == []


def test_guarantee_9_a_timer_dies_with_its_actor() -> None:
    async def main() -> list[str]:
        stage = Stage()
        tree = await Tree().start(puppet("a", stage))

        async def work(actor: Puppet) -> None:
            actor.context.after(1.0, Note("rung"))
            raise Broken

        await tree["a"].tell(Do(work))
        await asyncio.sleep(10.0)
        return list(stage.log)

    assert run_virtual(main) == ["started", "stopping", "started"]


def test_guarantee_9_a_background_task_ends_with_its_actor() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))
        ended: list[str] = []

        async def background() -> None:
            try:
                await hang(Puppet(Stage()))
            finally:
                ended.append("ended")

        async def work(actor: Puppet) -> None:
            actor.context.spawn(background(), name="background")

        await tree["a"].ask(Do(work), deadline=1.0)
        await asyncio.sleep(0.5)
        await outcome(tree["a"].ask(Do(crash), deadline=1.0))
        await tree["a"].ask(Add(), deadline=1.0)
        return ended, len(asyncio.all_tasks())

    assert run_virtual(main) == (["ended"], 4)


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_9_the_crash_of_a_background_task_crashes_the_actor_at_once(seed: int) -> None:
    async def main() -> Any:
        tree = await Tree(seed=seed).start(puppet("a"))

        async def dies() -> None:
            await asyncio.sleep(1.0)
            raise Broken

        async def work(actor: Puppet) -> None:
            actor.context.spawn(dies(), name="dies")
            await hang(actor)

        answer = await outcome(tree["a"].ask(Do(work), deadline=60.0))
        return answer, tree.system.clock.monotonic(), await tree["a"].ask(Add(1), deadline=5.0)

    assert run_virtual(main, seed=seed) == (
        ActorCrashed,
        pytest.approx(1.0),
        1,
    )


def test_guarantee_9_the_registry_tells_how_each_actor_is() -> None:
    async def main() -> ActorStatus:
        tree = await Tree().start(puppet("a"))
        await outcome(tree["a"].ask(Do(crash), deadline=1.0))
        await tree["a"].ask(Add(), deadline=5.0)
        since = tree.system.clock.monotonic()
        await asyncio.sleep(30.0)
        await tree["a"].tell(Do(hang))
        await asyncio.sleep(5.0)
        await tree["a"].tell(Note("waits"))
        await asyncio.sleep(25.0)
        assert tree.system.clock.monotonic() - since == pytest.approx(60.0)
        found = tree.system.snapshot()[-1]
        oldest, share = round(found.oldest_message_seconds, 6), round(found.busy_share, 6)
        return replace(found, oldest_message_seconds=oldest, busy_share=share)

    assert run_virtual(main) == ActorStatus(
        id="a",
        parent="home",
        state="running",
        on_trial=False,
        restarts=1,
        mailbox_depth=1,
        oldest_message_seconds=25.0,
        busy_share=0.5,
        last_error="Broken",
    )


def test_guarantee_9_an_actor_is_found_by_its_name_while_it_lives() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))
        found = await tree.system.ref("a").ask(Add(3), deadline=1.0)
        await tree.system.stop()
        with pytest.raises(ActorStopped):
            tree.system.ref("a")
        return found

    assert run_virtual(main) == 3


@pytest.mark.parametrize("stick", [stuck.block, stuck.compute])
async def test_guarantee_9_the_watchdog_ends_a_process_whose_loop_is_stuck(
    stick: Callable[[], None], tmp_path: Path
) -> None:
    async with Forked(stuck.main, stick, log=tmp_path / "log") as process:
        code = await process.end(30.0)

    assert EXIT_STUCK == code
    assert f"in {stick.__name__}" in process.said()
