"""What administrators see of all accounts together (A11): accounts by their own data, and counts.

Asked across tenants of functions that can read nothing else; of a client nobody here learns a
name, a phone or a word.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.administration import ACCOUNT_ROWS, AccountPlace, LineHealth, health
from domain.deliveries import Deliveries
from domain.schedule import zone_named
from domain.subscription import Standing
from domain.text import fold
from domain.whatsapp import SessionState
from storage.database import DispatcherConnection
from storage.sql import load

SQL = load("administration")
FEWEST_DIGITS = 4
"""Fewer digits are a part of a name rather than of a phone."""
_FACTS = tuple(Deliveries.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in a list: what its business is called, and the local day its access ends on."""

    tenant_id: int
    name: str
    standing: Standing
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOwn:
    """What an account says of itself; `ends_on` is a day in its own `zone`."""

    tenant_id: int
    name: str
    owner: str
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    created_at: datetime
    zone: ZoneInfo
    standing: Standing
    ends_on: date


@dataclass(frozen=True, slots=True)
class LineRow:
    """How the WhatsApp line of an account does, and its messages of today that arrived."""

    tenant_id: int
    name: str
    health: LineHealth
    facts: Deliveries
    today: int
    today_delivered: int


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, and how many charges it is made of."""

    amount: Decimal
    charges: int


async def counts(connection: DispatcherConnection, now: datetime) -> dict[Standing, int]:
    """How many accounts stand where; those that nobody has are there, too (G2)."""
    rows = await connection.fetch(SQL["counts"], now=now)
    return dict.fromkeys(Standing, 0) | {Standing(row["standing"]): row["accounts"] for row in rows}


async def page(
    connection: DispatcherConnection, place: AccountPlace, now: datetime, rows: int = ACCOUNT_ROWS
) -> tuple[list[AccountRow], int]:
    """A page of accounts, or the nearest there is, and how many there are on all."""
    standings = [*place.which.standings]
    found = await connection.fetch(
        SQL["page"],
        now=now,
        standings=standings or None,
        needle=fold(place.search).strip(),
        digits=_digits(place.search),
        page=max(place.page, 1),
        rows=rows,
    )
    accounts = [
        AccountRow(row["tenant_id"], row["name"], Standing(row["standing"]), row["ends_on"])
        for row in found
    ]
    return accounts, found[0]["total"] if found else 0


async def account(
    connection: DispatcherConnection, tenant_id: int, now: datetime
) -> AccountOwn | None:
    """What an account says of itself; None where there is none."""
    row = await connection.fetchrow(SQL["account"], account=tenant_id, now=now)
    if row is None:
        return None
    found = dict(row) | {"standing": Standing(row["standing"]), "zone": zone_named(row["zone"])}
    return AccountOwn(**found)


async def lines(connection: DispatcherConnection, now: datetime) -> list[LineRow]:
    """How the line of every account does, those whose access ends first on top."""
    found = []
    for row in await connection.fetch(SQL["lines"], now=now):
        facts = Deliveries(**{name: row[name] for name in _FACTS})
        state = None if row["state"] is None else SessionState(row["state"])
        doing = health(state, facts)
        found.append(
            LineRow(
                row["tenant_id"], row["name"], doing, facts, row["today"], row["today_delivered"]
            )
        )
    return found


async def received(connection: DispatcherConnection, since: datetime, until: datetime) -> Money:
    """What came in from `since` up to `until`, less what went back; counts what came in."""
    row = await connection.fetchrow(SQL["money"], since=since, until=until)
    assert row is not None  # noqa: S101 - aggregates always have their row
    return Money(row["amount"], row["payments"])


async def to_pay(connection: DispatcherConnection, now: datetime) -> Money:
    """What waits to be paid."""
    row = await connection.fetchrow(SQL["to_pay"], now=now)
    assert row is not None  # noqa: S101 - aggregates always have their row
    return Money(row["amount"], row["charges"])


def _digits(search: str) -> str:
    """What is searched as a phone or an id; empty where it is none."""
    digits = re.sub(r"\D", "", search)
    is_number = len(digits) >= FEWEST_DIGITS and not re.search(r"[^\W\d]", search)
    return digits if is_number else ""
