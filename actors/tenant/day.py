"""A tenant's day, job by job: plan, check again, close, sum up (E2, E5, E10, E11).

Each job is one transaction that also moves its due time on, and each may be repeated.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from actors.messages.notices import DailySummary, DataMissing, KeptNotice, SubscriptionWarning
from actors.tenant.left_out import left_out
from actors.tenant.scheduled import make_due
from domain import schedule
from domain.charter import Charter, TenantSettings
from domain.clients import Client
from domain.jobs import ONE_DAY, Job, job_times, latest_day
from domain.obstacles import AWAY_AFTER, QueueFacts, day_obstacle, obstacle
from domain.outbox import MessageState, OutboxMessage, Verdict
from domain.pacing import begins
from domain.reasons import Reason
from domain.reminders import due_dates_on
from domain.rulebook import Held, Reviewed, Rulebook, review, rulebook, subscription_of
from domain.subscription import warning_due
from domain.whatsapp import LINKED, SessionState
from storage import outbox, preparation, schedules, tenants, whatsapp_state
from storage.database import TenantConnection
from telemetry import logger

LOG = logger("tenant")
# States of a session in which the number itself is shut out.
BANNED = frozenset({SessionState.BANNED, SessionState.TEMPORARILY_BANNED, SessionState.LOCKED})


@dataclass(slots=True)
class Outcome:
    """What a job did, and what the owner must hear of it: notices by their unique key.

    `window_open`: the day it was about is not over.
    """

    planned: int = 0
    window_open: bool = False
    notices: list[tuple[str, KeptNotice]] = field(default_factory=list)


async def run_job(
    tx: TenantConnection,
    job: str,
    due_at: datetime,
    now: datetime,
    *,
    connected: bool | None = None,
) -> Outcome:
    """Carry out `job` for the latest day on which it was due, and move it on to its next time.

    A job that somebody else has moved on meanwhile does nothing. `connected`: whether WhatsApp is,
    where that is known.
    """
    charter = await tenants.charter(tx)
    book = rulebook(charter, now)
    at = job_times(book.settings)[Job(job)]
    moved = await schedules.carried_out(
        tx, job, due_at, schedule.next_daily_run(at, book.zone, now), now
    )
    if moved is None:
        return Outcome()
    day = latest_day(at, book.settings, now)
    # A run of days ago says nothing about today's.
    due_at = max(due_at, schedule.instant(day, at, book.zone))
    match job:
        case Job.VERIFY:
            # What the close had to leave, or never came to: before the owner hears of yesterday.
            if moved.is_any_over:
                await outbox.expire(tx, now)
            return await plan_and_review(tx, book, day, now)
        case Job.SEND:
            outcome = await plan_and_review(tx, book, day, now)
            held = await queue_obstacle(tx, book, now, connected=connected, due_at=due_at)
            # Away is what an hour late says: the rest of the day may be too short for all.
            await outbox.hold(tx, held, now, since=due_at if held is Reason.AWAY else None)
            return outcome
        case Job.SUMMARY if day == book.today(now):
            return Outcome(notices=[note async for note in _morning(tx, book, charter, now)])
        case Job.CLOSE:
            held = await queue_obstacle(tx, book, now, connected=connected, due_at=due_at)
            await outbox.expire(tx, now, held)
    return Outcome()


async def _morning(
    tx: TenantConnection, book: Rulebook, charter: Charter, now: datetime
) -> AsyncIterator[tuple[str, KeptNotice]]:
    """What the owner hears at the hour of the summary, each under the key it is told once by.

    That the access ends is said also to who wants no summary (A7).
    """
    subscription = subscription_of(charter.tenant, book.zone)
    told = warning_due(subscription, now)
    if told is not None:
        ends_on = subscription.ends_on
        warning = SubscriptionWarning(told, ends_on, subscription.erasable_on)
        yield f"{ends_on.isoformat()} {told}", warning
    if book.settings.summary_on and not book.rules.access_ended:
        day = book.today(now)
        yield day.isoformat(), await summary(tx, book, day, now)


async def plan_now(
    tx: TenantConnection, now: datetime, *, connected: bool | None = None
) -> Outcome:
    """Plan today once more, as it is at this moment, and say what holds its queue (E3b, E6).

    Nothing is ever doubled by it. Before the first run of the day and after the window there is
    nothing to do.
    """
    await outbox.hold_day(tx)
    book = rulebook(await tenants.charter(tx), now)
    day = book.today(now)
    if now < schedule.instant(day, first_plan(book.settings), book.zone):
        return Outcome()
    outcome = await plan_and_review(tx, book, day, now)
    await outbox.hold(tx, await queue_obstacle(tx, book, now, connected=connected), now)
    return outcome


def first_plan(settings: TenantSettings) -> time:
    """The local time from which on the day's messages may be in the queue (E2, E5)."""
    return min(settings.verify_at, settings.send_at, settings.window_opens)


async def queue_obstacle(
    tx: TenantConnection,
    book: Rulebook,
    now: datetime,
    *,
    connected: bool | None = None,
    due_at: datetime | None = None,
) -> Reason | None:
    """What holds the whole queue at `now`; `due_at` is when the job that asks was due."""
    session = await whatsapp_state.find_session(tx)
    pause = session.pause.rebound(now) if session and session.pause else None
    return obstacle(
        QueueFacts(
            paused=book.rules.paused,
            access_ended=book.rules.access_ended,
            paired=session is not None and session.state in LINKED,
            banned=session is not None and session.state in BANNED,
            restricted=pause is not None and pause.holds(now),
            connected=connected,
            away=due_at is not None and now - due_at > AWAY_AFTER,
        )
    )


async def plan_and_review(
    tx: TenantConnection, book: Rulebook, day: date, now: datetime
) -> Outcome:
    """Queue the messages of `day` and check those still to go, while its window is open (E2).

    Either of the two daily runs alone is enough (decision 1).
    """
    missed = await make_due(tx, book, now)
    send_from, send_until = book.sending_hours(day)
    if now >= send_until:
        return Outcome(notices=missed)
    turn_at = await outbox.note_day(tx, day, day_obstacle(book.rules, day), now)
    if book.rules.access_ended:
        return Outcome(window_open=True, notices=missed)
    outcome = Outcome(
        window_open=True,
        notices=missed,
        planned=await outbox.plan_day(
            tx,
            day=day,
            due_dates=due_dates_on(day, book.rules),
            send_from=min(begins(send_from, turn_at, now), send_until),
            send_until=send_until,
            now=now,
        ),
    )
    names, waiting = await _review_pending(tx, book, day, now)
    if names:
        outcome.notices.append(
            (f"{day}:{','.join(names)}", DataMissing(names, waiting)),
        )
    return outcome


async def summary(tx: TenantConnection, book: Rulebook, day: date, now: datetime) -> DailySummary:
    """The owner's morning (E11, E3b)."""
    numbers = await tenants.morning_numbers(tx, day, day - ONE_DAY)
    return DailySummary(
        day=day,
        due_today=numbers.due_today,
        overdue=numbers.overdue,
        overdue_value=numbers.overdue_value,
        sent_yesterday=numbers.sent_yesterday,
        received_yesterday=numbers.received_yesterday,
        to_send_today=numbers.to_send_today,
        problems=numbers.problems,
        unbilled=Counter(client.reason for client in await left_out(tx, book, now)),
    )


async def _review_pending(
    tx: TenantConnection, book: Rulebook, day: date, now: datetime
) -> tuple[tuple[str, ...], int]:
    """Put to rest what may not go; returns the data that is missing, and for how many messages."""
    verdicts: list[Verdict] = []
    missing: dict[str, None] = {}
    waiting = 0
    for message, client in await outbox.pending_of_day(tx, day):
        found = await _review_one(tx, book, message, client, now)
        if isinstance(found, Reviewed):
            verdicts.append(found.verdict)
            missing.update(dict.fromkeys(found.missing))
            waiting += bool(found.missing)
        elif found is not None and message.state is MessageState.WAITING:
            verdicts.append(Verdict(message.id, MessageState.QUEUED, None))
    if verdicts:
        await outbox.rest(tx, verdicts, now)
    return tuple(missing), waiting


async def _review_one(
    tx: TenantConnection, book: Rulebook, message: OutboxMessage, client: Client, now: datetime
) -> tuple[str, ...] | Held | Reviewed | None:
    """`review`, or None when that failed: counted in the message's row, it costs only this one."""
    try:
        return review(book, message, client, now)
    except Exception as error:  # noqa: BLE001 - whatever is wrong is wrong with this one (F11)
        LOG.warning("message not reviewed", message=message.id, error=type(error).__name__)
        await preparation.set_back(tx, message.id, message.state, message.faults + 1, now)
        return None
