"""What becomes of scheduled messages when their day comes: each is one message (E5, E6, E12).

All inside one transaction that holds the tenant's day; every step may be repeated.
"""

from dataclasses import replace
from datetime import datetime

from actors.messages.notices import KeptNotice, ScheduledMissed
from domain import by_hand as rules
from domain import schedule
from domain.by_hand import ScheduledState
from domain.outbox import ENDED
from domain.reasons import Reason
from domain.rulebook import Rulebook
from storage import by_hand
from storage.by_hand import Due, Scheduled
from storage.database import TenantConnection


async def make_due(
    tx: TenantConnection, book: Rulebook, now: datetime
) -> list[tuple[str, KeptNotice]]:
    """Put into the outbox what is to go today, and tell of what its hours have passed by.

    What the process was not there for still goes inside the same day's hours (E10). While access
    is over nothing is made (A6).
    """
    today = book.today(now)
    missed: list[tuple[Due, Reason]] = []
    for one in await by_hand.due(tx, today):
        reason = await _make(tx, book, one, now)
        if reason is not None:
            missed.append((one, reason))
    if not missed:
        return []
    first, reason = missed[0]
    key = f"{first.scheduled.id}:{first.scheduled.day}:{len(missed)}"
    at = first.scheduled.at
    return [(key, ScheduledMissed(len(missed), first.name, at, reason.value))]


async def _make(tx: TenantConnection, book: Rulebook, due: Due, now: datetime) -> Reason | None:
    """Take one to where its day wants it; the reason where it did not go and will not."""
    one, today = due.scheduled, book.today(now)
    if one.state is ScheduledState.MISSED:
        if rules.going(one.at, book.rules.window, book.zone, now) is None:
            return None
        # Its hours are not over: a clock that was ahead said so (E14).
        one = replace(one, state=ScheduledState.WAITING, reason=None)
    if one.state is ScheduledState.MADE or one.attempt > 0:
        # What was tried went as far as it could on its day; one that repeats is for its next.
        one = _next_month(book, replace(one, state=ScheduledState.MADE), now)
    missed: Reason | None = None
    out = Reason.ARCHIVED if due.archived else Reason.OPTED_OUT if due.opted_out else None
    if out is not None and one.day <= today:
        missed, one = out, replace(one, state=ScheduledState.CANCELLED, reason=out)
    while is_due := one.state is ScheduledState.WAITING and one.day <= today:
        going = rules.going(one.at, book.rules.window, book.zone, now)
        if going is not None:
            break
        missed = _why_missed(book, one)
        ended = replace(one, state=ScheduledState.MISSED, reason=missed)
        one = _next_month(book, ended, now)
    await by_hand.save(tx, one, now)
    if is_due and going is not None and not book.rules.access_ended:
        await by_hand.queue(tx, one.id, going, now)
    return missed


def _next_month(book: Rulebook, one: Scheduled, now: datetime) -> Scheduled:
    """The same, waiting for the next of its days that is not past, where it repeats (C13)."""
    if one.monthly_day is None:
        return one
    today, at = book.today(now), one.at
    while (day := schedule.local(at, book.zone).date()) <= one.day or day < today:
        at = rules.following(at, one.monthly_day, book.zone)
    return moved(book, replace(one, state=ScheduledState.WAITING, reason=None), at)


def _why_missed(book: Rulebook, one: Scheduled) -> Reason:
    """Why one did not go whose hours are over."""
    if book.rules.access_ended:
        return Reason.ACCESS_ENDED
    _, closes = book.rules.window.instants(one.day, book.zone)
    return Reason.WINDOW_CLOSED if one.at >= closes else Reason.AWAY


def moved(book: Rulebook, one: Scheduled, at: datetime) -> Scheduled:
    """The same at another moment, with the tenant's day of that."""
    return replace(one, at=at, day=schedule.local(at, book.zone).date())


def has_ended(one: Scheduled) -> bool:
    """Whether it did not go, and will not by itself."""
    if one.state in {ScheduledState.MISSED, ScheduledState.CANCELLED}:
        return True
    is_over = one.message_state is None or one.message_state in ENDED
    return one.state is ScheduledState.MADE and one.monthly_day is None and is_over
