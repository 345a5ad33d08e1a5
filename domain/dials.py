"""What an owner turns in the Agendador, as one value: compared, kept and put back (E2, E9)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from domain.charter import TenantSettings
from domain.reminders import Kind
from domain.schedule import SendingWindow, zone_named

# Whatever of these changes has decision 2's question asked.
RESCHEDULES = frozenset(
    {
        "zone",
        "verify_at",
        "send_at",
        "window_opens",
        "window_closes",
        "sundays",
        "holidays",
        "optional_holidays",
    }
)


class Overdue(StrEnum):
    """What a changed schedule does to who was left unbilled (decision 2)."""

    ASK = "ask"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    """The settings of the schedule, as they stand."""

    zone: ZoneInfo
    verify_at: time
    send_at: time
    clean_at: time
    summary_at: time
    summary_on: bool
    window_opens: time
    window_closes: time
    sundays: bool
    holidays: bool
    optional_holidays: bool
    automatic_kinds: frozenset[Kind]
    overdue_on_reschedule: Overdue

    @property
    def window(self) -> SendingWindow:
        """The hours in which messages may go."""
        return SendingWindow(self.window_opens, self.window_closes)

    def packed(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {one.name: _packed(getattr(self, one.name)) for one in fields(self)}


def dials_of(settings: TenantSettings) -> Dials:
    """The schedule among all that a tenant set."""
    found = {one.name: getattr(settings, one.name) for one in fields(Dials)}
    return Dials(**{**found, "overdue_on_reschedule": Overdue(settings.overdue_on_reschedule)})


def differing(before: Dials, after: Dials) -> dict[str, Any]:
    """What of `before` is another in `after`, packed."""
    then, now = before.packed(), after.packed()
    return {name: value for name, value in then.items() if now[name] != value}


def put_back(dials: Dials, kept: Mapping[str, Any]) -> Dials:
    """`dials` with what was packed before."""
    return replace(dials, **{name: _unpacked(name, value) for name, value in kept.items()})


def _packed(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, ZoneInfo):
        return value.key
    return sorted(value) if isinstance(value, frozenset) else value


def _unpacked(name: str, value: Any) -> Any:
    match name:
        case "zone":
            return zone_named(value)
        case "automatic_kinds":
            return frozenset(map(Kind, value))
        case "overdue_on_reschedule":
            return Overdue(value)
    return time.fromisoformat(value) if isinstance(value, str) else value
