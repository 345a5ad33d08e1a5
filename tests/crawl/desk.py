"""What the administration has to look at: money of a year, charges that wait, what went wrong."""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from tests.crawl.house import NOW
from tests.crawl.town import Citizen, Role

MONEY = """
    INSERT INTO revenue_ledger (payment_id, number, kind, amount, currency, at)
    SELECT 'crawl' || n, 1, 'received', 20, 'BRL', $1::timestamptz - n * interval '9 days'
    FROM generate_series(0, 45) AS n
"""
# Looked at by nobody: it waits until it runs out.
WAITING = """
    INSERT INTO subscription_charges (tenant_id, amount, status, idempotency_key,
        external_reference, payment_id, copy_and_paste, created_at, expires_at)
    VALUES ($1::bigint, 20, 'pending', gen_random_uuid(), 'crawl-' || $1, 'w' || $1, '000201',
        $2::timestamptz, $2::timestamptz + interval '1 day')
    ON CONFLICT DO NOTHING
"""
PAID = """
    WITH paid AS (
        INSERT INTO subscription_charges (tenant_id, amount, status, idempotency_key,
            external_reference, payment_id, created_at, expires_at, approved_at, booked, bookings)
        SELECT $1::bigint, 20, 'approved', gen_random_uuid(), 'paid-' || $1 || '-' || n,
            'p' || $1 || n, $2::timestamptz - n * interval '30 days', $2::timestamptz, $2, 20, 1
        FROM generate_series(1, 10) AS n RETURNING id
    )
    INSERT INTO subscription_grants (tenant_id, charge_id, days, starts_at, given_by, created_at)
    SELECT $1, max(id), 30, $2::timestamptz - interval '12 days', 'payment', $2 FROM paid
"""
UNTIL = "UPDATE tenants SET paid_until = $2::timestamptz + interval '18 days' WHERE tenant_id = $1"
WRONG = (
    "UPDATE schedules SET failure = 'x', failed_at = $2 WHERE tenant_id = $1 AND job = 'clean'",
    """INSERT INTO telegram_updates
           (tenant_id, update_id, payload, received_at, set_aside_at, error)
       SELECT $1, n, '{}', $2, $2, 'ValueError at a.py:1' FROM generate_series(1, 10) AS n""",
    """INSERT INTO admin_notices (dedupe_key, payload, created_at, done_at)
       VALUES ('crawl ' || $1::bigint,
           jsonb_build_object('kind', 'mismatch', 'tenant_id', $1::bigint), $2, $2)""",
)
STUCK = """
    INSERT INTO webhook_events (source, event_id, payload, received_at, set_aside_at, error)
    VALUES ('mercado_pago', 'crawl', '{}', $1, $1, 'PaymentRefused: no')
"""


async def furnish(console: asyncpg.Pool, town: Sequence[Citizen]) -> None:
    """Put it there; those of a shop have paid, and who administers has a charge that waits."""
    await console.execute(MONEY, NOW - timedelta(hours=3))
    await console.execute(STUCK, NOW)
    for citizen in town:
        if citizen.role is Role.ADMIN and citizen.has_account:
            await console.execute(WAITING, citizen.chat_id, NOW - timedelta(hours=1))
        if citizen.role is Role.FULL:
            for statement in (PAID, UNTIL, *WRONG):
                await console.execute(statement, citizen.chat_id, NOW - timedelta(hours=1))
