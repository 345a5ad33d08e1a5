"""What the buttons of the Agendador say. Times travel as minutes since midnight."""

from datetime import time
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from domain.dials import Overdue
from domain.reminders import Kind

SCHEDULE = "schedule"
"""The Agendador."""
MORE = "sched_more"
"""What is turned less often: summary, zone, who was left unbilled."""
WINDOW = "sched_window"
ZONE = "sched_zone"
HOLIDAYS = "sched_days"
_MINUTES_AN_HOUR = 60
_MINUTES_A_DAY = 24 * _MINUTES_AN_HOUR


class Timed(StrEnum):
    """What has a time of its own; the value is the name of its setting."""

    VERIFY = "verify_at"
    SEND = "send_at"
    CLEAN = "clean_at"
    SUMMARY = "summary_at"


class Switched(StrEnum):
    """What is on or off; the value is the name of its setting."""

    SUNDAYS = "sundays"
    HOLIDAYS = "holidays"
    OPTIONAL = "optional_holidays"
    SUMMARY = "summary_on"


class ShowTime(CallbackData, prefix="sct"):
    """One time, with presets and room for typing."""

    which: Timed


class PutTime(CallbackData, prefix="scp"):
    """Set a time."""

    which: Timed
    minutes: int


class PutHours(CallbackData, prefix="scw"):
    """Set the window, and with it the time of sending where `send` is one; -1 leaves that."""

    opens: int
    closes: int
    send: int = -1


class TurnDial(CallbackData, prefix="scs"):
    """Turn a switch to what is said, however often it is pressed."""

    which: Switched
    on: bool


class TurnKind(CallbackData, prefix="sck"):
    """Let a kind go by itself, or not."""

    kind: Kind
    on: bool


class PutZone(CallbackData, prefix="scz"):
    """Live by the clock of one of the zones, by its place among them."""

    index: int


class PutOverdue(CallbackData, prefix="sco"):
    """What a change does to who was left unbilled (decision 2)."""

    choice: Overdue


class ShowChanged(CallbackData, prefix="scc"):
    """The messages of today that a change moves, adds or drops."""

    undo_id: int
    page: int = 1


class DropOwnHoliday(CallbackData, prefix="sch"):
    """Take a date of the owner's own away."""

    holiday_id: int


class ShowOwnHolidays(CallbackData, prefix="sci"):
    """A page of the owner's own dates."""

    page: int = 1


def minutes_of(at: time) -> int:
    """A time as a button carries it."""
    return at.hour * _MINUTES_AN_HOUR + at.minute


def time_of(minutes: int) -> time | None:
    """The time that a button carries; None for what is none."""
    if not 0 <= minutes < _MINUTES_A_DAY:
        return None
    return time(minutes // _MINUTES_AN_HOUR, minutes % _MINUTES_AN_HOUR)
