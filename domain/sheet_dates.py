"""The column of due dates, read by one rule for the whole column (C11).

People write full dates, days of the month, dates without a year; spreadsheets add day numbers and
American order. What the column as a whole says decides; where it contradicts itself, the rows in
doubt are faults and nothing is guessed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from domain.due_dates import day_in_month, in_months, short_date
from domain.sheet_text import plain
from domain.sheets import Cell, is_blank
from domain.text import fold
from domain.typed_dates import check_year, parse_date
from errors import InvalidInput

# Spreadsheets count days from here; five digits are the years 1927 to 2173.
SERIAL_DAY_ZERO = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 10_000, 99_999
LONGEST_MONTH_DAYS = 31
MONTHS = 12
# One date against so many of the other order is a slip of the fingers, not another order.
SLIP_SHARE = 10
# That many of each kind do not fall so by chance: a spreadsheet swapped what it could.
SWAPPED_SIGNS = 5

_NUMBERS = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[/.\-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})", re.ASCII
)
_TIME = re.compile(
    r"[ t]+(?:as )?\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?(?: ?[ap]m)?(?:z|[+-]\d{2}:?\d{2})?$", re.ASCII
)
_DAY = re.compile(r"(?:(?:todo )?dia )?(\d{1,2})(?:[oa°]|\.0+)?(?: de cada mes)?", re.ASCII)
_WEEKDAY = re.compile(
    r"^(?:segunda|terca|quarta|quinta|sexta|sabado|domingo|seg|ter|qua|qui|sex|sab|dom)"
    r"(?:-feira)?[,.]* +"
)
_MONTH_DOT = re.compile(r"(?<=[a-z]{3})\.")
_LEAP_DAY = re.compile(r"29 ?(?:[/.\-]|de) ?(?:0?2|fev(?:ereiro)?)", re.ASCII)
_NO_YEAR = re.compile(r"\d{1,2}(?: de |[/.\- ])(?:\d{1,2}|[a-z]{3,9})", re.ASCII)
_COMPACT = re.compile(r"\d{8}", re.ASCII)


class Order(Enum):
    """What comes first in a date of numbers."""

    DAY_FIRST = "dia/mês"
    MONTH_FIRST = "mês/dia"
    CONTRADICTORY = "?"


@dataclass(frozen=True, slots=True)
class DueDates:
    """How one column is read; made by `due_dates` from all its cells."""

    today: date
    order: Order
    is_days: bool
    is_mixed: bool
    swapped: bool
    notes: tuple[str, ...]

    def read(self, cell: Cell) -> date:
        """The due date in a filled cell; raises InvalidInput."""
        text = _text(cell)
        day = _day_of_month(cell)
        if day is not None and (self.is_days or not isinstance(cell, date)):
            return self._day(day, text)
        if isinstance(cell, date):
            return self._real(cell.date() if isinstance(cell, datetime) else cell)
        if (serial := _serial(cell)) is not None:
            return check_year(SERIAL_DAY_ZERO + timedelta(days=serial), self.today)
        return self._typed(text)

    def _typed(self, text: str) -> date:
        if numbers := _NUMBERS.fullmatch(text):
            return self._numbers(numbers)
        if compact := _compact(text, self.today):
            return compact
        if _LEAP_DAY.fullmatch(text):
            return _nearest_end_of_february(self.today)
        return parse_date(text, self.today, nearest=True)

    def _real(self, day: date) -> date:
        if self.swapped:
            raise InvalidInput(
                f"A planilha parece ter trocado dia e mês em {short_date(day)}. "
                "Escreva o vencimento de novo, como texto: 25/12/2026."
            )
        return check_year(day, self.today)

    def _day(self, day: int, text: str) -> date:
        if not (self.is_days or "dia" in text or "mes" in text):
            raise InvalidInput(
                f"O vencimento tem só o dia ({day}), e as outras linhas têm a data inteira. "
                "Escreva assim: 25/12/2026."
            )
        return _nearest_day(day, self.today) if self.is_mixed else _next_day(day, self.today)

    def _numbers(self, numbers: re.Match[str]) -> date:
        first, second = int(numbers["first"]), int(numbers["second"])
        order = _own_order(first, second)
        if self.order is Order.CONTRADICTORY and order is not Order.DAY_FIRST and first != second:
            raise InvalidInput(
                f"A coluna de vencimento mistura dia/mês e mês/dia, e {numbers[0]} fica em dúvida. "
                "Escreva todas assim: 25/12/2026."
            )
        if order is not None and order is not self.order and self.order is not Order.CONTRADICTORY:
            raise InvalidInput(
                f"O vencimento {numbers[0]} não segue o resto da coluna, que é "
                f"{self.order.value}/ano."
            )
        day, month = (second, first) if self.order is Order.MONTH_FIRST else (first, second)
        return parse_date(f"{day:02d}/{month:02d}/{numbers['year']}", self.today, nearest=True)


def due_dates(cells: Iterable[Cell], today: date) -> DueDates:
    """The one rule by which the column with these cells is read on `today`."""
    filled = [cell for cell in cells if not is_blank(cell)]
    texts = [_text(cell) for cell in filled if not isinstance(cell, date)]
    days = [cell for cell in filled if _day_of_month(cell) is not None]
    is_days = 2 * len(days) > len(filled)
    order = _order_of(texts)
    undated = next((text for text in texts if _is_undated(text)), None)
    # Beside dates that may be past, a day is read by the same rule as they are.
    is_mixed = bool(days) and undated is not None
    return DueDates(
        today=today,
        order=order,
        is_days=is_days,
        is_mixed=is_mixed,
        swapped=_is_swapped(filled, texts),
        notes=tuple(
            _notes(texts, order, today, days if is_days or _is_spoken(texts) else [], undated)
        ),
    )


def _notes(
    texts: list[str], order: Order, today: date, days: list[Cell], undated: str | None
) -> Iterator[str]:
    if order is Order.MONTH_FIRST:
        yield "Vencimento: a coluna está em mês/dia/ano, e foi lida assim."
    shown = (_day_of_month(days[0]) if days else None) or 0
    if shown and undated:
        yield (
            f"Vencimento só com o dia ou sem o ano ({shown}; {undated}): vale a data mais perto de "
            "hoje, mesmo que já tenha passado."
        )
    elif shown:
        yield (
            f"Vencimento só com o dia: vale o próximo dia que vem ({shown} virou "
            f"{short_date(_next_day(shown, today))}). Quem ainda deve o anterior precisa da data "
            "inteira."
        )
    elif undated:
        yield (
            f"Vencimento sem o ano ({undated}): vale a data mais perto de hoje, "
            "mesmo que já tenha passado."
        )
    if any(_LEAP_DAY.fullmatch(text) for text in texts):
        yield "Vencimento 29/02 sem o ano: vale o último dia de fevereiro mais perto."


def _is_spoken(texts: Iterable[str]) -> bool:
    """Whether some day is called one ("dia 10")."""
    return any("dia" in text for text in texts)


def _is_undated(text: str) -> bool:
    # "10.0" is a number that a spreadsheet wrote out.
    return _NO_YEAR.fullmatch(text) is not None and not _DAY.fullmatch(text)


def _next_day(day: int, today: date) -> date:
    """The next such day of a month, today included; a short month has its last."""
    return next(found for found in _around(day, today) if found >= today)


def _nearest_day(day: int, today: date) -> date:
    return min(_around(day, today), key=lambda found: abs(found - today))


def _around(day: int, today: date) -> list[date]:
    months = (in_months(today.replace(day=1), step) for step in (-1, 0, 1))
    return [day_in_month(month.year, month.month, day) for month in months]


def _order_of(texts: Iterable[str]) -> Order:
    counts = Counter(
        _own_order(int(numbers["first"]), int(numbers["second"]))
        for text in texts
        if (numbers := _NUMBERS.fullmatch(text))
    )
    day_first, month_first = counts[Order.DAY_FIRST], counts[Order.MONTH_FIRST]
    if not month_first or day_first >= SLIP_SHARE * month_first:
        return Order.DAY_FIRST
    # A column that means it shows it often; one odd date among many in doubt proves nothing.
    is_meant = month_first >= SLIP_SHARE * day_first
    shows_often = SLIP_SHARE * month_first >= counts.total()
    return Order.MONTH_FIRST if is_meant and shows_often else Order.CONTRADICTORY


def _own_order(first: int, second: int) -> Order | None:
    """The order that a date shows by itself, or None when both would do (or neither)."""
    if first > MONTHS >= second:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if second > MONTHS >= first else None


def _is_swapped(filled: list[Cell], texts: list[str]) -> bool:
    """Whether an American spreadsheet made dates of all that it could, the wrong way round.

    It leaves as text what has no such month, so nothing but days up to 12 became dates.
    """
    real = [cell for cell in filled if isinstance(cell, date) and _day_of_month(cell) is None]
    left = [
        _own_order(int(numbers["first"]), int(numbers["second"]))
        for text in texts
        if (numbers := _NUMBERS.fullmatch(text))
    ]
    enough = min(len(real), len(left)) >= SWAPPED_SIGNS
    return (
        enough
        and all(day.day <= MONTHS for day in real)
        and all(order is Order.DAY_FIRST for order in left)
    )


def _day_of_month(cell: Cell) -> int | None:
    """The number of a cell that holds a day of the month alone."""
    if isinstance(cell, date):
        # A 10 that the spreadsheet was told to show as a date.
        lies_at_zero = cell.year == 1900 and cell.month == 1  # noqa: PLR2004 - where it counts from
        return cell.day if lies_at_zero else None
    found = _DAY.fullmatch(_text(cell))
    return int(found[1]) if found and 1 <= int(found[1]) <= LONGEST_MONTH_DAYS else None


def _serial(cell: Cell) -> int | None:
    """The spreadsheet's day number in a cell, also one with a time of day behind its point."""
    try:
        number = float(_text(cell).replace(",", ".")) if not isinstance(cell, bool) else 0.0
    except ValueError:
        return None
    return int(number) if FIRST_SERIAL <= number < LAST_SERIAL + 1 else None


def _compact(text: str, today: date) -> date | None:
    if not _COMPACT.fullmatch(text):
        return None
    found = []
    for shape in ("%d%m%Y", "%Y%m%d"):
        try:
            found.append(check_year(datetime.strptime(text, shape).date(), today))  # noqa: DTZ007 - a date
        except (ValueError, InvalidInput):
            continue
    return found[0] if len(found) == 1 else None


def _nearest_end_of_february(today: date) -> date:
    ends = (day_in_month(year, 2, 29) for year in range(today.year - 1, today.year + 2))
    return min(ends, key=lambda end: abs(end - today))


def _text(cell: Cell) -> str:
    words = fold(plain(str(cell))) if isinstance(cell, str) else str(cell)
    words = _WEEKDAY.sub("", words.strip("'; "))
    return _MONTH_DOT.sub("", _TIME.sub("", words))
