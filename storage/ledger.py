"""Renewals and the ledger of what clients paid; "received" is counted from here alone (C7, C9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

import asyncpg

from domain.client_list import ROWS
from domain.due_dates import agreed_after
from domain.outbox import Cancelled
from domain.reasons import Reason
from errors import AlreadyChanged, NotFound
from storage import by_hand, outbox
from storage.by_hand import Dropped
from storage.clients import SQL as CLIENTS_SQL
from storage.database import TenantConnection
from storage.sql import load

SQL = load("ledger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What a renewal did; `cancelled` will not go, nor `scheduled` (C7, decision 4).

    `repeated`: it had been done before.
    """

    payment_id: int
    due_on_before: date
    agreed_before: int
    agreed_after: int
    cancelled: tuple[Cancelled, ...] = ()
    scheduled: tuple[Dropped, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPayment:
    """One line of the ledger; voided, it counts no more."""

    id: int
    client_id: int
    amount: Decimal
    paid_on: date
    due_on_before: date | None
    due_on_after: date | None
    note: str | None
    recorded_at: datetime
    voided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the ledger as it is listed; an erased client has neither id nor name."""

    payment_id: int
    client_id: int | None
    name: str | None
    amount: Decimal
    paid_on: date
    due_on_before: date | None
    due_on_after: date | None
    note: str | None
    voided: bool


@dataclass(frozen=True, slots=True)
class LinePage:
    """One page of lines; `sum` is of all pages, without the voided."""

    lines: tuple[Line, ...]
    page: int
    total: int
    sum: Decimal


async def renew(  # noqa: PLR0913 - the facts of one renewal, all named at the call
    tx: TenantConnection,
    client_id: int,
    *,
    due_on: date,
    amount: Decimal,
    paid_on: date,
    now: datetime,
    due_on_before: date | None = None,
) -> Renewal:
    """Move the due date, cancel all that was pending, record the payment: all or nothing (C7, C9).

    The day the client agreed on stays when the new date is that day, or the end of a month that
    lacks it; any other date is agreed on anew (C13).
    The same renewal again (a double press, a repeat after a lost answer) changes nothing. Given
    `due_on_before`, that is the one which led on from there; else one of the same day.

    Raises:
        NotFound: the tenant has no such client; nothing was cancelled.
        AlreadyChanged: `due_on_before` stands no more; its text is the date that does.
    """

    async def done_before() -> Renewal | None:
        done = await tx.fetchrow(
            SQL["same_renewal"],
            client_id=client_id,
            amount=amount,
            paid_on=None if due_on_before else paid_on,
            due_on_after=due_on,
            due_on_before=due_on_before,
        )
        return None if done is None else _repeated(done, due_on_before or due_on, due_on)

    # First of all: what was queued since the first time is not to be cancelled by the second.
    if (done := await done_before()) is not None:
        return done
    scheduled = await by_hand.cancel_of_client(tx, client_id, Reason.RENEWED, now)
    # Messages before the client: the order in which sending holds them, so neither waits for ever.
    cancelled = await outbox.cancel_pending(tx, client_id, Reason.RENEWED, now)
    held = await tx.fetchrow(CLIENTS_SQL["hold"], client_id=client_id)
    if held is None:
        raise NotFound(f"client {client_id}")
    before: date = held["due_on"]
    agreed: int = held["agreed_day"] or before.day
    renewal = Renewal(
        payment_id=0,
        due_on_before=due_on_before or before,
        agreed_before=agreed,
        agreed_after=agreed_after(agreed, due_on),
        cancelled=tuple(cancelled),
        scheduled=tuple(scheduled),
    )
    # Somebody else may have renewed while this one waited for the client.
    if before == due_on and (done := await done_before()) is not None:
        return done
    if due_on_before not in {None, before}:
        raise AlreadyChanged(before.isoformat())
    await tx.execute(
        CLIENTS_SQL["renew"],
        client_id=client_id,
        due_on=due_on,
        agreed_day=renewal.agreed_after,
        now=now,
    )
    payment = await tx.fetchval(
        SQL["record"],
        client_id=client_id,
        amount=amount,
        paid_on=paid_on,
        due_on_before=before,
        due_on_after=due_on,
        price=held["price"],
        nonce=None,
        now=now,
    )
    return replace(renewal, payment_id=payment)


async def move_back(
    tx: TenantConnection, client_id: int, due_on: date, agreed_day: int, now: datetime
) -> None:
    """Put a due date back where it was, with the day that was agreed on."""
    await tx.execute(
        CLIENTS_SQL["renew"], client_id=client_id, due_on=due_on, agreed_day=agreed_day, now=now
    )


async def record(  # noqa: PLR0913 - the facts of one payment, all named at the call
    tx: TenantConnection,
    client_id: int,
    *,
    amount: Decimal,
    paid_on: date,
    towards: date,
    nonce: str,
    now: datetime,
) -> tuple[int, Decimal, bool]:
    """Record a payment towards a due date, which renews nothing (C14).

    Returns its id, its amount and whether it is new: the same `nonce` again is the same payment.

    Raises:
        NotFound: the nonce was used for another client.
    """
    made = await tx.fetchval(
        SQL["record"],
        client_id=client_id,
        amount=amount,
        paid_on=paid_on,
        due_on_before=towards,
        due_on_after=None,
        price=None,
        nonce=nonce,
        now=now,
    )
    if made is not None:
        return made, amount, True
    there = await tx.fetchrow(SQL["of_nonce"], client_id=client_id, nonce=nonce)
    if there is None:
        raise NotFound(f"payment of client {client_id}")
    return there["id"], there["amount"], False


async def payments(tx: TenantConnection, client_id: int) -> list[ClientPayment]:
    """What a client paid, the latest first, voided lines included."""
    rows = await tx.fetch(SQL["of_client"], client_id=client_id)
    return [ClientPayment(**dict(row)) for row in rows]


async def page(
    tx: TenantConnection,
    *,
    client_id: int | None,
    first: date | None,
    last: date | None,
    page: int,
) -> LinePage:
    """One page of the lines of a client, or of all without the voided; the nearest there is."""
    row = await tx.fetchrow(
        SQL["page"], client_id=client_id, first=first, last=last, page=page, rows=ROWS
    )
    assert row is not None  # noqa: S101 - an aggregate always has its one row
    lines = tuple(_line_of_json(found) for found in row["payments"])
    return LinePage(lines, row["page"], row["total"], row["sum"])


async def find(tx: TenantConnection, payment_id: int) -> Line:
    """One line; raises NotFound."""
    row = await tx.fetchrow(SQL["find"], payment_id=payment_id)
    if row is None:
        raise NotFound(f"payment {payment_id}")
    return _line(row)


async def correct(tx: TenantConnection, payment_id: int, amount: Decimal, paid_on: date) -> None:
    """Set right what was paid and when; raises NotFound."""
    corrected = await tx.fetchval(
        SQL["correct"], payment_id=payment_id, amount=amount, paid_on=paid_on
    )
    if corrected is None:
        raise NotFound(f"payment {payment_id}")


async def annotate(tx: TenantConnection, payment_id: int, note: str | None) -> None:
    """Set the note of a line, None for nothing; raises NotFound."""
    if await tx.fetchval(SQL["annotate"], payment_id=payment_id, note=note) is None:
        raise NotFound(f"payment {payment_id}")


async def void(tx: TenantConnection, payment_id: int, now: datetime) -> None:
    """Answer "não recebi": the line stays, and counts no more. Raises NotFound."""
    if await tx.fetchval(SQL["void"], payment_id=payment_id, now=now) is None:
        raise NotFound(f"payment {payment_id}")


async def restore(tx: TenantConnection, payment_id: int) -> None:
    """Have a voided line count again; raises NotFound."""
    if await tx.fetchval(SQL["restore"], payment_id=payment_id) is None:
        raise NotFound(f"payment {payment_id}")


async def received(tx: TenantConnection, first: date, last: date) -> Decimal:
    """What came in on the days from `first` to `last`, both included."""
    return cast("Decimal", await tx.fetchval(SQL["received"], first=first, last=last))


def _repeated(done: asyncpg.Record, before: date, due_on: date) -> Renewal:
    agreed = done["agreed_day"] or due_on.day
    return Renewal(
        payment_id=done["id"],
        due_on_before=before,
        agreed_before=agreed,
        agreed_after=agreed,
        repeated=True,
    )


def _line(row: asyncpg.Record) -> Line:
    return Line(
        payment_id=row["id"],
        **{name: row[name] for name in Line.__dataclass_fields__ if name != "payment_id"},
    )


def _line_of_json(found: Sequence[Any]) -> Line:
    payment_id, client_id, name, amount, paid_on, before, after, note, voided = found
    return Line(
        payment_id=payment_id,
        client_id=client_id,
        name=name,
        amount=Decimal(amount),
        paid_on=date.fromisoformat(paid_on),
        due_on_before=date.fromisoformat(before) if before else None,
        due_on_after=date.fromisoformat(after) if after else None,
        note=note,
        voided=voided,
    )
