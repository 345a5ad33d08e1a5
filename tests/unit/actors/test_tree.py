"""Monitors and timers in detail; guarantee 9 is proved in tests/guarantees."""

import asyncio
from typing import Any

from actors.runtime import Down, EventKind
from tests.guarantees.support import downs, watch
from tests.unit.actors.support import (
    Add,
    Broken,
    Do,
    Note,
    Puppet,
    Stage,
    Tree,
    crash,
    outcome,
    puppet,
)
from tests.virtual_time import run_virtual

SEEDS = range(20)


def test_watching_the_quarantined_tells_of_the_end_of_its_next_life() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"), puppet("victim"))
        for _ in range(6):
            await outcome(tree["victim"].ask(Do(crash), deadline=60.0))
        await tree["a"].ask(watch(tree, "victim"), deadline=1.0)
        before = await tree["a"].ask(Do(downs), deadline=1.0)
        await asyncio.sleep(500.0)
        await outcome(tree["victim"].ask(Do(crash), deadline=1.0))
        await asyncio.sleep(1.0)
        return before, await tree["a"].ask(Do(downs), deadline=1.0)

    assert run_virtual(main) == ([], [("victim", Broken)])


def test_who_stops_normally_dies_of_nothing() -> None:
    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))

        async def with_child(actor: Puppet) -> None:
            actor.context.monitor(await actor.context.start_child(puppet("child")))
            await actor.context.stop_child("child")

        await tree["a"].ask(Do(with_child), deadline=1.0)
        return [await tree["a"].ask(Do(downs), deadline=1.0), tree.states()]

    assert run_virtual(main) == [
        [("child", type(None))],
        {"root": "running", "home": "running", "a": "running"},
    ]


def test_a_timer_rings_once_ahead_of_ordinary_messages() -> None:
    async def main() -> list[str]:
        stage = Stage()
        tree = await Tree().start(puppet("a", stage))

        async def work(actor: Puppet) -> None:
            actor.context.after(1.0, Note("rung"))
            actor.context.after(1.0, Note("cancelled")).cancel()
            await asyncio.sleep(2.0)

        await tree["a"].tell(Do(work))
        await tree["a"].tell(Note("told"))
        await asyncio.sleep(10.0)
        return list(stage.log)

    assert run_virtual(main) == ["started", "rung", "told"]


def test_a_down_nobody_handles_is_no_event() -> None:
    class Deaf(Puppet):
        handlers = {kind: f for kind, f in Puppet.handlers.items() if kind is not Down}  # noqa: RUF012 -- the runtime's own table

    async def main() -> list[EventKind]:
        tree = await Tree().start(puppet("victim"), puppet("a", factory=lambda: Deaf(Stage())))
        await tree["a"].ask(watch(tree, "victim"), deadline=1.0)
        await outcome(tree["victim"].ask(Do(crash), deadline=1.0))
        await tree["a"].ask(Add(), deadline=1.0)
        return tree.kinds()

    assert run_virtual(main) == [EventKind.CRASHED]
