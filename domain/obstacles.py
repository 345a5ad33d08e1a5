"""What holds a whole queue, and why a client was left without the billing of its day (E3b, E8).

Pure: the facts come in, the one true reason comes out. It is the reason the owner reads.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.outbox import told
from domain.reasons import Reason
from domain.reminders import DAYS_LATE, Kind, TenantRules, day_of_rest

# How many days back a client without its billing is still listed.
UNBILLED_DAYS = 7
# A job that runs so much later than its time was not run by a system that was there.
AWAY_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFacts:
    """How business and line stand; `connected` is None where nobody knows."""

    paused: bool = False
    access_ended: bool = False
    paired: bool = True
    banned: bool = False
    restricted: bool = False
    connected: bool | None = None
    away: bool = False


def obstacle(facts: QueueFacts) -> Reason | None:
    """What keeps every message of the queue from going, or None when nothing does."""
    found = {
        Reason.ACCESS_ENDED: facts.access_ended,
        Reason.PAUSED: facts.paused,
        Reason.BANNED: facts.banned,
        Reason.NEEDS_QR: not facts.paired,
        Reason.RESTRICTED: facts.restricted,
        Reason.NOT_CONNECTED: facts.connected is False,
        Reason.AWAY: facts.away,
    }
    return next((reason for reason, holds in found.items() if holds), None)


def day_obstacle(rules: TenantRules, day: date) -> Reason | None:
    """Why nobody is billed by itself on `day`, or None when clients are."""
    if rules.access_ended:
        return Reason.ACCESS_ENDED
    if Kind.BILLING not in rules.kinds:
        return Reason.KIND_OFF
    if Kind.BILLING in rules.without_text:
        return Reason.TEMPLATE_OFF
    return day_of_rest(rules, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedDay:
    """What is known of a client's D+1 and of the message it had, if it had one.

    `planned_at` is when the day was planned, None when it never was; `obstacle` is what kept that
    plan from billing anybody. `first_is_out`: of its message the text went, and not the code (D5).
    """

    registered_at: datetime
    window_ended_at: datetime
    planned_at: datetime | None = None
    obstacle: str | None = None
    message_reason: str | None = None
    has_message: bool = False
    first_is_out: bool = False


def why_unbilled(missed: MissedDay) -> str:
    """The code of the reason why a client was not billed on its day (E3b)."""
    if missed.has_message:
        reason = missed.message_reason or Reason.WINDOW_CLOSED
        return told(Reason(reason), missed.first_is_out) if reason in set(Reason) else reason
    if missed.registered_at >= (missed.planned_at or missed.window_ended_at):
        return Reason.REGISTERED_LATE
    if missed.planned_at is None:
        return Reason.AWAY
    return missed.obstacle or Reason.REGISTERED_LATE


def billing_day(due_on: date) -> date:
    """The day on which a client who is due on `due_on` is billed by itself (E3)."""
    return due_on + timedelta(days=DAYS_LATE[Kind.BILLING])
