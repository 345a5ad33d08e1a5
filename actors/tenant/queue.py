"""The tenant's day: its jobs when the clock says so, and how it stands."""

from datetime import timedelta

from actors.messages.queue import GetToday, RunJob, TodayView
from actors.runtime import on
from actors.tenant.day import run_job
from actors.tenant.owner import OwnerPart
from actors.tenant.whatsapp import WhatsAppPart
from domain.rulebook import rulebook
from storage import outbox, tenants
from telemetry import logger

LOG = logger("tenant")


class QueuePart(OwnerPart, WhatsAppPart):
    """Carries out the jobs, and tells what came of them."""

    @on(RunJob)
    async def run_job(self, message: RunJob) -> None:
        """Carry out one scheduled job."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            outcome = await run_job(tx, message.job, message.due_at, now)
            await self._keep(tx, outcome)
        LOG.info("job done", tenant_id=self._tenant_id, job=message.job, planned=outcome.planned)
        self._tell_kept()
        if message.job in {"verify", "send"}:
            await self._wake_session()

    @on(GetToday)
    async def get_today(self, _message: GetToday) -> TodayView:
        """The day at a glance."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            today = rulebook(await tenants.charter(tx), now).today(now)
            numbers = await tenants.morning_numbers(tx, today, today - timedelta(days=1))
            counts = await outbox.counts_of_day(tx, today)
        return TodayView(today, numbers.due_today, numbers.overdue, counts)
