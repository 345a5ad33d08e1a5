"""Who a day could bring a message, some at a time: thousands are never in memory at once."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

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


@dataclass(frozen=True, slots=True)
class ByHand:
    """A message that the owner has scheduled: its next time `at`, UTC, is of the local `day`."""

    client: Client
    text: str
    at: datetime
    day: date


async def by_hand(tx: TenantConnection, day: date) -> list[ByHand]:
    """What is scheduled for a day to come: a person wrote each, so they are few."""
    rows = await tx.fetch(SQL["by_hand"], day=day)
    return [ByHand(client_from_row(row), row["text"], row["at"], row["day"]) for row in rows]


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
