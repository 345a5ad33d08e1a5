"""One clock for all tenants: it says who is due, and wakes who has work, at the start too.

Due times live in PostgreSQL. A job counts as done only when the tenant moved its due time on, so a
crash anywhere repeats it, and every job may be repeated (E10).
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import anyio

from actors.messages.queue import OutboxChanged, RunJob
from actors.runtime import Actor, Request, on
from errors import EmDiaError
from storage import leases, schedules
from storage.database import Database
from storage.schedules import DueJob
from telemetry import JOB_DELAY_SECONDS, JOBS, logger

LOG = logger("scheduler")
BATCH = 500
TENANTS_AT_ONCE = 32
JOB_SECONDS = 60.0
RETRY_SECONDS = 2.0
# A lost wake-up costs at most this; it is also how soon a failed job is tried again.
POLL = timedelta(seconds=30)


class Tenants(Protocol):
    """The way to the tenants: waking one is the directory's affair."""

    async def ask(self, tenant_id: int, message: Request[None], *, deadline: float) -> None:
        """Have the tenant do it."""
        ...

    async def tell(self, tenant_id: int, message: object, *, deadline: float = 5.0) -> None:
        """Leave a message with the tenant."""
        ...


@dataclass(frozen=True, slots=True)
class SchedulesChanged:
    """Some tenant has new due times: look again now (E2, E9)."""


class SchedulerActor(Actor):
    """Finds the due jobs and asks each tenant for its own, in the order they fell due."""

    def __init__(self, database: Database, tenants: Tenants) -> None:
        self._database = database
        self._tenants = tenants
        self._changed = anyio.Event()
        self._limit = anyio.CapacityLimiter(TENANTS_AT_ONCE)

    async def started(self) -> None:
        """Begin to watch the clock, and wake whom an earlier process left with work."""
        self.context.spawn(self._watch(), name="watch")
        self.context.spawn(self._wake_tenants(), name="wake tenants")

    @on(SchedulesChanged)
    async def schedules_changed(self, _message: SchedulesChanged) -> None:
        """Look again at once instead of at the next due time known so far."""
        self._changed.set()

    async def _wake_tenants(self) -> None:
        """Wake every tenant with unsent messages, untold notices or a session to keep open."""
        while (tenants := await self._tenants_with_work()) is None:
            await self.context.clock.sleep(RETRY_SECONDS)
        for tenant_id in tenants:
            try:
                await self._tenants.tell(tenant_id, OutboxChanged())
            except EmDiaError as error:
                LOG.warning("tenant not woken", tenant_id=tenant_id, error=repr(error))

    async def _tenants_with_work(self) -> list[int] | None:
        """The tenants to wake; None while PostgreSQL is away."""
        try:
            async with self._database.dispatcher() as connection:
                return await leases.tenants_with_work(connection)
        except EmDiaError as error:
            LOG.warning("nobody woken yet", error=repr(error))
            return None

    async def _watch(self) -> None:
        while True:
            self._changed = anyio.Event()
            wake_at = self.context.clock.now() + POLL
            try:
                wake_at = min(wake_at, await self._run_due())
            except EmDiaError as error:
                LOG.warning("round failed", error=repr(error))
            await self._sleep_until(wake_at)

    async def _run_due(self) -> datetime:
        """Carry out everything due; returns when to look again."""
        now = self.context.clock.now()
        async with self._database.dispatcher() as connection:
            due = await schedules.due_jobs(connection, now, BATCH)
        by_tenant: dict[int, list[DueJob]] = defaultdict(list)
        for job in due:
            by_tenant[job.tenant_id].append(job)
        done = await asyncio.gather(*(self._run_in_order(jobs) for jobs in by_tenant.values()))
        if due and all(done):
            return now
        async with self._database.dispatcher() as connection:
            return await schedules.next_job_at(connection, now) or now + POLL

    async def _run_in_order(self, jobs: Sequence[DueJob]) -> bool:
        """Whether all of one tenant's jobs were done; the first that fails stops the rest."""
        async with self._limit:
            for job in jobs:
                if not await self._run(job):
                    return False
        return True

    async def _run(self, job: DueJob) -> bool:
        delay = (self.context.clock.now() - job.due_at).total_seconds()
        try:
            await self._tenants.ask(
                job.tenant_id, RunJob(job.job, job.due_at), deadline=JOB_SECONDS
            )
        except EmDiaError as error:
            JOBS.labels(job=job.job, outcome="failed").inc()
            LOG.warning("job failed", tenant_id=job.tenant_id, job=job.job, error=repr(error))
            return False
        JOBS.labels(job=job.job, outcome="done").inc()
        JOB_DELAY_SECONDS.observe(max(0.0, delay))
        return True

    async def _sleep_until(self, instant: datetime) -> None:
        """Sleep until `instant` or until schedules change, whichever comes first."""
        async with anyio.create_task_group() as group:

            async def clock() -> None:
                await self.context.clock.sleep_until(instant)
                group.cancel_scope.cancel()

            group.start_soon(clock)
            await self._changed.wait()
            group.cancel_scope.cancel()
