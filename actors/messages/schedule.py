"""The Agendador: what its screens ask of a tenant, and what a change does to today (E2, E9)."""

from dataclasses import dataclass
from datetime import date, datetime, time

from actors.messages.clients import ClientRow
from actors.messages.undo import UndoOffer
from actors.runtime import Request
from domain.dials import Dials, Overdue
from domain.holidays import Holiday, OwnHoliday
from domain.reminders import Kind
from domain.schedule_rules import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the last change does to today, while it can be undone; instants on the owner's clock.

    `was` and `goes` are when the messages that move were to go and go, None where they differ among
    themselves; one up to `made_at` is "agora". `waiting` are all that are still to go, `fitting`
    those for which there is time. `billed` were billed late by it (decision 2).
    """

    made_at: datetime
    moved: int
    added: int
    dropped: int
    was: datetime | None
    goes: datetime | None
    waiting: int
    fitting: int
    billed: int

    @property
    def total(self) -> int:
        """How many messages of today change."""
        return self.moved + self.added + self.dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleView:
    """The schedule as it stands.

    `without_text` are kinds whose text is switched off. `unbilled` is how many decision 2 asks
    about: 0 where it does not ask.
    """

    dials: Dials
    today: date
    without_text: frozenset[Kind] = frozenset()
    effect: Effect | None = None
    undo: UndoOffer | None = None
    unbilled: int = 0


@dataclass(frozen=True, slots=True)
class ScheduleAnswer:
    """The schedule after what was asked, or as it was and why it stays so."""

    view: ScheduleView
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class GetSchedule(Request[ScheduleView]):
    """The schedule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSchedule(Request[ScheduleAnswer]):
    """Set what is not None, all of it or nothing; in force at once (E2). The same again is one act.

    Raises InvalidInput for a window that closes before it opens, or a zone nobody knows.
    """

    verify_at: time | None = None
    send_at: time | None = None
    clean_at: time | None = None
    summary_at: time | None = None
    summary_on: bool | None = None
    window_opens: time | None = None
    window_closes: time | None = None
    zone: str | None = None
    sundays: bool | None = None
    holidays: bool | None = None
    optional_holidays: bool | None = None
    overdue_on_reschedule: Overdue | None = None


@dataclass(frozen=True, slots=True)
class SetKind(Request[ScheduleAnswer]):
    """Let a kind go by itself, or not (E4)."""

    kind: Kind
    on: bool


@dataclass(frozen=True, slots=True)
class ChangedMessage:
    """A message of today that the change moves, adds or drops; times on the owner's clock."""

    row: ClientRow
    kind: Kind
    was: datetime | None
    goes: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMessages:
    """A page of what a change does to today; nothing of one that is forgotten."""

    undo_id: int
    today: date
    made_at: datetime | None
    messages: tuple[ChangedMessage, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class GetChangedMessages(Request[ChangedMessages]):
    """What the change kept under `undo_id` does to today."""

    undo_id: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class OwnHolidayRow:
    """A holiday of the owner's own, and when it comes next; None where it does no more."""

    holiday_id: int
    holiday: OwnHoliday
    comes_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidaysView:
    """The holidays: those that come, and the owner's own.

    `changes_today` is how many messages of today the last change moves, adds or drops.
    """

    on: bool
    optional: bool
    today: date
    coming: tuple[Holiday, ...]
    own: tuple[OwnHolidayRow, ...]
    undo: UndoOffer | None = None
    changes_today: int = 0


@dataclass(frozen=True, slots=True)
class GetHolidays(Request[HolidaysView]):
    """The holidays."""


@dataclass(frozen=True, slots=True)
class AddHoliday(Request[HolidaysView]):
    """Add a date of the owner's own, as typed: "25/01 aniversário da cidade"; raises InvalidInput.

    The same day again is one act.
    """

    text: str


@dataclass(frozen=True, slots=True)
class DropHoliday(Request[HolidaysView]):
    """Take one away; one that is gone is gone. Raises NotFound."""

    holiday_id: int
