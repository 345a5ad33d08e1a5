"""The hours in which the owner hears of no reply: they are told together at its end (F8)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.schedule import instant, local

QUIET_FROM = time(22)
QUIET_UNTIL = time(7)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` up to, not including, `ends`, local times; they may span midnight."""

    on: bool = True
    begins: time = QUIET_FROM
    ends: time = QUIET_UNTIL

    def contains(self, at: time) -> bool:
        """Whether it is quiet at the local time `at`."""
        if not self.on:
            return False
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends

    def over_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet of this moment is over, UTC; None where it is not quiet."""
        here = local(now, zone)
        if not self.contains(here.time()):
            return None
        today = instant(here.date(), self.ends, zone)
        return today if today > now else instant(here.date() + timedelta(days=1), self.ends, zone)
