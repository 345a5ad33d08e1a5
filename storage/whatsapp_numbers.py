"""WhatsApp's own answers to "who is this number?", asked on first use and kept 30 days (F5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import TenantConnection
from storage.sql import load

SQL = load("whatsapp_numbers")
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """What WhatsApp said: `jid` is None for a number that has no WhatsApp."""

    jid: str | None


async def known(tx: TenantConnection, phone: str, now: datetime) -> KnownNumber | None:
    """The kept answer about `phone` (E.164), None when it must be asked."""
    row = await tx.fetchrow(SQL["known"], tx.tenant_id, phone, now - KEPT)
    return None if row is None else KnownNumber(row["jid"])


async def keep(
    tx: TenantConnection, phone: str, *, jid: str | None, lid: str | None, now: datetime
) -> None:
    """Keep WhatsApp's answer about `phone` (E.164)."""
    await tx.execute(SQL["keep"], tx.tenant_id, phone, jid, lid, now)
