"""One tenant per transaction, committed or undone as a whole, as a role that is bound (B1, I5)."""

from decimal import Decimal

import asyncpg
import pytest
from structlog.testing import capture_logs

from errors import StorageError
from storage.database import Database, TenantConnection
from tests.postgres import Cluster, sign_up

TENANT = 7


async def names(database: Database, tenant_id: int = TENANT) -> list[str]:
    async with database.tenant(tenant_id) as tx:
        return [row["name"] for row in await tx.fetch("SELECT name FROM tenants")]


async def rename(tx: TenantConnection, name: str) -> None:
    await tx.execute("UPDATE tenants SET name = $2 WHERE tenant_id = $1", tx.tenant_id, name)


async def test_a_block_that_ends_is_committed(database: Database) -> None:
    await sign_up(database, TENANT)

    async with database.tenant(TENANT) as tx:
        await rename(tx, "Novo")

    assert ["Novo"] == await names(database)


async def test_a_block_that_fails_is_undone(database: Database) -> None:
    await sign_up(database, TENANT)

    async def rename_then_fail() -> None:
        async with database.tenant(TENANT) as tx:
            await rename(tx, "Novo")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await rename_then_fail()

    assert ["Dona Maria"] == await names(database)


async def test_a_swallowed_refusal_is_not_taken_for_a_commit(database: Database) -> None:
    await sign_up(database, TENANT)

    async def rename_and_swallow() -> None:
        async with database.tenant(TENANT) as tx:
            await rename(tx, "Novo")
            with pytest.raises(asyncpg.CheckViolationError):
                await rename(tx, "")

    with pytest.raises(StorageError):
        await rename_and_swallow()

    assert ["Dona Maria"] == await names(database)


async def test_a_connection_forgets_its_tenant(database: Database) -> None:
    await sign_up(database, 1, 2)

    assert [["Dona Maria"], ["Dona Maria"], []] == [
        await names(database, tenant_id) for tenant_id in (1, 2, 3)
    ]


async def test_the_tenant_can_only_be_a_number(database: Database) -> None:
    with pytest.raises(ValueError, match="format code"):
        await names(database, "1', true); DROP TABLE clients; --")  # type: ignore[arg-type]  # the point


async def test_each_pool_keeps_its_role_through_a_reset(database: Database) -> None:
    roles = []
    for _ in range(2):
        async with database.tenant(TENANT) as tx:
            roles.append(await tx.fetchval("SELECT current_user::text"))
        async with database.dispatcher() as connection:
            roles.append(await connection.fetchval("SELECT current_user::text"))

    assert ["emdia_app", "emdia_dispatcher"] * 2 == roles


async def test_values_come_back_as_they_went(database: Database) -> None:
    async with database.tenant(TENANT) as tx:
        row = await tx.fetchrow(
            "SELECT $1::jsonb, $2::jsonb, $3::numeric(12, 2)", {"a": [1]}, "text", Decimal("9.90")
        )

    assert row is not None
    assert ({"a": [1]}, "text", Decimal("9.90")) == tuple(row)


async def test_a_wrong_call_is_told_as_it_is(database: Database) -> None:
    async with database.tenant(TENANT) as tx:
        with pytest.raises(asyncpg.InterfaceError):
            await tx.fetch("SELECT $1::int")


async def test_an_existing_schema_is_kept(cluster: Cluster) -> None:
    dsn = await cluster.empty_database()
    with capture_logs() as logs:
        for _ in range(2):
            database = await Database.open(dsn)
            await database.close()

    assert ["schema migrated", "the schema exists: skipping initialisation"] == [
        line["event"] for line in logs
    ]
