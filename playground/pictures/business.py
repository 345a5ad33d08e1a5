"""The life of the sample business before the first scene: signed up, paired, three days lived."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import date, time, timedelta
from functools import partial

import asyncpg

from domain import schedule
from playground import demo
from playground.pictures import sample
from playground.pictures.page import Message
from playground.pictures.platform import accounts, open_platform
from playground.rig import Rig
from settings import load as load_settings
from storage import clients, own_fields, tags
from storage.database import Database
from storage.embedded import EmbeddedPostgres

DAY_SECONDS = 90.0
SUMMARY = "Bom dia!"
# Each client has paid every thirty days, for a while.
PAYMENTS = """
INSERT INTO client_payments (
    tenant_id, client_id, amount, paid_on, due_on_before, due_on_after, price, recorded_at)
SELECT tenant_id, id, price, due_on - 30 * k, due_on - 30 * k, due_on - 30 * (k - 1), price,
       (due_on - 30 * k) + time '10:00' AT TIME ZONE $3
FROM clients, generate_series(1, 4) AS k
WHERE tenant_id = $1 AND due_on - 30 * k <= $2
ORDER BY due_on, k DESC, id
"""
# The phones' receipts bear the hour of the real clock, and how fast they came.
STEADY_RECEIPTS = """
UPDATE messages m SET
    sent_at = o.began + interval '4 minutes' * o.place,
    delivered_at = o.began + interval '4 minutes' * o.place + interval '40 seconds',
    read_at = CASE WHEN o.is_read THEN o.began + interval '4 minutes' * o.place
                                       + interval '15 minutes' END,
    state = CASE WHEN o.is_read THEN 'read' ELSE 'delivered' END
FROM (SELECT id, (day + time '09:00') AT TIME ZONE $2 AS began, id % 3 = 0 AND day < $3 AS is_read,
             row_number() OVER (PARTITION BY day ORDER BY id) AS place
      FROM messages WHERE tenant_id = $1) o
WHERE m.tenant_id = $1 AND m.id = o.id AND m.delivered_at IS NOT NULL
"""
# The log of each tells the same hours.
STEADY_LOG = """
UPDATE message_events e SET at = CASE e.state
        WHEN 'delivered' THEN m.delivered_at
        WHEN 'read' THEN coalesce(m.read_at, m.delivered_at)
        ELSE m.sent_at END
FROM messages m
WHERE m.tenant_id = $1 AND e.tenant_id = $1 AND e.message_id = m.id AND m.delivered_at IS NOT NULL
"""
# A receipt is faster than the answer that it overtakes, or not.
OVERTAKEN = """
DELETE FROM message_events e USING messages m
WHERE m.tenant_id = $1 AND e.tenant_id = $1 AND e.message_id = m.id AND e.state = 'sent'
  AND m.delivered_at IS NOT NULL
"""
# What went since $2, by hand or late: a phone has it soon, and nobody reads it.
STEADY_SINCE = (
    """
UPDATE messages SET state = 'delivered', read_at = NULL,
    sent_at = created_at + interval '20 seconds',
    delivered_at = created_at + interval '40 seconds'
WHERE tenant_id = $1 AND created_at > $2 AND delivered_at IS NOT NULL
""",
    """
DELETE FROM message_events e USING messages m
WHERE m.tenant_id = $1 AND m.created_at > $2 AND m.delivered_at IS NOT NULL
  AND e.tenant_id = $1 AND e.message_id = m.id AND e.state IN ('sent', 'read')
""",
    """
UPDATE message_events e SET at = m.delivered_at FROM messages m
WHERE m.tenant_id = $1 AND m.created_at > $2 AND m.delivered_at IS NOT NULL
  AND e.tenant_id = $1 AND e.message_id = m.id AND e.state = 'delivered'
""",
)
BeAt = Callable[[date, time], Awaitable[None]]


Steady = Callable[[], Awaitable[None]]


async def open_business(rig: Rig, stack: AsyncExitStack, be_at: BeAt) -> Steady:
    """Sign the owner up, pair, register the clients, and live until today's messages are out.

    Returns what gives the receipts that came since then hours that stand still.
    """
    await rig.whatsapp.add_phones([sample.OWNER_NUMBER])
    await rig.pair(demo.OWNER_CHAT, sample.OWNER_NAME, sample.OWNER_NUMBER)
    owner = ("--tenant", str(demo.OWNER_CHAT))
    await demo.command(rig, "company", *owner, *sample.COMPANY, *sample.PIX_KEY)
    server = await EmbeddedPostgres.start(load_settings(rig.environment).home)
    stack.push_async_callback(server.stop)
    database = await Database.open(server.dsn)
    stack.push_async_callback(database.close)
    await _register(rig, database)
    await _choose(rig)
    day = sample.FIRST_DAY
    while day <= sample.TODAY:
        await _live(rig, database, day, be_at)
        day += timedelta(days=1)
    async with database.tenant(demo.OWNER_CHAT) as tx:
        zone = str(schedule.DEFAULT_ZONE)
        await tx.execute(STEADY_RECEIPTS, demo.OWNER_CHAT, zone, sample.TODAY)
    # Nobody of the system itself may change a log.
    console = await asyncpg.connect(server.dsn)
    stack.push_async_callback(console.close)
    for statement in (STEADY_LOG, OVERTAKEN):
        await console.execute(statement, demo.OWNER_CHAT)
    await open_platform(console)
    for account in accounts():
        rig.telegram.control.meet(account.chat_id)
    return partial(_steady_since, console)


async def _steady_since(console: asyncpg.Connection) -> None:
    since = schedule.instant(sample.TODAY, time(9), schedule.DEFAULT_ZONE)
    for statement in STEADY_SINCE:
        await console.execute(statement, demo.OWNER_CHAT, since)


async def _register(rig: Rig, database: Database) -> None:
    """The clients, with what only this business keeps of them, and what they have paid."""
    people = sample.sample_clients()
    now = schedule.instant(sample.FIRST_DAY, time(4, 55), schedule.DEFAULT_ZONE)
    async with database.tenant(demo.OWNER_CHAT) as tx:
        for name, secret in sample.FIELDS:
            await own_fields.make(tx, name, secret=secret, now=now)
        await tags.make(tx, sample.TAG, sample.TAG_EMOJI, now)
        await clients.add_many(tx, people, now)
        await tx.execute(PAYMENTS, demo.OWNER_CHAT, sample.TODAY, str(schedule.DEFAULT_ZONE))
    await rig.whatsapp.add_phones(sorted(one.phone.removeprefix("+") for one in people))


async def _choose(rig: Rig) -> None:
    """Choose in the chat what goes by itself."""
    chat = demo.OWNER_CHAT
    seq = await rig.say(chat, "/menu", sample.OWNER_NAME)
    for label in ("Configurações", "O que sai sozinho", "1 dia antes", "No dia", "Está bom assim"):
        shown = await rig.chat_shows(chat, seq, partial(_offers, label))
        await rig.press(chat, shown, label)
        seq = int(shown["seq"])


def _offers(label: str, message: Message) -> bool:
    return any(label in one["text"] for row in message["buttons"] for one in row)


async def _live(rig: Rig, database: Database, day: date, be_at: BeAt) -> None:
    """A day until its messages have arrived."""
    await be_at(day, time(5))
    await demo.at(rig, database, day, time(5), "verify")
    await be_at(day, time(8))
    seen, _ = await rig.telegram.control.look(demo.OWNER_CHAT)
    await demo.at(rig, database, day, time(8), "summary")
    await rig.chat_shows(demo.OWNER_CHAT, seen, lambda one: SUMMARY in one["html"])
    await be_at(day, time(9))
    await demo.at(rig, database, day, time(9), "send")
    await rig.until(lambda: demo.is_over(database, day), DAY_SECONDS, "a fila do dia acabar")
