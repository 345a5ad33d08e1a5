"""What is of no use any more goes, and nothing else (E2's cleaning time, I9)."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from domain.retention import Retention
from storage import leases, retention
from storage.database import Database
from tests.postgres import NOW, sign_up

TENANT, STRANGER = 41, 42
KEEP = Retention()
OLD, OLDER, OLDEST = UUID(int=1), UUID(int=2), UUID(int=3)
DAY = timedelta(days=1)


@pytest.fixture
async def console(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's view."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def ids(console: asyncpg.Connection, table: str, column: str) -> list[object]:
    rows = await console.fetch(f"SELECT {column} FROM {table} ORDER BY 1")  # noqa: S608 - constants
    return [row[0] for row in rows]


def around(life: timedelta) -> list[datetime]:
    """An instant just past a time to live, and one just inside."""
    return [NOW - life - DAY, NOW - life + DAY]


async def clean(database: Database) -> None:
    async with database.tenant(TENANT) as tx:
        await retention.clean(tx, KEEP, NOW)


async def test_updates_go_a_week_after_they_were_handled_and_open_ones_stay(
    database: Database, console: asyncpg.Connection
) -> None:
    await sign_up(database, TENANT)
    handled = [*around(KEEP.updates), None, None, None]
    set_aside = [None, None, *around(KEEP.set_aside), None]
    for number, (done, aside) in enumerate(zip(handled, set_aside, strict=True)):
        await console.execute(
            "INSERT INTO telegram_updates (tenant_id, update_id, payload, received_at, handled_at,"
            " set_aside_at) VALUES ($1, $2, '{}', $3, $4, $5)",
            TENANT, number, NOW - 400 * DAY, done, aside,
        )  # fmt: skip
    await clean(database)

    assert [1, 3, 4] == await ids(console, "telegram_updates", "update_id")


async def test_notices_go_after_they_were_told_and_untold_ones_stay(
    database: Database, console: asyncpg.Connection
) -> None:
    await sign_up(database, TENANT)
    for number, told in enumerate([*around(KEEP.notices), None]):
        await console.execute(
            "INSERT INTO notices (tenant_id, kind, dedupe_key, payload, created_at, delivered_at)"
            " VALUES ($1, 'x', $2, '{}', $3, $4)",
            TENANT, str(number), NOW - 400 * DAY, told,
        )  # fmt: skip
    await clean(database)

    assert ["1", "2"] == await ids(console, "notices", "dedupe_key")


async def test_replies_and_numbers_go_when_they_are_old(
    database: Database, console: asyncpg.Connection
) -> None:
    await sign_up(database, TENANT)
    for number, at in enumerate(around(KEEP.replies)):
        await console.execute(
            "INSERT INTO whatsapp_incoming (tenant_id, from_jid, whatsapp_id, kind, at)"
            " VALUES ($1, 'j', $2, 'text', $3)",
            TENANT, str(number), at,
        )  # fmt: skip
        await console.execute(
            "INSERT INTO reply_talks (tenant_id, phone, since, last_at) VALUES ($1, $2, $3, $3)",
            TENANT, f"+551188888000{number}", at,
        )  # fmt: skip
    for number, at in enumerate(around(KEEP.numbers)):
        await console.execute(
            "INSERT INTO whatsapp_numbers (tenant_id, phone, checked_at) VALUES ($1, $2, $3)",
            TENANT, str(number), at,
        )  # fmt: skip
    await clean(database)

    assert ["1"] == await ids(console, "whatsapp_incoming", "whatsapp_id")
    assert ["+5511888880001"] == await ids(console, "reply_talks", "phone")
    assert ["1"] == await ids(console, "whatsapp_numbers", "phone")


async def test_what_happened_to_whatsapp_goes_after_a_while_and_its_tests_too(
    database: Database, console: asyncpg.Connection
) -> None:
    await sign_up(database, TENANT)
    for number, at in enumerate(around(KEEP.whatsapp_log)):
        await console.execute(
            "INSERT INTO whatsapp_events (tenant_id, at, kind, detail) VALUES ($1, $2, 'lost', $3)",
            TENANT, at, str(number),
        )  # fmt: skip
        await console.execute(
            "INSERT INTO whatsapp_tests (tenant_id, nonce, whatsapp_id, phone, own, state,"
            " created_at) VALUES ($1, $2, $3, '+5511987654321', true, 'sent', $4)",
            TENANT, number, f"3EB07E5700000{number}", at,
        )  # fmt: skip
    await clean(database)

    assert ["1"] == await ids(console, "whatsapp_events", "detail")
    assert [1] == await ids(console, "whatsapp_tests", "nonce")


async def test_sheets_go_with_their_rows_a_month_after_they_came(
    database: Database, console: asyncpg.Connection
) -> None:
    await sign_up(database, TENANT)
    for at in around(KEEP.imports):
        await console.execute(
            "WITH made AS (INSERT INTO imports (tenant_id, file_name, today, review, created_at)"
            " VALUES ($1, 'a.csv', $2::timestamptz::date, '{}', $2) RETURNING id)"
            " INSERT INTO import_rows (tenant_id, import_id, which, place, row, words)"
            " SELECT $1, id, 'bad', 1, 2, 'a' FROM made",
            TENANT, at,
        )  # fmt: skip
    await clean(database)

    assert 1 == len(await ids(console, "imports", "id"))
    assert await ids(console, "imports", "id") == await ids(console, "import_rows", "import_id")


async def test_messages_by_hand_go_when_they_are_done_with(
    database: Database, console: asyncpg.Connection
) -> None:
    await sign_up(database, TENANT)
    await console.execute(
        "INSERT INTO clients (tenant_id, name, phone, due_on, created_at, updated_at)"
        " VALUES ($1, 'Ana', '+5511987654321', '2026-11-24', now(), now())", TENANT,
    )  # fmt: skip
    old = NOW - 400 * DAY
    for nonce, state, monthly, at in (
        ("went", "made", None, old),
        ("repeats", "made", 5, old),
        ("to come", "waiting", None, old),
        ("missed", "missed", None, old),
        ("missed now", "missed", None, NOW),
    ):
        await console.execute(
            "INSERT INTO scheduled_messages (tenant_id, client_id, nonce, kind, text, at, day,"
            " state, monthly_day, created_at, changed_at)"
            " SELECT $1, max(id), $2, 'geral', 'Oi', now(), '2026-11-24', $3, $4, $5, $5"
            " FROM clients WHERE tenant_id = $1",
            TENANT, nonce, state, monthly, at,
        )  # fmt: skip
    await clean(database)

    kept = await ids(console, "scheduled_messages", "nonce")
    assert {"repeats", "to come", "missed now"} == {*kept}


async def test_a_tenant_cleans_only_its_own(
    database: Database, console: asyncpg.Connection
) -> None:
    await sign_up(database, TENANT, STRANGER)
    for tenant in (TENANT, STRANGER):
        await console.execute(
            "INSERT INTO whatsapp_numbers (tenant_id, phone, checked_at) VALUES ($1, '1', $2)",
            tenant, NOW - 400 * DAY,
        )  # fmt: skip
    await clean(database)

    assert [STRANGER] == await ids(console, "whatsapp_numbers", "tenant_id")


async def test_chats_that_never_signed_up_and_dead_processes_go_too(
    database: Database, console: asyncpg.Connection
) -> None:
    await sign_up(database, TENANT)
    for number, at in enumerate(around(KEEP.set_aside)):
        await console.execute(
            "INSERT INTO telegram_updates (tenant_id, update_id, payload, received_at)"
            " VALUES (77, $1, '{}', $2)",
            number, at,
        )  # fmt: skip
    async with database.dispatcher() as connection:
        for replica, ago in ((OLDEST, 3 * DAY), (OLDER, 3 * DAY), (OLD, DAY / 2)):
            await leases.renew(connection, replica)
            await console.execute(
                "UPDATE replicas SET lease_until = $2 WHERE id = $1", replica, NOW - ago
            )
        await leases.take_over(connection, TENANT, OLDEST, NOW)  # the last it did
        dropped = await retention.clean_everywhere(connection, KEEP, NOW)

    assert [1] == await ids(console, "telegram_updates", "update_id")
    assert [OLD, OLDEST] == await ids(console, "replicas", "id")
    assert 2 == dropped


async def test_the_log_of_sendings_goes_after_half_a_year_and_the_messages_stay(
    database: Database, console: asyncpg.Connection
) -> None:
    await sign_up(database, TENANT)
    await console.execute(
        "INSERT INTO clients (tenant_id, name, phone, due_on, created_at, updated_at)"
        " VALUES ($1, 'Ana', '+5511987654321', '2026-01-01', $2, $2)",
        TENANT, NOW,
    )  # fmt: skip
    await console.execute(
        "INSERT INTO messages (tenant_id, client_id, kind, day, state, phone, whatsapp_id,"
        " correlation_id, not_before, expires_at, created_at, attempt)"
        " SELECT tenant_id, id, 'geral', '2026-01-01', 'sent', phone, '3EB0AAAAAAAA', 'c',"
        " $1, $1, $1, 1 FROM clients",
        NOW - 400 * DAY,
    )
    for at in around(KEEP.log):
        await console.execute(
            "INSERT INTO message_events (tenant_id, message_id, at, state, attempt)"
            " SELECT tenant_id, id, $1, 'sent', 1 FROM messages",
            at,
        )
    async with database.dispatcher() as connection:
        await retention.clean_everywhere(connection, KEEP, NOW)

    assert around(KEEP.log)[1:] == await ids(console, "message_events", "at")
    assert ["sent"] == await ids(console, "messages", "state")
