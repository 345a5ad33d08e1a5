"""Tenants whose sending begins in the same minute begin one after the other (E13)."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import asyncpg
import pytest

from actors.tenant.day import plan_now
from domain.pacing import PacingRules
from storage import schedules
from storage.database import Database
from tests.postgres import NOW, sign_up

DAY = date(2026, 11, 24)
NINE = NOW + timedelta(hours=1)
CLOSES = NOW + timedelta(hours=12)
STEP = timedelta(seconds=PacingRules().start_step_s)
LONGEST = timedelta(seconds=PacingRules().longest_start_s)


# $1 tenants, $2 from when on.
PLANNED = (
    """INSERT INTO schedules (tenant_id, job, next_due_at)
    SELECT t, 'send', $2 FROM unnest($1::bigint[]) t""",
    """INSERT INTO planned_days (tenant_id, day, planned_at)
    SELECT t, '2026-11-24', $2 FROM unnest($1::bigint[]) t""",
    """INSERT INTO clients (tenant_id, name, phone, due_on, created_at, updated_at)
    SELECT t, 'Ana', '+551198765432' || n, '2026-11-23', $2, $2
    FROM unnest($1::bigint[]) t, generate_series(1, 2) n""",
    """INSERT INTO messages (
        tenant_id, client_id, kind, due_on, day, state, phone, whatsapp_id, correlation_id,
        not_before, expires_at, created_at)
    SELECT tenant_id, id, 'cobranca', due_on, '2026-11-24', 'queued', phone,
           '3EB0' || id || 'AAAAAAAA', 'c', $2, '2026-11-24 23:00Z', $2
    FROM clients WHERE tenant_id = ANY ($1::bigint[])""",
)


@pytest.fixture
async def console(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's way in."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def plan(
    database: Database, console: asyncpg.Connection, *tenants: int, at: datetime = NINE
) -> None:
    """Tenants with two messages each for DAY, to go from `at` on."""
    await sign_up(database, *tenants)
    for statement in PLANNED:
        await console.execute(statement, list(tenants), at)


async def take_turns(database: Database, now: datetime = NINE - timedelta(minutes=1)) -> int:
    async with database.dispatcher() as connection:
        return await schedules.take_turns(
            connection, now, until=now + timedelta(seconds=90), step=STEP, longest=LONGEST
        )


async def begins(console: asyncpg.Connection) -> dict[int, set[datetime]]:
    """When the messages of each tenant may go."""
    found: dict[int, set[datetime]] = {}
    for tenant, at in await console.fetch("SELECT tenant_id, not_before FROM messages"):
        found.setdefault(tenant, set()).add(at)
    return found


async def test_alone_a_tenant_begins_at_once(
    database: Database, console: asyncpg.Connection
) -> None:
    await plan(database, console, 1)
    moved = await take_turns(database)

    assert (0, {1: {NINE}}) == (moved, await begins(console))


async def test_of_many_each_begins_a_step_after_the_other(
    database: Database, console: asyncpg.Connection
) -> None:
    await plan(database, console, *range(1, 8))
    moved = await take_turns(database)
    found = await begins(console)

    assert 6 == moved
    assert {1} == {len(instants) for instants in found.values()}
    assert [NINE + n * STEP for n in range(7)] == sorted(min(at) for at in found.values())


async def test_what_was_settled_stays(database: Database, console: asyncpg.Connection) -> None:
    await plan(database, console, *range(1, 30))
    await take_turns(database)
    first = await begins(console)
    again = [await take_turns(database, NINE + n * STEP) for n in range(12)]

    assert [0] * 12 == again
    assert first == await begins(console)


async def test_ten_thousand_begin_within_an_hour(
    database: Database, console: asyncpg.Connection
) -> None:
    await plan(database, console, 1, 2, 3)
    async with database.dispatcher() as connection:
        await schedules.take_turns(
            connection,
            NINE - timedelta(minutes=1),
            until=NINE + timedelta(seconds=30),
            step=timedelta(hours=1),
            longest=LONGEST,
        )
    found = sorted(min(at) for at in (await begins(console)).values())

    assert [NINE, NINE + LONGEST / 3, NINE + 2 * LONGEST / 3] == found


async def test_who_begins_in_another_minute_waits_for_nobody(
    database: Database, console: asyncpg.Connection
) -> None:
    await plan(database, console, 1)
    await plan(database, console, 2, at=NINE - timedelta(minutes=5))
    await take_turns(database, NINE - timedelta(minutes=6))
    await take_turns(database)

    assert {1: {NINE}, 2: {NINE - timedelta(minutes=5)}} == await begins(console)


async def test_after_an_outage_all_begin_from_now_on(
    database: Database, console: asyncpg.Connection
) -> None:
    late = NINE + timedelta(minutes=90)
    await plan(database, console, 1, 2, 3)
    await take_turns(database, late)
    found = sorted(min(at) for at in (await begins(console)).values())

    assert [NINE, late + STEP, late + 2 * STEP] == found


async def replan(database: Database, tenant: int, now: datetime) -> None:
    """Have the day of `tenant` planned once more, as any change and the sending time do."""
    async with database.tenant(tenant) as tx:
        await plan_now(tx, now)


@pytest.mark.parametrize("late", [timedelta(minutes=-1), timedelta(minutes=90)], ids=str)
async def test_a_day_that_is_planned_again_keeps_its_turn(
    database: Database, console: asyncpg.Connection, late: timedelta
) -> None:
    await plan(database, console, *range(1, 6))
    await console.execute("UPDATE tenants SET trial_ends_at = '2027-01-01'")
    await console.execute(
        "UPDATE settings SET send_at = '06:00', window_opens = '06:00',"
        " pix_key = 'a@b.example', pix_beneficiary = 'Rita'"
    )
    await take_turns(database, NINE + late)
    settled = await begins(console)
    for tenant in settled:
        await replan(database, tenant, NINE + max(late, timedelta()))

    assert settled == await begins(console)


async def test_what_was_tried_or_rests_is_left_where_it_is(
    database: Database, console: asyncpg.Connection
) -> None:
    await plan(database, console, 1, 2)
    await console.execute(
        "UPDATE messages SET attempt = 1, state = 'retry' WHERE client_id % 2 = 0"
    )
    await console.execute("UPDATE messages SET state = 'cancelled' WHERE client_id % 2 = 1")
    moved = await take_turns(database)

    assert 0 == moved
    assert {1: {NINE}, 2: {NINE}} == await begins(console)


async def test_what_a_person_wrote_goes_at_its_own_minute(
    database: Database, console: asyncpg.Connection
) -> None:
    await plan(database, console, 1, 2)
    for tenant in (1, 2):
        await console.execute(
            """WITH made AS (
                INSERT INTO scheduled_messages (tenant_id, client_id, nonce, kind, text, at, day,
                    state, created_at, changed_at)
                SELECT $1, min(id), 'n', 'geral', 'Oi', $2, '2026-11-24', 'made', $2, $2
                FROM clients WHERE tenant_id = $1 RETURNING id, client_id)
            INSERT INTO messages (tenant_id, client_id, kind, day, state, phone, body, whatsapp_id,
                correlation_id, not_before, expires_at, created_at, schedule_id, occurs_on)
            SELECT $1, client_id, 'geral', '2026-11-24', 'queued', '+5511987654321', 'Oi',
                   '3EB0AAAAAAAAAA' || $1::bigint, 'c', $2, '2026-11-24 23:00Z', $2, id,
                   '2026-11-24'
            FROM made""",
            tenant,
            NINE - timedelta(minutes=30),
        )  # fmt: skip
    moved = await take_turns(database)
    by_hand = await console.fetch("SELECT not_before FROM messages WHERE kind = 'geral'")
    billed = await console.fetch("SELECT DISTINCT not_before FROM messages WHERE kind = 'cobranca'")

    assert 1 == moved
    assert {NINE - timedelta(minutes=30)} == {row[0] for row in by_hand}
    assert {NINE, NINE + STEP} == {row[0] for row in billed}
