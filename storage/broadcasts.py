"""Broadcasts to all owners and what became of each (A11); asked across tenants, ids only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from domain.broadcasts import (
    GROUP_ROWS,
    Broadcast,
    BroadcastState,
    BroadcastTo,
    Group,
    Reach,
)
from domain.schedule import zone_named
from domain.subscription import Standing, Subscription, standing
from storage.administration import AccountRow
from storage.database import DispatcherConnection
from storage.sql import load

SQL = load("broadcasts")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One owner to be told of one broadcast."""

    broadcast_id: int
    tenant_id: int


async def standings(connection: DispatcherConnection, now: datetime) -> dict[int, Standing]:
    """Where every account stands at `now`, by its id."""
    return {
        row["tenant_id"]: standing(
            Subscription(
                trial_ends_at=row["trial_ends_at"],
                paid_until=row["paid_until"],
                blocked=row["blocked"],
                zone=zone_named(row["time_zone"]),
            ),
            now,
        )
        for row in await connection.fetch(SQL["standings"])
    }


async def start(  # noqa: PLR0913 - the columns of a broadcast
    connection: DispatcherConnection,
    *,
    press: int,
    made_by: int,
    body: str,
    audience: BroadcastTo,
    recipients: Sequence[int],
    now: datetime,
) -> int:
    """Begin the broadcast of this `press` (an update's id), once; returns its id."""
    found: int = await connection.fetchval(
        SQL["start"],
        press=press,
        made_by=made_by,
        body=body,
        audience=audience.value,
        recipients=[*recipients],
        now=now,
    )
    return found


async def claim(connection: DispatcherConnection, replica: UUID, now: datetime) -> Recipient | None:
    """The next owner to be told, in the hands of this process from now on."""
    row = await connection.fetchrow(SQL["claim"], replica=replica, now=now)
    return None if row is None else Recipient(row["broadcast_id"], row["tenant_id"])


async def settle(
    connection: DispatcherConnection,
    recipient: Recipient,
    replica: UUID,
    outcome: Reach,
    now: datetime,
) -> bool:
    """Note what became of it; False where it was in other hands, and nothing was noted."""
    noted: bool = await connection.fetchval(
        SQL["settle"],
        broadcast=recipient.broadcast_id,
        tenant=recipient.tenant_id,
        replica=replica,
        outcome=outcome.value,
        now=now,
    )
    return noted


async def doubt(connection: DispatcherConnection, begins_anew: UUID | None, now: datetime) -> int:
    """Note as unsure who was being told when a process ended, or a life of one that begins anew."""
    doubted: int = await connection.fetchval(SQL["doubt"], replica=begins_anew, now=now)
    return doubted


async def release(connection: DispatcherConnection, replica: UUID) -> int:
    """Have those wait again whose turn this process took without knowing; nothing is in its hands.

    Returns how many.
    """
    released: int = await connection.fetchval(SQL["release"], replica=replica)
    return released


async def turn(
    connection: DispatcherConnection, broadcast_id: int, becomes: BroadcastState, now: datetime
) -> bool:
    """Pause, resume or stop it; False where it does not stand so that it could."""
    turned: bool = await connection.fetchval(
        SQL["turn"], broadcast=broadcast_id, becomes=becomes.value, now=now
    )
    return turned


async def tell_doubted(connection: DispatcherConnection, broadcast_id: int) -> int:
    """Have those in doubt told again; how many."""
    again: int = await connection.fetchval(SQL["tell_doubted"], broadcast=broadcast_id)
    return again


async def end(connection: DispatcherConnection, now: datetime) -> list[int]:
    """End those that nobody is left to be told of; which."""
    return [row[0] for row in await connection.fetch(SQL["end"], now=now)]


async def told(connection: DispatcherConnection, broadcast_id: int, now: datetime) -> None:
    """Note that its final count was shown."""
    await connection.execute(SQL["told"], broadcast=broadcast_id, now=now)


async def find(connection: DispatcherConnection, broadcast_id: int) -> Broadcast | None:
    """One of them as it stands."""
    row = await connection.fetchrow(SQL["list"], only=broadcast_id, most=1)
    return None if row is None else _broadcast(row)


async def newest(connection: DispatcherConnection, most: int) -> list[Broadcast]:
    """The newest `most`, newest first."""
    return [_broadcast(row) for row in await connection.fetch(SQL["list"], only=None, most=most)]


async def untold(connection: DispatcherConnection) -> list[int]:
    """Those whose end nobody was shown yet, also because they have not ended."""
    return [row[0] for row in await connection.fetch(SQL["open"])]


async def reached(
    connection: DispatcherConnection, broadcast_id: int, group: Group, page: int, now: datetime
) -> tuple[list[AccountRow], int]:
    """A page of the accounts of a group, or the nearest there is, and how many there are on all."""
    found = await connection.fetch(
        SQL["reached"],
        broadcast=broadcast_id,
        states=[one.value for one in group.reaches],
        page=max(page, 1),
        rows=GROUP_ROWS,
        now=now,
    )
    accounts = [
        AccountRow(row["tenant_id"], row["name"], Standing(row["standing"]), row["ends_on"])
        for row in found
    ]
    return accounts, found[0]["total"] if found else 0


def _broadcast(row: asyncpg.Record) -> Broadcast:
    return Broadcast(
        broadcast_id=row["id"],
        made_by=row["made_by"],
        body=row["body"],
        audience=BroadcastTo(row["audience"]),
        state=BroadcastState(row["state"]),
        total=row["total"],
        made_at=row["made_at"],
        ended_at=row["ended_at"],
        counts={Reach(state): many for state, many in row["counts"].items()},
    )
