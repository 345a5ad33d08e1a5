"""With row-level security as the only barrier, a tenant meets nothing of another's (B1, B3).

The statements here name no tenant on purpose, unlike the product's own. Each test undoes its work.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.postgres import Cluster

OURS, THEIRS = 1, 2
REPLICA = "00000000-0000-0000-0000-000000000001"
# How a row of tenant {t} comes into each table.
ROWS = {
    "tenants": "(tenant_id, name, created_at, trial_ends_at) VALUES ({t}, 'Ana', now(), now())",
    "settings": "(tenant_id) VALUES ({t})",
    "templates": "(tenant_id, kind, name, body, created_at, updated_at) "
    "VALUES ({t}, 'geral', 'a', 'b', now(), now())",
    "schedules": "(tenant_id, job, next_due_at) VALUES ({t}, 'send', now())",
    "planned_days": "(tenant_id, day, planned_at) VALUES ({t}, '2026-11-24', now())",
    "notices": "(tenant_id, kind, dedupe_key, payload, created_at) "
    "VALUES ({t}, 'qr', 'k', '{{}}', now())",
    "audit_log": "(tenant_id, at, actor, action) VALUES ({t}, now(), 'a', 'b')",
    "clients": "(tenant_id, name, phone, due_on, created_at, updated_at) "
    "VALUES ({t}, 'Ana', '+5511987654321', '2026-11-24', now(), now())",
    "client_payments": "(tenant_id, amount, paid_on, recorded_at) "
    "VALUES ({t}, 1, '2026-11-24', now())",
    "tags": "(tenant_id, emoji, name, created_at) VALUES ({t}, '🔵', 'Ipê', now())",
    "client_tags": "(tenant_id, client_id, tag_id) SELECT {t}, max(c.id), max(t.id) "
    "FROM clients c, tags t WHERE c.tenant_id = {t} AND t.tenant_id = {t}",
    "own_fields": "(tenant_id, name, variable, secret, created_at) "
    "VALUES ({t}, 'Senha', 'senha', true, now())",
    "own_holidays": "(tenant_id, day, name, yearly, created_at) "
    "VALUES ({t}, '2027-01-25', 'Cidade', true, now())",
    "undos": "(tenant_id, act, payload, made_at, until) "
    "VALUES ({t}, 'renew', '{{}}', now(), now())",
    "scheduled_messages": "(tenant_id, client_id, nonce, kind, text, at, day, state, created_at, "
    "changed_at) SELECT {t}, max(id), 'n', 'geral', 'Oi', now(), '2026-11-24', 'waiting', now(), "
    "now() FROM clients WHERE tenant_id = {t}",
    "messages": "(tenant_id, client_id, kind, day, state, phone, whatsapp_id, correlation_id, "
    "not_before, expires_at, created_at) SELECT {t}, max(id), 'geral', '2026-11-24', 'queued', "
    "'+5511987654321', '3EB0{t}ABCDEF', 'm', now(), now(), now() "
    "FROM clients WHERE tenant_id = {t}",
    "message_events": "(tenant_id, message_id, at, state, attempt) "
    "SELECT {t}, max(id), now(), 'sent', 1 FROM messages WHERE tenant_id = {t}",
    "whatsapp_sessions": "(tenant_id, state, epoch, updated_at) VALUES ({t}, 'paired', 1, now())",
    "whatsapp_keys": "(tenant_id, type, id, value) VALUES ({t}, 'session', 'a', '')",
    "whatsapp_set_aside": "(tenant_id, generation, state, creds, set_aside_at) "
    "VALUES ({t}, 1, 'needs_qr', '', now())",
    "whatsapp_numbers": "(tenant_id, phone, checked_at) VALUES ({t}, '+5511987654321', now())",
    "whatsapp_events": "(tenant_id, at, kind) VALUES ({t}, now(), 'opened')",
    "whatsapp_tests": "(tenant_id, nonce, whatsapp_id, phone, own, state, created_at) "
    "VALUES ({t}, 1, '3EB07E57AAAAAAAA', '+5511987654321', true, 'waiting', now())",
    "whatsapp_incoming": "(tenant_id, from_jid, whatsapp_id, kind, at) "
    "VALUES ({t}, 'a', 'b', 'text', now())",
    "scoreboards": "(tenant_id) VALUES ({t})",
    "reply_talks": "(tenant_id, phone, since, last_at) VALUES ({t}, '+551187654321', now(), now())",
    "reply_people": "(tenant_id, talk_id, client_id) SELECT {t}, max(t.id), max(c.id) "
    "FROM reply_talks t, clients c WHERE t.tenant_id = {t} AND c.tenant_id = {t}",
    "telegram_updates": "(tenant_id, update_id, payload, received_at) "
    "VALUES ({t}, 1, '{{}}', now())",
    "telegram_chats": "(tenant_id, live_has_picture, updated_at) VALUES ({t}, false, now())",
    "drafts": "(tenant_id, form, number, step, update_id, updated_at) "
    "VALUES ({t}, 'client', 1, 'name', 1, now())",
    "subscription_charges": "(tenant_id, amount, status, idempotency_key, external_reference, "
    "created_at, expires_at) VALUES ({t}, 20, 'pending', gen_random_uuid(), 'ref{t}', "
    "now(), now())",
    "subscription_grants": "(tenant_id, charge_id, days, starts_at, given_by, created_at) "
    "SELECT {t}, max(id), 30, now(), 'payment', now() FROM subscription_charges "
    "WHERE tenant_id = {t}",
    "admin_acts": "(tenant_id, number, act, given_by, at) VALUES ({t}, 1, 'give', 9, now())",
    "imports": "(tenant_id, file_name, today, review, created_at) "
    "VALUES ({t}, 'a.csv', '2026-11-24', '{{}}', now())",
    "import_rows": "(tenant_id, import_id, which, place, row, words) "
    "SELECT {t}, max(id), 'bad', 1, 2, 'a' FROM imports WHERE tenant_id = {t}",
    "import_changes": "(tenant_id, import_id, client_id) SELECT {t}, max(i.id), max(c.id) "
    "FROM imports i, clients c WHERE i.tenant_id = {t} AND c.tenant_id = {t}",
    "broadcast_recipients": "(tenant_id, broadcast_id) SELECT {t}, max(id) FROM broadcasts",
    "tenant_owners": f"(tenant_id, replica_id, epoch, since) VALUES ({{t}}, '{REPLICA}', 1, now())",
}
# The log is never rewritten and owners change through dispatch.take_over only.
KEPT = {"audit_log", "message_events", "tenant_owners"}
EVERY_TABLE = pytest.mark.parametrize("table", ROWS)


@pytest.fixture(scope="module")
async def raw(cluster: Cluster) -> AsyncIterator[asyncpg.Connection]:
    """The superuser, and two tenants with one row in every table each."""
    dsn = await cluster.migrated_database()
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "INSERT INTO broadcasts (press, made_by, body, audience, total, made_at) "
        "VALUES (1, 1, 'a', 'all', 0, now())"
    )
    await connection.execute("INSERT INTO replicas VALUES ($1, now(), now())", REPLICA)
    for table in ROWS:
        for tenant_id in (OURS, THEIRS):
            await connection.execute(insertion(table, tenant_id))
    yield connection
    await connection.close()
    await cluster.drop(dsn)


@asynccontextmanager
async def app(raw: asyncpg.Connection, tenant_id: int | None) -> AsyncIterator[asyncpg.Connection]:
    """The app's role for a tenant, or for none; everything is undone at the end."""
    transaction = raw.transaction()
    await transaction.start()
    await raw.execute("SET LOCAL ROLE emdia_app")
    await raw.execute("SELECT set_config('app.tenant_id', $1, true)", str(tenant_id or ""))
    try:
        yield raw
    finally:
        await transaction.rollback()


def insertion(table: str, tenant_id: int) -> str:
    return f"INSERT INTO {table} {ROWS[table].format(t=tenant_id)}"


async def test_every_tenant_table_is_tried(raw: asyncpg.Connection) -> None:
    rows = await raw.fetch(
        "SELECT table_name::text FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name = 'tenant_id'"
    )

    assert set(ROWS) == {row["table_name"] for row in rows}


@EVERY_TABLE
async def test_reading_everything_finds_only_our_rows(raw: asyncpg.Connection, table: str) -> None:
    async with app(raw, OURS) as connection:
        rows = await connection.fetch(f"SELECT tenant_id FROM {table}")  # noqa: S608 - constants

    assert [OURS] == [row["tenant_id"] for row in rows]


@pytest.mark.parametrize("table", sorted(set(ROWS) - KEPT))
async def test_deleting_everything_spares_theirs(raw: asyncpg.Connection, table: str) -> None:
    async with app(raw, OURS) as connection:
        await connection.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
        await connection.execute("SET LOCAL ROLE NONE")
        left = await connection.fetch(f"SELECT tenant_id FROM {table}")  # noqa: S608 - constants

    assert [THEIRS] == [row["tenant_id"] for row in left]


@pytest.mark.parametrize("table", sorted(KEPT))
async def test_what_is_kept_cannot_be_deleted(raw: asyncpg.Connection, table: str) -> None:
    async with app(raw, OURS) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"DELETE FROM {table}")  # noqa: S608 - constants


@EVERY_TABLE
async def test_a_row_cannot_be_given_away(raw: asyncpg.Connection, table: str) -> None:
    async with app(raw, OURS) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"UPDATE {table} SET tenant_id = {THEIRS}")  # noqa: S608 - constants


@EVERY_TABLE
async def test_a_row_cannot_be_planted(raw: asyncpg.Connection, table: str) -> None:
    async with app(raw, OURS) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(insertion(table, THEIRS))


@EVERY_TABLE
async def test_without_a_tenant_there_is_nothing_to_read(
    raw: asyncpg.Connection, table: str
) -> None:
    async with app(raw, None) as connection:
        assert [] == await connection.fetch(f"SELECT * FROM {table}")  # noqa: S608 - constants


@EVERY_TABLE
async def test_without_a_tenant_nothing_can_be_written(raw: asyncpg.Connection, table: str) -> None:
    async with app(raw, None) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(insertion(table, OURS))


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            "INSERT INTO messages (tenant_id, client_id, kind, day, state, phone, whatsapp_id, "
            "correlation_id, not_before, expires_at, created_at) VALUES (1, $1, 'geral', "
            "'2026-11-24', 'queued', '+5511987654321', '3EB0FFFFFFFF', 'm', now(), now(), now())",
            id="a message to their client",
        ),
        pytest.param("UPDATE messages SET client_id = $1", id="our message to their client"),
        pytest.param("UPDATE client_payments SET client_id = $1", id="our payment of their client"),
    ],
)
async def test_our_rows_cannot_refer_to_theirs(raw: asyncpg.Connection, statement: str) -> None:
    theirs = await raw.fetchval("SELECT max(id) FROM clients WHERE tenant_id = $1", THEIRS)

    async with app(raw, OURS) as connection:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await connection.execute(statement, theirs)
