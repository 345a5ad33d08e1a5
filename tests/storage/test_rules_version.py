"""Whatever a charter is made of: when it changes, the version changes with it (C5, E2).

What it is made of is asked of PostgreSQL, which knows every column the statement touches: a table
that joins it later is watched here from its first day.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import asyncpg
import pytest

from domain.clients import NewClient
from domain.reminders import Kind
from storage import clients, outbox, tenants
from storage.database import Database
from storage.migrate import migrate, read
from storage.outbox import Ready
from storage.tenants import SQL, CompanyDetails
from tests.postgres import NOW, Cluster

TENANT = 7
OTHER = 8
TEXTS = """
    INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
    VALUES ($1, 'cobranca', 'minha', 'Oi', true, now(), now()),
           ($1, 'cobranca', 'outra', 'Olá', false, now(), now())
"""

FIELD = """
    INSERT INTO own_fields (tenant_id, name, variable, secret, created_at)
    VALUES ($1, 'Senha', 'senha', true, now())
"""
HOLIDAY = """
    INSERT INTO own_holidays (tenant_id, day, name, yearly, created_at)
    VALUES ($1, '2027-01-25', 'Aniversário da cidade', true, now())
"""


@pytest.fixture
async def office(database: Database) -> Database:
    """A database with two tenants who wrote texts of their own."""
    for tenant_id in (TENANT, OTHER):
        async with database.tenant(tenant_id) as tx:
            await tenants.create(tx, name="Rita", now=NOW, trial_ends_at=NOW + timedelta(days=7))
            await tx.execute(TEXTS, tenant_id)
            await tx.execute(FIELD, tenant_id)
            await tx.execute(HOLIDAY, tenant_id)
    return database


@pytest.fixture
async def admin(office: Database, dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody at a console, past row-level security."""
    del office
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def version(connection: asyncpg.Connection, tenant_id: int = TENANT) -> int:
    """The version of a tenant's rules."""
    found: int = await connection.fetchval("SELECT rules_version($1)", tenant_id)
    return found


async def read_by_the_charter(connection: asyncpg.Connection) -> list[tuple[str, str]]:
    """Each table and column that the charter reads, but the numbers nobody can write."""
    view = SQL["charter"].text.removesuffix(";").replace("$1", str(TENANT))
    await connection.execute(f"CREATE TEMP VIEW charter AS {view}")
    rows = await connection.fetch(
        """SELECT u.table_name::text, u.column_name::text
           FROM information_schema.view_column_usage u
           JOIN information_schema.columns c USING (table_schema, table_name, column_name)
           WHERE u.view_name = 'charter' AND c.is_identity = 'NO' ORDER BY 1, 2"""
    )
    return [tuple(row) for row in rows]


async def leaves_the_version(connection: asyncpg.Connection, sql: str) -> bool:
    """Whether `sql` could be run without a new version."""
    before = await version(connection)
    await connection.execute(sql)
    return before == await version(connection)


async def test_a_charter_is_made_of_these_tables(admin: asyncpg.Connection) -> None:
    columns = await read_by_the_charter(admin)

    assert {"own_fields", "own_holidays", "settings", "templates", "tenants"} == {
        table for table, _ in columns
    }


async def test_writing_any_column_of_it_makes_a_new_version(admin: asyncpg.Connection) -> None:
    columns = await read_by_the_charter(admin)

    assert [] == [
        f"{table}.{column}"
        for table, column in columns
        if await leaves_the_version(admin, f"UPDATE {table} SET {column} = {column}")  # noqa: S608 - names out of the catalogue
    ]


async def test_a_row_less_and_a_row_more_make_new_versions(admin: asyncpg.Connection) -> None:
    tables = {table for table, _ in await read_by_the_charter(admin)} - {"tenants"}
    changes = [
        change
        for table in sorted(tables)
        for change in (
            f"CREATE TEMP TABLE kept_{table} AS TABLE {table}; DELETE FROM {table}",  # noqa: S608 - as above
            f"INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE kept_{table}",
            f"TRUNCATE {table}",
        )
    ]

    assert [] == [change for change in changes if await leaves_the_version(admin, change)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE settings SET pix_key = 'nova@tv.example' WHERE tenant_id = 7",
        "DELETE FROM templates WHERE tenant_id = 7",
        "UPDATE tenants SET blocked_at = now() WHERE tenant_id = 7",
    ],
)
async def test_the_version_of_others_stands(admin: asyncpg.Connection, change: str) -> None:
    before = await version(admin, OTHER)
    changed = not await leaves_the_version(admin, change)

    assert (True, before) == (changed, await version(admin, OTHER))


async def test_a_row_that_changes_hands_makes_new_versions_for_both(
    admin: asyncpg.Connection,
) -> None:
    before = {await version(admin), await version(admin, OTHER)}
    await admin.execute("UPDATE templates SET tenant_id = 8 WHERE tenant_id = 7 AND name = 'outra'")

    assert set() == before & {await version(admin), await version(admin, OTHER)}


async def test_the_app_itself_makes_new_versions(office: Database) -> None:
    versions = []
    for change in (
        lambda tx: tenants.set_paused(tx, paused=True),
        lambda tx: tenants.set_automatic_kinds(tx, frozenset({Kind.BILLING})),
        lambda tx: tenants.set_company(tx, CompanyDetails(pix_key="nova@tv.example")),
        lambda tx: tx.execute("UPDATE tenants SET paid_until = now() WHERE tenant_id = $1", TENANT),
        lambda tx: tx.execute("UPDATE templates SET body = 'Ei' WHERE tenant_id = $1", TENANT),
        lambda tx: tx.execute("DELETE FROM templates WHERE tenant_id = $1", TENANT),
    ):
        async with office.tenant(TENANT) as tx:
            await change(tx)
        async with office.tenant(TENANT) as tx:
            versions.append((await tenants.charter(tx)).version)

    assert [] == [pair for pair in pairwise(versions) if pair[0] >= pair[1]]


async def test_reading_leaves_the_version(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        versions = {(await tenants.charter(tx)).version for _ in range(2)}

    assert 1 == len(versions)


async def test_a_version_that_was_undone_never_comes_back(admin: asyncpg.Connection) -> None:
    change = "UPDATE settings SET queue_paused = true WHERE tenant_id = 7"
    undone = admin.transaction()
    await undone.start()
    await admin.execute(change)
    seen_inside = await version(admin)
    await undone.rollback()
    await admin.execute(change)

    assert seen_inside < await version(admin)


async def test_a_tenant_who_left_and_came_back_has_another_version(
    office: Database, admin: asyncpg.Connection
) -> None:
    before = await version(admin)
    await admin.execute("DELETE FROM tenants WHERE tenant_id = 7")
    async with office.tenant(TENANT) as tx:
        await tenants.create(tx, name="Rita", now=NOW, trial_ends_at=NOW)

    assert before < await version(admin)


async def test_nobody_sets_a_version_by_hand(office: Database) -> None:
    with pytest.raises(asyncpg.GeneratedAlwaysError):
        async with office.tenant(TENANT) as tx:
            await tx.execute("UPDATE tenants SET rules_version = 1 WHERE tenant_id = $1", TENANT)


async def test_changes_at_the_same_time_take_turns(office: Database) -> None:
    async def change(sql: str) -> int:
        async with office.tenant(TENANT) as tx:
            await tx.execute(sql, TENANT)
            return (await tenants.charter(tx)).version

    versions = await asyncio.gather(
        change("UPDATE settings SET sundays = true WHERE tenant_id = $1"),
        change("UPDATE templates SET body = 'Ei' WHERE tenant_id = $1"),
        change("UPDATE tenants SET name = 'Ana' WHERE tenant_id = $1"),
    )
    async with office.tenant(TENANT) as tx:
        last = (await tenants.charter(tx)).version

    assert (3, last) == (len(set(versions)), max(versions))


async def test_tenants_from_before_the_versions_get_one(cluster: Cluster) -> None:
    dsn = await cluster.empty_database()
    await migrate(dsn, [one for one in read() if one.number < 12])
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "INSERT INTO tenants (tenant_id, name, created_at, trial_ends_at) "
        "SELECT t, 'Ana', now(), now() FROM generate_series(7, 9) t"
    )
    await migrate(dsn)
    versions = {await version(connection, tenant_id) for tenant_id in (7, 8, 9)}
    await connection.close()
    await cluster.drop(dsn)

    assert (3, True) == (len(versions), all(versions))


async def queue_one(office: Database) -> int:
    """Queue a message to the one client; returns who it is."""
    due_on = NOW.date()
    client = NewClient(
        name="Ana", phone="+5511990000001", plan="Mensal", price=Decimal(35), due_on=due_on
    )
    async with office.tenant(TENANT) as tx:
        client_id = await clients.add(tx, client, NOW)
        await outbox.plan_day(
            tx,
            day=due_on,
            due_dates={Kind.DUE_TODAY: due_on},
            send_from=NOW,
            send_until=NOW + timedelta(hours=9),
            now=NOW,
        )
    return client_id


async def next_ready(office: Database) -> Ready | None:
    """The message that may go, in a transaction of its own."""
    async with office.tenant(TENANT) as tx:
        return await outbox.next_ready(tx, NOW)


async def test_a_ready_message_brings_the_version_of_the_charter(office: Database) -> None:
    await queue_one(office)
    found = await next_ready(office)
    async with office.tenant(TENANT) as tx:
        charter = await tenants.charter(tx)

    assert charter.version == (found and found.rules_version)


async def test_a_change_while_the_message_waits_for_its_client_counts(
    office: Database, admin: asyncpg.Connection
) -> None:
    client_id = await queue_one(office)
    async with office.tenant(TENANT) as tx:
        await tx.execute("UPDATE clients SET notes = 'VIP' WHERE id = $1", client_id)
        waiting = asyncio.create_task(next_ready(office))
        async with asyncio.timeout(5):
            while not await tx.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                pass
        await admin.execute("UPDATE settings SET queue_paused = true WHERE tenant_id = 7")
    found = await waiting

    assert await version(admin) == (found and found.rules_version)
