"""What the buttons about a client's money and fields say: renewals, payments, edits, switches.

A deal stands in its button, so pressing it twice is the same deal (C6). Ways back begin with the
letter of who reads them (law 4).
"""

from datetime import date
from decimal import Decimal

from aiogram.filters.callback_data import CallbackData

EDIT_OWNER = "e"
"""The first letter of the way back to the fields of a client."""
RENEWAL_OWNER = "r"
"""The first letter of the way back to the dates of a renewal."""
PAYMENT_OWNER = "p"
"""The first letter of the way back to one payment."""
LEDGER_OWNER = "m"
"""The first letter of the way back to the payments of a client."""
_FIRST_DAY = date(2000, 1, 1).toordinal()
_DAY_SIGNS = 3
_BASE = 36
_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"


class StartNew(CallbackData, prefix="nc"):
    """Register a new client, or go on with that."""

    origin: str = ""


class StartRenewal(CallbackData, prefix="rw"):
    """The dates and the amount of a renewal to choose from; `cents` were received, if not all."""

    client_id: int
    origin: str = ""
    cents: int | None = None


class Renew(CallbackData, prefix="rn"):
    """Renew a client; `deal` as `pack_deal` writes it."""

    client_id: int
    deal: str
    origin: str = ""


class AskRenewalDate(CallbackData, prefix="rd"):
    """Ask for another date to renew to."""

    client_id: int
    origin: str = ""
    cents: int | None = None


class AskRenewalAmount(CallbackData, prefix="ra"):
    """Ask how much was received."""

    client_id: int
    origin: str = ""


class SendNow(CallbackData, prefix="sn"):
    """Send a client the message that was shown; `kind` is r for renewal, w for welcome."""

    client_id: int
    kind: str
    origin: str = ""


class ShowEdit(CallbackData, prefix="ed"):
    """The fields of a client, to choose one."""

    client_id: int
    origin: str = ""


class EditField(CallbackData, prefix="ef"):
    """Ask for one field of a client anew: its name, or "o" with the place of an own one."""

    client_id: int
    field: str
    origin: str = ""


class ShowSwitches(CallbackData, prefix="sw"):
    """The two switches of a client."""

    client_id: int
    origin: str = ""


class TurnSwitch(CallbackData, prefix="st"):
    """Turn a switch of a client: b for billing, n for notices."""

    client_id: int
    switch: str
    on: bool
    origin: str = ""


class ShowPayments(CallbackData, prefix="py"):
    """A page of the payments of a client."""

    client_id: int
    page: int = 1
    origin: str = ""


class ShowMonthPayments(CallbackData, prefix="pm"):
    """A page of all payments of a month ("2026-12"; the present one without)."""

    page: int = 1
    origin: str = ""
    month: str = ""


class ShowPayment(CallbackData, prefix="pv"):
    """One payment, out of a page of the client's, or of the month's."""

    payment_id: int
    page: int = 1
    of_month: bool = False
    origin: str = ""


class CountPayment(CallbackData, prefix="ps"):
    """Received after all, or not."""

    payment_id: int
    counts: bool
    page: int = 1
    of_month: bool = False
    origin: str = ""


class CorrectPress(CallbackData, prefix="pf"):
    """Ask what is right: a for the amount, d for the day, n for the note."""

    payment_id: int
    what: str
    page: int = 1
    of_month: bool = False
    origin: str = ""


class StartPayment(CallbackData, prefix="pn"):
    """Ask how much a client has paid, without renewing."""

    client_id: int
    origin: str = ""


def pack_deal(before: date, due_on: date, amount: Decimal) -> str:
    """What is agreed on, in eleven signs at most: both due dates, and the cents received."""
    days = (_in_base(day.toordinal() - _FIRST_DAY).zfill(_DAY_SIGNS) for day in (before, due_on))
    return "".join(days) + _in_base(cents_of(amount))


def unpack_deal(packed: str) -> tuple[date, date, Decimal]:
    """The due date before, the one after, and the amount; raises ValueError."""
    numbers = (packed[:_DAY_SIGNS], packed[_DAY_SIGNS : 2 * _DAY_SIGNS], packed[2 * _DAY_SIGNS :])
    before, after, cents = (int(number, _BASE) for number in numbers)
    return (
        date.fromordinal(_FIRST_DAY + before),
        date.fromordinal(_FIRST_DAY + after),
        amount_of(cents),
    )


def cents_of(amount: Decimal) -> int:
    """An amount as a button carries it."""
    return int(amount * 100)


def amount_of(cents: int) -> Decimal:
    """The amount that a button carries."""
    return Decimal(cents).scaleb(-2)


def _in_base(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, _BASE)
        digits = _SIGNS[digit] + digits
    return digits
