"""The invented platform around the sample business: its other accounts, and what they have paid.

They have no clients, and nobody is ever written to; it is what who administers looks at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

import asyncpg

from domain import schedule
from playground.pictures import sample

ADMIN_CHAT = 550_019_001
FIRST_CHAT = 550_020_001
PRICE = Decimal("20.00")
# How they are called, how many days ahead their access ends, and how often they have paid.
ACCOUNTS = (
    *(("Ponto do Sinal", -2, 5), ("Academia Força Viva", -1, 1), ("Studio Fôlego", 2, 0)),
    *(("Aulas da Prô Cida", 4, 0), ("Reforço da Prô Lia", 7, 8), ("TV do Zeca", 9, 11)),
    *(("Net Serra Azul", 11, 6), ("Box Gigante", 13, 4), ("Inglês com a Bia", 15, 9)),
    *(("Pilates Equilíbrio", 18, 3), ("Canal Livre", 20, 7), ("Fibra do Vale", 22, 12)),
    *(("Dança Mais", 24, 2), ("Clube do Xadrez", 26, 5), ("Sinal Bom", 28, 10)),
)
WAITING = (("Ponto do Sinal", 3), ("Academia Força Viva", 20))


@dataclass(frozen=True, slots=True)
class Account:
    """One of them."""

    chat_id: int
    name: str
    ends_at: datetime
    payments: tuple[datetime, ...]


def accounts() -> Iterator[Account]:
    """All of them, always the same."""
    now = schedule.instant(sample.TODAY, time(9, 30), schedule.DEFAULT_ZONE)
    for number, (name, ahead, times) in enumerate(ACCOUNTS):
        ends_at = now + timedelta(days=ahead, minutes=7 * number)
        paid = tuple(ends_at - timedelta(days=30 * back) for back in range(times, 0, -1))
        yield Account(FIRST_CHAT + number, name, ends_at, paid)


async def open_platform(console: asyncpg.Connection) -> None:
    """Let them have signed up and paid, by hand: nothing of theirs has to run."""
    for account in accounts():
        await _sign_up(console, account)
        for number, at in enumerate(account.payments):
            await _pay(console, account, f"{account.chat_id}{number:02}", at)
    now = schedule.instant(sample.TODAY, time(10, 42), schedule.DEFAULT_ZONE)
    by_name = {account.name: account.chat_id for account in accounts()}
    for name, hours in WAITING:
        await console.execute(
            """INSERT INTO subscription_charges (tenant_id, amount, status, idempotency_key,
                   external_reference, payment_id, copy_and_paste, created_at, expires_at)
               VALUES ($1, $2, 'pending', gen_random_uuid(), $3, $3, '000201', $4, $5)""",
            by_name[name], PRICE, f"platform-{by_name[name]}", now - timedelta(hours=hours),
            now + timedelta(hours=24 - hours),
        )  # fmt: skip


async def _sign_up(console: asyncpg.Connection, account: Account) -> None:
    first = min(account.payments, default=account.ends_at)
    trial_ends_at = first if account.payments else account.ends_at
    await console.execute(
        """INSERT INTO tenants (tenant_id, name, email, phone, created_at, trial_ends_at,
               paid_until) VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        account.chat_id, account.name, f"conta{account.chat_id % 100}@negocio.example",
        f"+55119555{account.chat_id % 10_000:05}", trial_ends_at - timedelta(days=7),
        trial_ends_at, account.ends_at if account.payments else None,
    )  # fmt: skip
    await console.execute("INSERT INTO settings (tenant_id) VALUES ($1)", account.chat_id)


async def _pay(console: asyncpg.Connection, account: Account, payment: str, at: datetime) -> None:
    await console.execute(
        """WITH charge AS (
               INSERT INTO subscription_charges (tenant_id, amount, status, idempotency_key,
                   external_reference, payment_id, created_at, expires_at, approved_at, booked,
                   bookings)
               VALUES ($1, $2, 'approved', gen_random_uuid(), $3, $3, $4, $4, $4, $2, 1)
               RETURNING id
           ), granted AS (
               INSERT INTO subscription_grants (tenant_id, charge_id, days, starts_at, given_by,
                   created_at)
               SELECT $1, id, 30, $4, 'payment', $4 FROM charge
           )
           INSERT INTO revenue_ledger (payment_id, number, kind, amount, currency, at)
           VALUES ($3, 1, 'received', $2, 'BRL', $4)""",
        account.chat_id, PRICE, payment, at,
    )  # fmt: skip
