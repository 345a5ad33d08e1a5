"""What one slip in a statement would undo without a sound, each rule with a case of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.clients import NewClient
from domain.outbox import MessageState
from domain.reminders import Kind
from errors import StaleEpoch
from storage import client_list, clients, leases, ledger, outbox, receipts, tenants
from storage.database import Database, TenantConnection
from storage.outbox import Attempt
from storage.tenants import MorningNumbers
from tests.postgres import sign_up

TENANT = 7
REPLICA = UUID("00000000-0000-4000-8000-000000000001")
DAY = date(2026, 11, 24)
YESTERDAY = DAY - timedelta(days=1)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=11)
LATE = NewClient(
    name="Ana", phone="+5511987654321", price=Decimal("35.00"), due_on=YESTERDAY, plan=None
)
EVERY_STATE = (
    "waiting", "queued", "sending", "sent", "delivered", "read", "retry", "unknown", "failed",
    "expired", "cancelled",
)  # fmt: skip


@pytest.fixture
async def office(database: Database) -> Database:
    """A database with one tenant, owned under epoch 1."""
    await sign_up(database, TENANT)
    await take_over(database)
    return database


async def take_over(database: Database) -> int:
    """Raise the epoch."""
    async with database.dispatcher() as connection:
        await leases.renew(connection, REPLICA)
        return await leases.take_over(connection, TENANT, REPLICA, NOW)


async def register(tx: TenantConnection, **changes: Any) -> int:
    """A client one day late, with `changes`."""
    return await clients.add(tx, replace(LATE, **changes), NOW)


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


async def begun(tx: TenantConnection) -> Attempt:
    """An attempt under way, of a message planned for it."""
    await register(tx)
    await plan(tx)
    ready = await outbox.next_ready(tx, NOW)
    assert ready is not None
    return await outbox.begin_attempt(
        tx, ready.message.id, epoch=1, phone=ready.message.phone, body="Oi", now=NOW
    )


async def set_message(tx: TenantConnection, state: str) -> None:
    """Put all messages into `state`, as if they had come there."""
    await tx.execute(
        """UPDATE messages
           SET state = $2, body = 'Oi', owner_epoch = CASE WHEN $2 = 'sending' THEN 1 END
           WHERE tenant_id = $1""",
        tx.tenant_id,
        state,
    )


async def test_a_repeated_add_without_a_plan_is_the_same_client(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        first = await register(tx, plan=None)
        again = await register(tx, plan=None)
        page = await clients.page(tx, DAY)

    assert (first, 1) == (again, page.total)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"plan": "Mensal"}, id="plan"),
        pytest.param({"name": "Bia"}, id="name"),
        pytest.param({"phone": "+5511987654322"}, id="phone"),
        pytest.param({"due_on": DAY}, id="due date"),
    ],
)
async def test_a_client_that_differs_is_another(office: Database, change: dict[str, Any]) -> None:
    async with office.tenant(TENANT) as tx:
        first = await register(tx)
        other = await register(tx, **change)
        again = [await register(tx), await register(tx, **change)]

    assert (2, [first, other]) == (len({first, other}), again)


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        pytest.param(date(2026, 10, 31), ("35", "0"), id="in arrears from the month before"),
        pytest.param(date(2026, 11, 1), ("35", "0"), id="in arrears"),
        pytest.param(DAY, ("0", "35"), id="today"),
        pytest.param(date(2026, 11, 30), ("0", "35"), id="the last of the month"),
        pytest.param(date(2026, 12, 1), ("0", "0"), id="the day after"),
    ],
)
async def test_a_month_expects_the_arrears_and_who_is_still_to_fall_due_in_it(
    office: Database, due_on: date, expected: tuple[str, str]
) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx, due_on=due_on)
        overview = await client_list.figures(tx, DAY)

    assert tuple(map(Decimal, expected)) == (overview.overdue_value, overview.to_come)
    assert sum(map(Decimal, expected)) == overview.expected


@pytest.mark.parametrize(
    ("due_on", "until", "expected"),
    [
        pytest.param(date(2026, 11, 5), date(2026, 12, 5), "40", id="to the next month"),
        pytest.param(date(2026, 11, 5), date(2026, 12, 1), "40", id="to its first day"),
        pytest.param(date(2026, 11, 1), date(2026, 11, 30), "75", id="due again within the month"),
        pytest.param(date(2026, 11, 1), date(2026, 12, 1), "40", id="from the first"),
        pytest.param(date(2026, 11, 30), date(2026, 12, 30), "40", id="from the last"),
        pytest.param(date(2026, 10, 31), date(2026, 12, 1), "40", id="from the month before"),
        pytest.param(date(2026, 12, 1), date(2026, 12, 31), "40", id="paid early"),
    ],
)
async def test_what_a_month_expects_is_counted_once(
    office: Database, due_on: date, until: date, expected: str
) -> None:
    async with office.tenant(TENANT) as tx:
        client_id = await register(tx, due_on=due_on)
        await ledger.renew(tx, client_id, due_on=until, amount=Decimal(40), paid_on=DAY, now=NOW)
        overview = await client_list.figures(tx, DAY)

    assert Decimal(expected) == overview.expected


async def test_a_voided_payment_is_neither_expected_nor_received(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        client_id = await register(tx, due_on=date(2026, 11, 5))
        renewal = await ledger.renew(
            tx, client_id, due_on=date(2026, 12, 5), amount=Decimal(40), paid_on=DAY, now=NOW
        )
        await ledger.void(tx, renewal.payment_id, NOW)
        overview = await client_list.figures(tx, DAY)

    assert (Decimal(0), Decimal(0)) == (overview.expected, overview.received)


@pytest.mark.parametrize(
    ("paid_on", "expected"),
    [
        pytest.param(date(2026, 10, 31), "0", id="the day before the month"),
        pytest.param(date(2026, 11, 1), "40", id="the first"),
        pytest.param(date(2026, 11, 30), "40", id="the last"),
        pytest.param(date(2026, 12, 1), "0", id="the day after"),
    ],
)
async def test_a_month_received_what_was_paid_in_it(
    office: Database, paid_on: date, expected: str
) -> None:
    async with office.tenant(TENANT) as tx:
        client_id = await register(tx)
        await ledger.renew(
            tx, client_id, due_on=date(2027, 1, 5), amount=Decimal(40), paid_on=paid_on, now=NOW
        )
        overview = await client_list.figures(tx, DAY)
        received = await ledger.received(tx, date(2026, 11, 1), date(2026, 11, 30))

    assert (Decimal(expected), Decimal(expected)) == (overview.received, received)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(-1, (0, 0, 1), id="yesterday is overdue"),
        pytest.param(0, (0, 1, 0), id="today is soon"),
        pytest.param(3, (0, 1, 0), id="three days are soon"),
        pytest.param(4, (1, 0, 0), id="four are up to date"),
    ],
)
async def test_the_header_counts_each_client_once(
    office: Database, days: int, expected: tuple[int, int, int]
) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx, due_on=DAY + timedelta(days=days))
        found = await client_list.figures(tx, DAY)

    assert expected == (found.up_to_date, found.due_soon, found.overdue)
    assert Decimal(35) * found.overdue == found.overdue_value


async def test_an_archived_client_counts_nowhere(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        archived = await clients.find(tx, await register(tx))
        await clients.save(tx, replace(archived, archived=True), NOW)
        found = await client_list.figures(tx, DAY)
        morning = await tenants.morning_numbers(tx, DAY, YESTERDAY)

    assert (0, 0, 0, Decimal(0), Decimal(0)) == (
        found.overdue,
        morning.overdue,
        morning.due_today,
        morning.overdue_value,
        found.expected,
    )


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(-2, (0, 1), id="two days ago"),
        pytest.param(-1, (0, 1), id="yesterday"),
        pytest.param(0, (1, 0), id="today"),
        pytest.param(1, (0, 0), id="tomorrow"),
    ],
)
async def test_the_morning_counts_who_is_due_and_who_is_late(
    office: Database, days: int, expected: tuple[int, int]
) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx, due_on=DAY + timedelta(days=days))
        morning = await tenants.morning_numbers(tx, DAY, YESTERDAY)

    assert (*expected, Decimal(35) * expected[1]) == (
        morning.due_today,
        morning.overdue,
        morning.overdue_value,
    )


@pytest.mark.parametrize(
    ("state", "sent", "to_send"),
    [
        (state, state in {"sent", "delivered", "read"}, state in {"waiting", "queued"})
        for state in EVERY_STATE
    ],
)
async def test_the_morning_counts_what_went_yesterday_and_what_goes_today(
    office: Database, state: str, sent: bool, to_send: bool
) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx)
        await plan(tx)
        await set_message(tx, state)
        today = await tenants.morning_numbers(tx, DAY, YESTERDAY)
        tomorrow = await tenants.morning_numbers(tx, DAY + timedelta(days=1), DAY)

    assert [(0, int(to_send)), (int(sent), 0)] == [
        (numbers.sent_yesterday, numbers.to_send_today) for numbers in (today, tomorrow)
    ]


async def test_the_morning_tells_yesterdays_money_and_problems(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        for number, paid_on in enumerate((YESTERDAY - timedelta(days=1), YESTERDAY, DAY)):
            client_id = await register(tx, phone=f"+551198765430{number}", due_on=DAY)
            renewal = await ledger.renew(
                tx,
                client_id,
                due_on=date(2027, 1, 5),
                amount=Decimal(10 + number),
                paid_on=paid_on,
                now=NOW,
            )
        await ledger.void(tx, renewal.payment_id, NOW)
        await register(tx, due_on=YESTERDAY - timedelta(days=1))
        await plan(tx, YESTERDAY)
        await tx.execute(
            "UPDATE messages SET state = 'failed', reason = 'not_on_whatsapp' WHERE tenant_id = $1",
            TENANT,
        )
        morning = await tenants.morning_numbers(tx, DAY, YESTERDAY)

    assert (
        MorningNumbers(
            due_today=0,
            overdue=1,
            overdue_value=Decimal(35),
            sent_yesterday=0,
            received_yesterday=Decimal(11),
            to_send_today=0,
            problems={"not_on_whatsapp": 1},
        )
        == morning
    )


@pytest.mark.parametrize(
    ("seconds", "goes"),
    [
        pytest.param(1, True, id="a second before its end"),
        pytest.param(0, False, id="at its end"),
        pytest.param(-1, False, id="a second after"),
    ],
)
async def test_an_expired_message_may_not_go(office: Database, seconds: int, goes: bool) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx)
        await plan(tx)
        ready = await outbox.next_ready(tx, UNTIL - timedelta(seconds=seconds))

    assert goes == (ready is not None)


@pytest.mark.parametrize(("seconds", "goes"), [(-1, False), (0, True)])
async def test_a_message_waits_for_its_time(office: Database, seconds: int, goes: bool) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx)
        await plan(tx)
        ready = await outbox.next_ready(tx, NOW + timedelta(seconds=seconds))

    assert goes == (ready is not None)


@pytest.mark.parametrize("state", EVERY_STATE)
async def test_only_what_is_still_to_go_may_go(office: Database, state: str) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx)
        await plan(tx)
        await set_message(tx, state)
        ready = await outbox.next_ready(tx, NOW)

    assert (state in {"queued", "retry", "unknown"}) == (ready is not None)


@pytest.mark.parametrize(
    ("change", "planned"),
    [
        pytest.param({}, 1, id="a client like any other"),
        pytest.param({"opted_out": True}, 0, id="opted out"),
        pytest.param({"archived": True}, 0, id="archived"),
        pytest.param({"receives_billing": False}, 0, id="billing switched off"),
        pytest.param({"receives_notices": False}, 1, id="notices switched off"),
        pytest.param({"preferences": {"cobranca": False}}, 0, id="this kind switched off"),
        pytest.param({"preferences": {"cobranca": True}}, 1, id="this kind switched on"),
        pytest.param({"preferences": {"vence_hoje": False}}, 1, id="another kind off"),
    ],
)
async def test_the_plan_passes_by_who_opted_out(
    office: Database, change: dict[str, Any], planned: int
) -> None:
    async with office.tenant(TENANT) as tx:
        client = await clients.find(tx, await register(tx))
        await clients.save(tx, replace(client, **change), NOW)

        assert planned == await plan(tx)


async def test_preferences_that_cannot_be_read_are_no_yes(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx)
        await tx.execute("UPDATE clients SET preferences = '[]' WHERE tenant_id = $1", TENANT)

        assert 0 == await plan(tx)


async def until_somebody_waits(tx: TenantConnection) -> None:
    """Until another connection waits for a lock."""
    async with asyncio.timeout(5):
        while not await tx.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            pass


async def test_a_takeover_waits_for_an_attempt_that_begins(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await begun(tx)
        takeover = asyncio.create_task(take_over(office))
        await until_somebody_waits(tx)
        waited = not takeover.done()
    epoch = await takeover
    async with office.tenant(TENANT) as tx:
        # So what was begun is seen by the recovery of the new owner.
        recovered = await outbox.recover(tx, epoch=epoch, delay=0.0, now=NOW)

    assert (True, 2, 1) == (waited, epoch, recovered)


@pytest.mark.parametrize("epoch", [0, 2])
async def test_nobody_but_the_owner_begins_an_attempt(office: Database, epoch: int) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx)
        await plan(tx)
        ready = await outbox.next_ready(tx, NOW)
        assert ready is not None
        with pytest.raises(StaleEpoch):
            await outbox.begin_attempt(
                tx, ready.message.id, epoch=epoch, phone="+5511987654321", body="Oi", now=NOW
            )


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"epoch": 2}, id="another epoch"),
        pytest.param({"number": 2}, id="another attempt"),
        pytest.param({"message_id": 10_000}, id="another message"),
    ],
)
async def test_only_the_attempt_under_way_is_settled(
    office: Database, other: dict[str, int]
) -> None:
    async with office.tenant(TENANT) as tx:
        attempt = await begun(tx)
        theirs = await outbox.settle(
            tx, replace(attempt, **other), state=MessageState.FAILED, now=NOW
        )
        counts = await outbox.counts_of_day(tx, DAY)
        ours = await outbox.settle(tx, attempt, state=MessageState.SENT, now=NOW)

    assert (False, {"sending": 1}, True) == (theirs, counts, ours)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([("Oi", True), ("Olá", False)], id="the active one first"),
        pytest.param([("Olá", False), ("Oi", True)], id="the active one last"),
    ],
)
async def test_an_inactive_text_never_wins(office: Database, texts: list[tuple[str, bool]]) -> None:
    async with office.tenant(TENANT) as tx:
        await tenants.create(tx, name="Rita", now=NOW, trial_ends_at=UNTIL)
        for body, active in texts:
            await tx.execute(
                """INSERT INTO templates
                       (tenant_id, kind, name, body, active, created_at, updated_at)
                   VALUES ($1, 'cobranca', $2, $2, $3, now(), now())""",
                TENANT,
                body,
                active,
            )
        charter = await tenants.charter(tx)

    assert {Kind.BILLING: ("Oi", True)} == {
        kind: (text.body, text.active) for kind, text in charter.own_texts.items()
    }


@pytest.mark.parametrize(
    ("step", "may_go"),
    [
        pytest.param(lambda tx: outbox.expire(tx, UNTIL), 0, id="the day is closed"),
        pytest.param(lambda tx: outbox.expire(tx, UNTIL - timedelta(seconds=1)), 1, id="not yet"),
        pytest.param(
            lambda tx: receipts.receipt(tx, "nobody's", "delivered", NOW), 1, id="another's receipt"
        ),
        pytest.param(
            lambda tx: receipts.acknowledge_late(tx, "nobody's", NOW), 1, id="another's ack"
        ),
        pytest.param(
            lambda tx: outbox.cancel_pending(tx, 10_000, "renewed", NOW), 1, id="another cancelled"
        ),
    ],
)
async def test_a_step_touches_its_own_messages_only(
    office: Database, step: Callable[[TenantConnection], Awaitable[object]], may_go: int
) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx)
        await plan(tx)
        await step(tx)
        counts = await outbox.counts_of_day(tx, DAY)

    assert may_go == counts.get(MessageState.QUEUED, 0)


async def test_two_that_ask_for_a_message_never_get_the_same(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx)
        await plan(tx)
    async with office.tenant(TENANT) as one, office.tenant(TENANT) as two:
        first = await outbox.next_ready(one, NOW)
        second = await outbox.next_ready(two, NOW)

    assert (True, None) == (first is not None, second)


async def test_a_client_stays_as_it_is_while_its_message_is_prepared(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        client = await clients.find(tx, await register(tx))
        await plan(tx)
    async with office.tenant(TENANT) as tx, office.tenant(TENANT) as other:
        await outbox.next_ready(tx, NOW)
        await other.execute("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await clients.save(other, replace(client, name="Bia"), NOW)
        await other.execute("ROLLBACK; BEGIN")


async def test_the_messages_of_a_day_are_counted_for_that_day(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await register(tx)
        await plan(tx)

        assert ({}, {"queued": 1}, {}) == (
            await outbox.counts_of_day(tx, YESTERDAY),
            await outbox.counts_of_day(tx, DAY),
            await outbox.counts_of_day(tx, DAY + timedelta(days=1)),
        )


async def test_the_money_of_yesterday_is_not_todays(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        for number, paid_on in enumerate((YESTERDAY - timedelta(days=1), YESTERDAY, DAY)):
            client_id = await register(tx, phone=f"+551198765430{number}", due_on=DAY)
            await ledger.renew(
                tx,
                client_id,
                due_on=date(2027, 1, 5),
                amount=Decimal(10 + number),
                paid_on=paid_on,
                now=NOW,
            )
        morning = await tenants.morning_numbers(tx, DAY, YESTERDAY)

    assert Decimal(11) == morning.received_yesterday
