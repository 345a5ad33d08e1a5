"""What happened to a tenant's WhatsApp (F2): kept with its cause, read page by page."""

from datetime import datetime

from domain.whatsapp_log import Happened, LogEntry
from storage.database import TenantConnection
from storage.sql import load

SQL = load("whatsapp_log")
KNOWN = [kind.value for kind in Happened]


async def note(tx: TenantConnection, entry: LogEntry) -> None:
    """Keep what happened; the same at the same instant is kept once."""
    await tx.execute(
        SQL["note"], at=entry.at, kind=entry.kind.value, detail=entry.detail, until=entry.until
    )


async def page(tx: TenantConnection, number: int, rows: int) -> tuple[list[LogEntry], int]:
    """A page of what happened, the latest first, the nearest there is; and how much there is."""
    found = await tx.fetch(SQL["page"], page=number, rows=rows, kinds=KNOWN)
    entries = [
        LogEntry(row["at"], Happened(row["kind"]), row["detail"], row["until"]) for row in found
    ]
    return entries, found[0]["total"] if found else 0


async def last_of(tx: TenantConnection, kind: Happened) -> datetime | None:
    """When that happened last."""
    at: datetime | None = await tx.fetchval(SQL["last_of"], kind=kind.value)
    return at
