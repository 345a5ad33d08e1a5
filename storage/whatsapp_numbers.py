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


async def keep(
    tx: TenantConnection, phone: str, *, jid: str | None, lid: str | None, now: datetime
) -> None:
    """Keep WhatsApp's answer about `phone` (E.164)."""
    await tx.execute(SQL["keep"], phone=phone, jid=jid, lid=lid, now=now)
