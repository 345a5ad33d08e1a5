"""The day and its queue: what the clock and the screens ask of a tenant."""

from dataclasses import dataclass
from datetime import date, datetime

from actors.runtime import Request


@dataclass(frozen=True, slots=True)
class TodayView:
    """The day at a glance: how many clients are due, and the day's messages by state."""

    day: date
    due_today: int
    overdue: int
    by_state: dict[str, int]


@dataclass(frozen=True, slots=True)
class GetToday(Request[TodayView]):
    """The day at a glance."""


@dataclass(frozen=True, slots=True)
class RunJob(Request[None]):
    """Carry out a scheduled job; `due_at` is the planned instant, UTC (E2, E10)."""

    job: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CheckSchedule(Request[None]):
    """Compare the due times with the tenant's own times, and mend what is wrong (E14)."""


@dataclass(frozen=True, slots=True)
class WakeUp(Request[None]):
    """Be awake: there is something unsent, untold, or a session to keep open."""


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """Something entered the outbox, or an obstacle went away: look again."""
