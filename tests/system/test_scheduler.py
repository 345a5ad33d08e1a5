"""One clock for all: who fails, hangs or kills stands before nobody (E10, E14, F11)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sized
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from actors.messages.queue import CheckSchedule, RunJob, WakeUp
from actors.runtime import (
    Actor,
    ChildSpec,
    Directory,
    MovableClock,
    Ref,
    Restart,
    Supervisor,
    System,
    on,
)
from actors.scheduler_actor import (
    BATCH,
    FIRST_TRIES,
    RETRY_SECONDS,
    WAKES,
    SchedulerActor,
    SchedulesChanged,
)
from domain.jobs import LONGEST_RETRY, MOST_FAULTS, MOST_UNFINISHED, Job, next_runs
from domain.pacing import PacingRules
from domain.retention import Retention
from errors import JobFailed, StorageUnavailable
from storage import leases, schedules, tenants
from storage.database import Database, DispatcherConnection
from tests.postgres import NOW, sign_up
from tests.virtual_time import seeded

REPLICA = UUID(int=7)
PATIENCE_SECONDS = 30.0
TOMORROW = NOW + timedelta(days=1)


@dataclass
class Town:
    """Tenants that do as they are told, and what was asked of them."""

    bad: Callable[[int], Exception | None] = lambda _: None
    stuck: frozenset[int] = frozenset()
    done: list[tuple[int, str]] = field(default_factory=list)
    tried: list[tuple[int, str]] = field(default_factory=list)
    checked: list[int] = field(default_factory=list)
    woken: list[int] = field(default_factory=list)
    waking: int = 0
    most_waking: int = 0
    database: Database | None = None


class Resident(Actor):
    """A tenant that moves its job on as the real one does, when it does it at all."""

    def __init__(self, tenant_id: int, town: Town) -> None:
        self._tenant_id = tenant_id
        self._town = town

    @on(RunJob)
    async def run_job(self, message: RunJob) -> None:
        """Do it, fail, or hang."""
        self._town.tried.append((self._tenant_id, message.job))
        if self._tenant_id in self._town.stuck:
            await asyncio.Event().wait()
        if (fault := self._town.bad(self._tenant_id)) is not None:
            raise fault
        assert self._town.database is not None
        async with self._town.database.tenant(self._tenant_id) as tx:
            await schedules.carried_out(tx, message.job, message.due_at, TOMORROW, message.due_at)
        self._town.done.append((self._tenant_id, message.job))

    @on(CheckSchedule)
    async def check(self, _message: CheckSchedule) -> None:
        """Note it."""
        self._town.checked.append(self._tenant_id)

    @on(WakeUp)
    async def wake_up(self, _message: WakeUp) -> None:
        """Take a moment of the loop, as a start does."""
        self._town.waking += 1
        self._town.most_waking = max(self._town.most_waking, self._town.waking)
        await asyncio.sleep(0)
        self._town.waking -= 1
        self._town.woken.append(self._tenant_id)


@dataclass
class Hall:
    """The scheduler at work over a town."""

    town: Town
    clock: MovableClock
    database: Database
    console: asyncpg.Connection
    aside: list[tuple[int, str, str]] = field(default_factory=list)
    system: System | None = None

    async def people(self, *tenants: int, jobs: tuple[Job, ...] = (Job.VERIFY,)) -> None:
        """Tenants with jobs due at NOW."""
        await sign_up(self.database, *tenants)
        for tenant in tenants:
            async with self.database.tenant(tenant) as tx:
                await schedules.set_next(tx, dict.fromkeys(jobs, NOW))

    async def open(self) -> Ref:
        """Start the scheduler; whoever was set up is due."""
        self.town.database = self.database
        directory = Directory(lambda tenant: Resident(tenant, self.town))
        self.system = System(clock=self.clock, random=seeded())
        scheduler = ChildSpec(
            "scheduler",
            lambda: SchedulerActor(
                self.database,
                directory,
                REPLICA,
                Retention(),
                PacingRules(),
                on_set_aside=lambda *what: self.aside.append(what),
            ),
            Restart.PERMANENT,
        )
        async with self.database.dispatcher() as connection:
            await leases.renew(connection, REPLICA, timedelta(days=1))
        await self.system.start(
            ChildSpec("root", lambda: Supervisor([directory.spec(), scheduler]))
        )
        return self.system.ref("scheduler")

    async def row(self, tenant: int) -> asyncpg.Record:
        """How the tenant's job stands."""
        found = await self.console.fetchrow("SELECT * FROM schedules WHERE tenant_id = $1", tenant)
        assert found is not None
        return found


async def until(condition: Callable[[], Awaitable[bool]] | Callable[[], bool]) -> None:
    """Wait until `condition` holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            held = condition()
            if held if isinstance(held, bool) else await held:
                return
            await asyncio.sleep(0.01)


@pytest.fixture
async def hall(database: Database, dsn: str) -> AsyncIterator[Hall]:
    """A hall at NOW."""
    clock = MovableClock()
    clock.move_to(NOW)
    console = await asyncpg.connect(dsn)
    made = Hall(Town(), clock, database, console)
    yield made
    if made.system is not None:
        await made.system.stop()
    await console.close()


async def test_a_thousand_failing_jobs_keep_no_other_waiting(hall: Hall) -> None:
    failing = range(1, 301)
    hall.town.bad = lambda tenant: JobFailed("broken") if tenant in failing else None
    await hall.people(*failing, jobs=(Job.CLEAN, Job.VERIFY, Job.SEND, Job.CLOSE))
    await hall.people(9000)
    await hall.open()
    await until(lambda: (9000, "verify") in hall.town.done)

    assert [(9000, "verify")] == hall.town.done


async def test_who_hangs_holds_up_nobody(hall: Hall) -> None:
    stuck = frozenset(range(1, FIRST_TRIES + 20))
    hall.town.stuck = stuck
    others = range(1000, 1040)
    await hall.people(*stuck, *others)
    await hall.open()
    await until(lambda: len(hall.town.done) == len(others))

    assert {(tenant, "verify") for tenant in others} == set(hall.town.done)


async def test_a_failed_job_rests_before_it_is_tried_again(hall: Hall) -> None:
    hall.town.bad = lambda _: JobFailed("ValueError")
    await hall.people(1)
    scheduler = await hall.open()
    await until(lambda: hall.town.tried == [(1, "verify")])
    await until(lambda: told(hall, 1))
    for _ in range(3):
        await scheduler.tell(SchedulesChanged())
    hall.town.bad = lambda tenant: JobFailed("ValueError") if tenant == 1 else None
    await hall.people(2)
    await scheduler.tell(SchedulesChanged())
    await until(lambda: (2, "verify") in hall.town.done)  # so it has looked since
    row = await hall.row(1)

    assert [(1, "verify"), (2, "verify")] == hall.town.tried
    assert (1, "ValueError", None) == (row["faults"], row["failure"], row["claimed_by"])
    assert timedelta(seconds=5) <= row["retry_at"] - NOW <= timedelta(seconds=60)


async def rests(hall: Hall, tenant: int) -> bool:
    """Whether nobody is at the tenant's job: what came of the last try is written down."""
    return (await hall.row(tenant))["claimed_by"] is None


async def told(hall: Hall, tenant: int) -> bool:
    """Whether a failure was written down."""
    return (await hall.row(tenant))["failed_at"] is not None


async def test_a_job_that_keeps_failing_is_set_aside_with_its_reason(hall: Hall) -> None:
    hall.town.bad = lambda _: JobFailed("ValueError")
    await hall.people(1)
    await hall.open()
    for tries in range(1, MOST_FAULTS + 1):
        await until(lambda tries=tries: len(hall.town.tried) == tries)
        await until(lambda: rests(hall, 1))
        hall.clock.move_to(hall.clock.now() + LONGEST_RETRY)
    await until(lambda: hall.aside == [(1, "verify", "ValueError")])
    row = await hall.row(1)

    assert MOST_FAULTS == len(hall.town.tried)
    assert (TOMORROW, 0, "ValueError") == (row["next_due_at"], row["attempts"], row["failure"])


async def test_the_database_s_trouble_is_no_fault_of_the_job(hall: Hall) -> None:
    hall.town.bad = lambda _: StorageUnavailable("away")
    await hall.people(1)
    await hall.open()
    for tries in range(1, MOST_FAULTS + 3):
        await until(lambda tries=tries: len(hall.town.tried) == tries)
        await until(lambda: rests(hall, 1))
        hall.clock.move_to(hall.clock.now() + LONGEST_RETRY)
    hall.town.bad = lambda _: None
    await until(lambda: hall.town.done == [(1, "verify")])

    assert [] == hall.aside


async def test_one_job_that_fails_does_not_keep_the_tenants_others_back(hall: Hall) -> None:
    await hall.people(1, jobs=(Job.VERIFY, Job.SUMMARY))
    faults = iter([JobFailed("the first"), None])
    hall.town.bad = lambda _: next(faults)
    await hall.open()
    await until(lambda: len(hall.town.done) == 1)

    assert 2 == len(hall.town.tried)


async def test_what_a_dead_process_had_claimed_is_taken_up_alone(hall: Hall) -> None:
    await hall.people(1, 2, 3)
    dead = uuid4()
    async with hall.database.dispatcher() as connection:
        await leases.release(connection, dead)
        claimed = await schedules.claim(
            connection, dead, now=NOW, until=NOW + timedelta(hours=5), most=10, again=False
        )
    await hall.open()
    await until(lambda: len(hall.town.done) == 3)

    assert 3 == len(claimed)


async def test_a_job_that_ends_the_process_is_set_aside_without_another_try(hall: Hall) -> None:
    await hall.people(1)
    async with hall.database.dispatcher() as connection:
        for number in range(MOST_UNFINISHED):
            at = NOW + timedelta(minutes=number)
            [job] = await schedules.claim(
                connection, uuid4(), now=at, until=at, most=10, again=number > 0
            )
    hall.clock.move_to(NOW + timedelta(minutes=10))
    await hall.open()
    await until(lambda: hall.aside == [(1, "verify", "never ended")])

    assert MOST_UNFINISHED == job.faults
    assert [] == hall.town.tried


async def test_a_claim_belongs_to_one_process_at_a_time(hall: Hall) -> None:
    await hall.people(1, 2)
    async with hall.database.dispatcher() as first, hall.database.dispatcher() as second:
        until_then = NOW + timedelta(minutes=1)
        mine = await schedules.claim(first, uuid4(), now=NOW, until=until_then, most=1, again=False)
        rest = await schedules.claim(
            second, uuid4(), now=NOW, until=until_then, most=9, again=False
        )
        none = await schedules.claim(second, uuid4(), now=NOW, until=until_then, most=9, again=True)

    assert [[1], [2], []] == [[job.tenant_id for job in jobs] for jobs in (mine, rest, none)]


async def test_a_clock_set_back_does_not_put_the_scheduler_to_sleep(hall: Hall) -> None:
    await hall.people(1)
    hall.clock.move_to(NOW - timedelta(minutes=1))
    scheduler = await hall.open()
    await scheduler.tell(SchedulesChanged())
    hall.clock.move_to(NOW - timedelta(days=200))
    hall.clock.move_to(NOW)
    await until(lambda: hall.town.done == [(1, "verify")])

    assert [(1, "verify")] == hall.town.tried


class Away(Database):
    """Is away for the scheduler once a job is done, and counts how often it is asked then."""

    done: Sized = ()
    asked = 0

    @asynccontextmanager
    async def dispatcher(self) -> AsyncIterator[DispatcherConnection]:
        """The way to ask across tenants."""
        if self.done:
            self.asked += 1
            raise StorageUnavailable("away")
        async with super().dispatcher() as connection:
            yield connection


async def test_a_scheduler_with_much_to_do_does_not_hammer_a_database_that_is_away(
    hall: Hall, dsn: str
) -> None:
    hall.database = away = await Away.open(dsn)
    away.done = hall.town.done
    await hall.people(*range(1, BATCH[False] + 2))
    await hall.open()
    await until(lambda: len(hall.town.done) == BATCH[False])
    before = away.asked
    await hall.clock.sleep(RETRY_SECONDS)
    asked = away.asked - before
    assert hall.system is not None
    await hall.system.stop()
    await away.close()

    # One round, and one of those who look for tenants.
    assert asked <= 4


async def test_at_the_start_tenants_are_woken_a_few_at_a_time(hall: Hall) -> None:
    tenants = list(range(1, 200))
    await sign_up(hall.database, *tenants)
    await hall.console.execute(
        "INSERT INTO notices (tenant_id, kind, dedupe_key, payload, created_at)"
        " SELECT tenant_id, 'x', 'x', '{}', now() FROM tenants"
    )
    began = hall.clock.monotonic()
    await hall.open()
    await until(lambda: len(hall.town.woken) == len(tenants))

    assert tenants == sorted(hall.town.woken)
    assert hall.town.most_waking <= WAKES
    assert hall.clock.monotonic() - began > 1.0  # at a rate, not at once


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        pytest.param({}, False, id="as the tenant's times say"),
        pytest.param({Job.VERIFY: timedelta(days=200)}, True, id="from a clock far ahead"),
        pytest.param({Job.CLOSE: timedelta(hours=25)}, True, id="a day skipped"),
        pytest.param({Job.SEND: -timedelta(hours=5)}, False, id="overdue: it is about to run"),
        pytest.param({Job.CLEAN: None}, True, id="a job that is missing"),
    ],
)
async def test_due_times_that_are_wrong_are_found(
    hall: Hall, jobs: dict[Job, timedelta | None], expected: bool
) -> None:
    async with hall.database.tenant(1) as tx:
        await tenants.create(tx, name="Rita", now=NOW, trial_ends_at=TOMORROW)
        times = next_runs(await tenants.settings(tx), NOW)
        times |= {job: times[job] + by for job, by in jobs.items() if by is not None}
        await schedules.set_next(
            tx, {job: at for job, at in times.items() if jobs.get(job, at) is not None}
        )
    async with hall.database.dispatcher() as connection:
        found = await schedules.astray(connection, NOW, LONGEST_RETRY)

    assert ([1] if expected else []) == found


async def test_at_the_start_whose_due_times_are_wrong_is_asked_to_check_them(hall: Hall) -> None:
    await hall.people(1, 2, jobs=tuple(Job))
    for tenant in (1, 2):
        async with hall.database.tenant(tenant) as tx:
            await schedules.set_next(tx, next_runs(await tenants.settings(tx), NOW))
    await hall.console.execute(
        "UPDATE schedules SET next_due_at = next_due_at + interval '200 days' WHERE tenant_id = 2"
    )
    await hall.open()
    await until(lambda: bool(hall.town.checked))

    assert [2] == hall.town.checked
