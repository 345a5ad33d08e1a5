"""What is written down of a message and of a payment: when, once, and about which (C9, F5, F7)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.clients import NewClient
from domain.outbox import MessageState
from domain.reminders import Kind
from domain.whatsapp_numbers import Reachable, standing
from storage import (
    clients,
    leases,
    ledger,
    outbox,
    receipts,
    whatsapp_deliveries,
    whatsapp_numbers,
)
from storage.database import Database, TenantConnection
from storage.outbox import Attempt
from tests.postgres import sign_up

TENANT = 7
DAY = date(2026, 11, 24)
YESTERDAY = DAY - timedelta(days=1)
NEXT = date(2026, 12, 24)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
LATEST = NOW + timedelta(hours=2)
UNTIL = NOW + timedelta(hours=11)
PRICE = Decimal("35.00")
PHONE = "+5511987654321"
REPLICA = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
async def client_id(database: Database) -> int:
    """A client one day late whose billing is queued."""
    await sign_up(database, TENANT)
    async with database.dispatcher() as connection:
        await leases.renew(connection, REPLICA)
        await leases.take_over(connection, TENANT, REPLICA, NOW)
    new = NewClient(name="Ana", phone=PHONE, price=PRICE, due_on=YESTERDAY)
    async with database.tenant(TENANT) as tx:
        made = await clients.add(tx, new, NOW)
        await outbox.plan_day(
            tx,
            day=DAY,
            due_dates={Kind.BILLING: YESTERDAY},
            send_from=NOW,
            send_until=UNTIL,
            now=NOW,
        )
    return made


async def begin(tx: TenantConnection) -> Attempt:
    """Begin the message."""
    ready = await outbox.next_ready(tx, NOW)
    assert ready is not None
    return await outbox.begin_attempt(
        tx, ready.message.id, epoch=1, phone=PHONE, body="Oi", now=NOW
    )


async def instants(tx: TenantConnection) -> dict[str, datetime | None]:
    """When the message was sent, delivered and read."""
    row = await tx.fetchrow("SELECT sent_at, delivered_at, read_at FROM messages")
    return {name: at for name, at in dict(row or {}).items() if at is not None}


async def whatsapp_id(tx: TenantConnection) -> str:
    """What WhatsApp calls the message."""
    (row,) = await outbox.day_rows(tx, DAY)
    return row.whatsapp_id


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(MessageState.SENT, {"sent_at": LATER}, id="sent"),
        pytest.param(MessageState.RETRY, {}, id="to be retried"),
        pytest.param(MessageState.FAILED, {}, id="failed"),
    ],
)
async def test_only_what_was_sent_has_its_instant(
    database: Database, client_id: int, state: MessageState, expected: dict[str, datetime]
) -> None:
    del client_id
    async with database.tenant(TENANT) as tx:
        await outbox.settle(tx, await begin(tx), state=state, now=LATER)

        assert expected == await instants(tx)


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        pytest.param(
            [("delivered", LATER)],
            {"sent_at": LATER, "delivered_at": LATER},
            id="delivered before the ack",
        ),
        pytest.param(
            [("read", LATER)],
            {"sent_at": LATER, "delivered_at": LATER, "read_at": LATER},
            id="read before the ack",
        ),
        pytest.param(
            [("delivered", LATER), ("read", LATEST)],
            {"sent_at": LATER, "delivered_at": LATER, "read_at": LATEST},
            id="one after the other",
        ),
        pytest.param(
            [("delivered", LATER), ("delivered", LATEST)],
            {"sent_at": LATER, "delivered_at": LATER},
            id="twice",
        ),
        pytest.param(
            [("read", LATER), ("delivered", LATEST), ("read", LATEST)],
            {"sent_at": LATER, "delivered_at": LATER, "read_at": LATER},
            id="backwards",
        ),
    ],
)
async def test_a_receipt_writes_what_it_proves_and_nothing_again(
    database: Database,
    client_id: int,
    came: list[tuple[str, datetime]],
    expected: dict[str, datetime],
) -> None:
    del client_id
    async with database.tenant(TENANT) as tx:
        await begin(tx)
        for state, at in came:
            await receipts.receipt(tx, await whatsapp_id(tx), state, at)

        assert expected == await instants(tx)


async def test_an_ack_keeps_the_first_instant(database: Database, client_id: int) -> None:
    del client_id
    async with database.tenant(TENANT) as tx:
        await begin(tx)
        first = await receipts.acknowledge_late(tx, await whatsapp_id(tx), LATER)
        again = await receipts.acknowledge_late(tx, await whatsapp_id(tx), LATEST)

        assert (True, None, {"sent_at": LATER}) == (first is not None, again, await instants(tx))


@pytest.mark.parametrize("late", [True, False])
async def test_nothing_is_proved_of_what_was_never_tried(
    database: Database, client_id: int, late: bool
) -> None:
    del client_id
    async with database.tenant(TENANT) as tx:
        name = await whatsapp_id(tx)
        proved = (
            await receipts.acknowledge_late(tx, name, LATER)
            if late
            else await receipts.receipt(tx, name, "read", LATER)
        )

        assert (None, {}, None) == (proved, await instants(tx), await receipts.text_of(tx, name))


@pytest.mark.parametrize(
    ("phone", "at", "known"),
    [
        pytest.param(PHONE, NOW, True, id="its own, now"),
        pytest.param(PHONE, NOW - timedelta(days=29), True, id="its own, 29 days ago"),
        pytest.param(PHONE, NOW - timedelta(days=31), False, id="its own, 31 days ago"),
        pytest.param("+5511987654322", NOW, False, id="somebody else's"),
    ],
)
async def test_an_answer_is_about_one_number_and_for_thirty_days(
    database: Database, client_id: int, phone: str, at: datetime, known: bool
) -> None:
    del client_id
    async with database.tenant(TENANT) as tx:
        await whatsapp_numbers.keep(tx, phone, jid="5511987654321@s.whatsapp.net", lid=None, now=at)
        ready = await outbox.next_ready(tx, NOW)

    assert ready is not None
    worth = standing(PHONE, ready.number, now=NOW, paired_at=None)
    assert known == isinstance(worth, Reachable)


@pytest.mark.parametrize(
    ("again", "payments"),
    [
        pytest.param({}, 1, id="the very same"),
        pytest.param({"amount": Decimal(36)}, 2, id="another amount"),
        pytest.param({"paid_on": YESTERDAY}, 2, id="another day"),
        pytest.param({"due_on": NEXT + timedelta(days=30)}, 2, id="another date"),
    ],
)
async def test_only_the_very_same_renewal_is_no_second_payment(
    database: Database, client_id: int, again: dict[str, Any], payments: int
) -> None:
    first: dict[str, Any] = {"due_on": NEXT, "amount": PRICE, "paid_on": DAY}
    async with database.tenant(TENANT) as tx:
        for facts in (first, first | again):
            await ledger.renew(tx, client_id, **facts, now=NOW)

        assert payments == len(await ledger.payments(tx, client_id))


async def test_a_renewal_after_another_or_after_a_voided_one_is_a_payment(
    database: Database, client_id: int
) -> None:
    async with database.tenant(TENANT) as tx:
        made = []
        for amount in (PRICE, Decimal(36), PRICE):
            renewal = await ledger.renew(
                tx, client_id, due_on=NEXT, amount=amount, paid_on=DAY, now=NOW
            )
            made.append(renewal.payment_id)
        await ledger.void(tx, made[-1], NOW)
        last = await ledger.renew(tx, client_id, due_on=NEXT, amount=PRICE, paid_on=DAY, now=NOW)

    assert 4 == len({*made, last.payment_id})


async def test_another_clients_payment_is_not_this_ones(database: Database, client_id: int) -> None:
    async with database.tenant(TENANT) as tx:
        other = await clients.add(
            tx, NewClient(name="Bia", phone=PHONE, price=PRICE, due_on=NEXT), NOW
        )
        first = await ledger.renew(tx, client_id, due_on=NEXT, amount=PRICE, paid_on=DAY, now=NOW)
        second = await ledger.renew(tx, other, due_on=NEXT, amount=PRICE, paid_on=DAY, now=NOW)

    assert first.payment_id != second.payment_id


async def test_payments_are_told_the_latest_first(database: Database, client_id: int) -> None:
    async with database.tenant(TENANT) as tx:
        made = [
            (
                await ledger.renew(
                    tx, client_id, due_on=NEXT, amount=Decimal(amount), paid_on=paid_on, now=NOW
                )
            ).payment_id
            for amount, paid_on in ((1, YESTERDAY), (2, DAY), (3, YESTERDAY))
        ]
        lines = await ledger.payments(tx, client_id)

    assert [made[1], made[2], made[0]] == [line.id for line in lines]


async def test_a_payment_is_voided_once(database: Database, client_id: int) -> None:
    async with database.tenant(TENANT) as tx:
        renewal = await ledger.renew(tx, client_id, due_on=NEXT, amount=PRICE, paid_on=DAY, now=NOW)
        for at in (NOW, LATER):
            await ledger.void(tx, renewal.payment_id, at)
        (line,) = await ledger.payments(tx, client_id)

    assert NOW == line.voided_at


# What arrived lately (F10)


async def went(
    tx: TenantConnection, *, days: int, sent: timedelta | None, delivered: timedelta | None
) -> None:
    """All messages are of a day so long ago, and were sent and delivered so long ago."""
    await tx.execute(
        "UPDATE messages SET day = $1, sent_at = $2, delivered_at = $3",
        DAY - timedelta(days=days),
        None if sent is None else NOW - sent,
        None if delivered is None else NOW - delivered,
    )


A_DAY, SECOND, HOUR = timedelta(days=1), timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("days", "sent", "delivered", "expected"),
    [
        pytest.param(0, None, None, (None, 0, 0), id="nothing went"),
        pytest.param(0, HOUR, None, (None, 1, 0), id="under way"),
        pytest.param(0, HOUR, HOUR, (NOW - HOUR, 1, 1), id="arrived"),
        pytest.param(1, A_DAY - SECOND, None, (None, 1, 0), id="sent just within a day"),
        pytest.param(1, A_DAY, HOUR, (NOW - HOUR, 0, 0), id="sent a day ago, arrived since"),
        pytest.param(7, 7 * A_DAY, 7 * A_DAY, (NOW - 7 * A_DAY, 0, 0), id="of a week ago"),
        pytest.param(8, 8 * A_DAY, 8 * A_DAY, (None, 0, 0), id="of longer ago"),
    ],
)
@pytest.mark.usefixtures("client_id")
async def test_what_arrived_lately_is_told(
    database: Database,
    days: int,
    sent: timedelta | None,
    delivered: timedelta | None,
    expected: tuple[datetime | None, int, int],
) -> None:
    async with database.tenant(TENANT) as tx:
        await went(tx, days=days, sent=sent, delivered=delivered)
        found = await whatsapp_deliveries.facts(tx, NOW)

    assert expected == (found.last_delivered_at, found.sent, found.delivered)


@pytest.mark.usefixtures("client_id")
async def test_of_what_arrived_the_last_is_told_and_all_are_counted(database: Database) -> None:
    async with database.tenant(TENANT) as tx:
        await outbox.plan_day(
            tx,
            day=DAY,
            due_dates={Kind.DUE_TODAY: YESTERDAY},
            send_from=NOW,
            send_until=UNTIL,
            now=NOW,
        )
        for kind, ago in ((Kind.BILLING, HOUR), (Kind.DUE_TODAY, 2 * HOUR)):
            await tx.execute(
                "UPDATE messages SET sent_at = $2, delivered_at = $2 WHERE kind = $1",
                kind,
                NOW - ago,
            )
        found = await whatsapp_deliveries.facts(tx, NOW)

    assert (NOW - HOUR, 2, 2) == (found.last_delivered_at, found.sent, found.delivered)
