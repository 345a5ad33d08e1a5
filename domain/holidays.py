"""The holidays on which an owner may let cobranca rest: the nation's, and dates of its own (F5).

National are the ten of the law. Carnival's Monday and Tuesday and Corpus Christi are no holidays by
law but "ponto facultativo": they count only where the owner says so. The other such days (Ash
Wednesday, the civil servants' day, the eves) never do: shops are open. Cities and states have their
own, which the owner adds.
"""

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import cast

from domain.text import plain
from domain.typed_dates import parse_date
from errors import InvalidInput

MOST_NAME = 60
MOST_OWN = 60
DEFAULT_NAME = "Feriado meu"
_DAYS_A_YEAR = 366
_FEBRUARY_29 = (2, 29)


def _holidays_of_brazil(category: str) -> Mapping[date, str]:
    """The library's holidays by day; filled year by year as it is asked, named in Portuguese.

    Its own door to one country imports all 200: half a second and 20 MB for each process.
    """
    library = importlib.util.find_spec("holidays")
    assert library is not None  # noqa: S101 - a library of the lock
    assert library.origin is not None  # noqa: S101 - as above
    path = Path(library.origin).parent / "countries" / "brazil.py"
    spec = importlib.util.spec_from_file_location("holidays_of_brazil", path)
    assert spec is not None  # noqa: S101 - as above
    assert spec.loader is not None  # noqa: S101 - as above
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.Brazil(categories=(category,), language="pt_BR")
    return cast("Mapping[date, str]", found)


_NATIONAL = _holidays_of_brazil("public")
_FACULTATIVE = _holidays_of_brazil("optional")
_COUNTED = frozenset({"Carnaval", "Corpus Christi"})
_DATE_FIRST = re.compile(
    r"(?P<day>\d{1,2}(?:º|o)?(?:\s*[/.-]\s*|\s+de\s+|\s+)(?:\d{1,2}|[^\W\d]{3,9})\.?"
    r"(?P<year>(?:\s*[/.-]\s*|\s+de\s+)(?:\d{4}|\d{2}))?)(?!\d)[\s:,;–-]*(?P<name>.*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class OwnHoliday:
    """A day of the owner's own: each year, or once. One of 29/02 is on the 28th in other years."""

    day: date
    name: str
    yearly: bool

    def falls_on(self, day: date) -> bool:
        """Whether it is on `day`."""
        return self.day == day if not self.yearly else self.day_in(day.year) == day

    def day_in(self, year: int) -> date:
        """Its day in that year, if it is yearly."""
        if (self.day.month, self.day.day) == _FEBRUARY_29:
            return date(year, 3, 1) - timedelta(days=1)
        return self.day.replace(year=year)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday as it comes; `own` is the owner's, `facultative` counts by its choice only."""

    day: date
    name: str
    own: bool = False
    facultative: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """The holidays that count for one owner."""

    own: tuple[OwnHoliday, ...] = ()
    facultative: bool = False

    def on(self, day: date) -> Holiday | None:
        """The holiday on `day`, its own one first."""
        for one in self.own:
            if one.falls_on(day):
                return Holiday(day, one.name, own=True)
        if name := _NATIONAL.get(day):
            return Holiday(day, name)
        optional = _FACULTATIVE.get(day)
        if self.facultative and optional in _COUNTED:
            return Holiday(day, optional, facultative=True)
        return None

    def coming(self, today: date, most: int) -> tuple[Holiday, ...]:
        """The next ones from `today` on, at most so many, within a year."""
        found: list[Holiday] = []
        for ahead in range(_DAYS_A_YEAR):
            if len(found) == most:
                break
            if holiday := self.on(today + timedelta(days=ahead)):
                found.append(holiday)
        return tuple(found)


def parse_own(text: str, today: date) -> OwnHoliday:
    """A date and its name as people type them: "25/01 aniversário da cidade".

    With a year it is that day only, else every year. Raises InvalidInput.
    """
    typed = _DATE_FIRST.fullmatch(plain(text).strip())
    if typed is None:
        raise InvalidInput("Não achei a data. Escreva assim: 25/01 aniversário da cidade.")
    day = parse_date(typed["day"], today)
    if day < today:
        raise InvalidInput(f"{day:%d/%m/%Y} já passou. Escreva um dia que ainda vem.")
    name = " ".join(typed["name"].split()) or DEFAULT_NAME
    if len(name) > MOST_NAME:
        raise InvalidInput(f"O nome ficou comprido: use até {MOST_NAME} letras.")
    return OwnHoliday(day, name, yearly=typed["year"] is None)
