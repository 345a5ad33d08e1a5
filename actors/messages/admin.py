"""What administrators ask and order (A11). `by` is the chat that asks: it is checked again.

Accounts are told by their own data and by counts; nobody's client is in any answer.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actors.runtime import Request
from domain.administration import FIRST_ACCOUNTS, AccountPlace, LineHealth
from domain.subscription import Standing


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account in a list; `ends_on` is the local day its access ends on."""

    tenant_id: int
    name: str
    standing: Standing
    ends_on: date


@dataclass(frozen=True, slots=True)
class Accounts:
    """A page of accounts; `place` is the one that is shown, `total` counts all pages.

    `today` is the day in São Paulo.
    """

    today: date
    lines: tuple[AccountLine, ...]
    place: AccountPlace
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class MonthMoney:
    """What a month brought in, less what went back; `payments` counts what came in."""

    month: date
    amount: Decimal
    payments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminHome:
    """The platform at a glance: each count is that of the list it opens.

    `messages` are those of today, each account's own; `delivered` of them arrived.
    """

    counts: dict[Standing, int]
    accounts: Accounts
    this_month: MonthMoney
    last_month: MonthMoney
    to_pay: int
    to_pay_amount: Decimal
    lines: dict[LineHealth, int]
    messages: int
    delivered: int


@dataclass(frozen=True, slots=True)
class GetAdminHome(Request[AdminHome]):
    """The first screen, with a page of accounts. Raises NotFound for who does not administer."""

    by: int
    place: AccountPlace = FIRST_ACCOUNTS


@dataclass(frozen=True, slots=True)
class GetAccounts(Request[Accounts]):
    """A page of accounts. Raises NotFound for who does not administer."""

    by: int
    place: AccountPlace = FIRST_ACCOUNTS
