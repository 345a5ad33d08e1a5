"""Drops what has outlived its use: a tenant's own at its cleaning time, the rest across tenants."""

from datetime import datetime
from typing import cast

from domain.by_hand import OFFERED_AGAIN
from domain.retention import Retention
from storage.database import DispatcherConnection, TenantConnection
from storage.sql import load

SQL = load("retention")
BATCH = 5_000


async def clean(tx: TenantConnection, keep: Retention, now: datetime) -> None:
    """Drop what the tenant of `tx` has no use for any more (E2's cleaning time)."""
    await tx.execute(
        SQL["updates"],
        handled_before=now - keep.updates,
        set_aside_before=now - keep.set_aside,
    )
    await tx.execute(SQL["notices"], before=now - keep.notices)
    await tx.execute(SQL["replies"], before=now - keep.replies)
    await tx.execute(SQL["talks"], before=now - keep.replies)
    await tx.execute(SQL["numbers"], before=now - keep.numbers)
    await tx.execute(SQL["imports"], before=now - keep.imports)
    await tx.execute(SQL["whatsapp_log"], before=now - keep.whatsapp_log)
    await tx.execute(SQL["whatsapp_tests"], before=now - keep.whatsapp_log)
    await tx.execute(SQL["undos"], before=now - keep.undos)
    await tx.execute(SQL["dropped_tags"], before=now - keep.undos)
    await tx.execute(SQL["dropped_texts"], before=now - keep.undos)
    await tx.execute(SQL["dropped_values"], before=now - keep.undos)
    await tx.execute(SQL["dropped_fields"], before=now - keep.undos)
    await tx.execute(SQL["dropped_holidays"], before=now - keep.undos)
    await tx.execute(SQL["scheduled_messages"], before=now - max(keep.undos, OFFERED_AGAIN))
    await tx.execute(SQL["planned_days"], before=(now - keep.planned).date())


async def clean_everywhere(connection: DispatcherConnection, keep: Retention, now: datetime) -> int:
    """Drop a bounded number of old rows that no tenant cleans; returns how many."""
    dropped = await connection.fetchval(
        SQL["clean"],
        log_before=now - keep.log,
        updates_before=now - keep.set_aside,
        webhooks_before=now - keep.webhooks,
        replicas_before=now - keep.replicas,
        most=BATCH,
    )
    return cast("int", dropped)
