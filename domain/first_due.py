"""The first due date of a new client: what its plan gives, and others that are likely (C1, C13).

Dates are local dates of the tenant; `today` comes in from outside.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.due_dates import in_months, plan_length
from domain.typed_dates import parse_date

EVERY_MONTH = "Todo mês no mesmo dia"
# When most people in Brazil get their wages, so when most of what is monthly falls due.
USUAL_DAYS = (10, 5)
MOST_DATES = 3


class FirstDueWay(StrEnum):
    """How a first due date comes about."""

    PLAN_LENGTH = "plan_length"
    SAME_DAY = "same_day"
    USUAL_DAY = "usual_day"


@dataclass(frozen=True, slots=True)
class FirstDue:
    """A first due date; `agreed_day` is the day of the month behind it (C13)."""

    way: FirstDueWay
    due_on: date
    agreed_day: int


def first_due_dates(plan: str | None, today: date) -> tuple[FirstDue, ...]:
    """The date that `plan` gives, and two others; each date once."""
    length = plan_length(plan) if plan else None
    same_day = FirstDue(FirstDueWay.SAME_DAY, in_months(today, 1), today.day)
    found = [same_day]
    if length is not None:
        due_on = length.due_on(today)
        found.insert(0, FirstDue(FirstDueWay.PLAN_LENGTH, due_on, due_on.day))
    found += [
        FirstDue(FirstDueWay.USUAL_DAY, parse_date(f"dia {day}", today), day) for day in USUAL_DAYS
    ]
    by_date: dict[date, FirstDue] = {}
    for one in found:
        by_date.setdefault(one.due_on, one)
    return tuple(by_date.values())[:MOST_DATES]
