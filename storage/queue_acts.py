"""What an owner sees of the queue and does with single messages: each act guarded by its state.

An act that comes too late changes nothing and says so by what it returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

import asyncpg

from domain.clients import Client
from domain.outbox import Cancelled, MessageState, OutboxMessage
from domain.queue_acts import put_back as state_again
from domain.reasons import Reason
from domain.reminders import Kind
from errors import NotFound
from storage.clients import client_from_row
from storage.database import TenantConnection
from storage.outbox import message_from_row
from storage.sql import load

SQL = load("queue_acts")


@dataclass(frozen=True, slots=True, kw_only=True)
class InTurn:
    """A message on its way, and whose it is; `turn` is when it is expected to go, UTC."""

    message_id: int
    client_id: int
    name: str
    due_on: date
    archived: bool
    kind: Kind
    state: MessageState
    reason: str | None
    turn: datetime


@dataclass(frozen=True, slots=True)
class Turns:
    """One page of them in their order; `last` is the turn of the last of all."""

    rows: tuple[InTurn, ...]
    total: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Since:
    """Since when the queue is stopped, when its day begins (E13), when it was last tried; UTC."""

    paused_at: datetime | None
    begins_at: datetime | None
    tried_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One message with its client as it is now; instants in UTC."""

    message: OutboxMessage
    client: Client
    reason: str | None
    not_before: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a message; `detail` is a code, or what was done."""

    at: datetime
    state: MessageState
    attempt: int
    detail: str | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """A message that was cancelled by hand, and how it was before."""

    cancelled: Cancelled
    was: MessageState
    attempt: int


async def waiting(  # noqa: PLR0913 - the day, its pace, and a page of it
    tx: TenantConnection, day: date, *, first: datetime, pace: timedelta, page: int, rows: int
) -> Turns:
    """A page of what is on its way on `day`; nothing goes before `first`."""
    found = await tx.fetch(
        SQL["waiting"], day=day, first=first, pace=pace, page=max(1, page), rows=rows
    )
    if not found:
        return Turns((), 0, None)
    return Turns(tuple(_in_turn(row) for row in found), found[0]["total"], found[0]["last_turn"])


async def turn_of(
    tx: TenantConnection, message_id: int, day: date, *, first: datetime, pace: timedelta
) -> datetime | None:
    """When the turn of a message comes; None for one that is not on its way."""
    turn = await tx.fetchval(SQL["turn_of"], message_id=message_id, day=day, first=first, pace=pace)
    return cast("datetime | None", turn)


async def held(tx: TenantConnection, day: date, most: int) -> list[int]:
    """The first messages of a day that wait for something the owner must fill in."""
    return [row["id"] for row in await tx.fetch(SQL["held"], day=day, most=most)]


async def since(tx: TenantConnection, day: date) -> Since:
    """How long the queue stands still, and from when on it goes."""
    row = await tx.fetchrow(SQL["since"], day=day)
    return Since(None, None, None) if row is None else Since(*row)


async def find(tx: TenantConnection, message_id: int) -> Found:
    """One message; raises NotFound, also for another tenant's (B2)."""
    row = await tx.fetchrow(SQL["message"], message_id=message_id)
    if row is None:
        raise NotFound(f"message {message_id}")
    return Found(
        message=message_from_row(row),
        client=client_from_row(row),
        reason=row["reason"],
        not_before=row["not_before"],
        sent_at=row["sent_at"],
        delivered_at=row["delivered_at"],
        read_at=row["read_at"],
    )


async def log(tx: TenantConnection, message_id: int, most: int) -> tuple[Step, ...]:
    """What happened to a message, the latest first."""
    rows = await tx.fetch(SQL["log"], message_id=message_id, most=most)
    return tuple(
        Step(row["at"], MessageState(row["state"]), row["attempt"], row["detail"]) for row in rows
    )


async def pending_of(tx: TenantConnection, client_id: int) -> int:
    """How many messages of a client have not gone."""
    return cast("int", await tx.fetchval(SQL["others_pending"], client_id=client_id))


async def hurry(tx: TenantConnection, message_id: int, *, opens: datetime, now: datetime) -> bool:
    """Put a message before the others, not before the window `opens`; False for none that waits."""
    moved = await tx.fetchval(SQL["hurry"], message_id=message_id, opens=opens, now=now)
    return moved is not None


async def cancel(
    tx: TenantConnection,
    now: datetime,
    *,
    message_id: int | None = None,
    client_id: int | None = None,
) -> list[Stopped]:
    """Cancel one message by hand, or all of a client, that have not gone (E7)."""
    rows = await tx.fetch(
        SQL["cancel"],
        message_id=message_id,
        client_id=client_id,
        reason=Reason.CANCELLED,
        now=now,
    )
    return [
        Stopped(
            Cancelled(row["id"], Kind(row["kind"]), row["day"], row["not_before"]),
            MessageState(row["was"]),
            row["attempt"],
        )
        for row in rows
    ]


async def put_back(
    tx: TenantConnection, stopped: Sequence[tuple[int, MessageState, int]], now: datetime
) -> int:
    """Queue again what was cancelled by hand: id, what it was, attempts; returns how many."""
    rows = await tx.fetch(
        SQL["put_back"],
        message_ids=[message_id for message_id, _, _ in stopped],
        states=[state_again(was, attempt) for _, was, attempt in stopped],
        attempts=[attempt for _, _, attempt in stopped],
        reason=Reason.CANCELLED,
        now=now,
    )
    return len(rows)


async def retry(
    tx: TenantConnection,
    message: OutboxMessage,
    state: MessageState,
    *,
    at: datetime,
    now: datetime,
) -> bool:
    """Try a failed message once more, from `at` on, under its ids; False when it moved since."""
    again = await tx.fetchval(
        SQL["retry"], message_id=message.id, attempt=message.attempt, state=state, at=at, now=now
    )
    return again is not None


async def pause(tx: TenantConnection, *, paused: bool, now: datetime) -> bool:
    """Stop the queue or let it go on; False when it is so already."""
    return await tx.fetchval(SQL["pause"], paused=paused, now=now) is not None


async def undismiss(tx: TenantConnection, at: datetime) -> int:
    """List again whom one act, at `at`, had dismissed; returns how many."""
    return cast("int", await tx.fetchval(SQL["undismiss"], at=at))


async def marks(tx: TenantConnection, form: str) -> dict[str, Any]:
    """What the owner has marked in a list."""
    return await tx.fetchval(SQL["marks"], form=form) or {}


async def put_marks(
    tx: TenantConnection, form: str, answers: dict[str, Any], now: datetime
) -> None:
    """Keep what the owner has marked in a list."""
    await tx.execute(SQL["put_marks"], form=form, answers=answers, now=now)


def _in_turn(row: asyncpg.Record) -> InTurn:
    return InTurn(
        message_id=row["id"],
        client_id=row["client_id"],
        name=row["name"],
        due_on=row["due_on"],
        archived=row["archived"],
        kind=Kind(row["kind"]),
        state=MessageState(row["state"]),
        reason=row["reason"],
        turn=row["turn"],
    )
