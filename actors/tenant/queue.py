"""The tenant's day: its jobs when the clock says so, and how it stands."""

import asyncio
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta

from actors.messages.queue import (
    BillUnbilled,
    CheckSchedule,
    DismissUnbilled,
    GetUnbilled,
    PlanNow,
    RunJob,
    UnbilledClient,
)
from actors.runtime import on
from actors.tenant import left_out
from actors.tenant.day import Outcome, plan_now, run_job
from actors.tenant.part import TenantPorts
from actors.tenant.scoreboard import ScoreboardPart
from actors.tenant.whatsapp import WhatsAppPart
from domain.jobs import LONGEST_RETRY, Job, astray
from domain.rulebook import rulebook
from errors import EmDiaError, JobFailed
from storage import retention, schedules, tenants
from telemetry import logger

LOG = logger("tenant")
# How long a change made past this actor (another process, a console) may go unnoticed.
LOOK_AGAIN = timedelta(minutes=10)
# The same while the day's window is closed, or seems to be.
LOOK_SELDOM = timedelta(hours=1)
# A cleaning so late is put off to the next: perhaps the clock is ahead, and all seems old (E14).
CLEAN_TOO_LATE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _LookAgain:
    """Time to see whether the plan still is what the rules say."""


class QueuePart(ScoreboardPart, WhatsAppPart):
    """Carries out the jobs, and tells what came of them."""

    def __init__(self, tenant_id: int, ports: TenantPorts) -> None:
        super().__init__(tenant_id, ports)
        self._looking: asyncio.Task[None] | None = None

    @on(RunJob)
    async def run_job(self, message: RunJob) -> None:
        """Carry out one scheduled job."""
        sends = message.job in {Job.SEND, Job.CLOSE}
        connected = await self._connected() if sends else None
        outcome = await self._carry_out(message, connected=connected)
        LOG.info("job done", tenant_id=self._tenant_id, job=message.job, planned=outcome.planned)
        if outcome.notices:
            self._tell_kept()
        self._day_moved()
        if message.job in {Job.VERIFY, Job.SEND}:
            await self._wake_session()
        if message.job == Job.SEND:
            self._look_again_later(outcome, connected)

    async def _carry_out(self, message: RunJob, *, connected: bool | None) -> Outcome:
        """Do it whole or not at all; what goes wrong is the job's trouble alone (F11)."""
        now = self.context.clock.now()
        try:
            async with self._ports.database.tenant(self._tenant_id) as tx:
                outcome = await run_job(tx, message.job, message.due_at, now, connected=connected)
                if message.job == Job.CLEAN and now - message.due_at < CLEAN_TOO_LATE:
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
        """Set right the due times that do not follow from the tenant's own times (E14).

        What a clock that was ahead ended before its time is queued again.
        """
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            settings = await tenants.settings(tx)
            await schedules.set_next(tx, astray(settings, await schedules.of_tenant(tx), now))
            await schedules.let_go(tx, now + LONGEST_RETRY)
        await self._plan_if_possible()

    @on(PlanNow)
    async def plan_now(self, _message: PlanNow) -> int:
        """Plan today as it is at this moment."""
        return await self._plan_now()

    @on(_LookAgain)
    async def look_again(self, _message: _LookAgain) -> None:
        """Find what was changed past this actor."""
        await self._plan_if_possible()

    @on(GetUnbilled)
    async def get_unbilled(self, _message: GetUnbilled) -> tuple[UnbilledClient, ...]:
        """Who was left out (E3b)."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            book = rulebook(await tenants.charter(tx), now)
            found = await left_out.left_out(tx, book, now)
        return tuple(UnbilledClient(**asdict(client)) for client in found)

    @on(BillUnbilled)
    async def bill_unbilled(self, message: BillUnbilled) -> int:
        """Bill them after all (decision 2)."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            book = rulebook(await tenants.charter(tx), now)
            billed = await left_out.bill(tx, book, message.client_ids, now)
        LOG.info("billed late", tenant_id=self._tenant_id, clients=billed)
        await self._wake_session()
        return billed

    @on(DismissUnbilled)
    async def dismiss_unbilled(self, message: DismissUnbilled) -> int:
        """Bill them never."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            book = rulebook(await tenants.charter(tx), now)
            return await left_out.dismiss(tx, book, message.client_ids, now)

    async def _plan_if_possible(self) -> int:
        """Plan today after a change that is done already, whatever becomes of the plan.

        Returns how many messages are new, or came back.
        """
        try:
            return await self._plan_now()
        except EmDiaError as error:
            LOG.warning("not planned again", tenant_id=self._tenant_id, error=repr(error))
            self._look_again_later(None, None)
            return 0

    async def _plan_now(self) -> int:
        now = self.context.clock.now()
        connected = await self._connected()
        try:
            async with self._ports.database.tenant(self._tenant_id) as tx:
                outcome = await plan_now(tx, now, connected=connected)
                await self._keep(tx, outcome)
        except EmDiaError:
            raise
        except Exception as error:
            LOG.exception("plan failed", tenant_id=self._tenant_id)
            raise JobFailed(type(error).__name__) from error
        self._tell_kept()
        self._day_moved()
        if outcome.planned:
            LOG.info("planned again", tenant_id=self._tenant_id, planned=outcome.planned)
        await self._wake_session()
        self._look_again_later(outcome, connected)
        return outcome.planned

    def _look_again_later(self, outcome: Outcome | None, connected: bool | None) -> None:
        """Look again in a while, as long as there is a day and a session: others may rest.

        With an open line also when the day seems to be over: by a wrong clock it may be (E14).
        """
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        is_open = outcome is None or outcome.window_open
        if (is_open or connected) and self._running_session() is not None:
            wait = LOOK_AGAIN if is_open else LOOK_SELDOM
            self._looking = self.context.spawn(self._look_in(wait), name="look again")

    async def _look_in(self, wait: timedelta) -> None:
        """Look after `wait` of the wall clock, and not much later however that is moved."""
        clock = self.context.clock
        with suppress(TimeoutError):
            async with asyncio.timeout(wait.total_seconds()):
                await clock.sleep_until(clock.now() + wait)
        self.context.signal(_LookAgain())
