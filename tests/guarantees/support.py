"""What the proofs of the guarantees share: a house of tenants, and ways to make things go wrong."""

import asyncio
from collections.abc import Callable

from actors.runtime import ChildSpec, Directory, Supervisor, System
from tests.unit.actors.support import Add, Do, Puppet, Stage, Tree, crash, outcome
from tests.virtual_time import VirtualClock, seeded

SEEDS = range(20)


class House:
    """A system with a directory of puppets."""

    def __init__(
        self, make: Callable[[Stage], Puppet] = Puppet, *, idle_seconds: float = 600.0
    ) -> None:
        self.stages: dict[int, Stage] = {}
        self.make = make
        self.system = System(clock=VirtualClock(), random=seeded(), on_event=lambda _: None)
        self.tenants = Directory(self.tenant, idle_seconds=idle_seconds)

    def tenant(self, tenant_id: int) -> Puppet:
        """Make the actor of a tenant."""
        return self.make(self.stages.setdefault(tenant_id, Stage()))

    async def start(self) -> "House":
        """Start the tree."""
        await self.system.start(ChildSpec("root", lambda: Supervisor([self.tenants.spec()])))
        return self

    async def wake(self, count: int) -> None:
        """Have so many tenants awake."""
        asks = (self.tenants.ask(t, Add(0), deadline=60.0) for t in range(count))
        await asyncio.gather(*asks)

    def awake(self) -> list[str]:
        """Return the ids of the tenants that have an actor now."""
        return [status.id for status in self.system.snapshot() if status.parent == "tenants"]


class Slow(Puppet):
    """Takes a second to start and another to stop."""

    async def started(self) -> None:
        """Take a second."""
        await asyncio.sleep(1.0)
        await super().started()

    async def stopping(self) -> None:
        """Take a second."""
        await asyncio.sleep(1.0)
        await super().stopping()


async def crash_times(tree: Tree, actor_id: str, times: int) -> None:
    """Crash an actor so many times, each as soon as it runs again."""
    for _ in range(times):
        await outcome(tree[actor_id].ask(Do(crash), deadline=120.0))


def watch(tree: Tree, actor_id: str, times: int = 1) -> Do:
    """Return the order to monitor an actor."""

    async def work(actor: Puppet) -> None:
        for _ in range(times):
            actor.context.monitor(tree[actor_id])

    return Do(work)


async def downs(actor: Puppet) -> list[tuple[str, type]]:
    """Return who was seen dying, and of what."""
    return [(down.ref.id, type(down.reason)) for down in actor.downs]
