"""What is counted across tenants: each figure moves with what it counts, and only with that."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.figures import Figures, PoolFigures
from storage import figures
from storage.database import Database, Limits
from storage.migrate import read
from tests.postgres import NOW, sign_up
from tests.rows import MINUTE, REPLICA, add_messages

A, B = 7, 8


@pytest.fixture
async def console(dsn: str, database: Database) -> Any:
    """The superuser's way in, with two tenants there."""
    await sign_up(database, A, B)
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def seen(database: Database) -> Figures:
    """The figures at NOW."""
    async with database.dispatcher() as connection:
        return await figures.read(connection, NOW)


async def changed(database: Database, before: Figures) -> dict[str, object]:
    """Which figures are not what they were."""
    after = await seen(database)
    return {
        name: getattr(after, name)
        for name in Figures.__dataclass_fields__
        if getattr(after, name) != getattr(before, name)
    }


async def test_a_database_in_which_nothing_happened_counts_nothing(database: Database) -> None:
    found = await seen(database)

    assert {"schema_number": read()[-1].number, "server": found.server} == {
        name: getattr(found, name) for name in Figures.__dataclass_fields__ if getattr(found, name)
    }
    assert found.server[:2].isdigit()


async def test_open_messages_are_counted_by_state_over_all_tenants(
    database: Database, console: asyncpg.Connection
) -> None:
    before = await seen(database)
    await add_messages(console, A, "queued", "waiting", "sending", "sent", "failed", "read")
    await add_messages(console, B, "queued", "retry", "unknown", "expired", "cancelled")

    assert {
        "outbox": {"queued": 2, "waiting": 1, "sending": 1, "retry": 1, "unknown": 1},
        "oldest_ready_seconds": 60.0,
    } == await changed(database, before)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("not_before = now() + interval '100 years'", id="not yet"),
        pytest.param("expires_at = '2026-11-24 07:00+00'", id="over"),
        pytest.param("state = 'waiting'", id="lacks something"),
    ],
)
async def test_what_cannot_go_now_is_not_late(
    database: Database, console: asyncpg.Connection, change: str
) -> None:
    await add_messages(console, A, "queued")
    await console.execute(f"UPDATE messages SET {change}")  # noqa: S608 - a constant of this test

    assert 0.0 == (await seen(database)).oldest_ready_seconds


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        pytest.param((0, None, None), {"jobs_due": 1}, id="due"),
        pytest.param((1, NOW + MINUTE, REPLICA), {"jobs_claimed": 1}, id="claimed"),
        pytest.param((1, NOW - MINUTE, REPLICA), {"jobs_due": 1}, id="claimed by who is no more"),
        pytest.param((1, NOW + MINUTE, None), {}, id="waiting to be tried again"),
        pytest.param((1, NOW - MINUTE, None), {"jobs_due": 1}, id="due to be tried again"),
    ],
)
async def test_jobs_are_due_or_claimed_and_late(
    database: Database,
    console: asyncpg.Connection,
    job: tuple[int, datetime | None, UUID | None],
    expected: dict[str, int],
) -> None:
    before = await seen(database)
    await console.execute(
        """INSERT INTO schedules (tenant_id, job, next_due_at, attempts, retry_at, claimed_by)
           VALUES ($1, 'verify', $2, $4, $5, $6), ($1, 'send', $3, 0, NULL, NULL)""",
        A, NOW - 5 * MINUTE, NOW + MINUTE, *job,
    )  # fmt: skip

    assert {**expected, "oldest_job_seconds": 300.0} == await changed(database, before)


async def test_updates_count_until_they_are_handled_or_set_aside(
    database: Database, console: asyncpg.Connection
) -> None:
    before = await seen(database)
    await console.executemany(
        """INSERT INTO telegram_updates
               (tenant_id, update_id, payload, received_at, handled_at, set_aside_at)
           VALUES ($1, $2, '{}', $3, $4, $5)""",
        [
            (A, 1, NOW - 9 * MINUTE, NOW, None),
            (A, 2, NOW - 8 * MINUTE, None, NOW),
            (B, 3, NOW - 7 * MINUTE, None, None),
            (B, 4, NOW - 6 * MINUTE, None, None),
        ],
    )

    assert {"updates_open": 2, "oldest_update_seconds": 420.0} == await changed(database, before)


async def test_money_counts_charges_deliveries_and_news(
    database: Database, console: asyncpg.Connection
) -> None:
    before = await seen(database)
    await console.executemany(
        """INSERT INTO subscription_charges (tenant_id, amount, status, idempotency_key,
               external_reference, created_at, expires_at, check_at)
           VALUES ($1, 20, $2, gen_random_uuid(), $3, $4, $4, $5)""",
        [
            (A, "pending", "a", NOW, NOW - MINUTE),
            (B, "pending", "b", NOW, NOW + MINUTE),
            (B, "approved", "c", NOW, None),
        ],
    )
    await console.executemany(
        """INSERT INTO webhook_events (source, event_id, payload, received_at, handled_at,
               set_aside_at)
           VALUES ('mercado_pago', $1, '{}', $2, $3, $4)""",
        [
            ("a", NOW - 9 * MINUTE, NOW, None),
            ("b", NOW - 8 * MINUTE, None, NOW),
            ("c", NOW - 7 * MINUTE, None, None),
        ],
    )
    await console.executemany(
        """INSERT INTO admin_notices (dedupe_key, payload, created_at, done_at)
           VALUES ($1, '{}', $2, $3)""",
        [("a", NOW, NOW), ("b", NOW, None)],
    )

    assert {
        "charges": {"pending": 2, "approved": 1},
        "charges_to_check": 1,
        "webhooks_open": 1,
        "oldest_webhook_seconds": 420.0,
        "admin_notices_untold": 1,
    } == await changed(database, before)


async def test_notices_count_until_they_are_told(
    database: Database, console: asyncpg.Connection
) -> None:
    before = await seen(database)
    await console.execute(
        """INSERT INTO notices (tenant_id, kind, dedupe_key, payload, created_at, delivered_at)
           VALUES ($1, 'x', 'a', '{}', $2, NULL), ($1, 'x', 'b', '{}', $2, $2)""",
        A,
        NOW,
    )

    assert {"notices_untold": 1} == await changed(database, before)


async def test_who_is_set_aside_and_which_processes_are_there_is_counted(
    database: Database, console: asyncpg.Connection
) -> None:
    before = await seen(database)
    await console.execute(
        """INSERT INTO replicas (id, started_at, lease_until)
           VALUES ($1, now(), now() + interval '1 minute'), (gen_random_uuid(), now(), now())""",
        REPLICA,
    )
    await console.execute(
        """INSERT INTO tenant_owners (tenant_id, replica_id, epoch, since, quarantined_at)
           VALUES ($1, $3, 1, $4, $4), ($2, $3, 1, $4, NULL)""",
        A, B, REPLICA, NOW,
    )  # fmt: skip

    assert (2, {"tenants_quarantined": 1, "replicas": 1}) == (
        before.tenants,
        await changed(database, before),
    )


async def test_a_pool_tells_who_is_there_in_use_and_waiting(dsn: str) -> None:
    limits = Limits(app_connections=1, dispatcher_connections=1, acquire_seconds=0.1)
    database = await Database.open(dsn, limits=limits)
    try:
        rested = database.pools()
        async with database.tenant(A):
            used = database.pools()
    finally:
        await database.close()

    idle, busy = PoolFigures(1, 1, 0, 0), PoolFigures(1, 1, 1, 0)
    others = {"dispatcher": idle, "lease": idle}
    assert ({"app": idle, **others}, {"app": busy, **others}) == (rested, used)
