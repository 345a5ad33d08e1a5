"""A town of accounts that nobody planned: made by a seed, written by hand, remembered for counting.

What clients are called, how they are reached and what they are written is `HUSH` all over.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import asyncpg

from tests.bot.live import NOW

HUSH = "Segredo"
HUSH_PHONE = "+5511911112222"
ZONES = ("America/Sao_Paulo", "America/Manaus", "America/Noronha", "America/Rio_Branco")
SESSIONS = (None, "paired", "paired", "paired", "needs_qr", "banned")
MESSAGES = ("queued", "sent", "delivered", "read", "failed", "unknown", "cancelled")
FIRST = 81_000
REPLICA = UUID(int=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Account:
    """One account as it was made."""

    tenant_id: int
    zone: str
    trial_ends_at: datetime
    paid_until: datetime | None
    blocked_at: datetime | None
    pays: bool
    pending: Decimal | None
    messages: list[tuple[str, datetime]] = field(default_factory=list)


@dataclass
class TownOfAll:
    """All of them, and the money: at which instant how much came or went."""

    accounts: list[Account]
    money: list[tuple[datetime, Decimal]]


async def settle(console: asyncpg.Connection, seed: int, people: int = 30) -> TownOfAll:
    """Empty the database, and let a town move in."""
    await console.execute("TRUNCATE tenants, revenue_ledger, webhook_events, admin_notices CASCADE")
    await console.execute("TRUNCATE telegram_updates, tenant_owners, audit_log")
    await console.execute(
        "INSERT INTO replicas VALUES ($1, $2, $2) ON CONFLICT DO NOTHING", REPLICA, NOW
    )
    random = Random(seed)  # noqa: S311 - a town
    town = TownOfAll([], [])
    for number in range(people):
        town.accounts.append(await _move_in(console, FIRST + number, random, town.money))
    # An account that is gone left its money here.
    town.money.append((NOW - 40 * DAY, Decimal("20.00")))
    await _book(console, "erased", 1, "received", *town.money[-1])
    return town


async def _move_in(
    console: asyncpg.Connection,
    tenant_id: int,
    random: Random,
    money: list[tuple[datetime, Decimal]],
) -> Account:
    account = Account(
        tenant_id=tenant_id,
        zone=random.choice(ZONES),
        trial_ends_at=NOW + _some(random, 12 * 24),
        paid_until=random.choice([None, NOW + _some(random, 40 * 24)]),
        blocked_at=NOW if random.random() < 0.1 else None,
        pays=False,
        pending=random.choice([None, None, Decimal("20.00"), Decimal("35.50")]),
    )
    await console.execute(
        """INSERT INTO tenants (tenant_id, name, email, phone, created_at, trial_ends_at,
               paid_until, blocked_at)
           VALUES ($1, $2, $3, '+5511955500142', $4, $5, $6, $7)""",
        tenant_id, f"Dono {tenant_id}", f"dono{tenant_id}@loja.example", NOW - 30 * DAY,
        account.trial_ends_at, account.paid_until, account.blocked_at,
    )  # fmt: skip
    company = f"Loja {tenant_id}" if random.random() < 0.7 else None
    await console.execute(
        "INSERT INTO settings (tenant_id, company, time_zone) VALUES ($1, $2, $3)",
        tenant_id, company, account.zone,
    )  # fmt: skip
    await _connect(console, account, random)
    await _pay(console, account, random, money)
    await _go_wrong(console, tenant_id, random)
    return account


async def _connect(console: asyncpg.Connection, account: Account, random: Random) -> None:
    """A line, perhaps, a client of whom nobody may hear, and messages to it."""
    tenant_id, state = account.tenant_id, random.choice(SESSIONS)
    if state:
        await console.execute(
            """INSERT INTO whatsapp_sessions (tenant_id, state, epoch, updated_at)
               VALUES ($1, $2, 1, $3)""",
            tenant_id, state, NOW,
        )  # fmt: skip
    client = await console.fetchval(
        """INSERT INTO clients (tenant_id, name, phone, due_on, price, created_at, updated_at)
           VALUES ($1, $2, $3, '2026-11-23', 35, $4, $4) RETURNING id""",
        tenant_id, HUSH, HUSH_PHONE, NOW,
    )  # fmt: skip
    for number in range(random.choice([0, 0, 3, 9, 14])):
        state, at = random.choice(MESSAGES), NOW - random.random() * 30 * HOUR
        account.messages.append((state, at))
        left = state in {"sent", "delivered", "read"}
        await console.execute(
            """INSERT INTO messages (tenant_id, client_id, kind, due_on, day, state, reason, phone,
                   body, whatsapp_id, correlation_id, attempt, not_before, expires_at, created_at,
                   sent_at, delivered_at, read_at)
               VALUES ($1, $2, 'cobranca', '2026-01-01'::date + $3::integer,
                   ($4::timestamptz AT TIME ZONE $5)::date, $6, $7, $8, $9, $10, 'm', 1, $4, $4, $4,
                   $11, $12, $13)""",
            tenant_id, client, number, at, account.zone, state,
            "not_on_whatsapp" if state == "failed" else None, HUSH_PHONE, HUSH,
            f"id-of-number-{number}", at if left else None,
            at + HOUR / 60 if state in {"delivered", "read"} else None,
            at + HOUR / 30 if state == "read" else None,
        )  # fmt: skip
    await console.execute(
        """INSERT INTO message_events (tenant_id, message_id, at, state, attempt)
           SELECT tenant_id, id, created_at, state, 1 FROM messages WHERE tenant_id = $1""",
        tenant_id,
    )


async def _pay(
    console: asyncpg.Connection,
    account: Account,
    random: Random,
    money: list[tuple[datetime, Decimal]],
) -> None:
    """Charges that were paid, some given back; one that waits, perhaps."""
    tenant_id = account.tenant_id
    for number in range(random.choice([0, 0, 1, 3])):
        at, back = NOW - random.random() * 400 * DAY, random.random() < 0.2
        account.pays = account.pays or not back
        payment = f"{tenant_id}{number}"
        charge = await _charge(console, tenant_id, "refunded" if back else "approved", payment, at)
        await console.execute(
            """INSERT INTO subscription_grants (tenant_id, charge_id, days, starts_at, given_by,
                   created_at, taken_back_at)
               VALUES ($1, $2, 30, $3, 'payment', $3, $4)""",
            tenant_id, charge, at, at + DAY if back else None,
        )  # fmt: skip
        moves = [("received", at, Decimal("20.00"))]
        moves += [("returned", at + DAY, Decimal("-20.00"))] if back else []
        for entry, (kind, when, amount) in enumerate(moves, 1):
            money.append((when, amount))
            await _book(console, payment, entry, kind, when, amount)
    if account.pending is not None:
        await _charge(console, tenant_id, "pending", None, NOW - HOUR, account.pending)


async def _charge(  # noqa: PLR0913, PLR0917 - a row by hand
    console: asyncpg.Connection,
    tenant_id: int,
    status: str,
    payment: str | None,
    at: datetime,
    amount: Decimal = Decimal("20.00"),
) -> int:
    booked = {"approved": amount}.get(status, Decimal(0))
    found: int = await console.fetchval(
        """INSERT INTO subscription_charges (tenant_id, amount, status, idempotency_key,
               external_reference, payment_id, created_at, expires_at, approved_at, booked,
               bookings)
           VALUES ($1, $2, $3, gen_random_uuid(), $4, $5, $6, $7, $8, $9, $10) RETURNING id""",
        tenant_id, amount, status, f"{tenant_id}-{payment}", payment, at, at + DAY,
        None if status == "pending" else at, booked, 0 if status == "pending" else 1,
    )  # fmt: skip
    return found


async def _book(  # noqa: PLR0913, PLR0917 - a row by hand
    console: asyncpg.Connection, payment: str, number: int, kind: str, at: datetime, amount: Decimal
) -> None:
    await console.execute(
        """INSERT INTO revenue_ledger (payment_id, number, kind, amount, currency, at)
           VALUES ($1, $2, $3, $4, 'BRL', $5)""",
        payment, number, kind, amount, at,
    )  # fmt: skip


async def _go_wrong(console: asyncpg.Connection, tenant_id: int, random: Random) -> None:
    """What could not be done, with words in it that nobody may read."""
    if random.random() < 0.3:
        await console.execute(
            """INSERT INTO schedules (tenant_id, job, next_due_at, failure, failed_at)
               VALUES ($1, 'send', $2, $3, $2)""",
            tenant_id, NOW - HOUR, f"said {HUSH} {HUSH_PHONE}",
        )  # fmt: skip
    if random.random() < 0.3:
        await console.execute(
            """INSERT INTO telegram_updates (tenant_id, update_id, payload, received_at,
                   set_aside_at, error)
               VALUES ($1, 1, $2, $3, $3, $4)""",
            tenant_id, f'{{"text": "{HUSH}"}}', NOW - HOUR, f"ValueError at x.py:1 {HUSH}",
        )  # fmt: skip
    if random.random() < 0.2:
        await console.execute(
            """INSERT INTO tenant_owners (tenant_id, replica_id, epoch, since, quarantined_at,
                   quarantine_error) VALUES ($1, $2, 1, $3, $3, 'RuntimeError')""",
            tenant_id, REPLICA, NOW - 3 * DAY,
        )  # fmt: skip


def _some(random: Random, hours: int) -> timedelta:
    """So many hours at most, back or ahead."""
    return timedelta(hours=random.uniform(-hours, hours))
