"""The platform's charges to one tenant: made once, settled under a lock, all or nothing.

A charge is written down before Mercado Pago hears of it. What follows from a payment (`settle` of
the domain decides) is one transaction: days, ledger, log and the charge itself. The tenant's row
is locked before the charge, by everybody.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

import asyncpg

from domain.charges import Charge, ChargeState, Payment
from domain.settlement import Follows, Granted, Settlement
from errors import NotFound
from storage import audit, subscriptions
from storage.database import TenantConnection
from storage.sql import load

SQL = load("charges")
ACTOR = "payments"
CHARGE_FIELDS = frozenset(Charge.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCharge:
    """A charge with what became of its days, what the books have of it, and how often it was asked.

    `refusal` is Mercado Pago's name for why it was never made.
    """

    charge: Charge
    granted: Granted
    booked: Decimal
    bookings: int
    checks: int
    refusal: str | None


async def find(tx: TenantConnection, charge_id: int | None = None) -> StoredCharge | None:
    """One charge, or the newest."""
    row = await tx.fetchrow(SQL["find"], charge_id=charge_id)
    return None if row is None else _stored(row)


async def pending(tx: TenantConnection) -> StoredCharge | None:
    """The one that waits to be paid; there is never a second (A3)."""
    row = await tx.fetchrow(SQL["pending"])
    return None if row is None else _stored(row)


async def open_ones(tx: TenantConnection) -> list[int]:
    """Those that may be paid without our knowing yet, newest first: a few."""
    return [row["id"] for row in await tx.fetch(SQL["open_ones"])]


async def paid_since(tx: TenantConnection, charge_id: int) -> int | None:
    """An earlier one that was paid after `charge_id` was made: the one that its payer meant."""
    paid = await tx.fetchval(SQL["paid_since"], charge_id=charge_id)
    return cast("int | None", paid)


async def hold(tx: TenantConnection, charge_id: int) -> StoredCharge:
    """One charge, which nobody else changes until `tx` ends, nor its tenant's days.

    Raises NotFound, NotSignedUp.
    """
    await subscriptions.hold(tx)
    row = await tx.fetchrow(SQL["find"], charge_id=charge_id)
    if row is None:
        raise NotFound(f"charge {charge_id}")
    return _stored(row)


async def insert(  # noqa: PLR0913 - the facts of one charge, all named at the call
    tx: TenantConnection,
    *,
    amount: Decimal,
    currency: str,
    days: int,
    key: UUID,
    reference: str,
    payer_email: str,
    now: datetime,
    expires_at: datetime,
    check_at: datetime,
) -> StoredCharge:
    """Write a new charge down, as it will be asked for; the one that is pending, if there is one.

    Raises NotSignedUp.
    """
    await subscriptions.hold(tx)
    await tx.execute(
        SQL["insert"],
        amount=amount,
        currency=currency,
        days=days,
        key=key,
        reference=reference,
        payer_email=payer_email,
        now=now,
        expires_at=expires_at,
        check_at=check_at,
    )
    found = await pending(tx)
    assert found is not None  # noqa: S101 - just written, or there before
    return found


async def refuse(tx: TenantConnection, charge_id: int, code: str, now: datetime) -> None:
    """Note that Mercado Pago will not make it; what it made after all is not touched."""
    await subscriptions.hold(tx)
    await tx.execute(SQL["refuse"], charge_id=charge_id, code=code[:100], now=now)


async def expire(
    tx: TenantConnection, charge_id: int, now: datetime, check_at: datetime | None
) -> None:
    """Offer it no more; it is still looked at, for who paid it in its last minutes."""
    await subscriptions.hold(tx)
    await tx.execute(SQL["expire"], charge_id=charge_id, now=now, check_at=check_at)


async def look_again(tx: TenantConnection, charge_id: int, check_at: datetime | None) -> None:
    """Note that a look changed nothing, and when to look again."""
    await tx.execute(SQL["look_again"], charge_id=charge_id, check_at=check_at)


async def record(  # noqa: PLR0913 - what was, what was told, what follows, and when
    tx: TenantConnection,
    stored: StoredCharge,
    payment: Payment,
    settlement: Settlement,
    *,
    now: datetime,
    check_at: datetime | None,
) -> None:
    """Write down what follows from `payment` for a charge that `tx` holds, whole."""
    charge = stored.charge
    approved_at = payment.approved_at or charge.approved_at
    match settlement.follows:
        case Follows.GRANT | Follows.GIVE_BACK:
            await subscriptions.grant(
                tx,
                days=charge.days,
                starts_at=approved_at or now,
                given_by=subscriptions.BY_PAYMENT,
                now=now,
                charge_id=charge.charge_id,
            )
        case Follows.TAKE_BACK:
            await subscriptions.take_back(tx, charge_id=charge.charge_id, now=now)
        case Follows.NOTHING:
            pass
    booked = await _book(tx, stored, payment, settlement, now)
    changed = settlement.state is not charge.state
    await tx.execute(
        SQL["record"],
        charge_id=charge.charge_id,
        state=settlement.state,
        detail=payment.status_detail[:100],
        payment_id=payment.payment_id,
        code=payment.code,
        ticket_url=payment.ticket_url,
        approved_at=approved_at,
        refunded=settlement.refunded,
        updated_at=payment.updated_at,
        booked=settlement.booked,
        bookings=stored.bookings + booked,
        checks=0 if changed else stored.checks + 1,
        check_at=check_at,
        now=now,
    )
    if changed or settlement.follows is not Follows.NOTHING or booked:
        detail = {
            "from": charge.state,
            "to": settlement.state,
            "days": settlement.follows,
            "payment": payment.payment_id,
            "booked": str(settlement.booked),
        }
        subject = f"charge {charge.charge_id}"
        await audit.note(tx, "charge_settled", subject, now, detail, actor=ACTOR)


async def history(
    tx: TenantConnection, *, offset: int, limit: int
) -> tuple[list[StoredCharge], int]:
    """A page of those that came to something, newest first, and how many there are."""
    rows = await tx.fetch(SQL["history"], offset=offset, limit=limit)
    total = await tx.fetchval(SQL["history_total"])
    return [_stored(row) for row in rows], cast("int", total)


async def _book(
    tx: TenantConnection,
    stored: StoredCharge,
    payment: Payment,
    settlement: Settlement,
    now: datetime,
) -> int:
    """Write what came or went since the last entry; returns how many entries that is."""
    amount = settlement.booked - stored.booked
    if amount == 0:
        return 0
    if stored.bookings == 0:
        kind, at = "received", payment.approved_at or now
    else:
        kind, at = ("restored" if amount > 0 else "returned"), payment.updated_at or now
    await tx.execute(
        SQL["book"],
        payment_id=payment.payment_id,
        number=stored.bookings + 1,
        kind=kind,
        amount=amount,
        currency=stored.charge.currency,
        at=at,
    )
    return 1


def _stored(row: asyncpg.Record) -> StoredCharge:
    values = {name: row[name] for name in CHARGE_FIELDS}
    values["state"] = ChargeState(row["state"])
    return StoredCharge(
        charge=Charge(**values),
        granted=Granted(row["granted"]),
        booked=row["booked"],
        bookings=row["bookings"],
        checks=row["checks"],
        refusal=row["refusal"],
    )
