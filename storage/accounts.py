"""One account as administrators see and change it, in its own scope (A11): never a client of it.

Each act is one transaction with its entry in the log, and safe to repeat: it is done under the
number of the update that ordered it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.charges import ChargeState
from domain.undo import TOO_LATE, UNDO_FOR
from errors import AlreadyChanged, NotFound
from storage import audit, subscriptions
from storage.database import TenantConnection
from storage.sql import load

SQL = load("accounts")
SUBJECT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What an account has, counted; `waiting` are today's messages that a block would stop.

    `paid` is what `payments` charges have come to, less what went back.
    """

    blocked_at: datetime | None
    blocked_why: str | None
    clients: int
    today: int
    waiting: int
    sent: int
    payments: int
    paid: Decimal


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A charge that money came of; `booked` is what is left of it."""

    state: ChargeState
    booked: Decimal
    amount: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class ActRow:
    """Something that was done to the account, as it was noted."""

    at: datetime
    actor: str
    action: str
    subject: str | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """Days that were given a moment ago, under the number of their order."""

    number: int
    days: int
    at: datetime


def actor(by: int) -> str:
    """How an administrator is noted."""
    return f"admin {by}"


async def counts(tx: TenantConnection, today: date) -> Counts:
    """What the account has; raises NotFound where there is none."""
    row = await tx.fetchrow(SQL["counts"], today=today)
    if row is None:
        raise NotFound(f"account {tx.tenant_id}")
    return Counts(**dict(row))


async def payments(tx: TenantConnection, page: int, rows: int) -> list[PaymentRow]:
    """A page of what the account has paid, newest first."""
    found = await tx.fetch(SQL["payments"], skip=(page - 1) * rows, rows=rows)
    return [
        PaymentRow(ChargeState(row["status"]), row["booked"], row["amount"], row["at"])
        for row in found
    ]


async def acts(tx: TenantConnection, most: int) -> Sequence[ActRow]:
    """What was done to the account last, newest first."""
    return [ActRow(**dict(row)) for row in await tx.fetch(SQL["acts"], most=most)]


async def last_given(tx: TenantConnection, now: datetime) -> Given | None:
    """The days that can still be taken back."""
    row = await tx.fetchrow(SQL["last_given"], after=now - UNDO_FOR)
    return None if row is None else Given(**dict(row))


async def give(tx: TenantConnection, *, days: int, number: int, by: int, now: datetime) -> bool:
    """Grant days from now on (A5); true now and when it is ordered again. Raises NotSignedUp."""
    await subscriptions.hold(tx)
    if not await _begins(tx, "give", number=number, by=by, now=now):
        return True
    await subscriptions.grant(tx, days=days, starts_at=now, given_by=actor(by), now=now)
    given = (await subscriptions.grants(tx))[-1]
    await tx.execute(SQL["note_grant"], number=number, grant_id=given.grant_id)
    await audit.note(tx, "give days", SUBJECT, now, {"days": days}, actor=actor(by))
    return True


async def take_back(tx: TenantConnection, *, number: int, by: int, now: datetime) -> int:
    """Take back what was given under a number; returns its days, 0 where it was taken already.

    Raises:
        NotFound: nothing was given under it.
        AlreadyChanged: it is too late.
    """
    await subscriptions.hold(tx)
    row = await tx.fetchrow(SQL["given"], number=number)
    if row is None:
        raise NotFound(f"nothing given under {number}")
    if row["taken_back_at"] is not None:
        return 0
    if now > row["at"] + UNDO_FOR:
        raise AlreadyChanged(TOO_LATE)
    await subscriptions.take_back(tx, grant_id=row["grant_id"], now=now)
    detail = {"days": row["days"]}
    await audit.note(tx, "take days back", SUBJECT, now, detail, actor=actor(by))
    return int(row["days"])


async def block(tx: TenantConnection, *, why: str, number: int, by: int, now: datetime) -> bool:
    """Shut the account out, with a reason; false where somebody else had done so."""
    await subscriptions.hold(tx)
    if not await _begins(tx, "block", number=number, by=by, now=now):
        return True
    if await tx.fetchval(SQL["block"], why=why, now=now) is None:
        return False
    # The reason is words about a person: it stands on the account alone, and not in the log.
    await audit.note(tx, "block", SUBJECT, now, actor=actor(by))
    return True


async def unblock(tx: TenantConnection, *, number: int, by: int, now: datetime) -> bool:
    """Let the account in again; false where it was in."""
    await subscriptions.hold(tx)
    if not await _begins(tx, "unblock", number=number, by=by, now=now):
        return True
    if await tx.fetchval(SQL["unblock"]) is None:
        return False
    await audit.note(tx, "unblock", SUBJECT, now, actor=actor(by))
    return True


async def _begins(tx: TenantConnection, act: str, *, number: int, by: int, now: datetime) -> bool:
    begun = await tx.fetchval(SQL["begin_act"], number=number, act=act, by=by, now=now)
    return begun is not None
