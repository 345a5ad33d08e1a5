"""The system that `bench.herd` measures, as a process of its own: the real tree, but for two parts.

Its WhatsApp worker has no WhatsApp behind it (`herd_worker.mjs`), and the tenant STUCK takes a
minute over each job.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import settings as environment
import supervisor
import telemetry
from actors.messages.queue import RunJob
from actors.runtime import Actor, ChildSpec, Watchdog, on
from actors.tenant_actor import TenantActor
from wiring import Parts

STUCK = int(os.environ.get("STUCK", "501"))
STUCK_SECONDS = 60.0
WORKER = Path(__file__).parent / "herd_worker.mjs"


class StuckTenant(TenantActor):
    """A tenant whose jobs take a minute."""

    @on(RunJob)
    async def run_job(self, message: RunJob) -> None:
        """Be slow, then do it."""
        await self.context.clock.sleep(STUCK_SECONDS)
        await super().run_job(message)


def herd_tree(parts: Parts) -> list[ChildSpec]:
    """The tree of the product with its two parts changed."""
    make: Callable[[int], Actor] = parts.directory.factory

    def tenant(tenant_id: int) -> Actor:
        made = make(tenant_id)
        if tenant_id == STUCK and isinstance(made, TenantActor):
            made.__class__ = StuckTenant
        return made

    parts.directory.factory = tenant
    return [
        replace(spec, factory=lambda: parts.sidecar(WORKER))
        if spec.id.startswith("sidecar")
        else spec
        for spec in supervisor.tree(parts)
    ]


def main() -> None:
    """Run until SIGTERM, as supervisor.py does."""
    settings = environment.load()
    telemetry.configure(settings.log_level)
    watchdog = Watchdog(on_lag=telemetry.LOOP_LAG_SECONDS.observe)
    try:
        asyncio.run(supervisor.run(settings, watchdog, herd_tree))
    finally:
        watchdog.stop()


if __name__ == "__main__":
    main()
