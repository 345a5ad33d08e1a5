"""What administrators must hear, kept until every one of them has; the same key is told once, ever.

It names an account by its number only.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import DispatcherConnection, TenantConnection
from storage.sql import load

SQL = load("admin_notices")


@dataclass(frozen=True, slots=True)
class AdminNotice:
    """One, and the chats that have not got it."""

    id: int
    payload: dict[str, Any]
    created_at: datetime
    chats: tuple[int, ...]


async def put(tx: TenantConnection, key: str, payload: Mapping[str, object], now: datetime) -> None:
    """Keep one about the tenant of `tx`, in the transaction of what it tells."""
    await tx.execute(SQL["put"], key=key, payload=dict(payload), now=now)


async def put_alone(
    connection: DispatcherConnection, key: str, payload: Mapping[str, object], now: datetime
) -> None:
    """Keep one that is about no tenant."""
    await connection.execute(SQL["put_alone"], key=key, payload=dict(payload), now=now)


async def untold(
    connection: DispatcherConnection, chats: Collection[int], most: int
) -> list[AdminNotice]:
    """Some that one of `chats` has not got, the oldest first."""
    rows = await connection.fetch(SQL["untold"], admins=list(chats), most=most)
    return [
        AdminNotice(row["id"], row["payload"], row["created_at"], tuple(row["chats"]))
        for row in rows
    ]


async def told(
    connection: DispatcherConnection,
    notice_id: int,
    chat_id: int,
    admins: Collection[int],
    now: datetime,
) -> None:
    """One of `admins` has it; with the last of them it is done."""
    await connection.execute(
        SQL["told"], notice_id=notice_id, chat_id=chat_id, admins=list(admins), now=now
    )
