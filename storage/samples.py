"""Invented clients of a tenant: registered marked, so that they are found again to be removed."""

from datetime import date, datetime

from domain.samples import SAMPLE_MARK, sample_clients
from storage import clients
from storage.database import TenantConnection
from storage.sql import load

SQL = load("samples")


async def add(tx: TenantConnection, today: date, now: datetime) -> int:
    """Register them, once: where they are already, nothing is added. Returns how many are new."""
    if await _marked(tx):
        return 0
    added = await clients.add_many(tx, sample_clients(today), now)
    await tx.execute(SQL["mark"], client_ids=added, mark=SAMPLE_MARK, now=now)
    return len(added)


async def remove(tx: TenantConnection) -> int:
    """Erase them, with all that hangs on them; returns how many there were."""
    marked = await _marked(tx)
    for client_id in marked:
        await clients.erase(tx, client_id)
    return len(marked)


async def _marked(tx: TenantConnection) -> list[int]:
    return [row["id"] for row in await tx.fetch(SQL["marked"], mark=SAMPLE_MARK)]
