"""The days a tenant was granted and the end they come to: whoever changes one writes the other.

`tenants.paid_until` is the fold of the grants that stand (`domain.grants`), written in the
transaction of the change itself, under the lock of the tenant's row: two changes at once are one
after the other. Each act is safe to repeat.
"""

from datetime import datetime
from typing import cast

import asyncpg

from domain.grants import Grant, paid_until
from errors import NotSignedUp
from storage.database import TenantConnection
from storage.sql import load

SQL = load("subscriptions")
BY_PAYMENT = "payment"


async def hold(tx: TenantConnection) -> datetime:
    """Keep others from changing what was granted until `tx` ends; returns when the trial ends.

    Raises NotSignedUp.
    """
    trial_ends_at = await tx.fetchval(SQL["hold"])
    if trial_ends_at is None:
        raise NotSignedUp(f"tenant {tx.tenant_id}")
    return cast("datetime", trial_ends_at)


async def grants(tx: TenantConnection) -> list[Grant]:
    """All that was ever granted, taken back or not, as it was made."""
    return [_grant(row) for row in await tx.fetch(SQL["grants"])]


async def grant(  # noqa: PLR0913 - the facts of one grant, all named at the call
    tx: TenantConnection,
    *,
    days: int,
    starts_at: datetime,
    given_by: str,
    now: datetime,
    charge_id: int | None = None,
) -> datetime:
    """Grant `days` from `starts_at` on; returns the end the tenant has by now.

    For the same `charge_id` it is granted once, ever (A5); what was taken back of it stands again.
    Raises NotSignedUp.
    """
    await hold(tx)
    await tx.execute(
        SQL["grant"],
        charge_id=charge_id,
        days=days,
        starts_at=starts_at,
        given_by=given_by,
        now=now,
    )
    end = await recompute(tx)
    assert end is not None  # noqa: S101 - at least this one stands
    return end


async def take_back(
    tx: TenantConnection,
    *,
    now: datetime,
    charge_id: int | None = None,
    grant_id: int | None = None,
) -> datetime | None:
    """Take back what one charge granted, or one grant; returns the end by now, None: no grant.

    Raises NotSignedUp.
    """
    await hold(tx)
    await tx.execute(SQL["take_back"], charge_id=charge_id, grant_id=grant_id, now=now)
    return await recompute(tx)


async def recompute(tx: TenantConnection) -> datetime | None:
    """Write the end that the grants come to; returns it, None where none stands.

    Raises NotSignedUp.
    """
    end = paid_until(await hold(tx), await grants(tx))
    await tx.execute(SQL["set_paid_until"], paid_until=end)
    return end


def _grant(row: asyncpg.Record) -> Grant:
    return Grant(**dict(row))
