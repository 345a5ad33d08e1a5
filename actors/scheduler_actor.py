"""One clock for all tenants: it says who is due, and wakes who has work, at the start too.

Due times live in PostgreSQL. A job is claimed for a while, tried, and tried again on a clock of its
own; it counts as done only when the tenant moved its due time on, so a crash anywhere repeats it,
and every job may be repeated (E10). Who fails or hangs stands before nobody.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar
from uuid import UUID

import anyio

from actors.charge.standing import Charge
from actors.messages.charge import LetGo
from actors.messages.queue import CheckSchedule, RunJob, WakeUp
from actors.runtime import Actor, Later, Request, on
from domain.jobs import LONGEST_RETRY, MOST_UNFINISHED, SetAside, after_failure
from domain.pacing import PacingRules
from domain.retention import Retention
from errors import AskTimeout, EmDiaError, JobFailed
from guards.slots import Slot, Slots
from storage import leases, retention, schedules
from storage.database import Database, DispatcherConnection
from storage.schedules import DueJob
from telemetry import JOB_DELAY_SECONDS, JOBS, correlated, logger

R = TypeVar("R")

LOG = logger("scheduler")
FIRST_TRIES = 6  # tenants at work on jobs never tried
LATER_TRIES = 2  # tenants at work on jobs that failed before: beside the others, never before them
SUSPECTS = 1  # jobs that may have ended a process: nobody else goes with them
WAKES = 6  # tenants being woken at the start
WAKES_PER_SECOND = 150.0
# Claimed at once: of jobs never tried, and of those tried before, which wait longer for room.
BATCH = {False: 64, True: 16}
SLOW_SECONDS = 2.0
JOB_SECONDS = 60.0
WAKE_SECONDS = 60.0
# A claim outlives the wait for its job, so nobody else begins it meanwhile.
CLAIM = timedelta(seconds=JOB_SECONDS + 15.0)
RETRY_SECONDS = 2.0
# A lost wake-up costs at most this.
POLL = timedelta(seconds=30)
TIDY_SECONDS = 10.0
# Turns are settled this long before the sending they are for; longer than two looks are apart.
TURNS_AHEAD = timedelta(seconds=90)
SWEEP_SECONDS = 1.0  # between two bounded cleanings while there is more
FIRST_CLEAN_SECONDS = 600.0  # a machine that comes up may not know yet what time it is
CHECK_SECONDS = 3600.0
# A wall clock that moved this much against the monotonic one was set, not drifting (E14).
JUMP_SECONDS = 30.0


class Tenants(Protocol):
    """The way to the tenants: waking one is the directory's affair."""

    async def ask(self, tenant_id: int, message: Request[None], *, deadline: float) -> None:
        """Have the tenant do it."""
        ...


@dataclass(frozen=True, slots=True)
class SchedulesChanged:
    """Some tenant has new due times: look again now (E2, E9)."""


class _Lane:
    """Claimed jobs that wait for room, and how many tenants are at work on theirs."""

    def __init__(self, most: int, on_free: Callable[[], None]) -> None:
        self.slots = Slots(most, slow_seconds=SLOW_SECONDS, on_free=on_free)
        self.waiting: deque[DueJob] = deque()


class SchedulerActor(Actor):
    """Claims due jobs for `replica` and has each tenant do its own, in the order they fell due.

    `on_set_aside(tenant_id, job, failure)` hears of a job that was given up.
    """

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        database: Database,
        tenants: Tenants,
        replica: UUID,
        retention: Retention,
        pacing: PacingRules,
        *,
        on_set_aside: Callable[[int, str, str], None],
        charge: Charge | None = None,
    ) -> None:
        self._charge = charge or Charge()
        self._database = database
        self._tenants = tenants
        self._replica = replica
        self._retention = retention
        self._pacing = pacing
        self._on_set_aside = on_set_aside
        self._first = _Lane(FIRST_TRIES, self._stir)
        self._later = _Lane(LATER_TRIES, self._stir)
        self._suspects = _Lane(SUSPECTS, self._stir)
        self._may_be_more = {False: False, True: False}  # tried before or not: was the batch full?
        self._at_work: dict[int, deque[DueJob]] = {}
        self._ended = asyncio.Event()  # some tenant's jobs
        self._stirred = anyio.Event()
        self._look_at: datetime | None = None  # None: now
        self._tidy_at = 0.0
        self._jumped = anyio.Event()
        self._look_at_jump = True

    async def started(self) -> None:
        """Once in charge watch the clock, and wake whom an earlier process left with work."""
        for work in (self._watch, self._keep_right, self._wake_tenants, self._clean):
            name = work.__name__.strip("_").replace("_", " ")
            lead = self._charge.lead(work, self.context.spawn, name=name)
            self.context.spawn(lead, name=f"lead {name}")
        self._charge.parts_are_up()  # this is the last that works for everybody

    @on(SchedulesChanged)
    async def schedules_changed(self, _message: SchedulesChanged) -> None:
        """Look again at once instead of at the next due time known so far."""
        self._look()

    @on(LetGo)
    async def let_go(self, _message: LetGo) -> Later[None]:
        """Let jobs end that are at work; those that wait are whoever's is in charge."""
        for lane in (self._first, self._later, self._suspects):
            lane.waiting.clear()
        return self.context.later(self._nobody_is_at_work())

    async def _nobody_is_at_work(self) -> None:
        while self._at_work:
            self._ended.clear()
            await self._ended.wait()

    # The clock

    async def _watch(self) -> None:
        self._look_at = None
        while True:
            self._stirred = anyio.Event()
            self._begin_waiting()
            now = self.context.clock.now()
            if (
                self._look_at is None
                or self._look_at <= now
                or self._is_hungry(self._first, again=False)
                or self._is_hungry(self._later, again=True)
            ):
                self._look_at = now + POLL
                try:
                    ahead = await self._claim(now)
                    if self._look_at is not None:  # else somebody asked for another look meanwhile
                        self._look_at = min(self._look_at, ahead)
                except EmDiaError as error:
                    LOG.warning("round failed", error=repr(error))
                    self._look_at = now + timedelta(seconds=RETRY_SECONDS)
                    # Hunger waits as long as everything else: the next round finds out again.
                    self._may_be_more = dict.fromkeys(self._may_be_more, False)
            else:
                await self._sleep_until(self._look_at)

    async def _claim(self, now: datetime) -> datetime:
        """Claim what is due; returns when more will be."""
        async with self._database.dispatcher() as connection:
            if self.context.clock.monotonic() >= self._tidy_at or self._look_at_jump:
                self._tidy_at = self.context.clock.monotonic() + TIDY_SECONDS
                self._look_at_jump = False
                await schedules.free_claims(connection, now)
                await self._take_turns(connection, now)
            for again in self._may_be_more:
                claimed = await schedules.claim(
                    connection, self._replica,
                    now=now, until=now + CLAIM, most=BATCH[again], again=again,
                )  # fmt: skip
                self._may_be_more[again] = len(claimed) == BATCH[again]
                for job in claimed:
                    self._lane_of(job).waiting.append(job)
            ahead = await schedules.next_claim_at(connection)
        # What is due and was not claimed is taken when there is room: a lane is hungry then.
        return ahead if ahead is not None and ahead > now else now + POLL

    async def _take_turns(self, connection: DispatcherConnection, now: datetime) -> None:
        """Let those whose sending begins in the same minute begin one after the other (E13)."""
        moved = await schedules.take_turns(
            connection,
            now,
            until=now + TURNS_AHEAD,
            step=timedelta(seconds=self._pacing.start_step_s),
            longest=timedelta(seconds=self._pacing.longest_start_s),
        )
        if moved:
            LOG.info("turns taken", tenants=moved)

    def _lane_of(self, job: DueJob) -> _Lane:
        if job.unfinished:
            return self._suspects
        return self._later if job.attempts > 1 else self._first

    def _is_hungry(self, lane: _Lane, *, again: bool) -> bool:
        """Whether more is known to be due, and there will soon be room for it."""
        return self._may_be_more[again] and len(lane.waiting) < BATCH[again] // 2

    def _begin_waiting(self) -> None:
        for lane in (self._first, self._later, self._suspects):
            while lane.waiting and lane.slots.free > 0:
                self._begin(lane, lane.waiting.popleft())

    def _begin(self, lane: _Lane, job: DueJob) -> None:
        """Have a tenant do `job`, after what it is at already."""
        line = self._at_work.get(job.tenant_id)
        if line is not None:
            line.append(job)
            return
        self._at_work[job.tenant_id] = line = deque([job])
        work = self._run_line(lane.slots.take(), line)
        self.context.spawn(work, name=f"jobs of {job.tenant_id}")

    async def _run_line(self, slot: Slot, line: deque[DueJob]) -> None:
        """Do one tenant's jobs in order; when the tenant itself is in trouble, the rest waits."""
        tenant_id = line[0].tenant_id
        with slot:
            while line:
                with correlated(_name_of(line[0])):
                    is_well = await self._run(line[0])
                line.popleft()
                if is_well:
                    continue
                while line:
                    await self._record(line.popleft(), "the job before it failed", own_fault=False)
        del self._at_work[tenant_id]
        self._ended.set()

    def _look(self) -> None:
        """Look at what is due, now."""
        self._look_at = None
        self._stir()

    def _stir(self) -> None:
        self._stirred.set()

    async def _sleep_until(self, instant: datetime) -> None:
        """Sleep until `instant` or until something stirs, however the wall clock is set."""
        before = self._wall_offset()
        async with anyio.create_task_group() as group:

            async def ring() -> None:
                with anyio.move_on_after(POLL.total_seconds()):
                    await self.context.clock.sleep_until(instant)
                group.cancel_scope.cancel()

            group.start_soon(ring)
            await self._stirred.wait()
            group.cancel_scope.cancel()
        if abs(self._wall_offset() - before) > JUMP_SECONDS:
            self._jumped.set()
            self._look_at_jump = True
            self._look_at = None

    def _wall_offset(self) -> float:
        """How far the wall clock is from the monotonic one: constant, unless somebody sets it."""
        return self.context.clock.now().timestamp() - self.context.clock.monotonic()

    # One job

    async def _run(self, job: DueJob) -> bool:
        """Whether the tenant is well; a job that fails by itself says nothing against it."""
        if job.unfinished and job.faults > MOST_UNFINISHED:
            await self._record(job, "never ended", own_fault=True)
            return True
        delay = (self.context.clock.now() - job.due_at).total_seconds()
        try:
            await self._tenants.ask(
                job.tenant_id, RunJob(job.job, job.due_at), deadline=JOB_SECONDS
            )
        except EmDiaError as error:
            LOG.warning("job failed", tenant_id=job.tenant_id, job=job.job, error=repr(error))
            # What the database or the tree did to it is no fault of the job.
            own_fault = isinstance(error, JobFailed | AskTimeout)
            await self._record(job, str(error) or type(error).__name__, own_fault=own_fault)
            return isinstance(error, JobFailed)
        JOBS.labels(job=job.job, outcome="done").inc()
        JOB_DELAY_SECONDS.observe(max(0.0, delay))
        return True

    async def _record(self, job: DueJob, failure: str, *, own_fault: bool) -> None:
        """Say when a failed job is tried again, or give it up. A claim ends by itself, too."""
        now = self.context.clock.now()
        verdict = after_failure(
            job.attempts,
            job.faults if own_fault else 0,
            self.context.random,
            unfinished=job.unfinished,
        )
        try:
            async with self._database.tenant(job.tenant_id) as tx:
                if isinstance(verdict, SetAside):
                    await schedules.set_aside(tx, job, failure=failure, now=now)
                else:
                    retry_at = now + timedelta(seconds=verdict.seconds)
                    await schedules.postpone(
                        tx, job, retry_at=retry_at, failure=failure, own_fault=own_fault, now=now
                    )
        except EmDiaError as error:
            LOG.warning("failure not kept", tenant_id=job.tenant_id, error=repr(error))
            return
        outcome = "set_aside" if isinstance(verdict, SetAside) else "failed"
        JOBS.labels(job=job.job, outcome=outcome).inc()
        if isinstance(verdict, SetAside):
            LOG.error("job set aside", tenant_id=job.tenant_id, job=job.job, failure=failure)
            self._on_set_aside(job.tenant_id, job.job, failure)
        self._look()

    # Who must be awake, and whose times are wrong

    async def _wake_tenants(self) -> None:
        """Wake every tenant with unsent messages, untold notices or a session to keep open.

        At a rate: the pool, the loop and WhatsApp's patience are everybody's.
        """
        while (tenants := await self._look_up(leases.tenants_with_work)) is None:
            await self.context.clock.sleep(RETRY_SECONDS)
        await self._ask_each(tenants, WakeUp())

    async def _keep_right(self) -> None:
        """Compare due times with the tenants' own: at the start, hourly, after a jump (E14)."""
        while True:
            self._jumped = anyio.Event()
            now = self.context.clock.now()
            tenants = await self._look_up(
                partial(schedules.astray, now=now, longest_retry=LONGEST_RETRY + CLAIM)
            )
            if tenants:
                LOG.warning("due times were wrong", tenants=len(tenants))
                await self._ask_each(tenants, CheckSchedule())
                self._look()
            with anyio.move_on_after(RETRY_SECONDS if tenants is None else CHECK_SECONDS):
                await self._jumped.wait()

    async def _clean(self) -> None:
        """Drop, now and then, what no tenant cleans, by a clock that nobody set lately (E14)."""
        wait, known = FIRST_CLEAN_SECONDS, self._wall_offset()
        while True:
            await self.context.clock.sleep(wait)
            offset, wait = self._wall_offset(), CHECK_SECONDS
            if abs(offset - known) > JUMP_SECONDS:
                known = offset
                continue
            now = self.context.clock.now()
            clean = partial(retention.clean_everywhere, keep=self._retention, now=now)
            dropped = await self._look_up(clean)
            if dropped:
                LOG.info("cleaned", rows=dropped)
                wait = SWEEP_SECONDS

    async def _ask_each(self, tenants: Sequence[int], message: Request[None]) -> None:
        """Ask the tenants, so many a second and so many at a time."""
        freed = asyncio.Event()
        slots = Slots(WAKES, slow_seconds=SLOW_SECONDS, on_free=freed.set)
        for tenant_id in tenants:
            await self.context.clock.sleep(1.0 / WAKES_PER_SECOND)
            while slots.free <= 0:
                freed.clear()
                await freed.wait()
            self.context.spawn(self._ask(slots.take(), tenant_id, message), name=f"ask {tenant_id}")

    async def _ask(self, slot: Slot, tenant_id: int, message: Request[None]) -> None:
        with slot:
            try:
                await self._tenants.ask(tenant_id, message, deadline=WAKE_SECONDS)
            except EmDiaError as error:
                LOG.warning("tenant not reached", tenant_id=tenant_id, error=repr(error))

    async def _look_up(self, query: Callable[[DispatcherConnection], Awaitable[R]]) -> R | None:
        """What `query` finds across tenants; None while PostgreSQL is away."""
        try:
            async with self._database.dispatcher() as connection:
                return await query(connection)
        except EmDiaError as error:
            LOG.warning("not looked up", error=repr(error))
            return None


def _name_of(job: DueJob) -> str:
    """What the log calls one due job, in all it does and whoever does it."""
    return f"{job.job}-{job.due_at:%Y%m%dT%H%M}-{job.tenant_id}"
