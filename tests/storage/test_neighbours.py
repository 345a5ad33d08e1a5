"""A statement about one row leaves its neighbours alone, and a question about one is about it.

Three of everything: what is meant is the second, and the others differ in as little as they can.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.chats import ChatState
from domain.client_list import Which
from domain.clients import Client, NewClient
from domain.outbox import MessageState, Verdict
from domain.reasons import Reason
from domain.reminders import Kind
from storage import (
    clients,
    leases,
    ledger,
    outbox,
    receipts,
    telegram_updates,
    tenants,
    whatsapp_incoming,
)
from storage.database import Database, TenantConnection
from storage.outbox import Attempt
from storage.whatsapp_incoming import Incoming
from tests.postgres import sign_up

TENANT = 7
DAY = date(2026, 11, 24)
YESTERDAY = DAY - timedelta(days=1)
NEXT = date(2026, 12, 24)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
UNTIL = NOW + timedelta(hours=11)
REPLICA = UUID("00000000-0000-4000-8000-000000000001")
CHAT = ChatState(9, live_has_picture=False, asks="price")
PRICE = Decimal("35.00")


@dataclass(frozen=True, slots=True)
class Three:
    """What there are three of, in the order they were made."""

    clients: list[Client]
    attempts: list[Attempt]
    whatsapp_ids: list[str]
    payments: list[int]
    notices: list[int]
    incoming: list[Incoming]
    updates: tuple[int, ...] = (0, 1, 2)


Step = Callable[[TenantConnection, Three], Awaitable[object]]


@pytest.fixture
async def three(database: Database) -> Three:
    """A tenant with three of everything; the messages are under way."""
    await sign_up(database, TENANT)
    async with database.dispatcher() as connection:
        await leases.renew(connection, REPLICA)
        await leases.take_over(connection, TENANT, REPLICA, NOW)
    async with database.tenant(TENANT) as tx:
        new = [
            NewClient(
                name=f"Ana {number}",
                phone=f"+551198765430{number}",
                price=PRICE,
                due_on=YESTERDAY,
                plan="Mensal",
                server="Alfa",
            )
            for number in range(3)
        ]
        made = [await clients.find(tx, one) for one in await clients.add_many(tx, new, NOW)]
        await plan(tx)
        begun = [await begin(tx) for _ in made]
        paid = [await pay(tx, client) for client in made]
        for number in range(3):
            await tenants.put_notice(tx, kind="k", key=str(number), payload={}, now=NOW)
            await telegram_updates.keep(tx, number, {"update_id": number}, NOW)
            await whatsapp_incoming.keep_incoming(tx, incoming(number))
        notices = [notice.id for notice in await tenants.claim_notices(tx, REPLICA)]
        received = await whatsapp_incoming.unhandled(tx, 9)
        rows = await outbox.day_rows(tx, DAY)
    return Three(made, begun, [row.whatsapp_id for row in rows], paid, notices, received)


async def plan(tx: TenantConnection) -> None:
    """Plan the billing of the day."""
    await outbox.plan_day(
        tx,
        day=DAY,
        due_dates={Kind.BILLING: YESTERDAY},
        send_from=NOW,
        send_until=UNTIL,
        now=NOW,
    )


async def begin(tx: TenantConnection) -> Attempt:
    """Begin the next message."""
    ready = await outbox.next_ready(tx, NOW)
    assert ready is not None
    message = ready.message
    return await outbox.begin_attempt(
        tx, message.id, epoch=1, phone=message.phone, body=f"Oi {message.id}", now=NOW
    )


async def pay(tx: TenantConnection, client: Client) -> int:
    """Write a payment down without touching the messages; returns its id."""
    found: int = await tx.fetchval(
        """INSERT INTO client_payments
               (tenant_id, client_id, amount, paid_on, due_on_after, recorded_at)
           VALUES ($1, $2, $3, $4, $5, $6) RETURNING id""",
        TENANT,
        client.id,
        PRICE,
        DAY,
        YESTERDAY,
        NOW,
    )
    return found


def incoming(number: int) -> Incoming:
    """What a client wrote."""
    return Incoming(
        message_id=f"M{number}",
        from_jid="5511@s.whatsapp.net",
        from_phone=None,
        kind="text",
        text="oi",
        at=NOW + timedelta(seconds=number),
    )


async def rows_of(tx: TenantConnection, table: str) -> dict[Any, str]:
    """Each row of a table by what it is called."""
    key = {"telegram_updates": "update_id", "whatsapp_incoming": "whatsapp_id"}.get(table, "id")
    found = await tx.fetch(f"SELECT {key}, t::text AS words FROM {table} t")  # noqa: S608 - constants
    return {row[key]: row["words"] for row in found}


async def touched(database: Database, table: str, step: Step, three: Three) -> set[Any]:
    """The rows of `table` that `step` changed, took away or made."""
    async with database.tenant(TENANT) as tx:
        before = await rows_of(tx, table)
        await step(tx, three)
        after = await rows_of(tx, table)
    return {key for key in before | after if before.get(key) != after.get(key)}


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(lambda tx, the: clients.erase(tx, the.clients[1].id), id="erased"),
        pytest.param(
            lambda tx, the: clients.save(tx, replace(the.clients[1], name="Bia"), LATER), id="saved"
        ),
        pytest.param(
            lambda tx, the: ledger.renew(
                tx, the.clients[1].id, due_on=NEXT, amount=PRICE, paid_on=DAY, now=LATER
            ),
            id="renewed",
        ),
    ],
)
async def test_one_client_only(database: Database, three: Three, step: Step) -> None:
    assert {three.clients[1].id} == await touched(database, "clients", step, three)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(
            lambda tx, the: outbox.settle(tx, the.attempts[1], state=MessageState.SENT, now=LATER),
            id="settled",
        ),
        pytest.param(
            lambda tx, the: receipts.receipt(tx, the.whatsapp_ids[1], "read", LATER), id="read"
        ),
        pytest.param(
            lambda tx, the: receipts.acknowledge_late(tx, the.whatsapp_ids[1], LATER),
            id="acknowledged",
        ),
        pytest.param(lambda tx, the: clients.erase(tx, the.clients[1].id), id="erased"),
    ],
)
async def test_one_message_under_way_only(database: Database, three: Three, step: Step) -> None:
    assert {three.attempts[1].message_id} == await touched(database, "messages", step, three)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(
            lambda tx, the: outbox.begin_attempt(
                tx, the.attempts[1].message_id, epoch=1, phone="+55", body="Oi", now=LATER
            ),
            id="begun",
        ),
        pytest.param(
            lambda tx, the: outbox.rest(
                tx,
                [Verdict(the.attempts[1].message_id, MessageState.WAITING, Reason.MISSING_VALUES)],
                LATER,
            ),
            id="at rest",
        ),
        pytest.param(
            lambda tx, the: outbox.cancel_pending(tx, the.clients[1].id, "renewed", LATER),
            id="cancelled",
        ),
    ],
)
async def test_one_message_still_to_go_only(database: Database, three: Three, step: Step) -> None:
    async with database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE messages SET state = 'queued', owner_epoch = NULL WHERE tenant_id = $1", TENANT
        )

    assert {three.attempts[1].message_id} == await touched(database, "messages", step, three)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(lambda tx, the: ledger.void(tx, the.payments[1], LATER), id="voided"),
        pytest.param(
            lambda tx, the: ledger.correct(tx, the.payments[1], Decimal(1), YESTERDAY),
            id="corrected",
        ),
    ],
)
async def test_one_payment_only(database: Database, three: Three, step: Step) -> None:
    assert {three.payments[1]} == await touched(database, "client_payments", step, three)


@pytest.mark.parametrize(
    ("table", "step", "expected"),
    [
        pytest.param(
            "telegram_updates",
            lambda tx, _: telegram_updates.begin(tx, REPLICA, 9, LATER),
            {0},  # the oldest
            id="begun",
        ),
        pytest.param(
            "telegram_updates",
            lambda tx, the: telegram_updates.close(tx, {the.updates[1]: None}, None, LATER),
            {1},
            id="closed",
        ),
        pytest.param(
            "telegram_updates",
            lambda tx, the: telegram_updates.close(tx, {the.updates[1]: "x"}, CHAT, LATER),
            {1},
            id="closed with a fault",
        ),
        pytest.param(
            "whatsapp_incoming",
            lambda tx, the: whatsapp_incoming.handled(tx, the.incoming[1], LATER),
            {"M1"},
            id="read",
        ),
    ],
)
async def test_one_thing_received_only(
    database: Database, three: Three, table: str, step: Step, expected: set[Any]
) -> None:
    assert expected == await touched(database, table, step, three)


async def test_one_notice_only(database: Database, three: Three) -> None:
    async def step(tx: TenantConnection, the: Three) -> None:
        await tenants.notice_delivered(tx, the.notices[1], LATER)

    assert {three.notices[1]} == await touched(database, "notices", step, three)


async def test_each_question_is_about_the_one_that_was_asked_for(
    database: Database, three: Three
) -> None:
    async with database.tenant(TENANT) as tx:
        found = await clients.find(tx, three.clients[1].id)
        same = await clients.on_phones(tx, [three.clients[1].phone])
        paid = await ledger.payments(tx, three.clients[1].id)
        text = await receipts.text_of(tx, three.whatsapp_ids[1])

    assert (three.clients[1].name, [found.id], [three.payments[1]]) == (
        found.name,
        [client.id for client in same],
        [payment.id for payment in paid],
    )
    assert text == f"Oi {three.attempts[1].message_id}"


async def test_the_last_renewal_of_a_client_is_its_own(database: Database, three: Three) -> None:
    async with database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE client_payments SET paid_on = $2 WHERE tenant_id = $1 AND id <> $3",
            TENANT,
            NEXT,
            three.payments[1],
        )
        found = await clients.find(tx, three.clients[1].id)

    assert DAY == found.renewed_on


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param("voided_at = now()", None, id="voided"),
        pytest.param("due_on_after = DATE '2026-12-01'", None, id="for another due date"),
        pytest.param("paid_on = DATE '2026-11-20'", date(2026, 11, 20), id="earlier"),
    ],
)
async def test_a_renewal_is_the_payment_that_led_to_this_due_date(
    database: Database, three: Three, change: str, expected: date | None
) -> None:
    async with database.tenant(TENANT) as tx:
        await tx.execute(
            f"UPDATE client_payments SET {change} WHERE tenant_id = $1 AND id = $2",  # noqa: S608 - constants
            TENANT,
            three.payments[1],
        )
        found = await clients.find(tx, three.clients[1].id)

    assert expected == found.renewed_on


async def test_of_two_payments_for_a_due_date_the_later_renewed_it(
    database: Database, three: Three
) -> None:
    async with database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE client_payments SET paid_on = $2 WHERE tenant_id = $1 AND id = $3",
            TENANT,
            YESTERDAY,
            await pay(tx, three.clients[1]),
        )
        found = await clients.find(tx, three.clients[1].id)

    assert DAY == found.renewed_on


@pytest.mark.parametrize(
    ("field", "change"),
    [
        pytest.param("archived_at", lambda one: replace(one, archived=True), id="archived"),
        pytest.param("opted_out_at", lambda one: replace(one, opted_out=True), id="opted out"),
    ],
)
async def test_an_instant_once_written_stays(
    database: Database, three: Three, field: str, change: Callable[[Client], Client]
) -> None:
    at = []
    async with database.tenant(TENANT) as tx:
        for now in (NOW, LATER):
            await clients.save(tx, change(three.clients[1]), now)
            at.append(
                await tx.fetchval(
                    f"SELECT {field} FROM clients WHERE tenant_id = $1 AND id = $2",  # noqa: S608 - constants
                    TENANT,
                    three.clients[1].id,
                )
            )

    assert [NOW, NOW] == at


@pytest.mark.parametrize(
    "unread",
    [
        pytest.param(lambda one: replace(one, receives_billing=None), id="billing"),
        pytest.param(lambda one: replace(one, receives_notices=None), id="notices"),
    ],
)
async def test_a_switch_that_could_not_be_read_is_left(
    database: Database, three: Three, unread: Callable[[Client], Client]
) -> None:
    async with database.tenant(TENANT) as tx:
        off = replace(three.clients[1], receives_billing=False, receives_notices=False)
        await clients.save(tx, off, NOW)
        await clients.save(tx, unread(off), NOW)
        found = await clients.find(tx, three.clients[1].id)

    assert (False, False) == (found.receives_billing, found.receives_notices)


async def test_servers_are_those_somebody_is_on(database: Database, three: Three) -> None:
    async with database.tenant(TENANT) as tx:
        for client, server in zip(three.clients, ("Beta", None, None), strict=True):
            await clients.save(tx, replace(client, server=server), NOW)

        assert ["Beta"] == await clients.servers(tx, 9)


async def test_all_clients_and_the_archived_are_two_lists(database: Database, three: Three) -> None:
    async with database.tenant(TENANT) as tx:
        await clients.save(tx, replace(three.clients[1], archived=True), NOW)
        pages = [await clients.page(tx, DAY, which=which) for which in (Which.ALL, Which.ARCHIVED)]

    names = [[client.name for client in page.clients] for page in pages]
    assert [(2, ["Ana 0", "Ana 2"]), (1, ["Ana 1"])] == [
        (page.total, of_page) for page, of_page in zip(pages, names, strict=True)
    ]


async def test_a_client_that_is_renewed_is_held_until_it_is_done(
    database: Database, three: Three
) -> None:
    async with database.tenant(TENANT) as tx:
        await ledger.renew(
            tx, three.clients[1].id, due_on=YESTERDAY, amount=PRICE, paid_on=DAY, now=NOW
        )
        async with database.tenant(TENANT) as other:
            held = await other.fetch("SELECT id FROM clients ORDER BY id FOR UPDATE SKIP LOCKED")

    assert [three.clients[0].id, three.clients[2].id] == [row["id"] for row in held]
