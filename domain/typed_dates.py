"""Dates as people type them in Portuguese: hoje, sexta, dd/mm, dd/mm/aaaa, dia N, daqui a N dias.

Nothing is guessed: what is not understood, does not exist or is absurdly far is refused with a
sentence. `today` is the tenant's local date.
"""

import re
from datetime import date, timedelta

from domain.due_dates import agreed_after, day_in_month, in_months, short_date
from domain.text import fold, plain
from errors import InvalidInput

FIRST_YEAR = 2000
MAX_YEARS_AHEAD = 10
MAX_TYPED_CHARS = 40
LONGEST_MONTH_DAYS = 31
FEBRUARY_29 = (2, 29)
DAYS_OF_WEEK = 7

MONTHS_OF_YEAR = 12

_RELATIVE_DAYS = {"anteontem": -2, "ontem": -1, "hoje": 0, "amanha": 1, "depois de amanha": 2}
_COUNTS = dict.fromkeys(("um", "uma"), 1) | dict.fromkeys(("dois", "duas"), 2)
_COUNTS |= {"tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8, "nove": 9}
_COUNTS |= {"dez": 10, "quinze": 15, "vinte": 20, "trinta": 30}
_AHEAD = re.compile(
    rf"(?:(?:(?:daqui|dentro|em|a)(?: a| de| em)? )?(?P<count>\d{{1,4}})"
    rf"|(?:daqui|dentro|em)(?: a| de| em)? (?P<word>{'|'.join(_COUNTS)})) ?"
    r"(?P<unit>dias?|semanas?|mes|meses|anos?)",
    re.ASCII,
)
_DAY_OF_MONTH = re.compile(r"(?:dia )?(\d{1,2})o?", re.ASCII)
_LAST_OF_MONTH = re.compile(r"(?:(?:no )?(?:fim|final) do mes|ultimo dia do mes)")
_WEEKDAYS = ("segunda", "terca", "quarta", "quinta", "sexta", "sabado", "domingo")
_WEEKDAY = re.compile(
    rf"(?P<next>proxim[oa] )?(?:(?P<name>{'|'.join(_WEEKDAYS)})|(?P<number>[2-6])a)"
    r"(?:[ -]?feira)?(?P<coming> que vem)?",
    re.ASCII,
)
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})", re.ASCII)
_BRAZILIAN = re.compile(
    r"(?:dia )?(?P<day>\d{1,2})o?(?: de |[/.\- ])(?P<month>\d{1,2}|[a-z]{3,9})"
    r"(?:(?: de |[/.\- ])(?P<year>\d{4}|\d{2}))?",
    re.ASCII,
)
_DIGITS_ONLY = re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>2\d{3})", re.ASCII)
_TIME_OF_DAY = re.compile(
    r"(?:[ t]| as )\d{1,2}(?::\d{2}(?::\d{2})?(?:\.\d+)?(?:z|[+-]\d{2}:?\d{2})?|h(?:\d{2})?)$",
    re.ASCII,
)
_INTRODUCTION = re.compile(
    r"^(?:(?:vencimento|vence(?:u|ndo)?|venc|vcto|data|todo|ate|para|pra|no|na|o)\b"
    r"|p/|em(?= \d+[/.-]))[ :.]*(?=.)"
)
_SPACED = re.compile(r" ?([/.-]) ?(?=\d)")
_WRAPPING = " '\"`´‘’“”=;,.:!?()[]<>*"
_MONTHS = (
    *("janeiro", "fevereiro", "marco", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)
_SHORT_MONTH_CHARS = 3


def parse_date(text: str, today: date, *, nearest: bool = False) -> date:
    """The date in `text`; raises InvalidInput.

    Without a year or a month it is the next such day; with `nearest` (sheets, where dates may be
    past) it is the closest such day on either side of today.
    """
    typed = plain(text)
    words = _words(typed) if len(typed) <= MAX_TYPED_CHARS else ""
    found = _relative(words, today, nearest=nearest) or _calendar_date(
        words, today, nearest=nearest
    )
    if found is None:
        shown = typed[:MAX_TYPED_CHARS]
        raise InvalidInput(f"Não entendi a data “{shown}”. Escreva assim: 25/12/2026.")
    return check_year(found, today)


def check_year(day: date, today: date) -> date:
    """`day`, or InvalidInput when its year is surely a slip of the fingers."""
    if not FIRST_YEAR <= day.year <= today.year + MAX_YEARS_AHEAD:
        raise InvalidInput(f"O ano de {short_date(day)} parece errado. Confira a data.")
    return day


def day_meant(text: str, due_on: date) -> int:
    """The day of the month behind `due_on`, the date that `text` was read as (C13).

    Who types "dia 31" in November is due on 30/11, and on 31/12 after that.
    """
    day_only = _DAY_OF_MONTH.fullmatch(_words(plain(text)))
    return agreed_after(int(day_only[1]) if day_only else None, due_on)


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


def _words(typed: str) -> str:
    """What is left without time of day, quotes and "vence no …"."""
    words = _TIME_OF_DAY.sub("", fold(typed).strip(_WRAPPING)).strip(_WRAPPING)
    while introduced := _INTRODUCTION.match(words):
        words = words[introduced.end() :].strip(_WRAPPING)
    return _SPACED.sub(r"\1", words)


def _relative(words: str, today: date, *, nearest: bool) -> date | None:
    if words in _RELATIVE_DAYS:
        return today + timedelta(days=_RELATIVE_DAYS[words])
    if ahead := _AHEAD.fullmatch(words):
        return _ahead(ahead, today)
    if day_only := _DAY_OF_MONTH.fullmatch(words):
        return _day_of_month(int(day_only[1]), today, nearest=nearest)
    if _LAST_OF_MONTH.fullmatch(words):
        return day_in_month(today.year, today.month, LONGEST_MONTH_DAYS)
    if weekday := _WEEKDAY.fullmatch(words):
        return _weekday(weekday, today)
    return None


def _ahead(found: re.Match[str], today: date) -> date:
    count = _COUNTS[found["word"]] if found["word"] else int(found["count"])
    unit = found["unit"]
    if unit.startswith(("mes", "ano")):
        months = count * (MONTHS_OF_YEAR if unit.startswith("ano") else 1)
        if months > MONTHS_OF_YEAR * (MAX_YEARS_AHEAD + 1):
            raise InvalidInput(f"{found[0]} é longe demais. Confira a data.")
        return in_months(today, months)
    return today + timedelta(days=count * (DAYS_OF_WEEK if unit.startswith("semana") else 1))


def _weekday(found: re.Match[str], today: date) -> date:
    name = found["name"] or _WEEKDAYS[int(found["number"]) - 2]
    ahead = (_WEEKDAYS.index(name) - today.weekday()) % DAYS_OF_WEEK
    if ahead == 0 and not (found["next"] or found["coming"]):
        in_a_week = short_date(today + timedelta(days=DAYS_OF_WEEK))
        raise InvalidInput(f"Hoje já é esse dia da semana. Escreva “hoje” ou {in_a_week}.")
    return today + timedelta(days=ahead or DAYS_OF_WEEK)


def _calendar_date(words: str, today: date, *, nearest: bool) -> date | None:
    parts = _ISO.fullmatch(words) or _BRAZILIAN.fullmatch(words) or _DIGITS_ONLY.fullmatch(words)
    month = _month_number(parts["month"]) if parts else None
    if parts is None or month is None:
        return None
    day = int(parts["day"])
    if parts["year"]:
        found = _date_or_none(_full_year(parts["year"]), month, day)
    else:
        found = _without_year(month, day, today, nearest=nearest)
    if found is None:
        raise InvalidInput(f"A data {words} não existe no calendário.")
    return found


def _without_year(month: int, day: int, today: date, *, nearest: bool) -> date | None:
    years = range(today.year - (1 if nearest else 0), today.year + 2)
    candidates = [found for year in years if (found := _date_or_none(year, month, day))]
    if nearest:
        found = min(candidates, key=lambda one: abs(one - today), default=None)
    else:
        found = next((one for one in candidates if one >= today), None)
    if found is None and (month, day) == FEBRUARY_29:
        raise InvalidInput(
            "O 29 de fevereiro só existe de 4 em 4 anos. "
            f"Escreva a data com o ano, ou use 28/02/{_year_of_next_february(today)}."
        )
    return found


def _year_of_next_february(today: date) -> int:
    return today.year if today <= date(today.year, 2, 28) else today.year + 1


def _day_of_month(day: int, today: date, *, nearest: bool) -> date:
    if not 1 <= day <= LONGEST_MONTH_DAYS:
        raise InvalidInput(f"O dia {day} não existe. Use um dia de 1 a {LONGEST_MONTH_DAYS}.")
    months = (in_months(today.replace(day=1), ahead) for ahead in (-1, 0, 1))
    candidates = [day_in_month(month.year, month.month, day) for month in months]
    if nearest:
        return min(candidates, key=lambda one: abs(one - today))
    return next(one for one in candidates if one >= today)


def _month_number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    names = (name for name in _MONTHS if text in {name, name[:_SHORT_MONTH_CHARS]})
    name = next(names, None)
    return None if name is None else _MONTHS.index(name) + 1


def _full_year(text: str) -> int:
    return int(text) if len(text) > len("aa") else FIRST_YEAR + int(text)


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
