"""Months of the calendar, as the platform's money is counted in: in São Paulo's time."""

from datetime import date, datetime, time

from domain.schedule import DEFAULT_ZONE, instant


def month_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first day of the month after the one that begins with `month`."""
    return _shifted(month, 1)


def last_months(month: date, count: int) -> list[date]:
    """The first days of so many months, the latest being `month`, in their order."""
    return [_shifted(month, -back) for back in range(count - 1, -1, -1)]


def months_back(month: date, count: int) -> date:
    """The first day of the month that is so many months before `month`."""
    return _shifted(month, -count)


def months_between(first: date, last: date) -> int:
    """How many months lie from `first` to `last`; 0 for the same, never less."""
    return max(0, (last.year - first.year) * 12 + last.month - first.month)


def month_instants(month: date) -> tuple[datetime, datetime]:
    """When a month begins, and when the next one does, UTC."""
    begins, ends = (instant(day, time(0), DEFAULT_ZONE) for day in (month, month_after(month)))
    return begins, ends


def _shifted(month: date, by: int) -> date:
    year, index = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, index + 1, 1)
