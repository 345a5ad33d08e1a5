"""What somebody meant who typed a date that does not exist, or is past: why, and the likeliest.

Nothing here is taken for what was meant: the dates are offered, and chosen by a touch (law 7).
`today` is the tenant's local date.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from domain.due_dates import day_in_month, in_months
from domain.text import fold, plain
from domain.typed_dates import MAX_TYPED_CHARS, parse_date, parse_due_date, parse_renewal_date
from errors import InvalidInput

MOST_DATES = 2
MONTHS_OF_YEAR = 12
LONGEST_MONTH_DAYS = 31
DAYS_OF_WEEK = 7
FIRST_YEAR = 2000
FEBRUARY_29 = (29, 2)

_TYPED = re.compile(
    r"(?:dia )?(?P<day>\d{1,2})(?:[/.\-]| de )(?P<month>\d{1,2})(?:[/.\-](?P<year>\d{4}|\d{2}))?",
    re.ASCII,
)
_WEEKDAYS = ("segunda", "terca", "quarta", "quinta", "sexta", "sabado", "domingo")
_MONTHS = (
    *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)


def read_due_date(text: str, today: date) -> date:
    """A typed due date, today or later (C1); InvalidInput says what is wrong with the month."""
    return _read(parse_due_date, text, today)


def read_renewal_date(text: str, today: date) -> date:
    """A typed date to renew to, after today (C6); InvalidInput as for `read_due_date`."""
    return _read(parse_renewal_date, text, today)


def likely_dates(text: str, today: date) -> tuple[date, ...]:
    """What may have been meant by a due date that `read_due_date` refuses; from today on."""
    if len(text) > MAX_TYPED_CHARS:
        return ()
    found = [*_of_short_month(text, today), *_of_swapped(text, today), *_of_past(text, today)]
    found += _of_weekday(text, today)
    return tuple(dict.fromkeys(one for one in found if one >= today))[:MOST_DATES]


def _read(parse: Callable[[str, date], date], text: str, today: date) -> date:
    try:
        return parse(text, today)
    except InvalidInput:
        short_month = _short_month(text, today)
        if short_month is None or (short_month[0], short_month[1].month) == FEBRUARY_29:
            raise
    day, first = short_month
    last = calendar.monthrange(first.year, first.month)[1]
    raise InvalidInput(
        f"{day:02}/{first.month:02} não existe: em {first.year}, "
        f"{_MONTHS[first.month - 1]} vai só até o dia {last}."
    )


def _of_short_month(text: str, today: date) -> list[date]:
    """The month's last day, and that day in the month before."""
    short_month = _short_month(text, today)
    if short_month is None:
        return []
    day, first = short_month
    last = day_in_month(first.year, first.month, LONGEST_MONTH_DAYS)
    if day > LONGEST_MONTH_DAYS:
        return [last]
    before = in_months(first, -1)
    return [last, day_in_month(before.year, before.month, day)]


def _short_month(text: str, today: date) -> tuple[int, date] | None:
    """The day that was typed and the first of its month, where that month has no such day."""
    day, month, year = _typed(text)
    if not 1 <= month <= MONTHS_OF_YEAR or day == 0:
        return None
    years = [year] if year else [today.year, today.year + 1]
    for one in years:
        if day_in_month(one, month, LONGEST_MONTH_DAYS) >= today:
            last = calendar.monthrange(one, month)[1]
            return (day, date(one, month, 1)) if day > last else None
    return None


def _of_swapped(text: str, today: date) -> list[date]:
    """The month first, as elsewhere: 12/25."""
    day, month, year = _typed(text)
    if month <= MONTHS_OF_YEAR or not 1 <= day <= MONTHS_OF_YEAR:
        return []
    swapped = f"{month}/{day}" + (f"/{year}" if year else "")
    found = _parsed(swapped, today)
    return [] if found is None else [found]


def _of_past(text: str, today: date) -> list[date]:
    """That day again: the next such date, and the next such day of a month."""
    found = _parsed(text, today)
    day, _, year = _typed(text)
    if found is None or found >= today or not year:
        return []
    again = (_parsed(f"{found:%d/%m}", today), _parsed(f"dia {day}", today))
    return [one for one in again if one is not None]


def _of_weekday(text: str, today: date) -> list[date]:
    name = re.split(r"[ -]", fold(plain(text)))[0]
    if name != _WEEKDAYS[today.weekday()]:
        return []
    return [today, today + timedelta(days=DAYS_OF_WEEK)]


def _typed(text: str) -> tuple[int, int, int]:
    """Day, month and year as they were typed, zero for what was not."""
    found = _TYPED.fullmatch(fold(plain(text)))
    if found is None:
        return 0, 0, 0
    year = int(found["year"] or 0)
    if found["year"] and year < FIRST_YEAR and len(found["year"]) == len("aa"):
        year += FIRST_YEAR
    return int(found["day"]), int(found["month"]), year


def _parsed(text: str, today: date) -> date | None:
    try:
        return parse_date(text, today)
    except InvalidInput:
        return None
