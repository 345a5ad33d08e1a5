"""What administrators ask of lines, of today's messages and of the system. `by` is who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from actors.runtime import Request
from domain.administration import LineHealth, Trouble
from domain.figures import Figures


@dataclass(frozen=True, slots=True)
class HealthLine:
    """The WhatsApp line of an account; `last` is when a message arrived last, in São Paulo."""

    tenant_id: int
    name: str
    health: LineHealth
    delivered: int
    sent: int
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A page of the lines that do as `which`; `counts` count all of them."""

    today: date
    which: LineHealth
    counts: Mapping[LineHealth, int]
    lines: tuple[HealthLine, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class GetLines(Request[Lines]):
    """The lines by how they do, told by what arrives (F10)."""

    by: int
    which: LineHealth
    page: int = 1


@dataclass(frozen=True, slots=True)
class DayLine:
    """Today's messages of an account, and how many of them arrived."""

    tenant_id: int
    name: str
    messages: int
    delivered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfAll:
    """A page of the accounts with messages today, the most on top; the sums are of all pages."""

    messages: int
    delivered: int
    lines: tuple[DayLine, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class GetDayOfAll(Request[DayOfAll]):
    """Today's messages by account."""

    by: int
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemView:
    """The system at a glance. `workers` are the WhatsApp workers, `working` of them run.

    `troubles` counts what could not be done in a day, by kind.
    """

    checks: Mapping[str, bool]
    figures: Figures
    workers: int
    working: int
    set_aside: int
    versions: Mapping[str, str]
    troubles: Mapping[Trouble, int]


@dataclass(frozen=True, slots=True)
class GetSystem(Request[SystemView]):
    """How the system does."""

    by: int


@dataclass(frozen=True, slots=True)
class TroubleReason:
    """How often something went wrong for one reason: a code, or a kind of error."""

    what: Trouble
    reason: str
    times: int


@dataclass(frozen=True, slots=True)
class GetTroubles(Request[tuple[TroubleReason, ...]]):
    """What could not be done in the last day, the most frequent first."""

    by: int


@dataclass(frozen=True, slots=True)
class TroubleLine:
    """One of them, in São Paulo's time; None where it is nobody's."""

    at: datetime
    reason: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TroublePage:
    """A page of one kind of them."""

    what: Trouble
    lines: tuple[TroubleLine, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class GetTroublePage(Request[TroublePage]):
    """One kind of what could not be done in the last day, newest first."""

    by: int
    what: Trouble
    page: int = 1
