"""Which process owns which tenant. The epoch fences every write that matters outside.

Taking over needs no consent: it raises the epoch, and the earlier holder's writes stop matching.
"""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from storage.database import DispatcherConnection, TenantConnection
from storage.sql import load

SQL = load("leases")
LEASE = timedelta(seconds=15)


async def renew(connection: DispatcherConnection, replica: UUID, now: datetime) -> None:
    """Keep (or register) this process as alive until `now` + 15 s."""
    await connection.execute(SQL["renew"], replica=replica, now=now, until=now + LEASE)


async def release(connection: DispatcherConnection, replica: UUID, now: datetime) -> None:
    """Say that this process owns nothing any more."""
    await connection.execute(SQL["renew"], replica=replica, now=now, until=now)


async def quarantined(connection: DispatcherConnection) -> list[int]:
    """The tenants written down as set aside."""
    return [row["tenant_id"] for row in await connection.fetch(SQL["quarantined"])]


async def take_over(
    connection: DispatcherConnection, tenant_id: int, replica: UUID, now: datetime
) -> int:
    """Own the tenant from now on; returns the new epoch, higher than any before."""
    epoch = await connection.fetchval(
        SQL["take_over"], tenant_id=tenant_id, replica=replica, now=now
    )
    return cast("int", epoch)


async def tenants_with_work(connection: DispatcherConnection) -> list[int]:
    """Tenants that must be awake: unsent messages, undelivered notices or a session to keep."""
    return [row["tenant_id"] for row in await connection.fetch(SQL["tenants_with_work"])]


async def quarantine(tx: TenantConnection, since: datetime | None, error: str | None) -> bool:
    """Keep since when, and over what kind of error, the tenant is set aside; None ends it.

    False when nobody ever owned the tenant, so there is nothing to keep.
    """
    return await tx.fetchval(SQL["quarantine"], since=since, error=error) is not None
