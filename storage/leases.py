"""Which process is in charge, and which owns which tenant.

Leases run by the clock of PostgreSQL, the only one that processes share. The epoch fences every
write that matters outside: taking over needs no consent, it raises the epoch, and the earlier
holder's writes stop matching.
"""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from domain.charge import LEASE_SECONDS, Seen
from errors import Superseded
from storage.database import DispatcherConnection, TenantConnection
from storage.sql import load

SQL = load("leases")
LEASE = timedelta(seconds=LEASE_SECONDS)
NO_TIME = timedelta(0)


async def renew(connection: DispatcherConnection, replica: UUID, lease: timedelta = LEASE) -> Seen:
    """Keep (or register) this process as alive for `lease` from now on; what it sees of others."""
    return await _seen(connection, "renew", replica=replica, lease=lease)


async def look(connection: DispatcherConnection, replica: UUID) -> Seen:
    """What this process sees of others; nothing is written."""
    return await _seen(connection, "look", replica=replica)


async def release(connection: DispatcherConnection, replica: UUID) -> None:
    """Say that this process owns nothing any more."""
    await renew(connection, replica, NO_TIME)


async def let_go(connection: DispatcherConnection, replica: UUID, now: datetime) -> None:
    """Give back all that is claimed and not done, and say so to whoever waits for it.

    `now` is of the clock the jobs follow.
    """
    await connection.execute(SQL["let_go"], replica=replica, now=now)


async def quarantined(connection: DispatcherConnection) -> list[int]:
    """The tenants written down as set aside."""
    return [row["tenant_id"] for row in await connection.fetch(SQL["quarantined"])]


async def take_over(
    connection: DispatcherConnection, tenant_id: int, replica: UUID, now: datetime
) -> int:
    """Own the tenant from now on; returns the new epoch, higher than any before.

    Raises:
        Superseded: a newer process lives; nothing was taken.
    """
    epoch = await connection.fetchval(
        SQL["take_over"], tenant_id=tenant_id, replica=replica, now=now
    )
    if epoch is None:
        raise Superseded(f"tenant {tenant_id}")
    return cast("int", epoch)


async def tenants_with_work(connection: DispatcherConnection) -> list[int]:
    """Tenants that must be awake: unsent messages, undelivered notices or a session to keep."""
    return [row["tenant_id"] for row in await connection.fetch(SQL["tenants_with_work"])]


async def quarantine(tx: TenantConnection, since: datetime | None, error: str | None) -> bool:
    """Keep since when, and over what kind of error, the tenant is set aside; None ends it.

    False when nobody ever owned the tenant, so there is nothing to keep.
    """
    return await tx.fetchval(SQL["quarantine"], since=since, error=error) is not None


async def _seen(connection: DispatcherConnection, block: str, **named: object) -> Seen:
    row = await connection.fetchrow(SQL[block], **named)
    assert row is not None  # noqa: S101 - a function of booleans always has its one row
    return Seen(*row)
