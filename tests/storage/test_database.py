"""One tenant per transaction, every wait bounded, every lost connection told as such (B1, I5)."""

from storage.database import Database
from tests.postgres import sign_up


async def test_a_tenant_sees_its_own_rows(database: Database) -> None:
    await sign_up(database, 1, 2)

    async with database.tenant(1) as tx:
        rows = await tx.fetch("SELECT tenant_id FROM tenants")

    assert [1] == [row["tenant_id"] for row in rows]

async def test_a_tenant_sees_its_own_rows2(database: Database) -> None:
    await sign_up(database, 1, 2)

    async with database.tenant(1) as tx:
        rows = await tx.fetch("SELECT tenant_id FROM tenants")

    assert [1] == [row["tenant_id"] for row in rows]
