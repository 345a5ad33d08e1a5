"""The platform's own money across accounts (A11): what came in by month, what is to come.

What came in is the ledger's alone, which an erased account does not take along. What is to come is
counted from accounts and charges as they are now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.subscription import Standing
from storage.administration import AccountRow, Money
from storage.database import DispatcherConnection
from storage.sql import load

SQL = load("revenue")


@dataclass(frozen=True, slots=True)
class Entry:
    """Money that came or went; `name` is the account's, None once that is erased."""

    at: datetime
    kind: str
    amount: Decimal
    name: str | None


@dataclass(frozen=True, slots=True)
class WaitingCharge:
    """A charge that can be paid until it runs out."""

    tenant_id: int
    name: str
    amount: Decimal
    created_at: datetime
    expires_at: datetime


async def months(
    connection: DispatcherConnection, since: datetime, until: datetime
) -> Mapping[date, Money]:
    """What each month brought in, by its first day; without those in which nothing moved."""
    rows = await connection.fetch(SQL["months"], since=since, until=until)
    return {row["month"]: Money(row["amount"], row["payments"]) for row in rows}


async def first_at(connection: DispatcherConnection) -> datetime | None:
    """When money first moved; None before any did."""
    found: datetime | None = await connection.fetchval(SQL["first_money_at"])
    return found


async def entries(  # noqa: PLR0913 - a page of a stretch of time
    connection: DispatcherConnection,
    since: datetime,
    until: datetime,
    now: datetime,
    *,
    page: int,
    rows: int,
) -> tuple[list[Entry], int]:
    """A page of what came and went, newest first, and how many there are on all."""
    found = await connection.fetch(
        SQL["entries"], since=since, until=until, now=now, page=page, rows=rows
    )
    shown = [Entry(row["at"], row["kind"], row["amount"], row["name"]) for row in found]
    return shown, found[0]["total"] if found else 0


async def expected(  # noqa: PLR0913 - a page of a stretch of days
    connection: DispatcherConnection,
    first: date,
    last: date,
    now: datetime,
    *,
    page: int,
    rows: int,
) -> tuple[list[AccountRow], int]:
    """A page of who would pay again from `first` to `last`, and how many they are on all.

    That is every account that has paid at least once, what it paid not all taken back, that is in
    now, neither blocked nor over, and whose access ends on one of those days. Accounts on trial are
    not counted: nobody knows whether they will pay.
    """
    found = await connection.fetch(
        SQL["expected"], first=first, last=last, now=now, page=page, rows=rows
    )
    accounts = [
        AccountRow(row["tenant_id"], row["name"], Standing(row["standing"]), row["ends_on"])
        for row in found
    ]
    return accounts, found[0]["total"] if found else 0


async def waiting(
    connection: DispatcherConnection, now: datetime, *, page: int, rows: int
) -> tuple[list[WaitingCharge], Money]:
    """A page of the charges that can be paid, and what they all come to."""
    found = await connection.fetch(SQL["waiting"], now=now, page=page, rows=rows)
    fields = WaitingCharge.__dataclass_fields__
    shown = [WaitingCharge(**{name: row[name] for name in fields}) for row in found]
    total = Money(found[0]["sum"], found[0]["total"]) if found else Money(Decimal(0), 0)
    return shown, total
