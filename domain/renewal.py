"""Renewing: the dates to choose from, what each gives away, and what is left to pay (C6, C13, C14).

Dates are local dates of the tenant; `today` comes in from outside.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RenewalWay(StrEnum):
    """How a new due date comes about."""

    THIRTY_FROM_TODAY = "thirty_from_today"
    THIRTY_FROM_DUE = "thirty_from_due"
    SAME_DAY = "same_day"
    PLAN_LENGTH = "plan_length"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RenewalChoice:
    """One date to choose; `free_days` of the delay are not paid for."""

    way: RenewalWay
    due_on: date
    free_days: int
