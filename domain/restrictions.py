"""How long a tenant's sending rests after WhatsApp refused, limited or banned (F5).

Pure. Every pause remembers how long it can be at most, so one that was begun while the clock was
wrong (E14) is cut to that once the clock is right again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

OWN_PAUSE = timedelta(hours=24)
LONGEST_REPORTED = timedelta(days=31)
"""WhatsApp's longest: a month's quota of new chats."""
REFUSALS_WINDOW = timedelta(hours=1)
MOST_REFUSED_CLIENTS = 3


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing goes until `until` (UTC), which is never further away than `longest`."""

    until: datetime
    longest: timedelta = OWN_PAUSE

    def holds(self, now: datetime) -> bool:
        """Whether nothing may go now."""
        return now < self.until

    def rebound(self, now: datetime) -> "Pause":
        """The same, or cut to its longest when a wrong clock had put its end too far away."""
        if self.until - now <= self.longest:
            return self
        return Pause(now + self.longest, self.longest)


def refusals_pause(refused_clients: int, now: datetime) -> Pause | None:
    """The pause after refusals (463) of so many different clients within `REFUSALS_WINDOW`.

    One client's refusal is that client's; several are the number's.
    """
    if refused_clients < MOST_REFUSED_CLIENTS:
        return None
    return Pause(now + OWN_PAUSE)


def reported_pause(until: datetime | None, now: datetime) -> Pause:
    """The pause that WhatsApp itself reports, with its end where it told one."""
    if until is None:
        return Pause(now + OWN_PAUSE)
    return Pause(min(until, now + LONGEST_REPORTED), LONGEST_REPORTED)


def longer(one: Pause | None, other: Pause) -> Pause:
    """The pause that ends later: a new one never shortens what holds already."""
    return other if one is None or one.until <= other.until else one
