"""The tenant's day: its jobs when the clock says so, and how it stands."""

from datetime import timedelta

from actors.messages.queue import CheckSchedule, GetToday, RunJob, TodayView
from actors.runtime import on
from actors.tenant.day import Outcome, run_job
from actors.tenant.owner import OwnerPart
from actors.tenant.whatsapp import WhatsAppPart
from domain.jobs import LONGEST_RETRY, Job, astray
from domain.rulebook import rulebook
from errors import EmDiaError, JobFailed
from storage import outbox, retention, schedules, tenants
from telemetry import logger

LOG = logger("tenant")


class QueuePart(OwnerPart, WhatsAppPart):
    """Carries out the jobs, and tells what came of them."""

    @on(RunJob)
    async def run_job(self, message: RunJob) -> None:
        """Carry out one scheduled job."""
        outcome = await self._carry_out(message)
        LOG.info("job done", tenant_id=self._tenant_id, job=message.job, planned=outcome.planned)
        if outcome.notices:
            self._tell_kept()
        if message.job in {Job.VERIFY, Job.SEND}:
            await self._wake_session()

    async def _carry_out(self, message: RunJob) -> Outcome:
        """Do it whole or not at all; what goes wrong is the job's trouble alone (F11)."""
        now = self.context.clock.now()
        try:
            async with self._ports.database.tenant(self._tenant_id) as tx:
                outcome = await run_job(tx, message.job, message.due_at, now)
                if message.job == Job.CLEAN:
                    await retention.clean(tx, self._ports.retention, now)
                await self._keep(tx, outcome)
        except EmDiaError:
            raise
        except Exception as error:
            LOG.exception("job failed", tenant_id=self._tenant_id, job=message.job)
            raise JobFailed(type(error).__name__) from error
        return outcome

    @on(CheckSchedule)
    async def check_schedule(self, _message: CheckSchedule) -> None:
        """Set right the due times that do not follow from the tenant's own times (E14)."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            settings = await tenants.settings(tx)
            await schedules.set_next(tx, astray(settings, await schedules.of_tenant(tx), now))
            await schedules.let_go(tx, now + LONGEST_RETRY)

    @on(GetToday)
    async def get_today(self, _message: GetToday) -> TodayView:
        """The day at a glance."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            today = rulebook(await tenants.charter(tx), now).today(now)
            numbers = await tenants.morning_numbers(tx, today, today - timedelta(days=1))
            counts = await outbox.counts_of_day(tx, today)
        return TodayView(today, numbers.due_today, numbers.overdue, counts)
