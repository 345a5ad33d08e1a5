"""Rows put into the database by hand, for tests of what is counted of them."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from tests.postgres import NOW

MINUTE = timedelta(minutes=1)
REPLICA = UUID("00000000-0000-4000-8000-000000000001")


async def add_messages(
    console: asyncpg.Connection, tenant: int, *states: str, now: datetime = NOW
) -> None:
    """Messages of `tenant` in these states, ready for a minute, of one client."""
    client = await console.fetchval(
        """INSERT INTO clients (tenant_id, name, phone, due_on, price, created_at, updated_at)
           VALUES ($1, 'Ana', '+5511987654321', '2026-11-23', 35, $2, $2) RETURNING id""",
        tenant,
        now,
    )
    for number, state in enumerate(states):
        await console.execute(
            """INSERT INTO messages (tenant_id, client_id, kind, due_on, day, state, phone, body,
                   whatsapp_id, correlation_id, not_before, expires_at, created_at, owner_epoch)
               VALUES ($1, $2, 'cobranca', '2026-01-01'::date + $3::integer, '2026-11-24', $4,
                   '+5511987654321', 'Oi', 'id-of-number-' || $3::integer, 'm-1', $5, $6, $5,
                   CASE WHEN $4 = 'sending' THEN 1 END)""",
            tenant, client, number, state, now - MINUTE, now + MINUTE,
        )  # fmt: skip


async def add_the_rest(console: asyncpg.Connection, tenant: int, now: datetime) -> None:
    """Of all else that is counted, something: jobs, an update, a notice, a quarantine."""
    await console.execute(
        "INSERT INTO replicas (id, started_at, lease_until) VALUES ($1, $2, $3)",
        REPLICA, now, now + MINUTE,
    )  # fmt: skip
    await console.execute(
        """INSERT INTO tenant_owners (tenant_id, replica_id, epoch, since, quarantined_at)
           VALUES ($1, $2, 1, $3, $3)""",
        tenant, REPLICA, now,
    )  # fmt: skip
    await console.execute(
        """INSERT INTO schedules (tenant_id, job, next_due_at, attempts, retry_at, claimed_by)
           VALUES ($1, 'verify', $2, 1, $3, $4), ($1, 'send', $2, 0, NULL, NULL)""",
        tenant, now - MINUTE, now + MINUTE, REPLICA,
    )  # fmt: skip
    await console.execute(
        """INSERT INTO telegram_updates (tenant_id, update_id, payload, received_at)
           VALUES ($1, 1, '{}', $2)""",
        tenant, now - MINUTE,
    )  # fmt: skip
    await console.execute(
        """INSERT INTO notices (tenant_id, kind, dedupe_key, payload, created_at)
           VALUES ($1, 'x', 'a', '{}', $2)""",
        tenant, now,
    )  # fmt: skip
