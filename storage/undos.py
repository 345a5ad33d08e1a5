"""What can be taken back, kept with all that takes: it survives a restart, and ends in minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import asyncpg

from domain.undo import UNDO_FOR, Act
from errors import NotFound
from storage.database import TenantConnection
from storage.sql import load

SQL = load("undos")


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be undone, and until when (UTC)."""

    undo_id: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUndo:
    """One act that can be taken back; `said` is what taking it back answered."""

    id: int
    act: Act
    topic: str
    client_id: int | None
    payload: dict[str, Any]
    until: datetime
    said: str | None

    def offer(self, now: datetime) -> Offer | None:
        """The offer, while it stands."""
        return Offer(self.id, self.until) if self.said is None and now < self.until else None


async def add(  # noqa: PLR0913 - the facts of one act, all named at the call
    tx: TenantConnection,
    act: Act,
    *,
    topic: str,
    client_id: int | None,
    payload: Mapping[str, Any],
    now: datetime,
) -> Offer:
    """Keep how an act is taken back, in the transaction of the act itself.

    `topic` tells acts of one kind apart: the same act again finds its offer by it.
    """
    until = now + UNDO_FOR
    made = await tx.fetchval(
        SQL["add"],
        act=act,
        topic=topic,
        client_id=client_id,
        payload=dict(payload),
        now=now,
        until=until,
    )
    return Offer(made, until)


async def latest(tx: TenantConnection, act: Act, topic: str) -> StoredUndo | None:
    """The last act of this kind about this topic."""
    row = await tx.fetchrow(SQL["latest"], act=act, topic=topic)
    return None if row is None else _undo(row)


async def find(tx: TenantConnection, undo_id: int) -> StoredUndo:
    """One act; raises NotFound."""
    row = await tx.fetchrow(SQL["find"], undo_id=undo_id)
    if row is None:
        raise NotFound(f"undo {undo_id}")
    return _undo(row)


async def close(tx: TenantConnection, undo_id: int, said: str, now: datetime) -> bool:
    """Keep that it was taken back, and what that answered; False when it was before."""
    closed = await tx.fetchval(SQL["close"], undo_id=undo_id, said=said, now=now)
    return cast("int | None", closed) is not None


def _undo(row: asyncpg.Record) -> StoredUndo:
    return StoredUndo(
        id=row["id"],
        act=Act(row["act"]),
        topic=row["topic"],
        client_id=row["client_id"],
        payload=row["payload"],
        until=row["until"],
        said=row["said"],
    )
