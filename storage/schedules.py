"""When each tenant's jobs run next. Due times live here, so a passive tenant costs no timer.

Finding who is due looks across tenants through the dispatcher's functions; all else is the
tenant's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from storage.database import DispatcherConnection, TenantConnection
from storage.sql import load

SQL = load("schedules")


@dataclass(frozen=True, slots=True)
class DueJob:
    """A job whose time has come: `due_at` is the planned instant, UTC."""

    tenant_id: int
    job: str
    due_at: datetime


async def due_jobs(connection: DispatcherConnection, now: datetime, most: int) -> list[DueJob]:
    """The jobs due at `now`, the longest overdue first, at most `most` of them."""
    rows = await connection.fetch(SQL["due_jobs"], now=now, most=most)
    return [DueJob(row["tenant_id"], row["job"], row["due_at"]) for row in rows]


async def next_job_at(connection: DispatcherConnection, now: datetime) -> datetime | None:
    """The instant of the first job after `now`, or None where there is none."""
    return cast("datetime | None", await connection.fetchval(SQL["next_job_at"], now=now))


async def set_next(tx: TenantConnection, next_due: Mapping[str, datetime]) -> None:
    """Set when jobs run next, whatever stood there before."""
    await tx.execute(SQL["set_next"], jobs=list(next_due.keys()), due_times=list(next_due.values()))


async def carried_out(
    tx: TenantConnection, job: str, due_at: datetime, next_due_at: datetime
) -> bool:
    """Move `job` on from `due_at`. False when somebody else already had."""
    moved = await tx.fetchval(SQL["carried_out"], job=job, due_at=due_at, next_due_at=next_due_at)
    return moved is not None


async def of_tenant(tx: TenantConnection) -> dict[str, datetime]:
    """When each job of the tenant runs next."""
    rows = await tx.fetch(SQL["of_tenant"])
    return {row["job"]: row["next_due_at"] for row in rows}
