"""Times of day in the tenant's zone: typed times, the next run, the sending window.

A wall time runs exactly once a day. One that daylight saving skips runs as soon as the clocks have
jumped; one that comes twice runs the first time (E10).
"""

import re
from dataclasses import Field, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, Protocol, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import croniter

from domain.text import fold, plain
from errors import InvalidInput

DEFAULT_ZONE = ZoneInfo("America/Sao_Paulo")
VERIFY_AT = time(5)
SEND_AT = time(9)
CLEAN_AT = time(2)
SUMMARY_AT = time(8)
SUNDAY = 6

# Longer than any jump of the clocks: the search starts this far back so as not to step over one.
_LONGEST_JUMP = timedelta(hours=3)
_TYPED_TIME = re.compile(
    r"(?:as? )?(?P<hour>\d{1,2}) ?(?:(?:[:h.]|horas? e) ?(?P<minute>\d{2})?|horas?)?"
    r" ?(?:h|hs|hrs?|min|minutos?)?(?P<half> e meia)?(?: (?:da|de) (?P<part>manha|tarde|noite))?",
    re.ASCII,
)
_NAMED_TIMES = {"meio-dia": time(12), "meio dia": time(12)}
_HOURS_OF = {
    "manha": {hour: hour for hour in range(12)},
    "tarde": {
        **{hour: hour + 12 for hour in range(1, 7)},
        **{hour: hour for hour in range(12, 19)},
    },
    "noite": {
        **{hour: hour + 12 for hour in range(6, 12)},
        **{hour: hour for hour in range(18, 24)},
    },
}
_LAST_HOUR = 23
_LAST_MINUTE = 59


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


T = TypeVar("T", bound=_Dataclass)


@dataclass(frozen=True, slots=True)
class SendingWindow:
    """The hours of a day in which messages may go, from `opens` up to, not including, `closes`."""

    opens: time = time(8)
    closes: time = time(20)

    def __post_init__(self) -> None:
        """Refuse a window that never opens."""
        if self.opens >= self.closes:
            raise InvalidInput("O envio precisa começar antes de terminar.")

    def contains(self, at: time) -> bool:
        """Whether messages may go at the local time `at`."""
        return self.opens <= at < self.closes

    def instants(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When the window of `day` opens and closes, UTC."""
        return instant(day, self.opens, zone), instant(day, self.closes, zone)


def parse_time(text: str) -> time:
    """The time of day in `text`: 09:00, 9h, 9h30, 21; raises InvalidInput."""
    words = fold(plain(text)).strip(" '\".,;")
    if words.removeprefix("ao ") in _NAMED_TIMES:
        return _NAMED_TIMES[words.removeprefix("ao ")]
    typed = _TYPED_TIME.fullmatch(words)
    hour, minute = _clock_time(typed) if typed else (-1, 0)
    if not (0 <= hour <= _LAST_HOUR and minute <= _LAST_MINUTE):
        raise InvalidInput("Não entendi o horário. Escreva assim: 09:00.")
    return time(hour, minute)


def _clock_time(typed: re.Match[str]) -> tuple[int, int]:
    hour, minute = int(typed["hour"]), int(typed["minute"] or 0)
    if typed["half"]:
        minute = -1 if typed["minute"] else 30
    if typed["part"]:
        # "1 da noite" and "12 da noite" are read differently by different people.
        hour = _HOURS_OF[typed["part"]].get(hour, -1)
    return (hour, minute) if minute >= 0 else (-1, 0)


def daily(at: time) -> str:
    """The cron expression of every day at `at`."""
    return f"{at.minute} {at.hour} * * *"


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, UTC, of a local time; one the clocks skip is as much later as they jumped."""
    # fold=0 is the first of two equal wall times and, in a gap, the offset before it (PEP 495).
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def zone_named(name: str | None) -> ZoneInfo:
    """The zone that is stored as `name`; one that nobody knows (any more) is the default."""
    try:
        return ZoneInfo(name) if name else DEFAULT_ZONE
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return DEFAULT_ZONE


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """`moment` on the tenant's wall clock."""
    return moment.astimezone(zone)


def localized(facts: T, zone: ZoneInfo) -> T:
    """`facts`, a dataclass, with each of its instants on the wall clock of `zone`.

    What a person is shown is formatted as it stands, so it must come in the tenant's own zone (E1).
    """
    moments = {
        name: local(value, zone)
        for name in facts.__dataclass_fields__
        if isinstance(value := getattr(facts, name), datetime)
    }
    return replace(facts, **moments) if moments else facts


def next_run(cron: str, zone: ZoneInfo, after: datetime) -> datetime:
    """The first instant, UTC, strictly after `after` at which `cron` is due in `zone`.

    croniter walks plain wall times, which knows months and leap years; zoneinfo alone turns each
    into its one instant. Given a zone, croniter 7 would run the hour that comes twice, twice.
    """
    wall_times = croniter(cron, after.astimezone(zone).replace(tzinfo=None) - _LONGEST_JUMP)
    while True:
        wall: datetime = wall_times.get_next(datetime)
        due = instant(wall.date(), wall.time(), zone)
        if due > after:
            return due


def next_daily_run(at: time, zone: ZoneInfo, after: datetime) -> datetime:
    """The first instant, UTC, strictly after `after` at the local time `at` (E2)."""
    return next_run(daily(at), zone, after)


def is_sunday(day: date) -> bool:
    """Whether `day` is a Sunday, on which an owner may let cobranca rest (F5, decision 7)."""
    return day.weekday() == SUNDAY
