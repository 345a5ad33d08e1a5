"""Renewing: the dates to choose from, what each gives away, and what is left to pay (C6, C13, C14).

Dates are local dates of the tenant; `today` comes in from outside. Money is Decimal, in reais.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.clients import Client
from domain.due_dates import (
    RENEWAL_DAYS,
    days_late,
    in_months,
    plan_length,
    same_day_next_month,
    short_date,
)
from domain.money import CENT, MAX_PRICE, format_brl
from domain.text import fold
from errors import InvalidInput

ZERO = Decimal("0.00")


class RenewalWay(StrEnum):
    """How a new due date comes about."""

    THIRTY_FROM_TODAY = "thirty_from_today"
    THIRTY_FROM_DUE = "thirty_from_due"
    SAME_DAY = "same_day"
    PLAN_LENGTH = "plan_length"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RenewalChoice:
    """One date to choose; `free_days` since the old due date are not paid for."""

    way: RenewalWay
    due_on: date
    free_days: int


def renewal_choices(client: Client, today: date) -> tuple[RenewalChoice, ...]:
    """What a renewal of `client` on `today` may come to, the likeliest first.

    Two may give one date and are both kept: the next renewal will tell them apart (C13).
    """
    ways = [*_by_plan(client, today), *_by_thirty_days(client, today)]
    same_day = _same_day(client, today)
    return (same_day, *ways) if _is_by_month(client) else (*ways, same_day)


def check_renewal(due_on: date, today: date) -> date:
    """A date to renew to, after today (C6); raises InvalidInput."""
    if due_on <= today:
        raise InvalidInput(
            f"Para renovar, a data precisa ser depois de hoje ({short_date(today)})."
        )
    return due_on


def check_amount(amount: Decimal) -> Decimal:
    """What was paid with a renewal, in whole cents; nothing is an amount. Raises InvalidInput."""
    if not amount.is_finite() or not 0 <= amount <= MAX_PRICE:
        raise InvalidInput(f"O valor vai de zero até {format_brl(MAX_PRICE)}.")
    return amount.quantize(CENT)


def still_open(price: Decimal | None, paid: Decimal) -> Decimal:
    """What is left of `price` after `paid`; never less than nothing."""
    return max(ZERO, (price or ZERO) - paid)


def already_moved(client: Client) -> str:
    """What the owner reads who would renew from a due date that stands no more."""
    return (
        f"{client.name} agora vence em {short_date(client.due_on)}: o vencimento já mudou. "
        "Veja como está antes de renovar de novo."
    )


def due_date_stays(name: str | None, due_on: date | None) -> str:
    """What a change of a payment does to the due date: nothing (C14)."""
    if name is None or due_on is None:
        return "O cliente já foi apagado: muda só o que foi recebido."
    return f"O vencimento de {name} continua em {short_date(due_on)}."


def _by_plan(client: Client, today: date) -> Iterator[RenewalChoice]:
    length = plan_length(client.plan) if client.plan else None
    if length is not None and length.days != RENEWAL_DAYS:
        due_on = max(client.due_on, today) + timedelta(days=length.days)
        yield RenewalChoice(RenewalWay.PLAN_LENGTH, due_on, _late(client, today))


def _by_thirty_days(client: Client, today: date) -> Iterator[RenewalChoice]:
    """From today only who is late, and from the due date unless that is past again (C6)."""
    thirty = timedelta(days=RENEWAL_DAYS)
    late = _late(client, today)
    if late:
        yield RenewalChoice(RenewalWay.THIRTY_FROM_TODAY, today + thirty, late)
    if client.due_on + thirty > today:
        yield RenewalChoice(RenewalWay.THIRTY_FROM_DUE, client.due_on + thirty, 0)


def _same_day(client: Client, today: date) -> RenewalChoice:
    due_on = same_day_next_month(client.due_on, today, client.agreed_day)
    # The month that is paid for begins where the one before it ended.
    begins = in_months(due_on, -1)
    return RenewalChoice(RenewalWay.SAME_DAY, due_on, max(0, (begins - client.due_on).days))


def _is_by_month(client: Client) -> bool:
    """Whether the client surely pays by the calendar: its plan says so, or its agreed day does."""
    by_name = client.plan is not None and "todo mes" in fold(client.plan)
    return by_name or client.agreed_day != client.due_on.day


def _late(client: Client, today: date) -> int:
    return max(0, days_late(client.due_on, today))
