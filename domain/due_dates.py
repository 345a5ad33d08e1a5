"""Due dates: the status of a client on one day, and the date that a plan or a renewal gives.

Dates are local dates of the tenant; `today` always comes in from outside (C1, C3, C6).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

from babel.dates import format_date

from domain.text import fold

SOON_DAYS = 3
RENEWAL_DAYS = 30
DATES_KEPT = 1_024  # in words
PLAN_DAYS = (30, 60, 90, 180, 360)

_PLAN_NAMES = {"mensal": 30, "bimestral": 60, "trimestral": 90, "semestral": 180, "anual": 360}
_PLAN = re.compile(r"(\d{1,3})(?: ?d(?:ias)?)?", re.ASCII)


class Status(Enum):
    """How a client stands on one day (C3); the value is the emoji of its button."""

    UP_TO_DATE = "🟢"
    DUE_SOON = "🟡"
    OVERDUE = "🔴"

    @property
    def emoji(self) -> str:
        """The mark shown before the name."""
        return self.value


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of a known length, in days."""

    days: int

    def due_on(self, today: date) -> date:
        """The first due date of somebody who starts today (C1: automatic from the plan)."""
        return today + timedelta(days=self.days)


def plan_length(plan: str) -> Plan | None:
    """The length behind a plan's name ("30 dias", "Mensal"), or None when free text hides it."""
    name = fold(plan)
    if typed := _PLAN.fullmatch(name):
        days = int(typed[1])
        return Plan(days) if days in PLAN_DAYS else None
    return Plan(_PLAN_NAMES[name]) if name in _PLAN_NAMES else None


def days_late(due_on: date, today: date) -> int:
    """Days since `due_on`; negative before it."""
    return (today - due_on).days


def status_of(due_on: date, today: date) -> Status:
    """🟢 more than 3 days ahead, 🟡 0 to 3 days, 🔴 overdue (C3)."""
    ahead = (due_on - today).days
    if ahead < 0:
        return Status.OVERDUE
    return Status.DUE_SOON if ahead <= SOON_DAYS else Status.UP_TO_DATE


def describe(due_on: date, today: date) -> str:
    """The status in words: "vence amanhã", "atrasado há 5 dias"."""
    late = days_late(due_on, today)
    if late > 0:
        return f"atrasado há {count_days(late)}"
    near = {0: "vence hoje", -1: "vence amanhã"}
    return near.get(late, f"vence em {count_days(-late)}")


def count_days(days: int) -> str:
    """`days` with its noun: 1 dia, 2 dias."""
    return "1 dia" if days == 1 else f"{days} dias"


def short_date(day: date) -> str:
    """dd/mm/aaaa."""
    return f"{day:%d/%m}/{day.year:04d}"


@lru_cache(maxsize=DATES_KEPT)
def long_date(day: date) -> str:
    """The date in words, as in "24 de novembro de 2026"."""
    return format_date(day, "d 'de' MMMM 'de' y", locale="pt_BR")


def renewed_by_30_days(due_on: date, today: date) -> date:
    """The "+30 dias" renewal: from the due date, or from today if overdue (C6)."""
    return max(due_on, today) + timedelta(days=RENEWAL_DAYS)


def same_day_next_month(due_on: date, today: date, agreed_day: int | None = None) -> date:
    """The agreed day in the next month, in the first such month still ahead of today (C6, C13).

    A day the month lacks becomes its last: agreed on the 31st, 31/01 renews to 28/02, and 28/02 to
    31/03. Without `agreed_day` it is the due date's own.
    """
    months = 1
    while (renewed := _agreed_in(due_on, months, agreed_day or due_on.day)) <= today:
        months += 1
    return renewed


def agreed_after(agreed_day: int | None, due_on: date) -> int:
    """The agreed day of a client whose due date becomes `due_on` (C13).

    It stands as long as `due_on` is that day, or the last of a month that lacks it. Any other date,
    chosen, typed or 30 days on, is agreed on anew.
    """
    if agreed_day and due_on == day_in_month(due_on.year, due_on.month, agreed_day):
        return agreed_day
    return due_on.day


def in_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day_in_month(year, month + 1, day.day)


def day_in_month(year: int, month: int, day: int) -> date:
    """Day `day` of that month, or its last day where the month is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _agreed_in(day: date, months: int, agreed_day: int) -> date:
    first = in_months(day.replace(day=1), months)
    return day_in_month(first.year, first.month, agreed_day)
