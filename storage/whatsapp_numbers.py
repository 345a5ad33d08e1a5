"""WhatsApp's own answers to "who is this number?", asked on first use and kept (F5).

What an answer is worth, and for how long, is for domain/whatsapp_numbers.py to say.
"""

from datetime import datetime

from domain.whatsapp_numbers import KnownNumber
from storage.database import TenantConnection
from storage.sql import load

SQL = load("whatsapp_numbers")


async def keep(
    tx: TenantConnection, phone: str, *, jid: str | None, lid: str | None, now: datetime
) -> None:
    """Keep WhatsApp's answer about `phone` (E.164): who it is, or that it is nobody."""
    await tx.execute(SQL["keep"], phone=phone, jid=jid, lid=lid, now=now)


async def find(tx: TenantConnection, phone: str) -> KnownNumber | None:
    """The kept answer about `phone` (E.164)."""
    row = await tx.fetchrow(SQL["find"], phone=phone)
    return None if row is None else KnownNumber(row["jid"], row["lid"], row["checked_at"])
