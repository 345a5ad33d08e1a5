"""What is counted across tenants for whoever runs the system: one question, one row."""

from datetime import datetime

from domain.figures import Figures
from storage.database import DispatcherConnection
from storage.sql import load

SQL = load("figures")
AGES = (
    "oldest_ready_seconds",
    "oldest_job_seconds",
    "oldest_update_seconds",
    "oldest_webhook_seconds",
)


async def read(connection: DispatcherConnection, now: datetime) -> Figures:
    """All figures at `now`."""
    row = await connection.fetchrow(SQL["figures"], now=now)
    assert row is not None  # noqa: S101 - aggregates always have their row
    found = dict(row)
    # Received on a clock that was ahead, or nothing there: no age.
    found |= {age: max(0.0, found[age] or 0.0) for age in AGES}
    return Figures(**found)
