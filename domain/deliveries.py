"""Whether messages arrive, judged by server acks and receipts and by nothing else (F10).

Pure. A phone that is off is no fault of the line: only what has had time to arrive counts, and only
several messages in a row without a single delivery are an alarm.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(minutes=30)
"""What was sent less long ago may still be on its way."""
STALLED_WINDOW = timedelta(hours=6)
STALLED_MESSAGES = 5
"""So many in a row, taken and not delivered, or sent and never taken, are an alarm."""
MOSTLY = 0.9  # of what was sent: phones that are off are no fault of the line


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """What became of the messages of the last 24 hours; instants in UTC.

    `due` are those sent longer than `GRACE` ago, `due_delivered` of them arrived. `silent` counts
    the due of `STALLED_WINDOW` sent after the last one that arrived, from `silent_since` on.
    `unacked` counts the messages that left longer than `GRACE` ago, the first at `unacked_since`,
    and that WhatsApp's server never acknowledged.
    """

    last_delivered_at: datetime | None = None
    sent: int = 0
    delivered: int = 0
    read: int = 0
    due: int = 0
    due_delivered: int = 0
    silent: int = 0
    silent_since: datetime | None = None
    unacked: int = 0
    unacked_since: datetime | None = None


class Recent(StrEnum):
    """The messages behind a figure of the last 24 hours; the value is what buttons carry."""

    ALL = "a"
    DELIVERED = "d"
    READ = "r"
    MISSING = "m"  # sent, and not arrived yet


class Flow(StrEnum):
    """What happens to messages, in one word."""

    QUIET = "quiet"  # nothing was sent that could tell
    WELL = "well"
    PARTLY = "partly"
    STALLED = "stalled"  # nothing arrives
    UNACKED = "unacked"  # nothing is even taken


@dataclass(frozen=True, slots=True)
class Stall:
    """Nothing arrives, or nothing is taken, since an instant; told of so many messages."""

    flow: Flow
    since: datetime
    messages: int


def stall(facts: Deliveries) -> Stall | None:
    """What its owner must hear once a day; None while there is no reason for alarm."""
    if facts.unacked >= STALLED_MESSAGES and facts.unacked_since is not None:
        return Stall(Flow.UNACKED, facts.unacked_since, facts.unacked)
    if facts.silent >= STALLED_MESSAGES and facts.silent_since is not None:
        return Stall(Flow.STALLED, facts.silent_since, facts.silent)
    return None


def flow(facts: Deliveries) -> Flow:
    """What happens to messages, judged by what has had time to arrive."""
    found = stall(facts)
    if found is not None:
        return found.flow
    if not facts.due:
        return Flow.WELL if facts.delivered else Flow.QUIET
    if facts.due_delivered >= facts.due * MOSTLY:
        return Flow.WELL
    return Flow.PARTLY if facts.due_delivered else Flow.STALLED


def quiet_since(facts: Deliveries) -> datetime | None:
    """Since when nothing arrives, for a flow that is stalled; of the first that did not arrive."""
    return facts.unacked_since if flow(facts) is Flow.UNACKED else facts.silent_since
