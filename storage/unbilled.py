"""Clients whose D+1 passed without their cobranca, and what the owner wants done (E3b, decision 2).

The answer is kept in the one row that each due date has: billed by it, or dismissed with it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain.obstacles import UNBILLED_DAYS, MissedDay, billing_day, why_unbilled
from domain.reminders import DAYS_LATE, Kind
from storage import outbox
from storage.database import TenantConnection
from storage.sql import load
from telemetry import CORRELATION

SQL = load("unbilled")
DAYS_LATE_AT_BILLING = DAYS_LATE[Kind.BILLING]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbilled:
    """A client who was not billed on its day; `reason` is the code of why."""

    client_id: int
    name: str
    phone: str
    due_on: date
    price: Decimal | None
    reason: str


async def find(
    tx: TenantConnection, last_day: date, window_end: Callable[[date], datetime]
) -> list[Unbilled]:
    """Who was left out on the days up to `last_day`, UNBILLED_DAYS of them, the oldest first.

    `window_end` is when the sending window of a day ended.
    """
    last = last_day - timedelta(days=DAYS_LATE_AT_BILLING)
    rows = await tx.fetch(
        SQL["unbilled"],
        first=last - timedelta(days=UNBILLED_DAYS - 1),
        last=last,
        days_late=DAYS_LATE_AT_BILLING,
    )
    return [
        Unbilled(
            client_id=row["id"],
            name=row["name"],
            phone=row["phone"],
            due_on=row["due_on"],
            price=row["price"],
            reason=why_unbilled(
                MissedDay(
                    registered_at=row["created_at"],
                    window_ended_at=window_end(billing_day(row["due_on"])),
                    planned_at=row["planned_at"],
                    obstacle=row["obstacle"],
                    has_message=row["has_message"],
                    first_is_out=row["first_is_out"],
                    message_reason=row["reason"],
                )
            ),
        )
        for row in rows
    ]


async def bill(  # noqa: PLR0913 - the facts of one order, all named at the call
    tx: TenantConnection,
    client_ids: Collection[int],
    *,
    day: date,
    send_from: datetime,
    send_until: datetime,
    now: datetime,
) -> int:
    """Queue the cobranca of these clients for `day`, though it is late (E6); returns how many."""
    await outbox.hold_day(tx)
    rows = await tx.fetch(
        SQL["bill"],
        client_ids=list(client_ids),
        day=day,
        send_from=send_from,
        send_until=send_until,
        cause=CORRELATION.get(),
        now=now,
    )
    return len(rows)


async def dismiss(tx: TenantConnection, client_ids: Collection[int], now: datetime) -> int:
    """Never list these clients again for this due date; returns how many."""
    await outbox.hold_day(tx)
    rows = await tx.fetch(
        SQL["dismiss"], client_ids=list(client_ids), days_late=DAYS_LATE_AT_BILLING, now=now
    )
    return len(rows)
