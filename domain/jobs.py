"""A tenant's daily jobs: when each runs, and what becomes of one that fails (E2, E10, E14, F11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from domain import schedule
from domain.backoff import JOB
from domain.charter import TenantSettings

ONE_DAY = timedelta(days=1)
MOST_FAULTS = 8  # tries of one due time for whose failing nothing but the job is to blame
MOST_UNFINISHED = 3  # of one whose last try nobody saw the end of: it may have ended the process
LONGEST_RETRY = timedelta(seconds=JOB.most_s)


class Job(StrEnum):
    """What the clock makes a tenant do every day."""

    CLEAN = "clean"
    VERIFY = "verify"
    SUMMARY = "summary"
    SEND = "send"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again in so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class SetAside:
    """Give this due time up, and keep why."""


def job_times(settings: TenantSettings) -> dict[Job, time]:
    """The local time of each job."""
    return {
        Job.CLEAN: settings.clean_at,
        Job.VERIFY: settings.verify_at,
        Job.SUMMARY: settings.summary_at,
        Job.SEND: settings.send_at,
        Job.CLOSE: settings.window_closes,
    }


def next_runs(settings: TenantSettings, after: datetime) -> dict[Job, datetime]:
    """When each job runs first after `after`, UTC."""
    return {
        job: schedule.next_daily_run(at, settings.zone, after)
        for job, at in job_times(settings).items()
    }


def astray(
    settings: TenantSettings, due: Mapping[Job, datetime], now: datetime
) -> dict[Job, datetime]:
    """The jobs that are missing, or due later than their next time of day; when they are due (E14).

    One that is overdue is left: it is about to run.
    """
    return {
        job: expected
        for job, expected in next_runs(settings, now).items()
        if job not in due or due[job] > expected
    }


def rescheduled(
    before: TenantSettings, after: TenantSettings, due: Mapping[Job, datetime], now: datetime
) -> dict[Job, datetime]:
    """When the jobs whose time of day was changed run next, UTC (E2, E9).

    One that was still to run today, and whose new time of today is over, would be skipped by the
    change: it runs now. One that ran today may run again: every job may be repeated (E10).
    """
    was, times = job_times(before), job_times(after)
    moved = {}
    for job, at in times.items():
        if job in due and (was[job], before.zone) == (at, after.zone):
            continue
        moved[job] = schedule.next_daily_run(at, after.zone, now)
        today = schedule.local(now, before.zone).date()
        is_to_run = job in due and schedule.local(due[job], before.zone).date() <= today
        if is_to_run and latest_day(at, after, now) == schedule.local(now, after.zone).date():
            moved[job] = now
    return moved


def latest_day(at: time, settings: TenantSettings, now: datetime) -> date:
    """The tenant's day of the last run at `at` up to `now`."""
    today = schedule.local(now, settings.zone).date()
    return today if schedule.instant(today, at, settings.zone) <= now else today - ONE_DAY


def after_failure(
    attempts: int, faults: int, random: Random, *, unfinished: bool = False
) -> Retry | SetAside:
    """What becomes of a job after `attempts` failed tries, `faults` of them its own (F11)."""
    if faults >= (MOST_UNFINISHED if unfinished else MOST_FAULTS):
        return SetAside()
    return Retry(JOB.delay(attempts, random))
