"""The outbox keeps its promises: planned once, settled once, never backwards."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.clients import NewClient
from domain.outbox import MessageState, OutboxMessage, Verdict
from domain.pacing import MAX_ATTEMPTS
from domain.reasons import Reason
from domain.reminders import Kind
from errors import StaleEpoch
from storage import clients, outbox, receipts
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


async def settle(office: Database, attempt: Attempt, state: MessageState) -> bool:
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
        await settle(office, attempt, MessageState.SENT),
        await settle(office, attempt, MessageState.FAILED),
    ]


async def test_an_earlier_attempt_cannot_settle_a_later_one(office: Database) -> None:
    message = await queued(office)
    first = await begin(office, message)
    await settle(office, first, MessageState.UNKNOWN)
    await begin(office, message)

    assert not await settle(office, first, MessageState.FAILED)


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
        await outbox.recover(tx, epoch=EPOCH + 1, delay=0.0, now=NOW)

    assert not await settle(office, attempt, MessageState.SENT)
    assert ("unknown", "interrupted", 1) == await state_of(office, message)


async def test_a_message_open_at_every_crash_is_set_aside_and_kept(office: Database) -> None:
    message = await queued(office)
    for _ in range(MAX_ATTEMPTS):
        await begin(office, message)
        async with office.tenant(TENANT) as tx:
            await outbox.recover(tx, epoch=EPOCH, delay=0.0, now=NOW)

    assert ("failed", "unconfirmed", MAX_ATTEMPTS) == await state_of(office, message)


async def test_a_later_message_never_waits_behind_one_that_is_retried(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx, *[DAY - timedelta(days=1)] * 2)
        await plan(tx)
        found = await outbox.next_ready(tx, NOW)
    assert found is not None
    attempt = await begin(office, found.message)
    async with office.tenant(TENANT) as tx:
        later = NOW + timedelta(minutes=5)
        await outbox.settle(tx, attempt, state=MessageState.RETRY, now=NOW, next_try=later)
        following = await outbox.next_ready(tx, NOW)

    assert following is not None
    assert found.message.id != following.message.id


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        pytest.param(["delivered"], "delivered", id="delivered"),
        pytest.param(["delivered", "read"], "read", id="then read"),
        pytest.param(["read", "delivered"], "read", id="late delivery changes nothing"),
        pytest.param(["delivered", "delivered"], "delivered", id="told twice"),
    ],
)
async def test_receipts_never_go_backwards(
    office: Database, came: list[str], expected: str
) -> None:
    message = await queued(office)
    await settle(office, await begin(office, message), MessageState.SENT)
    async with office.tenant(TENANT) as tx:
        for receipt in came:
            await receipts.receipt(tx, message.whatsapp_id, receipt, NOW)

    assert (expected, None, 1) == await state_of(office, message)


async def test_a_receipt_is_proof_even_when_the_ack_was_lost(office: Database) -> None:
    message = await queued(office)
    attempt = await begin(office, message)
    async with office.tenant(TENANT) as tx:
        await receipts.receipt(tx, message.whatsapp_id, "delivered", NOW)

    assert not await settle(office, attempt, MessageState.UNKNOWN)
    assert ("delivered", None, 1) == await state_of(office, message)


async def test_a_receipt_for_what_was_never_tried_changes_nothing(office: Database) -> None:
    message = await queued(office)
    async with office.tenant(TENANT) as tx:
        assert not await receipts.receipt(tx, message.whatsapp_id, "read", NOW)


async def test_cancelling_takes_all_that_has_not_gone(office: Database) -> None:
    message = await queued(office)
    async with office.tenant(TENANT) as tx:
        cancelled = await outbox.cancel_pending(tx, message.client_id, "renewed", NOW)

    assert [(message.id, Kind.BILLING)] == [(gone.message_id, gone.kind) for gone in cancelled]
    assert ("cancelled", "renewed", 0) == await state_of(office, message)


async def test_what_is_being_sent_cannot_be_cancelled_any_more(office: Database) -> None:
    message = await queued(office)
    await begin(office, message)
    async with office.tenant(TENANT) as tx:
        assert [] == await outbox.cancel_pending(tx, message.client_id, "renewed", NOW)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(MessageState.RETRY, ("expired", "window_closed", 1), id="surely not sent"),
        pytest.param(MessageState.UNKNOWN, ("failed", "unconfirmed", 1), id="perhaps sent"),
        pytest.param(MessageState.SENT, ("sent", None, 1), id="sent"),
    ],
)
async def test_the_end_of_the_window_tells_what_is_known(
    office: Database, state: MessageState, expected: tuple[str, str | None, int]
) -> None:
    message = await queued(office)
    await settle(office, await begin(office, message), state)
    async with office.tenant(TENANT) as tx:
        await outbox.expire(tx, UNTIL)

    assert expected == await state_of(office, message)


async def test_a_message_at_rest_keeps_its_reason_and_its_history(office: Database) -> None:
    message = await queued(office)
    async with office.tenant(TENANT) as tx:
        moved = await outbox.rest(
            tx, [Verdict(message.id, MessageState.WAITING, Reason.MISSING_VALUES)], NOW
        )
        events = await tx.fetch("SELECT state, detail FROM message_events")

    assert 1 == moved
    assert [("waiting", "missing_values")] == [tuple(event) for event in events]


async def test_the_words_of_a_message_are_kept_for_a_phone_that_asks_again(
    office: Database,
) -> None:
    message = await queued(office)
    await begin(office, message)
    async with office.tenant(TENANT) as tx:
        assert "Oi" == await receipts.text_of(tx, message.whatsapp_id)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("opted_out_at = now()", id="opted out"),
        pytest.param("archived_at = now()", id="archived"),
        pytest.param("receives_billing = false", id="its switch is off"),
        pytest.param("""preferences = '{"cobranca": false}'""", id="this kind is off"),
        pytest.param("""preferences = '{"cobranca": "?"}'""", id="its preference is unreadable"),
        pytest.param("preferences = '[]'", id="no preferences can be read"),
    ],
)
async def test_whoever_must_not_be_billed_is_not_even_planned(
    office: Database, change: str
) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx, DAY - timedelta(days=1))
        await tx.execute(f"UPDATE clients SET {change}")  # noqa: S608 - a constant of this test
        planned = await plan(tx)

        assert (0, []) == (planned, await outbox.day_rows(tx, DAY))


@pytest.mark.parametrize("state", ["queued", "retry", "unknown"])
async def test_what_has_expired_never_goes(office: Database, state: str) -> None:
    await queued(office)
    async with office.tenant(TENANT) as tx:
        await tx.execute("UPDATE messages SET state = $1, body = 'Oi'", state)
        on_time = await outbox.next_ready(tx, UNTIL - timedelta(seconds=1))
        too_late = await outbox.next_ready(tx, UNTIL)

    assert (True, None) == (on_time is not None, too_late)


async def test_what_waits_for_data_never_goes(office: Database) -> None:
    await queued(office)
    async with office.tenant(TENANT) as tx:
        await tx.execute("UPDATE messages SET state = 'waiting'")

        assert await outbox.next_ready(tx, NOW) is None


async def test_a_late_ack_is_believed_though_the_message_was_cancelled(office: Database) -> None:
    message = await queued(office)
    await settle(office, await begin(office, message), MessageState.UNKNOWN)
    async with office.tenant(TENANT) as tx:
        await outbox.cancel_pending(tx, message.client_id, Reason.RENEWED, NOW)
        await receipts.acknowledge_late(tx, message.whatsapp_id, NOW)

    assert ("sent", None, 1) == await state_of(office, message)


async def test_a_message_steps_aside_for_the_others_and_keeps_its_attempts(
    office: Database,
) -> None:
    message = await queued(office)
    later = NOW + timedelta(minutes=5)
    async with office.tenant(TENANT) as tx:
        await outbox.postpone(tx, message.id, until=later, reason=Reason.NUMBER_UNANSWERED, now=NOW)
        found = await outbox.next_ready(tx, NOW), await outbox.next_ready(tx, later)
        wake = await outbox.next_wake(tx, NOW)

    assert (None, later) == (found[0], wake)
    assert found[1] is not None
    assert (1, 0) == (found[1].message.postponed, found[1].message.attempt)


@pytest.mark.parametrize(
    ("not_before", "expires", "expected"),
    [
        pytest.param(5, 60, 5, id="its time comes"),
        pytest.param(90, 60, 60, id="it ends before its time comes"),
        pytest.param(-5, 60, 1 / 60, id="held by somebody else for a moment"),
        pytest.param(-5, 0, None, id="over"),
        pytest.param(-5, -5, None, id="long over"),
    ],
)
async def test_the_next_look_is_at_something_that_can_still_happen(
    office: Database, not_before: int, expires: int, expected: float | None
) -> None:
    await queued(office)
    async with office.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE messages SET not_before = $1, expires_at = $2",
            NOW + timedelta(minutes=not_before),
            NOW + timedelta(minutes=expires),
        )
        wake = await outbox.next_wake(tx, NOW)

    assert (None if expected is None else NOW + timedelta(minutes=expected)) == wake
