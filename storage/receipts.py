"""What is heard later of what was sent: acks and refusals that come late, receipts, questions.

True under whatever epoch it is met, so never fenced. A message has one id, or two (domain.parts);
whatever names either tells of that part.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import asyncpg

from domain.outbox import MessageState
from domain.parts import Mark
from domain.reasons import Reason
from domain.reminders import Kind
from storage.database import TenantConnection
from storage.sql import load

SQL = load("receipts")


@dataclass(frozen=True, slots=True)
class Moved:
    """A message that something heard later moved on, and the id it has from its plan on."""

    kind: Kind
    state: MessageState
    correlation_id: str


async def receipt(tx: TenantConnection, whatsapp_id: str, state: str, at: datetime) -> Moved | None:
    """Record `delivered` or `read` (F7). None when it moves nothing on."""
    return await _reached(tx, whatsapp_id, Mark.of(state), at)


async def acknowledge_late(tx: TenantConnection, whatsapp_id: str, at: datetime) -> Moved | None:
    """Record the server's ack for a send that nobody was waiting for any more."""
    return await _reached(tx, whatsapp_id, Mark.SENT, at)


async def refuse_late(
    tx: TenantConnection, whatsapp_id: str, reason: Reason, now: datetime
) -> Moved | None:
    """Record the server's final refusal of a send that nobody was waiting for any more."""
    row = await tx.fetchrow(SQL["refuse_late"], whatsapp_id=whatsapp_id, reason=reason, now=now)
    return _moved(row)


async def text_of(tx: TenantConnection, whatsapp_id: str) -> str | None:
    """What was sent under this id, for a phone that asks to have it again."""
    return cast("str | None", await tx.fetchval(SQL["text_of"], whatsapp_id=whatsapp_id))


async def _reached(
    tx: TenantConnection, whatsapp_id: str, mark: Mark, at: datetime
) -> Moved | None:
    row = await tx.fetchrow(SQL["reached"], whatsapp_id=whatsapp_id, mark=mark.value, at=at)
    return _moved(row)


def _moved(row: asyncpg.Record | None) -> Moved | None:
    if row is None:
        return None
    return Moved(Kind(row["kind"]), MessageState(row["state"]), row["correlation_id"])
