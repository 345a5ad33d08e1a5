"""When each tenant's jobs run next, and who is at them. A passive tenant costs no timer.

Finding and claiming who is due looks across tenants through the dispatcher's functions; all else
is the tenant's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from domain.jobs import Job
from storage import values
from storage.database import DispatcherConnection, TenantConnection
from storage.sql import load

SQL = load("schedules")


@dataclass(frozen=True, slots=True)
class DueJob:
    """A job whose time has come: `due_at` is the planned instant, UTC.

    `attempts` and `faults` count its tries for that instant, with the one that begins now; faults
    are the tries nothing but the job is to blame for. `unfinished`: nobody knows how the last try
    ended, so it may have ended the process.
    """

    tenant_id: int
    job: str
    due_at: datetime
    attempts: int = 1
    faults: int = 1
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class MovedOn:
    """A job that was moved on; `is_any_over`: a window left messages behind (E5)."""

    is_any_over: bool


async def claim(  # noqa: PLR0913 - the facts of one claim, all named at the call
    connection: DispatcherConnection,
    replica: UUID,
    *,
    now: datetime,
    until: datetime,
    most: int,
    again: bool,
) -> list[DueJob]:
    """Take at most `most` due jobs for `replica` until an instant, the longest due first.

    `again`: those tried before, otherwise those never tried. Each counts as tried from here on.
    """
    rows = await connection.fetch(
        SQL["claim"], replica=replica, now=now, until=until, most=most, again=again
    )
    return [DueJob(*row) for row in rows]


async def next_claim_at(connection: DispatcherConnection) -> datetime | None:
    """The instant from which a job can be claimed, or None where there is none."""
    return cast("datetime | None", await connection.fetchval(SQL["next_claim_at"]))


async def free_claims(connection: DispatcherConnection, now: datetime) -> int:
    """Let others have what processes that are no more had claimed; returns how many jobs."""
    return cast("int", await connection.fetchval(SQL["free_claims"], now=now))


async def astray(
    connection: DispatcherConnection, now: datetime, longest_retry: timedelta
) -> list[int]:
    """The tenants whose due times do not follow from their own times (E14)."""
    rows = await connection.fetch(SQL["astray"], now=now, longest_retry=longest_retry)
    return [row["tenant_id"] for row in rows]


async def take_turns(
    connection: DispatcherConnection,
    now: datetime,
    *,
    until: datetime,
    step: timedelta,
    longest: timedelta,
) -> int:
    """Spread the tenants whose sending begins before `until` over the time after it (E13).

    Alone in its minute a tenant begins at once; of N each begins `step` after the one before, all
    within `longest`. Returns how many begin later for it. What is settled stays.
    """
    moved = await connection.fetchval(
        SQL["take_turns"], now=now, until=until, step=step, longest=longest
    )
    return cast("int", moved)


async def set_next(tx: TenantConnection, next_due: Mapping[Job, datetime]) -> None:
    """Set when jobs run next, whatever stood there before."""
    await tx.execute(SQL["set_next"], jobs=list(next_due.keys()), due_times=list(next_due.values()))


async def carried_out(
    tx: TenantConnection, job: str, due_at: datetime, next_due_at: datetime, now: datetime
) -> MovedOn | None:
    """Hold the tenant's day and move `job` on from `due_at`; None when somebody else had."""
    over = await tx.fetchval(
        SQL["carried_out"], job=job, due_at=due_at, next_due_at=next_due_at, now=now
    )
    return None if over is None else MovedOn(is_any_over=over)


async def plan_soon(tx: TenantConnection, now: datetime) -> None:
    """Have today planned once more, by whichever process owns the tenant (E3b)."""
    await tx.execute(SQL["plan_soon"], now=now)


async def postpone(  # noqa: PLR0913 - the facts of one transition, all named at the call
    tx: TenantConnection,
    job: DueJob,
    *,
    retry_at: datetime,
    failure: str,
    own_fault: bool,
    now: datetime,
) -> None:
    """Give a claimed job back, to be tried again at `retry_at`."""
    await tx.execute(
        SQL["postpone"],
        job=job.job,
        due_at=job.due_at,
        retry_at=retry_at,
        failure=values.text(failure),
        own_fault=own_fault,
        now=now,
    )


async def set_aside(tx: TenantConnection, job: DueJob, *, failure: str, now: datetime) -> bool:
    """Give one due time of a job up, keeping why. False when it had moved on."""
    moved = await tx.fetchval(
        SQL["set_aside"],
        job=job.job,
        due_at=job.due_at,
        failure=values.text(failure),
        now=now,
    )
    return moved is not None


async def let_go(tx: TenantConnection, latest: datetime) -> None:
    """Let no retry of the tenant wait beyond `latest`."""
    await tx.execute(SQL["let_go"], latest=latest)


async def of_tenant(tx: TenantConnection) -> dict[Job, datetime]:
    """When each job of the tenant runs next."""
    rows = await tx.fetch(SQL["of_tenant"])
    return {Job(row["job"]): row["next_due_at"] for row in rows}
