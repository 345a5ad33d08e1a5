"""The outbox keeps its promises: planned once, settled once, never backwards."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.clients import NewClient
from domain.outbox import OutboxMessage, Verdict
from domain.reminders import Kind
from errors import StaleEpoch
from storage import clients, outbox
from storage.database import Database, TenantConnection
from storage.outbox import Attempt
from tests.postgres import sign_up

TENANT = 7
EPOCH = 3
DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=11)


@pytest.fixture
async def office(database: Database) -> Database:
    """A database with one tenant, owned under EPOCH."""
    await sign_up(database, TENANT)
    await own(database, times=EPOCH)
    return database


async def own(database: Database, *, times: int = 1) -> None:
    """Take the tenant over so often; each raises the epoch by one."""
    async with database.dispatcher() as connection:
        await connection.execute("SELECT dispatch.renew_lease($1, $2, $3)", REPLICA, NOW, UNTIL)
        for _ in range(times):
            await connection.execute("SELECT dispatch.take_over($1, $2, $3)", TENANT, REPLICA, NOW)


REPLICA = "00000000-0000-4000-8000-000000000001"


async def register(tx: TenantConnection, *due_dates: date) -> list[int]:
    """Register one client for each due date."""
    new = [
        NewClient(
            name=f"Cliente {number}",
            phone=f"+55119{number:08d}",
            plan="Mensal",
            price=Decimal(35),
            due_on=due_on,
        )
        for number, due_on in enumerate(due_dates, start=90_000_000)
    ]
    return await clients.add_many(tx, new, NOW)


async def plan(tx: TenantConnection, day: date = DAY) -> int:
    """Plan the billing of `day`."""
    return await outbox.plan_day(
        tx,
        day=day,
        due_dates={Kind.BILLING: day - timedelta(days=1)},
        send_from=NOW,
        send_until=UNTIL,
        now=NOW,
    )


async def queued(office: Database) -> OutboxMessage:
    """One planned message."""
    async with office.tenant(TENANT) as tx:
        await register(tx, DAY - timedelta(days=1))
        await plan(tx)
        found = await outbox.next_ready(tx, NOW)
    assert found is not None
    return found.message


async def begin(office: Database, message: OutboxMessage, epoch: int = EPOCH) -> Attempt:
    """Begin an attempt."""
    async with office.tenant(TENANT) as tx:
        return await outbox.begin_attempt(
            tx, message.id, epoch=epoch, phone=message.phone, body="Oi", now=NOW
        )


async def settle(office: Database, attempt: Attempt, state: str) -> bool:
    """Settle an attempt."""
    async with office.tenant(TENANT) as tx:
        return await outbox.settle(tx, attempt, state=state, now=NOW, next_try=NOW)


async def state_of(office: Database, message: OutboxMessage) -> tuple[str, str | None, int]:
    """How a message stands: state, reason, attempts."""
    async with office.tenant(TENANT) as tx:
        (row,) = [row for row in await outbox.day_rows(tx, DAY) if row.message_id == message.id]
    return row.state, row.reason, row.attempt


async def test_only_who_is_one_day_late_is_planned(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        late = [DAY - timedelta(days=days) for days in (0, 1, 1, 2, 30)]
        ids = await register(tx, *late)
        await plan(tx)
        rows = await outbox.day_rows(tx, DAY)

    assert ids[1:3] == [row.client_id for row in rows]


async def test_a_day_planned_twice_is_planned_once(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx, DAY - timedelta(days=1))

        assert [1, 0] == [await plan(tx), await plan(tx)]


async def test_a_lost_row_planned_again_has_the_same_whatsapp_id(office: Database) -> None:
    first = await queued(office)
    async with office.tenant(TENANT) as tx:
        await tx.execute("DELETE FROM messages WHERE tenant_id = $1", TENANT)
        await plan(tx)
        again = await outbox.next_ready(tx, NOW)

    assert again is not None
    assert first.whatsapp_id == again.message.whatsapp_id


async def test_the_same_client_has_another_whatsapp_id_at_another_tenant(
    database: Database,
) -> None:
    await sign_up(database, TENANT, TENANT + 1)
    salts = []
    for tenant_id in (TENANT, TENANT + 1):
        async with database.tenant(tenant_id) as tx:
            salts.append(
                await tx.fetchval(
                    "SELECT whatsapp_message_id(message_salt, 1, 'cobranca', $2) "
                    "FROM tenants WHERE tenant_id = $1",
                    tenant_id,
                    DAY,
                )
            )

    assert 2 == len(set(salts))


async def test_an_attempt_is_counted_when_it_begins(office: Database) -> None:
    message = await queued(office)

    await begin(office, message)

    assert ("sending", None, 1) == await state_of(office, message)


async def test_an_attempt_is_settled_once(office: Database) -> None:
    attempt = await begin(office, await queued(office))

    assert [True, False] == [
        await settle(office, attempt, "sent"),
        await settle(office, attempt, "failed"),
    ]


async def test_an_earlier_attempt_cannot_settle_a_later_one(office: Database) -> None:
    message = await queued(office)
    first = await begin(office, message)
    await settle(office, first, "unknown")
    await begin(office, message)

    assert not await settle(office, first, "failed")


async def test_a_process_that_lost_the_tenant_begins_nothing(office: Database) -> None:
    message = await queued(office)
    await own(office)

    with pytest.raises(StaleEpoch):
        await begin(office, message, EPOCH)


async def test_a_process_that_lost_the_tenant_settles_nothing(office: Database) -> None:
    message = await queued(office)
    attempt = await begin(office, message)
    await own(office)
    async with office.tenant(TENANT) as tx:
        await outbox.recover(tx, epoch=EPOCH + 1, most_attempts=5, next_try=NOW, now=NOW)

    assert not await settle(office, attempt, "sent")
    assert ("unknown", "interrupted", 1) == await state_of(office, message)


async def test_a_message_open_at_every_crash_is_set_aside_and_kept(office: Database) -> None:
    message = await queued(office)
    await begin(office, message)
    async with office.tenant(TENANT) as tx:
        await outbox.recover(tx, epoch=EPOCH + 1, most_attempts=1, next_try=NOW, now=NOW)

    assert ("failed", "unconfirmed", 1) == await state_of(office, message)


async def test_a_later_message_never_waits_behind_one_that_is_retried(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx, *[DAY - timedelta(days=1)] * 2)
        await plan(tx)
        found = await outbox.next_ready(tx, NOW)
    assert found is not None
    attempt = await begin(office, found.message)
    async with office.tenant(TENANT) as tx:
        later = NOW + timedelta(minutes=5)
        await outbox.settle(tx, attempt, state="retry", now=NOW, next_try=later)
        following = await outbox.next_ready(tx, NOW)

    assert following is not None
    assert found.message.id != following.message.id


@pytest.mark.parametrize(
    ("receipts", "expected"),
    [
        pytest.param(["delivered"], "delivered", id="delivered"),
        pytest.param(["delivered", "read"], "read", id="then read"),
        pytest.param(["read", "delivered"], "read", id="late delivery changes nothing"),
        pytest.param(["delivered", "delivered"], "delivered", id="told twice"),
    ],
)
async def test_receipts_never_go_backwards(
    office: Database, receipts: list[str], expected: str
) -> None:
    message = await queued(office)
    await settle(office, await begin(office, message), "sent")
    async with office.tenant(TENANT) as tx:
        for receipt in receipts:
            await outbox.receipt(tx, message.whatsapp_id, receipt, NOW)

    assert (expected, None, 1) == await state_of(office, message)


async def test_a_receipt_is_proof_even_when_the_ack_was_lost(office: Database) -> None:
    message = await queued(office)
    attempt = await begin(office, message)
    async with office.tenant(TENANT) as tx:
        await outbox.receipt(tx, message.whatsapp_id, "delivered", NOW)

    assert not await settle(office, attempt, "unknown")
    assert ("delivered", None, 1) == await state_of(office, message)


async def test_a_receipt_for_what_was_never_tried_changes_nothing(office: Database) -> None:
    message = await queued(office)
    async with office.tenant(TENANT) as tx:
        assert not await outbox.receipt(tx, message.whatsapp_id, "read", NOW)


async def test_cancelling_takes_all_that_has_not_gone(office: Database) -> None:
    message = await queued(office)
    async with office.tenant(TENANT) as tx:
        cancelled = await outbox.cancel_pending(tx, message.client_id, "renewed", NOW)

    assert [(message.id, Kind.BILLING)] == cancelled
    assert ("cancelled", "renewed", 0) == await state_of(office, message)


async def test_what_is_being_sent_cannot_be_cancelled_any_more(office: Database) -> None:
    message = await queued(office)
    await begin(office, message)
    async with office.tenant(TENANT) as tx:
        assert [] == await outbox.cancel_pending(tx, message.client_id, "renewed", NOW)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param("retry", ("expired", "window_closed", 1), id="surely not sent"),
        pytest.param("unknown", ("failed", "unconfirmed", 1), id="perhaps sent"),
        pytest.param("sent", ("sent", None, 1), id="sent"),
    ],
)
async def test_the_end_of_the_window_tells_what_is_known(
    office: Database, state: str, expected: tuple[str, str | None, int]
) -> None:
    message = await queued(office)
    await settle(office, await begin(office, message), state)
    async with office.tenant(TENANT) as tx:
        await outbox.expire(tx, UNTIL)

    assert expected == await state_of(office, message)


async def test_a_message_at_rest_keeps_its_reason_and_its_history(office: Database) -> None:
    message = await queued(office)
    async with office.tenant(TENANT) as tx:
        moved = await outbox.rest(tx, [Verdict(message.id, "waiting", "missing_values")], NOW)
        events = await tx.fetch("SELECT state, detail FROM message_events")

    assert 1 == moved
    assert [("waiting", "missing_values")] == [tuple(event) for event in events]


async def test_the_words_of_a_message_are_kept_for_a_phone_that_asks_again(
    office: Database,
) -> None:
    message = await queued(office)
    await begin(office, message)
    async with office.tenant(TENANT) as tx:
        assert "Oi" == await outbox.text_of(tx, message.whatsapp_id)
