"""What administrators ask and order (A11). `by` is the chat that asks: it is checked again.

Accounts are told by their own data and by counts; nobody's client is in any answer.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from actors.runtime import Request
from domain.administration import FIRST_ACCOUNTS, AccountPlace, LineHealth
from domain.charges import ChargeState
from domain.deliveries import Deliveries
from domain.subscription import Standing
from domain.whatsapp import SessionState


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

    @classmethod
    def none(cls, month: date) -> Self:
        """A month in which no money moved."""
        return cls(month, Decimal(0), 0)


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


@dataclass(frozen=True, slots=True)
class AccountAct:
    """Something that was done to an account, in a sentence; local."""

    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class GivenDays:
    """Days that were given a moment ago: they can be taken back `until` (local)."""

    number: int
    days: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDetail:
    """One account: its own data, and counts. Days and instants are in its own zone.

    `paid` is what `payments` charges have come to, less what went back. `waiting` are today's
    messages that a block would stop.
    """

    tenant_id: int
    name: str
    owner: str
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    since: date
    today: date
    standing: Standing
    ends_on: date
    blocked_on: date | None
    blocked_why: str | None
    state: SessionState | None
    line: LineHealth
    facts: Deliveries
    clients: int
    messages_today: int
    waiting: int
    sent: int
    payments: int
    paid: Decimal
    acts: tuple[AccountAct, ...]
    given: GivenDays | None


@dataclass(frozen=True, slots=True)
class GetAccountDetail(Request[AccountDetail]):
    """One account. Raises NotFound."""

    by: int
    tenant_id: int


@dataclass(frozen=True, slots=True)
class AccountPayment:
    """A charge that money came of, on a local day; `left` is what did not go back of it."""

    on: date
    amount: Decimal
    left: Decimal
    state: ChargeState


@dataclass(frozen=True, slots=True)
class AccountPayments:
    """A page of what an account has paid; `paid` is the sum of all pages."""

    name: str
    payments: tuple[AccountPayment, ...]
    paid: Decimal
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class GetAccountPayments(Request[AccountPayments]):
    """What an account has paid, newest first. Raises NotFound."""

    by: int
    tenant_id: int
    page: int = 1


# Acts. `number` is that of the update that orders it: the same number is one act.


@dataclass(frozen=True, slots=True)
class GiveDays(Request[AccountDetail]):
    """Grant days from now on. Raises NotFound, and InvalidInput for a number that is none."""

    by: int
    tenant_id: int
    days: int
    number: int


@dataclass(frozen=True, slots=True)
class TakeDaysBack(Request[AccountDetail]):
    """Take back what was given under a number. Raises NotFound; AlreadyChanged where it is late."""

    by: int
    tenant_id: int
    number: int


@dataclass(frozen=True, slots=True)
class BlockAccount(Request[AccountDetail]):
    """Shut an account out; its owner reads why. Raises NotFound."""

    by: int
    tenant_id: int
    why: str
    number: int


@dataclass(frozen=True, slots=True)
class UnblockAccount(Request[AccountDetail]):
    """Let an account in again. Raises NotFound."""

    by: int
    tenant_id: int
    number: int
