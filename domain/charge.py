"""Which of several processes on one database works: the newest that lives is in charge.

Pure. A rolling deploy is two of them: the older lets go of what it has in hand, the newer waits
for that a little and takes it up; should the newer die, the older is in charge again. Were tenants
ever placed on several, this answer would be asked of each tenant instead of once.
"""

from dataclasses import dataclass
from enum import StrEnum

LEASE_SECONDS = 15.0
"""How long a process counts as alive without a word of it."""
FENCE_SECONDS = 10.0
"""How long it may go without a renewal before it stops by itself, well before others take over."""
RENEW_SECONDS = 5.0
LOOK_SECONDS = 1.0
"""Between two looks at whether there is a newer one."""
COMING_LOOK_SECONDS = 0.25
AWAIT_SECONDS = 5.0
"""How long an older process is waited for: what it has not let go of by then is fenced off."""


class Standing(StrEnum):
    """What a process may do."""

    COMING = "coming"  # the newest, while an older one finishes
    IN_CHARGE = "in_charge"
    SUPERSEDED = "superseded"  # a newer one lives
    LOST = "lost"  # its lease was not renewed in time: nobody knows who is in charge


@dataclass(frozen=True, slots=True)
class Seen:
    """What PostgreSQL says: whether a newer process lives, and an older one has work in hand."""

    superseded: bool
    awaits: bool


def next_standing(now: Standing, seen: Seen, *, waited_seconds: float) -> Standing:
    """Where a process stands that could renew its lease, having waited for an older so long."""
    if seen.superseded:
        return Standing.SUPERSEDED
    if now is Standing.IN_CHARGE:  # an older one that shows up again will see us
        return now
    if seen.awaits and waited_seconds < AWAIT_SECONDS:
        return Standing.COMING
    return Standing.IN_CHARGE
