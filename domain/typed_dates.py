"""Dates as people type them in Portuguese: hoje, amanhã, dd/mm, dd/mm/aaaa, dia N, daqui a N dias.

Nothing is guessed: what is not understood, does not exist or is absurdly far is refused with a
sentence. `today` is the tenant's local date.
"""

import re
from datetime import date, timedelta

from domain.due_dates import day_in_month, in_months, short_date
from domain.text import fold
from errors import InvalidInput

FIRST_YEAR = 2000
MAX_YEARS_AHEAD = 10
MAX_TYPED_CHARS = 40
LONGEST_MONTH_DAYS = 31
# Two leap years can be eight years apart (2096 and 2104).
LEAP_GAP_YEARS = 8

_RELATIVE_DAYS = {"ontem": -1, "hoje": 0, "amanha": 1, "depois de amanha": 2}
_IN_DAYS = re.compile(r"(?:daqui a|daqui|dentro de|em) (\d{1,4}) dias?", re.ASCII)
_DAY_OF_MONTH = re.compile(r"(?:todo )?dia (\d{1,2})", re.ASCII)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_BRAZILIAN = re.compile(
    r"(?P<day>\d{1,2})(?: de |[/.\- ])(?P<month>\d{1,2}|[a-z]{3,9})"
    r"(?:(?: de |[/.\- ])(?P<year>\d{4}|\d{2}))?",
    re.ASCII,
)
_TIME_OF_DAY = re.compile(r"[ t]\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?$", re.ASCII)
_MONTHS = (
    *("janeiro", "fevereiro", "marco", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)
_SHORT_MONTH_CHARS = 3


def parse_date(text: str, today: date, *, nearest: bool = False) -> date:
    """The date in `text`; raises InvalidInput.

    Without a year it is the next such day; with `nearest` (sheets, where dates may be past) it is
    the closest such day on either side of today.
    """
    typed = " ".join(text.split())
    words = _TIME_OF_DAY.sub("", fold(typed)) if len(typed) <= MAX_TYPED_CHARS else ""
    found = _relative(words, today) or _calendar_date(words, today, nearest=nearest)
    if found is None:
        shown = typed[:MAX_TYPED_CHARS]
        raise InvalidInput(f"Não entendi a data “{shown}”. Escreva assim: 25/12/2026.")
    return check_year(found, today)


def check_year(day: date, today: date) -> date:
    """`day`, or InvalidInput when its year is surely a slip of the fingers."""
    if not FIRST_YEAR <= day.year <= today.year + MAX_YEARS_AHEAD:
        raise InvalidInput(f"O ano de {short_date(day)} parece errado. Confira a data.")
    return day


def parse_due_date(text: str, today: date) -> date:
    """A typed due date, today or later (C1); raises InvalidInput."""
    due_on = parse_date(text, today)
    if due_on < today:
        raise InvalidInput(f"{short_date(due_on)} já passou. Mande uma data de hoje em diante.")
    return due_on


def parse_renewal_date(text: str, today: date) -> date:
    """A typed renewal date, in the future (C6); raises InvalidInput."""
    due_on = parse_date(text, today)
    if due_on <= today:
        raise InvalidInput(
            f"Para renovar, a data precisa ser depois de hoje ({short_date(today)})."
        )
    return due_on


def _relative(words: str, today: date) -> date | None:
    if words in _RELATIVE_DAYS:
        return today + timedelta(days=_RELATIVE_DAYS[words])
    if ahead := _IN_DAYS.fullmatch(words):
        return today + timedelta(days=int(ahead[1]))
    if day_only := _DAY_OF_MONTH.fullmatch(words):
        return _next_day_of_month(int(day_only[1]), today)
    return None


def _calendar_date(words: str, today: date, *, nearest: bool) -> date | None:
    parts = _ISO.fullmatch(words) or _BRAZILIAN.fullmatch(words)
    month = _month_number(parts["month"]) if parts else None
    if parts is None or month is None:
        return None
    day = int(parts["day"])
    if parts["year"]:
        found = _date_or_none(_full_year(parts["year"]), month, day)
    else:
        found = (_nearest if nearest else _upcoming)(month, day, today)
    if found is None:
        raise InvalidInput(f"A data {words} não existe no calendário.")
    return found


def _next_day_of_month(day: int, today: date) -> date:
    if not 1 <= day <= LONGEST_MONTH_DAYS:
        raise InvalidInput(f"O dia {day} não existe. Use um dia de 1 a {LONGEST_MONTH_DAYS}.")
    this_month = day_in_month(today.year, today.month, day)
    if this_month >= today:
        return this_month
    next_month = in_months(today, 1)
    return day_in_month(next_month.year, next_month.month, day)


def _month_number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    names = (name for name in _MONTHS if text in {name, name[:_SHORT_MONTH_CHARS]})
    name = next(names, None)
    return None if name is None else _MONTHS.index(name) + 1


def _full_year(text: str) -> int:
    return int(text) if len(text) > len("aa") else FIRST_YEAR + int(text)


def _upcoming(month: int, day: int, today: date) -> date | None:
    years = range(today.year, today.year + LEAP_GAP_YEARS + 1)
    candidates = (_date_or_none(year, month, day) for year in years)
    return next((found for found in candidates if found and found >= today), None)


def _nearest(month: int, day: int, today: date) -> date | None:
    years = (today.year - 1, today.year, today.year + 1)
    candidates = (_date_or_none(year, month, day) for year in years)
    return min(filter(None, candidates), key=lambda found: abs(found - today), default=None)


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
