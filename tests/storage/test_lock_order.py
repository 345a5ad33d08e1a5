"""Whoever touches messages and clients at once never waits for another in a circle.

The order: the tenant's settings (who touches many messages), what clients wrote, payments,
scheduled messages, messages, the client.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import asyncpg
import pytest

from domain.by_hand import Going
from domain.clients import NewClient
from domain.outbox import MessageState, Verdict
from domain.reasons import Reason
from domain.reminders import Kind
from errors import NotFound
from storage import (
    by_hand,
    clients,
    erasure,
    ledger,
    orders,
    outbox,
    own_fields,
    replies,
    tags,
    unbilled,
)
from storage.database import Database, Limits, TenantConnection
from tests.postgres import sign_up

TENANT = 7
DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=11)
CLIENTS = 12
ROUNDS = 25
DUE = {
    Kind.BILLING: DAY - timedelta(days=1),
    Kind.DUE_TODAY: DAY,
    Kind.REMINDER_1_DAY: DAY + timedelta(days=1),
}
Work = Callable[[TenantConnection, Random], Awaitable[object]]


async def client_of(tx: TenantConnection, random: Random) -> int:
    return int(random.choice(await tx.fetch("SELECT id FROM clients"))["id"])


async def plan(tx: TenantConnection, random: Random) -> None:
    await outbox.hold_day(tx)
    hours = timedelta(minutes=random.randint(0, 5))
    await outbox.plan_day(
        tx, day=DAY, due_dates=DUE, send_from=NOW, send_until=UNTIL + hours, now=NOW
    )
    verdicts = [
        Verdict(message.id, MessageState.CANCELLED, Reason.BILLING_OFF)
        for message, _ in await outbox.pending_of_day(tx, DAY)
        if random.random() < 0.3
    ]
    await outbox.rest(tx, verdicts, NOW)


async def take(tx: TenantConnection, _random: Random) -> None:
    await outbox.next_ready(tx, NOW)


async def close(tx: TenantConnection, _random: Random) -> None:
    await outbox.expire(tx, UNTIL + timedelta(minutes=3))


async def hold(tx: TenantConnection, random: Random) -> None:
    await outbox.hold(tx, random.choice([None, Reason.PAUSED]), NOW)


async def renew(tx: TenantConnection, random: Random) -> None:
    client_id = await client_of(tx, random)
    due_on = random.choice([DAY, DAY - timedelta(days=1), DAY + timedelta(days=1)])
    await ledger.renew(tx, client_id, due_on=due_on, amount=Decimal(35), paid_on=DAY, now=NOW)


async def save(tx: TenantConnection, random: Random) -> None:
    found = await clients.find(tx, await client_of(tx, random))
    await clients.save(tx, replace(found, archived=random.random() < 0.2), NOW)


async def erase(tx: TenantConnection, random: Random) -> None:
    await erasure.erase_client(tx, await clients.find(tx, await client_of(tx, random)))


async def register(tx: TenantConnection, random: Random) -> None:
    await clients.add(tx, person(random.randint(0, 99_999_999), random), NOW)


async def bill(tx: TenantConnection, random: Random) -> None:
    ids = [await client_of(tx, random) for _ in range(3)]
    await unbilled.bill(tx, ids, day=DAY, send_from=NOW, send_until=UNTIL, now=NOW)


async def dismiss(tx: TenantConnection, random: Random) -> None:
    await unbilled.dismiss(tx, [await client_of(tx, random) for _ in range(3)], NOW)


async def archive(tx: TenantConnection, random: Random) -> None:
    client_id = await client_of(tx, random)
    await by_hand.cancel_of_client(tx, client_id, Reason.ARCHIVED, NOW)
    await outbox.cancel_pending(tx, client_id, Reason.ARCHIVED, NOW)
    found = await clients.hold(tx, client_id)
    await clients.save(tx, replace(found, archived=True), NOW)


async def take_back(tx: TenantConnection, random: Random) -> None:
    await outbox.hold_day(tx)
    ids = [row["id"] for row in await tx.fetch("SELECT id FROM messages")]
    await orders.bring_back(tx, ids, random.choice([Reason.RENEWED, Reason.ARCHIVED]), NOW)
    await by_hand.bring_back(tx, range(1, 100), Reason.ARCHIVED, NOW)
    found = await clients.hold(tx, await client_of(tx, random))
    await ledger.move_back(tx, found.id, DAY - timedelta(days=1), 23, NOW)


async def ask(tx: TenantConnection, random: Random) -> None:
    await outbox.hold_day(tx)
    await orders.ask_for(
        tx,
        await client_of(tx, random),
        Kind.WELCOME,
        day=DAY,
        send_from=NOW,
        send_until=UNTIL,
        now=NOW,
    )


async def describe(tx: TenantConnection, random: Random) -> None:
    client_id = await client_of(tx, random)
    await own_fields.describe(tx, [(client_id, {"Usuário": "ana"})], NOW)
    await tags.describe(tx, [(client_id, ["Ipê"])], NOW)


async def write(tx: TenantConnection, random: Random) -> None:
    await outbox.hold_day(tx)
    made, _ = await by_hand.add(
        tx,
        await client_of(tx, random),
        nonce=str(random.random()),
        kind=Kind.GENERAL,
        text="Oi",
        at=NOW,
        day=DAY,
        monthly_day=None,
        now=NOW,
    )
    await by_hand.queue(tx, made, Going(NOW, UNTIL), NOW)


async def make_due(tx: TenantConnection, random: Random) -> None:
    await outbox.hold_day(tx)
    for due in await by_hand.due(tx, DAY, NOW):
        await by_hand.queue(tx, due.scheduled.id, Going(NOW, UNTIL), NOW)
    found = (await by_hand.page(tx, None, 1, 3, NOW)).messages
    for one in found[:1]:
        held = await by_hand.hold(tx, one.id)
        if held.message_id is not None and random.random() < 0.5:
            await by_hand.withdraw(tx, held.message_id, Reason.CANCELLED, NOW)


async def hear(tx: TenantConnection, random: Random) -> None:
    phone = (await clients.find(tx, await client_of(tx, random))).phone
    await tx.execute(
        """INSERT INTO whatsapp_incoming
               (tenant_id, from_jid, whatsapp_id, from_phone, kind, body, at)
           VALUES ($1, $2, $3, $4, 'text', 'sair', $5)""",
        TENANT, f"{phone[1:]}@s.whatsapp.net", str(random.random()), phone, NOW,
    )  # fmt: skip


async def deal(tx: TenantConnection, _random: Random) -> None:
    message = await replies.next_unhandled(tx)
    if message is None:
        return
    ids = [client.id for client in await replies.clients_at(tx, message)]
    for client_id in sorted(ids):
        await by_hand.cancel_of_client(tx, client_id, Reason.OPTED_OUT, NOW)
        await outbox.cancel_pending(tx, client_id, Reason.OPTED_OUT, NOW)
    await replies.opt_out(tx, ids, NOW)
    await replies.forget(tx, message)


async def void(tx: TenantConnection, random: Random) -> None:
    await outbox.hold_day(tx)
    paid = await tx.fetch("SELECT id FROM client_payments ORDER BY id")
    for row in random.sample(paid, min(3, len(paid))):
        await tx.execute("UPDATE client_payments SET note = 'x' WHERE id = $1", row["id"])


WORK: list[Work] = [
    *(plan, take, close, hold, renew, save, erase, register, bill, dismiss),
    *(archive, take_back, ask, describe, write, make_due, hear, deal, void),
]


def person(number: int, random: Random) -> NewClient:
    due_on = random.choice([*DUE.values()])
    return NewClient(name="Ana", phone=f"+55119{number:08d}", price=Decimal(35), due_on=due_on)


@pytest.mark.parametrize("seed", range(3))
async def test_nobody_waits_for_another_in_a_circle(dsn: str, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a seeded crowd
    database = await Database.open(dsn, limits=Limits(app_connections=len(WORK)))
    await sign_up(database, TENANT)
    async with database.tenant(TENANT) as tx:
        await clients.add_many(tx, [person(n, random) for n in range(CLIENTS)], NOW)

    async def keep_doing(work: Work) -> None:
        own = Random(random.random())  # noqa: S311 - a seeded crowd
        for _ in range(ROUNDS):
            try:
                async with database.tenant(TENANT) as tx:
                    await work(tx, own)
            except NotFound:
                pass  # erased meanwhile

    # A deadlock would end one of them with StorageUnavailable, a circle outside PostgreSQL all.
    async with asyncio.timeout(60):
        await asyncio.gather(*(keep_doing(work) for work in WORK))
    deadlocks = await deadlocks_of(dsn)
    await database.close()

    assert 0 == deadlocks


async def deadlocks_of(dsn: str) -> int:
    """How often PostgreSQL had to break a circle in this database."""
    console = await asyncpg.connect(dsn)
    try:
        await console.execute("SELECT pg_stat_force_next_flush()")
        found = await console.fetchval(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
        return int(found)
    finally:
        await console.close()
