"""Every Telegram update, kept once before it is handled and in order per chat (I4).

An update is claimed, and counted before it is tried. One that failed three times, even by killing
the process, is set aside and kept, so that the chat's next update gets its turn. How the chat
stands is read with the one that is begun and written with those that are closed. Each of these
steps is one function of schema `inbox`, which sets the tenant itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from domain.chats import NOTHING_SHOWN, ChatState
from storage import values
from storage.database import DispatcherConnection, TenantConnection
from storage.sql import load

SQL = load("telegram_updates")
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update as Telegram sent it; `attempts` were begun so far."""

    update_id: int
    payload: dict[str, Any]
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A chat's oldest open update: claimed, with its `payload`; or another process's.

    `set_aside` just now, it will never have another turn.
    """

    update_id: int
    payload: dict[str, Any] | None
    set_aside: bool
    chat: ChatState = NOTHING_SHOWN


@dataclass(frozen=True, slots=True)
class OpenUpdate:
    """Where an update is that some chat waits for, and whether it was begun before."""

    chat_id: int
    update_id: int
    tried: bool


async def keep(
    tx: TenantConnection, update_id: int, payload: dict[str, Any], now: datetime
) -> bool:
    """Keep an update of the chat of `tx`; False when it is known already."""
    kept = await tx.fetchval(SQL["keep"], update_id=update_id, payload=payload, now=now)
    return cast("bool", kept)


async def begin(
    tx: TenantConnection, replica: UUID, latest: int, now: datetime, in_hand: Sequence[int] = ()
) -> Turn | None:
    """Claim the chat's oldest open update up to `latest` for `replica`; None: nothing is open.

    Those `in_hand` were handled, and are only not closed yet. A try is counted, and what had too
    many is set aside. Commit before the work starts. The claim ends when the update is handled, or
    when `replica` is no more.
    """
    row = await tx.fetchrow(
        SQL["begin"],
        replica=replica,
        latest=latest,
        most_attempts=MOST_ATTEMPTS,
        now=now,
        in_hand=[*in_hand],
    )
    if row is None:
        return None
    chat = ChatState(row["live_message_id"], row["live_has_picture"], row["asks"])
    return Turn(row["update_id"], row["payload"], row["set_aside"], chat)


async def close(
    tx: TenantConnection,
    faults: Mapping[int, str | None],
    chat: ChatState | None,
    now: datetime,
) -> None:
    """Be done with updates: by id, the first 500 letters of what was wrong, or None.

    `chat` is how the chat stands, None where that has not changed.
    """
    state = chat or NOTHING_SHOWN
    await tx.execute(
        SQL["close"],
        update_ids=[*faults],
        faults=[None if fault is None else values.text(fault) for fault in faults.values()],
        has_changed=chat is not None,
        live_message_id=state.live_message_id,
        live_has_picture=state.live_has_picture,
        asks=None if state.asks is None else values.text(state.asks),
        now=now,
    )


async def unhandled(tx: TenantConnection, most: int) -> list[StoredUpdate]:
    """The chat's updates still to handle, in order."""
    rows = await tx.fetch(SQL["open"], most=most)
    return [StoredUpdate(**dict(row)) for row in rows]


async def set_aside(tx: TenantConnection, most: int) -> list[StoredUpdate]:
    """The chat's updates that failed too often, in order."""
    rows = await tx.fetch(SQL["set_aside"], most=most)
    return [StoredUpdate(**dict(row)) for row in rows]


async def unhandled_everywhere(
    connection: DispatcherConnection, replica: UUID, most: int
) -> list[OpenUpdate]:
    """What any chat still waits for and no other live process is at, in Telegram's order."""
    rows = await connection.fetch(SQL["open_everywhere"], replica=replica, most=most)
    return [OpenUpdate(*row) for row in rows]
