"""What becomes of scheduled messages when their day comes: each is one message (E5, E6, E12).

All inside one transaction that holds the tenant's day; every step may be repeated.
"""

from dataclasses import replace
from datetime import datetime

from actors.messages.notices import KeptNotice, ScheduledMissed
from domain import by_hand as rules
from domain import schedule
from domain.by_hand import ScheduledState
from domain.due_dates import day_in_month
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
    for one in await by_hand.due(tx, today, now):
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
    if due.is_ahead and one.monthly_day is not None and one.day > today:
        nearer = _nearest(book, one, one.monthly_day, now)
        if nearer >= one.at:
            return None
        one = await _brought_back(tx, book, one, nearer, now)
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


def _nearest(book: Rulebook, one: Scheduled, monthly_day: int, now: datetime) -> datetime:
    """The first of its moments that is not over, UTC."""
    today, zone = book.today(now), book.zone
    day = day_in_month(today.year, today.month, monthly_day)
    at = schedule.instant(day, schedule.local(one.at, zone).time(), zone)
    is_over = rules.going(at, book.rules.window, zone, now) is None
    return rules.following(at, monthly_day, zone) if is_over else at


async def _brought_back(
    tx: TenantConnection, book: Rulebook, one: Scheduled, at: datetime, now: datetime
) -> Scheduled:
    """The same at an earlier moment, with how far the message of that day came before (E6)."""
    if one.message_id is not None:
        await by_hand.withdraw(tx, one.message_id, Reason.CANCELLED, now)
    waits = replace(one, state=ScheduledState.WAITING, reason=None)
    await by_hand.save(tx, moved(book, waits, at), now)
    return await by_hand.find(tx, one.id)


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
