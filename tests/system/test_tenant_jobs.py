"""The real tenant and its jobs: a fault costs that job, wrong times are mended (E14, F11)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from actors.messages.account import SignUp
from actors.messages.notices import (
    Notify,
    SubscriptionWarning,
    TellOwner,
    WhatsAppConnected,
    WhatsAppLost,
)
from actors.messages.queue import CheckSchedule, GetToday, RunJob
from actors.runtime import Actor, ChildSpec, Directory, MovableClock, Ref, Supervisor, System, on
from actors.tenant_actor import TenantActor, TenantPorts
from domain.jobs import Job, next_runs
from domain.retention import Retention
from domain.subscription import Subscription, Told
from domain.whatsapp import Loss
from errors import JobFailed, MessageRefused
from storage import schedules, tenants
from storage.database import Database
from tests.postgres import NOW
from tests.virtual_time import seeded

TENANT = 41
SECONDS = 10.0
CONNECTED = WhatsAppConnected("+5511987654321")
EARLIER = NOW - timedelta(days=1)


@pytest.fixture
async def console(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's way in."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


class Ear(Actor):
    """Telegram, which refuses for good what tells of a ban, and takes the rest."""

    def __init__(self, told: asyncio.Queue[object]) -> None:
        self._told = told

    @on(Notify)
    async def notify(self, message: Notify) -> None:
        """Take it, or refuse it."""
        if message.notice == WhatsAppLost(Loss.BANNED):
            raise MessageRefused("Bad Request: can't parse entities")
        self._told.put_nowait(message.notice)


@pytest.fixture
def told() -> asyncio.Queue[object]:
    """What the owner was told."""
    return asyncio.Queue()


@pytest.fixture
def clock() -> MovableClock:
    """It is NOW, and runs."""
    made = MovableClock()
    made.move_to(NOW)
    return made


@pytest.fixture
async def tenant(
    database: Database, told: asyncio.Queue[object], clock: MovableClock
) -> AsyncIterator[Ref]:
    """The real actor of a tenant that signed up at NOW."""
    async with System(clock=clock, random=seeded()) as system:
        telegram = ChildSpec("telegram", lambda: Ear(told))
        directory = Directory(lambda tenant_id: TenantActor(tenant_id, ports))
        await system.start(ChildSpec("root", lambda: Supervisor([telegram, directory.spec()])))
        ports = TenantPorts(
            database=database,
            telegram=system.ref("telegram"),
            session=lambda _tenant, _owner: Actor(),
            session_spec=ChildSpec("whatsapp", Actor),
            schedules_changed=lambda: None,
            trial=timedelta(days=7),
            retention=Retention(),
            replica=uuid4(),
        )
        ref = directory.ref(TENANT)
        await ref.ask(SignUp("Rita"), deadline=SECONDS)
        yield ref


async def due(database: Database) -> dict[Job, datetime]:
    """When each job is due."""
    async with database.tenant(TENANT) as tx:
        return await schedules.of_tenant(tx)


async def expected(database: Database) -> dict[Job, datetime]:
    """When each should be."""
    async with database.tenant(TENANT) as tx:
        return next_runs(await tenants.settings(tx), NOW)


async def test_a_new_tenant_has_every_job(tenant: Ref, database: Database) -> None:
    assert tenant.id == f"tenant {TENANT}"
    assert await expected(database) == await due(database)


async def test_due_times_from_a_wrong_clock_are_set_right(
    tenant: Ref, database: Database, console: asyncpg.Connection
) -> None:
    await console.execute(
        "UPDATE schedules SET next_due_at = next_due_at + interval '200 days',"
        " attempts = 2, retry_at = now() + interval '200 days'"
    )
    await console.execute("DELETE FROM schedules WHERE job = 'clean'")
    await tenant.ask(CheckSchedule(), deadline=SECONDS)
    left = await console.fetchval("SELECT count(*) FROM schedules WHERE attempts > 0")

    assert await expected(database) == await due(database)
    assert 0 == left


async def test_a_job_that_meets_the_unexpected_fails_alone(
    tenant: Ref, database: Database, console: asyncpg.Connection
) -> None:
    await console.execute("ALTER TABLE schedules ADD CHECK (last_due_at IS NULL)")
    before = await due(database)
    with pytest.raises(JobFailed, match="CheckViolationError"):
        await tenant.ask(RunJob(Job.VERIFY, before[Job.VERIFY]), deadline=SECONDS)
    today = await tenant.ask(GetToday(), deadline=SECONDS)

    assert before == await due(database)
    assert 0 == today.due_today


async def test_a_cleaning_by_a_clock_far_ahead_drops_nothing(
    tenant: Ref, database: Database, console: asyncpg.Connection, clock: MovableClock
) -> None:
    await console.execute(
        "INSERT INTO whatsapp_incoming (tenant_id, from_jid, whatsapp_id, kind, at)"
        " VALUES ($1, '5511987654321@s.whatsapp.net', 'A', 'other', $2)",
        TENANT, NOW,
    )  # fmt: skip
    due_at = (await due(database))[Job.CLEAN]
    clock.move_to(NOW + timedelta(days=200))
    await tenant.ask(RunJob(Job.CLEAN, due_at), deadline=SECONDS)

    assert 1 == await console.fetchval("SELECT count(*) FROM whatsapp_incoming")
    assert due_at < (await due(database))[Job.CLEAN]


async def test_the_cleaning_time_cleans(
    tenant: Ref, database: Database, console: asyncpg.Connection
) -> None:
    await console.execute(
        "INSERT INTO whatsapp_numbers (tenant_id, phone, checked_at) VALUES ($1, '1', $2)",
        TENANT, NOW - timedelta(days=400),
    )  # fmt: skip
    async with database.tenant(TENANT) as tx:
        await schedules.set_next(tx, {Job.CLEAN: NOW})
    await tenant.ask(RunJob(Job.CLEAN, NOW), deadline=SECONDS)

    assert 0 == await console.fetchval("SELECT count(*) FROM whatsapp_numbers")
    assert await expected(database) == await due(database)


POISON = {
    "of no known kind": ("avisos_de_amanha", "{}"),
    "with nothing in it": ("whatsapp_lost", "{}"),
    "not what it should be": ("daily_summary", '{"day": "NaN"}'),
    "refused by Telegram": ("whatsapp_lost", '{"reason": "banned", "until": null}'),
}


@pytest.mark.parametrize("kind", POISON)
async def test_a_notice_that_cannot_be_told_holds_up_no_other(
    tenant: Ref, console: asyncpg.Connection, told: asyncio.Queue[object], kind: str
) -> None:
    name, payload = POISON[kind]
    await console.execute(
        "INSERT INTO notices (tenant_id, kind, dedupe_key, payload, created_at)"
        " VALUES ($1, $2, 'poison', $3, $4)",
        TENANT, name, payload, NOW,
    )  # fmt: skip
    await tenant.tell(TellOwner("next", CONNECTED))
    async with asyncio.timeout(SECONDS):
        heard = await told.get()
    waits = await console.fetchval(
        "SELECT delivered_at IS NULL FROM notices WHERE dedupe_key = 'poison'"
    )

    assert (CONNECTED, False) == (heard, waits)


async def test_a_warning_of_the_end_that_is_no_longer_true_is_not_told(
    tenant: Ref, told: asyncio.Queue[object], clock: MovableClock
) -> None:
    """Telegram was away, or a payment came: what is told is how things stand then (A7)."""
    of_today = warning(Told.THREE_DAYS, NOW)
    clock.move_to(NOW + timedelta(days=4))
    for key, late in (("1", warning(Told.LAST_DAY, NOW)), ("2", warning(Told.THREE_DAYS, EARLIER))):
        await tenant.tell(TellOwner(key, late))
    await tenant.tell(TellOwner("3", of_today))
    async with asyncio.timeout(SECONDS):
        heard = await told.get()

    assert (of_today, True) == (heard, told.empty())


def warning(which: Told, signed_up: datetime) -> SubscriptionWarning:
    """Of a trial that began then."""
    trial = Subscription(trial_ends_at=signed_up + timedelta(days=7))
    return SubscriptionWarning(which, trial.ends_on, trial.erasable_on)
