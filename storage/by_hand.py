"""Messages that owners write by hand: each to come is a row, made a message of the outbox once.

The order of all who touch them: the tenant's settings, scheduled messages, messages, the client.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import asyncpg

from domain.by_hand import Going, ScheduledState
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.reminders import Kind
from errors import NotFound
from storage import values
from storage.database import TenantConnection
from storage.sql import load
from telemetry import CORRELATION

SQL = load("by_hand")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A message by hand; `day` is the tenant's own day of `at`, UTC.

    The message it became on that day has an id, a state, a reason and a count of tries; None before
    it became one.
    """

    id: int
    client_id: int
    kind: Kind
    text: str
    at: datetime
    day: date
    monthly_day: int | None
    state: ScheduledState
    reason: str | None
    message_id: int | None
    message_state: MessageState | None
    message_reason: str | None
    attempt: int


@dataclass(frozen=True, slots=True)
class Due:
    """One whose day has come, and what is known of its client.

    `is_ahead`: it was changed by a clock that is ahead of this moment's (E14).
    """

    scheduled: Scheduled
    name: str
    archived: bool
    opted_out: bool
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the scheduled messages."""

    messages: tuple[Scheduled, ...]
    page: int
    total: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """One that will not go any more; `queued`: it was in the outbox, and is cancelled there."""

    schedule_id: int
    at: datetime
    monthly_day: int | None
    was_made: bool
    queued: bool


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text that the tenant keeps for sending by hand."""

    id: int
    name: str
    body: str


async def add(  # noqa: PLR0913 - the facts of one message, all named at the call
    tx: TenantConnection,
    client_id: int,
    *,
    nonce: str,
    kind: Kind,
    text: str,
    at: datetime,
    day: date,
    monthly_day: int | None,
    now: datetime,
    text_id: int | None = None,
) -> tuple[int, bool]:
    """Keep a message to come; its id and whether it is new. The same `nonce` again adds nothing.

    Raises:
        NotFound: there is no such client, or the nonce was used for another.
    """
    made = await tx.fetchval(
        SQL["add"],
        client_id=client_id,
        nonce=nonce,
        kind=kind,
        text=values.text(text),
        text_id=text_id,
        at=at,
        day=day,
        monthly_day=monthly_day,
        now=now,
    )
    if made is not None:
        return made, True
    known = await of_nonce(tx, client_id, nonce)
    if known is None:
        raise NotFound(f"client {client_id}")
    return known, False


async def of_nonce(tx: TenantConnection, client_id: int, nonce: str) -> int | None:
    """The message that this nonce made, if it did."""
    found = await tx.fetchval(SQL["of_nonce"], client_id=client_id, nonce=nonce)
    return cast("int | None", found)


async def find(tx: TenantConnection, schedule_id: int) -> Scheduled:
    """One message by hand; raises NotFound."""
    row = await tx.fetchrow(SQL["find"], schedule_id=schedule_id)
    if row is None:
        raise NotFound(f"scheduled message {schedule_id}")
    return _scheduled(row)


async def hold(tx: TenantConnection, schedule_id: int) -> Scheduled:
    """The same, held until `tx` ends; the tenant's day is held before (`outbox.hold_day`)."""
    await tx.execute(SQL["hold"], schedule_id=schedule_id)
    return await find(tx, schedule_id)


async def page(
    tx: TenantConnection, client_id: int | None, page: int, rows: int, since: datetime
) -> Page:
    """A page of what did not go after `since`, then of what is to come; the nearest there is."""
    found = await tx.fetch(SQL["page"], client_id=client_id, page=page, rows=rows, since=since)
    if not found:
        return Page((), 1, 0)
    return Page(tuple(map(_scheduled, found)), found[0]["page"], found[0]["total"])


async def due(tx: TenantConnection, today: date, now: datetime) -> list[Due]:
    """What is to be made a message by `today`, or comes back after its month; all held."""
    rows = await tx.fetch(SQL["due"], today=today, now=now)
    return [
        Due(_scheduled(row), row["name"], row["archived"], row["opted_out"], row["is_ahead"])
        for row in rows
    ]


async def save(tx: TenantConnection, scheduled: Scheduled, now: datetime) -> None:
    """Store its text, its time, its state and the reason."""
    await tx.execute(
        SQL["save"],
        schedule_id=scheduled.id,
        text=values.text(scheduled.text),
        at=scheduled.at,
        day=scheduled.day,
        monthly_day=scheduled.monthly_day,
        state=scheduled.state,
        reason=scheduled.reason,
        now=now,
    )


async def queue(tx: TenantConnection, schedule_id: int, going: Going, now: datetime) -> bool:
    """Make it the message of its day, once; False where that was tried already (E6)."""
    made = await tx.fetchval(
        SQL["queue"],
        schedule_id=schedule_id,
        not_before=going.not_before,
        expires_at=going.expires_at,
        cause=CORRELATION.get(),
        now=now,
    )
    return made is not None


async def withdraw(tx: TenantConnection, message_id: int, reason: Reason, now: datetime) -> bool:
    """Take the message of a day out of the outbox; False where it is on its way, or went."""
    gone = await tx.fetchval(SQL["withdraw"], message_id=message_id, reason=reason, now=now)
    return gone is not None


async def cancel_of_client(
    tx: TenantConnection, client_id: int, reason: Reason, now: datetime
) -> list[Dropped]:
    """Cancel all that is to come for a client, before what is in the outbox is (C7)."""
    rows = await tx.fetch(SQL["cancel_of_client"], client_id=client_id, reason=reason, now=now)
    dropped = [
        Dropped(row["id"], row["at"], row["monthly_day"], row["before"] == "made", row["is_queued"])
        for row in rows
    ]
    return sorted(dropped, key=lambda one: (one.at, one.schedule_id))


async def bring_back(
    tx: TenantConnection, schedule_ids: Collection[int], reason: Reason, now: datetime
) -> None:
    """Let those go after all that were cancelled for `reason`, after the outbox did the same."""
    await tx.execute(SQL["bring_back"], schedule_ids=list(schedule_ids), reason=reason, now=now)


async def own_texts(tx: TenantConnection) -> list[OwnText]:
    """The tenant's own texts for sending by hand."""
    rows = await tx.fetch(SQL["own_texts"])
    return [OwnText(row["id"], row["name"], row["body"]) for row in rows]


def _scheduled(row: asyncpg.Record) -> Scheduled:
    state = row["message_state"]
    return Scheduled(
        id=row["id"],
        client_id=row["client_id"],
        kind=Kind(row["kind"]),
        text=row["text"],
        at=row["at"],
        day=row["day"],
        monthly_day=row["monthly_day"],
        state=ScheduledState(row["state"]),
        reason=row["reason"],
        message_id=row["message_id"],
        message_state=MessageState(state) if state else None,
        message_reason=row["message_reason"],
        attempt=row["attempt"] or 0,
    )
