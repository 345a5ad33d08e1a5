"""Who a day could bring a message, some at a time: thousands are never in memory at once."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain.clients import Client
from domain.reminders import Kind
from storage.clients import client_from_row
from storage.database import TenantConnection
from storage.sql import load

SQL = load("rehearsal")
# Clients of one step: between two of them others have their turn.
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Due:
    """A client whose due date a kind speaks about on the day; `made` as `domain.rehearsal` says."""

    client: Client
    kind: Kind
    made: bool


async def due(
    tx: TenantConnection, day: date, due_dates: Mapping[Kind, date]
) -> AsyncIterator[Due]:
    """All of them, in the order in which the day's messages would be made."""
    after = 0
    while True:
        rows = await tx.fetch(
            SQL["due"],
            day=day,
            kinds=[kind.value for kind in due_dates],
            due_dates=list(due_dates.values()),
            after=after,
            most=AT_ONCE,
        )
        for row in rows:
            yield Due(client_from_row(row), Kind(row["kind"]), row["made"])
        if len(rows) < AT_ONCE:
            return
        after = rows[-1]["id"]
