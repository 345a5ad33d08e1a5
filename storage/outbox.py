"""The outbox: every message from its plan to its receipt, one guarded step at a time.

A step names the state, the attempt and the epoch it starts from, so a late or doubled call changes
nothing. A write error never means "not written": every step here may be called again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import asyncpg

from domain.clients import Client
from domain.outbox import OutboxMessage, Verdict
from domain.reminders import Kind
from errors import StaleEpoch
from storage.clients import client_from_row
from storage.database import TenantConnection
from storage.sql import load
from storage.whatsapp_numbers import KEPT as NUMBERS_KEPT
from storage.whatsapp_numbers import KnownNumber

SQL = load("outbox")


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that may go, its client, and the kept answer about its number if there is one.

    `rules_version` is the version of the tenant's charter that counts for it.
    """

    message: OutboxMessage
    client: Client
    number: KnownNumber | None
    rules_version: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt under way: what a settlement must match."""

    message_id: int
    number: int
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One line of the day's queue as the owner sees it (E7)."""

    message_id: int
    client_id: int
    name: str
    phone: str
    kind: Kind
    due_on: date | None
    state: str
    reason: str | None
    attempt: int
    whatsapp_id: str


async def plan_day(  # noqa: PLR0913 - the day's facts, all named at the call
    tx: TenantConnection,
    *,
    day: date,
    due_dates: Mapping[Kind, date],
    send_from: datetime,
    send_until: datetime,
    now: datetime,
) -> int:
    """Queue the day's messages (E2, E3, E5); returns how many are new.

    `due_dates`: for each kind that goes out by itself, the due date it speaks about on `day`.
    """
    planned = await tx.fetchval(
        SQL["plan_day"],
        day=day,
        kinds=[kind.value for kind in due_dates],
        due_dates=list(due_dates.values()),
        send_from=send_from,
        send_until=send_until,
        now=now,
    )
    return cast("int", planned)


async def next_ready(tx: TenantConnection, now: datetime) -> Ready | None:
    """The oldest message that may go now, held with its client until `tx` ends."""
    row = await tx.fetchrow(SQL["next_ready"], now=now, numbers_since=now - NUMBERS_KEPT)
    if row is None:
        return None
    number = None if row["checked_at"] is None else KnownNumber(row["jid"])
    return Ready(_message(row), client_from_row(row), number, row["rules_version"])


async def pending_of_day(tx: TenantConnection, day: date) -> list[tuple[OutboxMessage, Client]]:
    """What `day` still has to send, with the clients as they are now (E2's second check)."""
    rows = await tx.fetch(SQL["pending_of_day"], day=day)
    return [(_message(row), client_from_row(row)) for row in rows]


async def begin_attempt(  # noqa: PLR0913 - the facts of one transition, all named at the call
    tx: TenantConnection, message_id: int, *, epoch: int, phone: str, body: str, now: datetime
) -> Attempt:
    """Count an attempt and mark the message `sending`, before any frame leaves.

    Raises:
        StaleEpoch: this process does not own the tenant any more, or the message was taken.
    """
    number = await tx.fetchval(
        SQL["begin_attempt"], message_id=message_id, epoch=epoch, phone=phone, body=body, now=now
    )
    if number is None:
        raise StaleEpoch(tx.tenant_id, epoch)
    return Attempt(message_id, number, epoch)


async def settle(  # noqa: PLR0913 - the facts of one transition, all named at the call
    tx: TenantConnection,
    attempt: Attempt,
    *,
    state: str,
    now: datetime,
    reason: str | None = None,
    next_try: datetime | None = None,
) -> bool:
    """End an attempt. False when something stronger (a receipt, a new owner) already did."""
    settled = await tx.fetchval(
        SQL["settle"],
        message_id=attempt.message_id,
        attempt=attempt.number,
        epoch=attempt.epoch,
        state=state,
        reason=reason,
        next_try=next_try,
        now=now,
    )
    return settled is not None


async def rest(tx: TenantConnection, verdicts: Sequence[Verdict], now: datetime) -> int:
    """Put messages that do not go to rest, each with its reason; returns how many moved."""
    rows = await tx.fetch(
        SQL["rest"],
        message_ids=[verdict.message_id for verdict in verdicts],
        states=[verdict.state for verdict in verdicts],
        reasons=[verdict.reason for verdict in verdicts],
        now=now,
    )
    return len(rows)


async def recover(
    tx: TenantConnection, *, epoch: int, most_attempts: int, next_try: datetime, now: datetime
) -> int:
    """Reopen the sends of earlier owners, to be repeated under the same id; returns how many.

    The first interruption is repeated at once; from the second on it waits until `next_try`.
    """
    rows = await tx.fetch(
        SQL["recover"], epoch=epoch, most_attempts=most_attempts, next_try=next_try, now=now
    )
    return len(rows)


async def receipt(tx: TenantConnection, whatsapp_id: str, state: str, at: datetime) -> bool:
    """Record `delivered` or `read` (F7). False when it tells nothing new."""
    return (
        await tx.fetchval(SQL["receipt"], whatsapp_id=whatsapp_id, state=state, at=at) is not None
    )


async def acknowledge_late(tx: TenantConnection, whatsapp_id: str, at: datetime) -> bool:
    """Record the server's ack for a send that nobody was waiting for any more."""
    found = await tx.fetchval(SQL["acknowledge_late"], whatsapp_id=whatsapp_id, at=at)
    return found is not None


async def expire(tx: TenantConnection, now: datetime) -> int:
    """Expire what the day's window left behind (E5); returns how many."""
    return len(await tx.fetch(SQL["expire"], now=now))


async def cancel_pending(
    tx: TenantConnection, client_id: int, reason: str, now: datetime
) -> list[tuple[int, Kind]]:
    """Cancel all that has not gone to this client (C7); returns what was cancelled."""
    rows = await tx.fetch(SQL["cancel_pending"], client_id=client_id, reason=reason, now=now)
    return [(row["id"], Kind(row["kind"])) for row in rows]


async def next_wake(tx: TenantConnection) -> datetime | None:
    """When the next message becomes ready, or None while nothing waits to go."""
    return cast("datetime | None", await tx.fetchval(SQL["next_wake"]))


async def day_rows(tx: TenantConnection, day: date) -> list[DayRow]:
    """The day's queue, in the order it was planned."""
    rows: Iterable[asyncpg.Record] = await tx.fetch(SQL["day"], day=day)
    return [
        DayRow(
            message_id=row["id"],
            client_id=row["client_id"],
            name=row["name"],
            phone=row["phone"],
            kind=Kind(row["kind"]),
            due_on=row["due_on"],
            state=row["state"],
            reason=row["reason"],
            attempt=row["attempt"],
            whatsapp_id=row["whatsapp_id"],
        )
        for row in rows
    ]


async def counts_of_day(tx: TenantConnection, day: date) -> dict[str, int]:
    """How many of the day's messages are in each state."""
    rows = await tx.fetch(SQL["counts_of_day"], day=day)
    return {row["state"]: row["count"] for row in rows}


async def text_of(tx: TenantConnection, whatsapp_id: str) -> str | None:
    """What was sent under this id, for a phone that asks to have it again."""
    return cast("str | None", await tx.fetchval(SQL["text_of"], whatsapp_id=whatsapp_id))


def _message(row: asyncpg.Record) -> OutboxMessage:
    return OutboxMessage(
        id=row["message_id"],
        client_id=row["id"],
        kind=Kind(row["kind"]),
        about_due_on=row["about_due_on"],
        day=row["day"],
        state=row["state"],
        body=row["body"],
        phone=row["to_phone"],
        whatsapp_id=row["whatsapp_id"],
        correlation_id=row["correlation_id"],
        attempt=row["attempt"],
        expires_at=row["expires_at"],
    )
