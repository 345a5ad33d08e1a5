"""The same runtime on the real event loop and clock, as the product runs it."""

import asyncio

from actors.runtime import ChildSpec, Directory, Supervisor, System
from errors import ActorCrashed, ActorStopped
from tests.unit.actors.support import Add, Do, Puppet, Stage, crash, outcome


async def test_a_tree_starts_answers_restarts_and_stops() -> None:
    stage = Stage()
    tenants = Directory(lambda _: Puppet(stage))

    async with System(on_event=lambda _: None) as system:
        await system.start(ChildSpec("root", lambda: Supervisor([tenants.spec()])))
        first = await tenants.ask(7, Add(2), deadline=30.0)
        crashed = await outcome(tenants.ask(7, Do(crash), deadline=30.0))
        second = await tenants.ask(7, Add(3), deadline=30.0)

    assert (first, crashed, second) == (2, ActorCrashed, 3)
    assert stage.log == ["started", "stopping", "started", "stopping"]


async def test_cancelling_who_runs_the_system_stops_the_tree_first() -> None:
    stage = Stage()
    ready = asyncio.Event()

    class Ready(Puppet):
        async def started(self) -> None:
            await super().started()
            ready.set()

    system = System(on_event=lambda _: None)
    running = asyncio.create_task(system.run(ChildSpec("root", lambda: Ready(stage))))
    await asyncio.wait_for(ready.wait(), timeout=30.0)
    running.cancel()
    await asyncio.wait({running})

    assert running.cancelled()
    assert stage.log == ["started", "stopping"]


async def test_a_directory_outside_a_running_tree_refuses_at_once() -> None:
    tenants = Directory(lambda _: Puppet(Stage()))

    assert await outcome(tenants.ask(1, Add(), deadline=30.0)) is ActorStopped
