"""A day before it comes, as screens ask for it (J7). Instants are on the tenant's clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from actors.messages.clients import ClientRow
from actors.messages.queue import Hold
from actors.runtime import Request
from domain.reasons import Reason
from domain.rehearsal import Fate
from domain.reminders import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenRow:
    """What the day brings one client: `at` is when its turn comes, if a message goes."""

    row: ClientRow
    kind: Kind
    reason: Reason
    sentence: str
    at: datetime | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalView:
    """The day in numbers, each of a list (law 10).

    `due_dates` tells what each kind speaks about. `not_going` are the first of those who get none.
    `late` counts those whose turn comes after the day's end. `hold` is what would keep all of it
    from going, `rest` why nobody is billed by itself that day.
    """

    day: date
    today: date
    counts: Mapping[Fate, int]
    due_dates: Mapping[Kind, date]
    not_going: tuple[ForeseenRow, ...] = ()
    begins: datetime | None = None
    ends: datetime | None = None
    closes: datetime | None = None
    late: int = 0
    hold: Hold | None = None
    rest: Reason | None = None
    off: tuple[Kind, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Rehearse(Request[RehearsalView]):
    """A day to come; tomorrow where none is named, and where it is not to come."""

    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenPage:
    """One page of a list of the day."""

    day: date
    today: date
    fate: Fate
    rows: tuple[ForeseenRow, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class GetForeseen(Request[ForeseenPage]):
    """The clients behind a count of the day."""

    day: date | None
    fate: Fate
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenText:
    """One message of the day: number `number` of `total`, None where there is none.

    `texts` is what the phone shows, in as many messages.
    """

    day: date
    today: date
    number: int
    total: int
    shown: ForeseenRow | None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadForeseen(Request[ForeseenText]):
    """The words of one message of the day."""

    day: date | None
    number: int = 1
