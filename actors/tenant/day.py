"""A tenant's day, job by job: plan, check again, close, sum up (E2, E5, E10, E11).

Each job is one transaction that also moves its due time on, and each may be repeated.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from actors.messages.notices import DailySummary, DataMissing, KeptNotice
from domain import schedule
from domain.jobs import ONE_DAY, Job, job_times, latest_day
from domain.outbox import Verdict
from domain.reminders import due_dates_on
from domain.rulebook import Reviewed, Rulebook, review, rulebook
from storage import outbox, schedules, tenants
from storage.database import TenantConnection


@dataclass(slots=True)
class Outcome:
    """What a job did, and what the owner must hear of it: notices by their unique key."""

    planned: int = 0
    notices: list[tuple[str, KeptNotice]] = field(default_factory=list)


async def run_job(tx: TenantConnection, job: str, due_at: datetime, now: datetime) -> Outcome:
    """Carry out `job` for the latest day on which it was due, and move it on to its next time.

    A job that somebody else has moved on meanwhile does nothing.
    """
    book = rulebook(await tenants.charter(tx), now)
    at = job_times(book.settings)[Job(job)]
    moved = await schedules.carried_out(
        tx, job, due_at, schedule.next_daily_run(at, book.zone, now)
    )
    if not moved:
        return Outcome()
    day = latest_day(at, book.settings, now)
    match job:
        case Job.VERIFY | Job.SEND:
            return await plan_and_review(tx, book, day, now)
        case Job.SUMMARY if book.settings.summary_on and day == book.today(now):
            return Outcome(notices=[(day.isoformat(), await summary(tx, day))])
        case Job.CLOSE:
            await outbox.expire(tx, now)
    return Outcome()


async def plan_and_review(
    tx: TenantConnection, book: Rulebook, day: date, now: datetime
) -> Outcome:
    """Queue the messages of `day` and check those still to go, while its window is open (E2).

    Either of the two daily runs alone is enough (decision 1).
    """
    send_from, send_until = book.sending_hours(day)
    if now >= send_until or book.rules.access_ended:
        return Outcome()
    outcome = Outcome(
        planned=await outbox.plan_day(
            tx,
            day=day,
            due_dates=due_dates_on(day, book.rules),
            send_from=send_from,
            send_until=send_until,
            now=now,
        )
    )
    names, waiting = await _review_pending(tx, book, day, now)
    if names:
        outcome.notices.append(
            (f"{day}:{','.join(names)}", DataMissing(names, waiting)),
        )
    return outcome


async def summary(tx: TenantConnection, day: date) -> DailySummary:
    """The owner's morning (E11)."""
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
    )


async def _review_pending(
    tx: TenantConnection, book: Rulebook, day: date, now: datetime
) -> tuple[tuple[str, ...], int]:
    """Put to rest what may not go; returns the data that is missing, and for how many messages."""
    verdicts: list[Verdict] = []
    missing: dict[str, None] = {}
    waiting = 0
    for message, client in await outbox.pending_of_day(tx, day):
        found = review(book, message, client, now)
        if isinstance(found, Reviewed):
            verdicts.append(found.verdict)
            missing.update(dict.fromkeys(found.missing))
            waiting += bool(found.missing)
        elif message.state == "waiting":
            verdicts.append(Verdict(message.id, "queued", None))
    if verdicts:
        await outbox.rest(tx, verdicts, now)
    return tuple(missing), waiting
