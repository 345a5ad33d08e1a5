"""What arrived of what was sent (F10): the figures of a day, and the messages behind each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from domain.deliveries import GRACE, STALLED_WINDOW, Deliveries, Recent
from storage.database import TenantConnection
from storage.sql import load

SQL = load("whatsapp_deliveries")
ONE_DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=7)
TWO_DAYS = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that was sent, and to whom; instants in UTC."""

    client_id: int
    name: str
    due_on: date
    archived: bool
    kind: str
    sent_at: datetime
    delivered_at: datetime | None
    read_at: datetime | None


async def facts(tx: TenantConnection, now: datetime) -> Deliveries:
    """What became of the last 24 hours' messages, at `now`."""
    row = await tx.fetchrow(
        SQL["facts"],
        since=now - ONE_DAY,
        since_day=(now - TWO_DAYS).date(),
        due_before=now - GRACE,
        silent_from=now - STALLED_WINDOW,
        first_day=(now - LOOK_BACK).date(),
    )
    assert row is not None  # noqa: S101 - a row of aggregates is always there
    return Deliveries(**dict(row))


async def sent_of_day(tx: TenantConnection, day: date) -> int:
    """How many messages of a day have left, or more."""
    return cast("int", await tx.fetchval(SQL["sent_of_day"], day=day))


async def page(
    tx: TenantConnection, which: Recent, now: datetime, number: int, rows: int
) -> tuple[list[SentMessage], int]:
    """A page of the messages behind a figure, and how many there are."""
    found = await tx.fetch(
        SQL["page"],
        which=which.value,
        since=now - ONE_DAY,
        since_day=(now - TWO_DAYS).date(),
        page=number,
        rows=rows,
    )
    fields = SentMessage.__dataclass_fields__
    messages = [SentMessage(**{name: row[name] for name in fields}) for row in found]
    return messages, found[0]["total"] if found else 0
