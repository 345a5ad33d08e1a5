"""Days that were granted, and the end they come to: always computed anew, never added to (A5).

Pure; instants are UTC. A refund takes its own grant out of the row, so no other payment loses a
day by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`days` from `starts_at` on; `charge_id` is None where an administrator gave them."""

    grant_id: int
    charge_id: int | None
    days: int
    starts_at: datetime
    taken_back_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it counts."""
        return self.taken_back_at is None


def ends(trial_ends_at: datetime, grants: Iterable[Grant]) -> dict[int, datetime]:
    """The end that each grant that stands comes to, by its id, in order of time.

    Each begins where the ones before it end, and not before its own `starts_at`: days that are
    left are never lost by paying early (A5).
    """
    end, found = trial_ends_at, {}
    for grant in sorted(grants, key=lambda one: (one.starts_at, one.grant_id)):
        if grant.stands:
            end = found[grant.grant_id] = max(grant.starts_at, end) + timedelta(days=grant.days)
    return found


def paid_until(trial_ends_at: datetime, grants: Iterable[Grant]) -> datetime | None:
    """The end that the grants that stand come to; None where none does."""
    return max(ends(trial_ends_at, grants).values(), default=None)


def would_end_at(ends_at: datetime, days: int, now: datetime) -> datetime:
    """The end after paying for `days` at `now`, where all that was granted ends at `ends_at`."""
    return max(now, ends_at) + timedelta(days=days)
