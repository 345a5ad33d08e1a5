"""Everything at once, over many schedules: asks end in time, stops keep their deadline."""

import asyncio
import random
from typing import Any

import pytest

from actors.runtime import ChildSpec, Directory, Restart, Strategy, Supervisor, System
from errors import ActorError
from tests.unit.actors.support import (
    Add,
    Broken,
    Do,
    Note,
    Puppet,
    Stage,
    ignore_cancellation,
    outcome,
    puppet,
    stop_yourself,
)
from tests.virtual_time import VirtualClock, run_virtual

ASK_SECONDS = 7.0
STOP_SECONDS = 10.0


class Moody(Puppet):
    """Starts slowly or not at all, and behaves as chance will have it."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__(Stage())
        self.rng = rng

    async def started(self) -> None:
        """Start, mostly."""
        await asyncio.sleep(self.rng.choice([0.0, 0.0, 0.5]))
        if self.rng.random() < 0.1:
            raise Broken

    async def stopping(self) -> None:
        """Stop, sooner or later."""
        await asyncio.sleep(self.rng.choice([0.0, 0.5, 20.0]))


async def misbehave(actor: Puppet) -> Any:
    """Do one of the things that actors do."""
    assert isinstance(actor, Moody)
    name = f"child {actor.rng.random()}"
    match actor.rng.randrange(40):
        case 0 | 1 | 2 | 3 | 4:
            raise Broken
        case 5:
            await asyncio.sleep(20.0)
        case 6:
            await stop_yourself(actor)
        case 7:
            actor.context.spawn(asyncio.sleep(actor.rng.random()), name="harmless")
        case 8 | 9 | 10:
            actor.context.spawn(outcome(actor.context.me.ask(Do(misbehave), deadline=1.0)))
        case 11 | 12 | 13:
            actor.context.after(1.0, Do(misbehave))
        case 14 | 15 | 16:
            await actor.context.start_child(ChildSpec(name, lambda: Moody(actor.rng)))
        case 17:
            await ignore_cancellation(actor)
        case _:
            await asyncio.sleep(actor.rng.random())


@pytest.mark.parametrize("seed", range(100))
def test_chaos_ends_in_order(seed: int) -> None:
    async def main() -> Any:
        rng = random.Random(seed)  # noqa: S311 -- a schedule, not a secret
        system = System(clock=VirtualClock(), random=rng, on_event=lambda _: None)
        tenants = Directory(lambda _: Moody(rng), idle_seconds=3.0)
        names = []
        homes = [ChildSpec("single", lambda: Supervisor([tenants.spec()]))]
        for strategy in Strategy:
            children = []
            for number in range(3):
                names.append(f"{strategy.value} {number}")
                kind = rng.choice(list(Restart))
                spec = puppet(names[-1], restart=kind, factory=lambda: Moody(rng), mailbox_size=3)
                children.append(spec)
            home = Supervisor(children, strategy)
            homes.append(puppet(strategy.value, factory=lambda home=home: home))
        root = Supervisor([puppet("all", factory=lambda: Supervisor(homes))])
        starting = asyncio.create_task(outcome(system.start(ChildSpec("root", lambda: root))))
        slowest = 0.0

        async def bother() -> None:
            nonlocal slowest
            message = rng.choice([Do(misbehave), Add()])
            began = system.clock.monotonic()
            try:
                name = rng.choice(names)
                target = rng.choice([system.ref(name).ask, None])
                if target is not None:
                    await target(message, deadline=ASK_SECONDS)
                else:
                    await tenants.ask(rng.randrange(3), message, deadline=ASK_SECONDS)
                system.ref(name).try_tell(Note("x"))
            except ActorError:
                slowest = max(slowest, system.clock.monotonic() - began)

        bothering = []
        for _ in range(200):
            bothering.append(asyncio.create_task(bother()))
            await asyncio.sleep(rng.choice([0.0, 0.1, 1.0]))
        began = system.clock.monotonic()
        await system.stop(total_seconds=STOP_SECONDS)
        took = system.clock.monotonic() - began
        await asyncio.wait({*bothering, starting})
        await asyncio.sleep(3600.0)
        return (
            slowest <= ASK_SECONDS + 1e-6,
            took <= STOP_SECONDS + 1e-6,
            system.running,
            len(asyncio.all_tasks()),
            system.snapshot()[1:],
        )

    assert run_virtual(main, seed=seed) == (True, True, 0, 1, [])
