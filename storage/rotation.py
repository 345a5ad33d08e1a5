"""Moves every sealed value under the first key of the ring: then an older one can leave it (I8)."""

from storage import whatsapp_state
from storage.database import Database
from storage.sql import load
from storage.vault import Vault

SQL = load("rotation")


async def rotate(database: Database, vault: Vault) -> int:
    """Reseal what is not under the vault's first key; returns how many values moved.

    Each tenant is one transaction: a rotation that was interrupted is simply run again, and it may
    run while sessions are open.
    """
    async with database.dispatcher() as connection:
        rows = await connection.fetch(SQL["tenants_with_session"])
    moved = 0
    for row in rows:
        async with database.tenant(row["tenant_id"]) as tx:
            moved += await whatsapp_state.reseal(tx, vault)
    return moved
