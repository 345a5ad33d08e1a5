"""The messages of one day as an owner looks at them, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.outbox import MessageState
from domain.reminders import Kind
from storage.database import TenantConnection
from storage.sql import load

SQL = load("day_messages")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDay:
    """A message of a day, and whose it is; `at` is the last thing known of it."""

    message_id: int
    client_id: int
    name: str
    due_on: date
    archived: bool
    kind: Kind
    state: MessageState
    reason: str | None
    at: datetime


async def page_of_day(
    tx: TenantConnection, day: date, states: Iterable[MessageState], page: int, rows: int
) -> tuple[list[OfDay], int]:
    """A page of the day's messages in `states`, the nearest there is, and how many there are."""
    found = await tx.fetch(
        SQL["page_of_day"],
        day=day,
        states=[state.value for state in states],
        page=page,
        rows=rows,
    )
    messages = [
        OfDay(
            message_id=row["id"],
            client_id=row["client_id"],
            name=row["name"],
            due_on=row["due_on"],
            archived=row["archived"],
            kind=Kind(row["kind"]),
            state=MessageState(row["state"]),
            reason=row["reason"],
            at=row["at"],
        )
        for row in found
    ]
    return messages, found[0]["total"] if found else 0
