"""Renewals and the ledger of what clients paid; "received" is counted from here alone (C7, C9)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from domain.due_dates import agreed_after
from domain.reasons import Reason
from domain.reminders import Kind
from errors import NotFound
from storage import outbox
from storage.clients import SQL as CLIENTS_SQL
from storage.database import TenantConnection
from storage.sql import load

SQL = load("ledger")


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a renewal did; `cancelled` are the kinds of the messages that will not go (C7)."""

    payment_id: int
    due_on_before: date
    cancelled: tuple[Kind, ...]


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


async def renew(  # noqa: PLR0913 - the facts of one renewal, all named at the call
    tx: TenantConnection,
    client_id: int,
    *,
    due_on: date,
    amount: Decimal,
    paid_on: date,
    now: datetime,
) -> Renewal:
    """Move the due date, cancel all that was pending, record the payment: all or nothing (C7, C9).

    The day the client agreed on stays when the new date is that day, or the end of a month that
    lacks it; any other date is agreed on anew (C13).
    The same renewal again (a double press, a repeat after a lost answer) changes nothing.

    Raises:
        NotFound: the tenant has no such client; nothing was cancelled.
    """
    # Messages before the client: the order in which sending holds them, so neither waits for ever.
    cancelled = await outbox.cancel_pending(tx, client_id, Reason.RENEWED, now)
    held = await tx.fetchrow(CLIENTS_SQL["hold"], client_id=client_id)
    if held is None:
        raise NotFound(f"client {client_id}")
    before: date = held["due_on"]
    kinds = tuple(kind for _, kind in cancelled)
    if before == due_on:
        done = await tx.fetchval(
            SQL["same_renewal"],
            client_id=client_id,
            amount=amount,
            paid_on=paid_on,
            due_on_after=due_on,
        )
        if done is not None:
            return Renewal(done, before, kinds)
    agreed_day = agreed_after(held["agreed_day"] or before.day, due_on)
    await tx.execute(
        CLIENTS_SQL["renew"], client_id=client_id, due_on=due_on, agreed_day=agreed_day, now=now
    )
    payment = await tx.fetchval(
        SQL["record"],
        client_id=client_id,
        amount=amount,
        paid_on=paid_on,
        due_on_before=before,
        due_on_after=due_on,
        now=now,
    )
    return Renewal(payment, before, kinds)


async def payments(tx: TenantConnection, client_id: int) -> list[ClientPayment]:
    """What a client paid, the latest first, voided lines included."""
    rows = await tx.fetch(SQL["of_client"], client_id=client_id)
    return [ClientPayment(**dict(row)) for row in rows]


async def correct(tx: TenantConnection, payment_id: int, amount: Decimal, paid_on: date) -> None:
    """Set right what was paid and when; raises NotFound."""
    corrected = await tx.fetchval(
        SQL["correct"], payment_id=payment_id, amount=amount, paid_on=paid_on
    )
    if corrected is None:
        raise NotFound(f"payment {payment_id}")


async def void(tx: TenantConnection, payment_id: int, now: datetime) -> None:
    """Answer "não recebi": the line stays, and counts no more. Raises NotFound."""
    if await tx.fetchval(SQL["void"], payment_id=payment_id, now=now) is None:
        raise NotFound(f"payment {payment_id}")


async def received(tx: TenantConnection, first: date, last: date) -> Decimal:
    """What came in on the days from `first` to `last`, both included."""
    return cast("Decimal", await tx.fetchval(SQL["received"], first=first, last=last))
