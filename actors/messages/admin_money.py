"""What administrators ask of the platform's own money (A11). `by` is the chat that asks."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from actors.messages.admin import AccountLine, MonthMoney
from actors.runtime import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """What months brought in: those of a page, and those of the picture that ends with them.

    `shown` and `drawn` are in the order of the calendar, each month in it, also one without money.
    """

    shown: tuple[MonthMoney, ...]
    drawn: tuple[MonthMoney, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class GetRevenue(Request[Revenue]):
    """What months brought in; page 1 ends with the present one."""

    by: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class RevenueEntry:
    """Money that came (or went: then below zero) on a day; None for an account that is erased."""

    on: date
    amount: Decimal
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthEntries:
    """A page of the entries that `money` is the sum of."""

    money: MonthMoney
    entries: tuple[RevenueEntry, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class GetMonthEntries(Request[MonthEntries]):
    """The entries of a month (its first day), newest first."""

    by: int
    month: date
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Who would pay again within `days`, and what they would pay at today's `price`.

    Counted are accounts that have paid, are in, and come to their end in that time; those on
    trial are not: nobody knows whether they will.
    """

    days: int
    price: Decimal
    amount: Decimal
    today: date
    lines: tuple[AccountLine, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class GetForecast(Request[Forecast]):
    """What is to come in the next 30 days."""

    by: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A charge that can be paid, made and running out in São Paulo's time."""

    tenant_id: int
    name: str
    amount: Decimal
    made: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCharges:
    """A page of the charges that can be paid; `amount` is the sum of all `total` of them."""

    today: date
    lines: tuple[ChargeLine, ...]
    amount: Decimal
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class GetWaitingCharges(Request[WaitingCharges]):
    """The charges that can be paid, those that run out first on top."""

    by: int
    page: int = 1
