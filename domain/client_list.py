"""The list of clients as the owner walks through it: filters, places, pages, figures (C3)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

# Rows of one page: lines and buttons share one screen of a phone.
ROWS = 6


class Which(StrEnum):
    """The filters of the list (C3)."""

    ALL = "all"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    UP_TO_DATE = "up_to_date"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where in the list the owner is: filter, page from 1, tag by its id, and what was searched."""

    which: Which = Which.ALL
    page: int = 1
    tag: int | None = None
    search: str = ""

    def within(self, pages: int) -> "ListPlace":
        """This place, or the nearest that `pages` pages have."""
        return replace(self, page=clamped(self.page, pages))


FIRST_PLACE = ListPlace()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The header of the list (C3), of everybody but the archived, money of the month of `month`.

    `overdue_value` is what the overdue still owe of their price, `to_come` the same of those who
    fall due from today to the month's end. `received` is the ledger's (C9).
    """

    month: date
    up_to_date: int
    due_soon: int
    overdue: int
    overdue_value: Decimal
    to_come: Decimal
    received: Decimal
    archived: int

    @property
    def expected(self) -> Decimal:
        """What the month brings if everybody pays: the three add up to it."""
        return self.received + self.to_come + self.overdue_value

    @property
    def active(self) -> int:
        """Everybody but the archived."""
        return self.up_to_date + self.due_soon + self.overdue


def pages_of(total: int, rows: int = ROWS) -> int:
    """How many pages `total` rows fill; never less than one."""
    return max(1, -(-total // rows))


def clamped(page: int, pages: int) -> int:
    """The page asked for, or the nearest there is."""
    return min(max(1, page), pages)
