"""The outbox: every message from its plan to its receipt, one guarded step at a time.

A step names the state, the attempt and the epoch it starts from, so a late or doubled call changes
nothing. A write error never means "not written": every step here may be called again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

import asyncpg

from domain.clients import Client
from domain.outbox import (
    HELD_LONG,
    HOLDING,
    LONGEST_ATTEMPT,
    Cancelled,
    MessageState,
    OutboxMessage,
    Settlement,
    Verdict,
    at_close,
    recovery,
)
from domain.pacing import MAX_ATTEMPTS
from domain.reasons import Reason
from domain.reminders import Kind
from domain.whatsapp_numbers import KnownNumber
from errors import StaleEpoch
from storage.clients import client_from_row
from storage.database import TenantConnection
from storage.sql import load
from telemetry import CORRELATION

SQL = load("outbox")
# A message that was not found though it is ready is held for a moment by somebody else.
SOONEST = timedelta(seconds=1)
# Nothing that was tried or put off waits longer: neither a retry nor a number without an answer.
PUT_OFF_MOST = timedelta(hours=2)


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
    state: MessageState
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
    """Queue the day's messages (E2, E3, E5); returns how many are new, or came back (E6).

    The caller holds the day (`hold_day`, `schedules.carried_out`).
    `due_dates`: for each kind that goes out by itself, the due date it speaks about on `day`.
    """
    planned = await tx.fetchval(
        SQL["plan_day"],
        day=day,
        kinds=[kind.value for kind in due_dates],
        due_dates=list(due_dates.values()),
        send_from=send_from,
        send_until=send_until,
        most_attempts=MAX_ATTEMPTS,
        cause=CORRELATION.get(),
        now=now,
    )
    return cast("int", planned)


async def hold_day(tx: TenantConnection) -> None:
    """Keep others from touching many of the tenant's messages until `tx` ends."""
    await tx.execute(SQL["hold_day"])


async def note_day(
    tx: TenantConnection, day: date, obstacle: Reason | None, now: datetime
) -> datetime | None:
    """Keep that `day` was planned, and what kept that from billing anybody (E3b).

    Returns before when the day does not begin (E13), as far as that is settled.
    """
    begins_at = await tx.fetchval(SQL["note_day"], day=day, obstacle=obstacle, now=now)
    return cast("datetime | None", begins_at)


async def next_ready(
    tx: TenantConnection, now: datetime, message_id: int | None = None
) -> Ready | None:
    """The oldest message that may go now, held with its client until `tx` ends.

    With `message_id`, that one if it still may.
    """
    row = await tx.fetchrow(SQL["next_ready"], now=now, message_id=message_id)
    if row is None:
        return None
    number = None
    if row["checked_at"] is not None:
        number = KnownNumber(row["jid"], row["lid"], row["checked_at"])
    return Ready(
        message_from_row(row),
        client_from_row(row),
        number,
        row["rules_version"],
    )


async def pending_of_day(tx: TenantConnection, day: date) -> list[tuple[OutboxMessage, Client]]:
    """What `day` still has to send, with the clients as they are now (E2's second check)."""
    rows = await tx.fetch(SQL["pending_of_day"], day=day)
    return [(message_from_row(row), client_from_row(row)) for row in rows]


async def begin_attempt(  # noqa: PLR0913 - the facts of one transition, all named at the call
    tx: TenantConnection,
    message_id: int,
    *,
    epoch: int,
    phone: str,
    body: str,
    now: datetime,
    second_body: str | None = None,
) -> Attempt:
    """Count an attempt and mark the message `sending`, before any frame leaves.

    The first one fixes what the message says, and in how many parts: `second_body` (D5).

    Raises:
        StaleEpoch: this process does not own the tenant any more, or the message was taken.
    """
    number = await tx.fetchval(
        SQL["begin_attempt"],
        message_id=message_id,
        epoch=epoch,
        phone=phone,
        body=body,
        second_body=second_body,
        now=now,
    )
    if number is None:
        raise StaleEpoch(tx.tenant_id, epoch)
    return Attempt(message_id, number, epoch)


async def settle(  # noqa: PLR0913 - the facts of one transition, all named at the call
    tx: TenantConnection,
    attempt: Attempt,
    *,
    state: MessageState,
    now: datetime,
    reason: str | None = None,
    next_try: datetime | None = None,
) -> bool:
    """End an attempt. False when something stronger (a receipt, a new owner) already did.

    What is `sent` is the part under way: the message itself is when that is its last.
    """
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


async def take_back(tx: TenantConnection, message_id: int, epoch: int, now: datetime) -> bool:
    """Undo an attempt that may have begun, and whose frame surely never left."""
    back = await tx.fetchval(SQL["take_back"], message_id=message_id, epoch=epoch, now=now)
    return back is not None


async def postpone(
    tx: TenantConnection, message_id: int, *, until: datetime, reason: str, now: datetime
) -> bool:
    """Let a message step aside, untried, until `until`; others go on meanwhile.

    Only the window ends this: past it, the message expires for `reason`.
    """
    postponed = await tx.fetchval(
        SQL["postpone"], message_id=message_id, until=until, reason=reason, now=now
    )
    return postponed is not None


async def hold(
    tx: TenantConnection, reason: Reason | None, now: datetime, since: datetime | None = None
) -> None:
    """Make what holds the whole queue the reason of all that would go otherwise (E8).

    None where nothing does any more: what held them for less than HELD_LONG is forgotten.
    """
    await tx.execute(
        SQL["hold"],
        reason=reason,
        since=since or now,
        now=now,
        holding=sorted(HOLDING),
        long_ago=now - HELD_LONG,
    )


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


async def recover(tx: TenantConnection, *, epoch: int, delay: float, now: datetime) -> int:
    """Reopen every send under an epoch up to `epoch`, none of which anybody waits for any more.

    `delay`: the seconds that the next try waits from the second interruption on. Returns how many.
    """
    left = await tx.fetch(SQL["left_open"], epoch=epoch)
    return await _conclude(
        tx,
        left,
        lambda row: recovery(
            row["attempt"] - row["first_attempts"],
            delay=delay,
            now=now,
            expires_at=row["expires_at"],
        ),
        now,
    )


async def is_any_over(tx: TenantConnection, now: datetime) -> bool:
    """Whether `expire` has something to do."""
    return cast("bool", await tx.fetchval(SQL["is_any_over"], now=now))


async def expire(tx: TenantConnection, now: datetime, obstacle: Reason | None = None) -> int:
    """End what the day's window left behind, for its true reason (E5); returns how many.

    `obstacle` is what holds the whole queue at its end.
    """
    await hold_day(tx)
    past = await tx.fetch(SQL["past_window"], now=now, stale=now - LONGEST_ATTEMPT)
    return await _conclude(
        tx,
        past,
        lambda row: at_close(
            MessageState(row["state"]),
            row["reason"],
            obstacle,
            first_is_out=row["first_is_out"],
        ),
        now,
    )


async def rebound(tx: TenantConnection, now: datetime) -> None:
    """Bring back what a wrong clock put off further than anything is ever put off (E14)."""
    await tx.execute(SQL["rebound"], now=now, latest=now + PUT_OFF_MOST)


async def cancel_pending(
    tx: TenantConnection, client_id: int, reason: str, now: datetime
) -> list[Cancelled]:
    """Cancel all that has not gone to this client (C7); returns what was cancelled."""
    rows = await tx.fetch(SQL["cancel_pending"], client_id=client_id, reason=reason, now=now)
    return [Cancelled(row["id"], Kind(row["kind"]), row["day"], row["not_before"]) for row in rows]


async def next_wake(tx: TenantConnection, now: datetime) -> datetime | None:
    """When to look again after nothing was ready at `now`: later than `now`, or None."""
    soonest = now + SOONEST
    return cast("datetime | None", await tx.fetchval(SQL["next_wake"], now=now, soonest=soonest))


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
            state=MessageState(row["state"]),
            reason=row["reason"],
            attempt=row["attempt"],
            whatsapp_id=row["whatsapp_id"],
        )
        for row in rows
    ]


async def counts_of_day(tx: TenantConnection, day: date) -> dict[MessageState, int]:
    """How many of the day's messages are in each state."""
    rows = await tx.fetch(SQL["counts_of_day"], day=day)
    return {MessageState(row["state"]): row["count"] for row in rows}


def message_from_row(row: asyncpg.Record) -> OutboxMessage:
    """A row of the outbox beside its client's, whose `id` it is."""
    return OutboxMessage(
        id=row["message_id"],
        client_id=row["id"],
        kind=Kind(row["kind"]),
        about_due_on=row["about_due_on"],
        day=row["day"],
        state=MessageState(row["state"]),
        body=row["body"],
        phone=row["to_phone"],
        whatsapp_id=row["whatsapp_id"],
        correlation_id=row["correlation_id"],
        attempt=row["attempt"],
        expires_at=row["expires_at"],
        on_request=row["on_request"],
        faults=row["faults"],
        postponed=row["postponed"],
        second_body=row["second_body"],
        second_whatsapp_id=row["second_whatsapp_id"],
        first_is_out=row["first_is_out"],
        first_attempts=row["first_attempts"],
        farewell=row["farewell"],
    )


async def _conclude(
    tx: TenantConnection,
    rows: Sequence[asyncpg.Record],
    policy: Callable[[asyncpg.Record], Settlement],
    now: datetime,
) -> int:
    """Move rows that `tx` holds to where `policy` wants them; returns how many."""
    if not rows:
        return 0
    ends = [policy(row) for row in rows]
    moved = await tx.fetch(
        SQL["conclude"],
        message_ids=[row["id"] for row in rows],
        attempts=[row["attempt"] for row in rows],
        states=[end.state for end in ends],
        reasons=[end.reason for end in ends],
        next_tries=[end.next_try for end in ends],
        now=now,
    )
    return len(moved)
