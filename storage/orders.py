"""What an owner orders of the outbox for one client: a message now, or back what was cancelled."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from domain.outbox import MessageState
from domain.reminders import Kind
from storage.database import TenantConnection
from storage.sql import load
from telemetry import CORRELATION

SQL = load("orders")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a message stands; `at` is when it went, or is to go."""

    message_id: int
    state: MessageState
    reason: str | None
    at: datetime


async def bring_back(
    tx: TenantConnection, message_ids: Collection[int], reason: str, now: datetime
) -> int:
    """Queue again what was cancelled for `reason`, untried and still in time (E6); how many."""
    rows = await tx.fetch(SQL["bring_back"], message_ids=list(message_ids), reason=reason, now=now)
    return len(rows)


async def ask_for(  # noqa: PLR0913 - the facts of one order, all named at the call
    tx: TenantConnection,
    client_id: int,
    kind: Kind,
    *,
    day: date,
    send_from: datetime,
    send_until: datetime,
    now: datetime,
) -> None:
    """Queue a message the owner wants; one that is on its way or went already stays so (E6)."""
    await tx.execute(
        SQL["ask_for"],
        client_id=client_id,
        kind=kind,
        day=day,
        send_from=send_from,
        send_until=send_until,
        cause=CORRELATION.get(),
        now=now,
    )


async def one_of(tx: TenantConnection, client_id: int, kind: Kind, due_on: date) -> Standing | None:
    """How the message of a client about a due date stands."""
    row = await tx.fetchrow(SQL["one_of"], client_id=client_id, kind=kind, due_on=due_on)
    if row is None:
        return None
    state = MessageState(row["state"])
    return Standing(row["id"], state, row["reason"], row["went_at"] or row["not_before"])
