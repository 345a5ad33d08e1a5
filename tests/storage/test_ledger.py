"""A renewal cancels what was pending and writes the ledger, all or nothing (C6, C7, C9)."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.clients import NewClient
from domain.due_dates import same_day_next_month
from domain.outbox import MessageState
from domain.reminders import Kind
from errors import NotFound
from storage import client_list, clients, ledger, outbox
from storage.database import Database, TenantConnection
from storage.ledger import Renewal
from tests.postgres import NOW, sign_up

TENANT = 7
TODAY = date(2026, 11, 24)
YESTERDAY = TODAY - timedelta(days=1)
NEXT = date(2026, 12, 24)
PRICE = Decimal("35.00")


@pytest.fixture
async def client_id(database: Database) -> int:
    """A client one day late, whose cobranca is queued for today."""
    await sign_up(database, TENANT, TENANT + 1)
    client = NewClient(name="Ana", phone="+5511987654321", price=PRICE, due_on=YESTERDAY)
    async with database.tenant(TENANT) as tx:
        made = await clients.add(tx, client, NOW)
        await plan_day(tx)
    return made


async def plan_day(tx: TenantConnection) -> int:
    return await outbox.plan_day(
        tx,
        day=TODAY,
        due_dates={Kind.BILLING: YESTERDAY},
        send_from=NOW,
        send_until=NOW + timedelta(hours=8),
        now=NOW,
    )


async def renew(tx: TenantConnection, client_id: int) -> Renewal:
    return await ledger.renew(tx, client_id, due_on=NEXT, amount=PRICE, paid_on=TODAY, now=NOW)


async def states(database: Database) -> dict[MessageState, int]:
    async with database.tenant(TENANT) as tx:
        return await outbox.counts_of_day(tx, TODAY)


async def test_a_renewal_moves_the_date_cancels_and_records(
    database: Database, client_id: int
) -> None:
    async with database.tenant(TENANT) as tx:
        renewal = await renew(tx, client_id)
        client = await clients.find(tx, client_id)
        lines = await ledger.payments(tx, client_id)

    assert (
        (lines[0].id, YESTERDAY, [Kind.BILLING], False),
        (NEXT, TODAY),
        {"cancelled": 1},
        [(PRICE, TODAY, YESTERDAY, NEXT)],
    ) == (
        (
            renewal.payment_id,
            renewal.due_on_before,
            [gone.kind for gone in renewal.cancelled],
            renewal.repeated,
        ),
        (client.due_on, client.renewed_on),
        await states(database),
        [(line.amount, line.paid_on, line.due_on_before, line.due_on_after) for line in lines],
    )


async def test_an_undone_renewal_leaves_everything_as_it_was(
    database: Database, client_id: int
) -> None:
    async def renew_then_fail() -> None:
        async with database.tenant(TENANT) as tx:
            await renew(tx, client_id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await renew_then_fail()

    async with database.tenant(TENANT) as tx:
        client = await clients.find(tx, client_id)
        lines = await ledger.payments(tx, client_id)
    assert (YESTERDAY, {"queued": 1}, []) == (client.due_on, await states(database), lines)


async def test_the_same_renewal_twice_counts_once(database: Database, client_id: int) -> None:
    async with database.tenant(TENANT) as tx:
        first = await renew(tx, client_id)
    async with database.tenant(TENANT) as tx:
        again = await renew(tx, client_id)
        received = await ledger.received(tx, TODAY, TODAY)

    assert (first.payment_id, PRICE) == (again.payment_id, received)


async def test_two_renewals_at_once_count_once(database: Database, client_id: int) -> None:
    async def press() -> Renewal:
        async with database.tenant(TENANT) as tx:
            return await renew(tx, client_id)

    both = await asyncio.gather(press(), press())

    async with database.tenant(TENANT) as tx:
        lines = await ledger.payments(tx, client_id)
    assert ({lines[0].id}, 1) == ({renewal.payment_id for renewal in both}, len(lines))


async def test_a_later_renewal_is_a_payment_of_its_own(database: Database, client_id: int) -> None:
    async with database.tenant(TENANT) as tx:
        await renew(tx, client_id)
        later = NEXT + timedelta(days=30)
        await ledger.renew(tx, client_id, due_on=later, amount=PRICE, paid_on=TODAY, now=NOW)

        assert PRICE * 2 == await ledger.received(tx, TODAY, TODAY)


async def test_another_tenants_client_cannot_be_renewed(database: Database, client_id: int) -> None:
    with pytest.raises(NotFound):
        async with database.tenant(TENANT + 1) as tx:
            await renew(tx, client_id)

    async with database.tenant(TENANT) as tx:
        client = await clients.find(tx, client_id)
    assert (YESTERDAY, {"queued": 1}) == (client.due_on, await states(database))


async def test_a_renewed_client_is_not_planned_again_for_the_old_date(
    database: Database, client_id: int
) -> None:
    async with database.tenant(TENANT) as tx:
        await renew(tx, client_id)

        assert 0 == await plan_day(tx)


async def test_a_payment_not_received_counts_no_more(database: Database, client_id: int) -> None:
    async with database.tenant(TENANT) as tx:
        renewal = await renew(tx, client_id)
        await ledger.void(tx, renewal.payment_id, NOW)
        lines = await ledger.payments(tx, client_id)

        assert (Decimal(0), [NOW]) == (
            await ledger.received(tx, TODAY, TODAY),
            [line.voided_at for line in lines],
        )


async def test_a_payment_can_be_set_right(database: Database, client_id: int) -> None:
    async with database.tenant(TENANT) as tx:
        renewal = await renew(tx, client_id)
        await ledger.correct(tx, renewal.payment_id, Decimal("30.00"), YESTERDAY)

        assert (Decimal(0), Decimal("30.00")) == (
            await ledger.received(tx, TODAY, TODAY),
            await ledger.received(tx, YESTERDAY, YESTERDAY),
        )


async def test_another_tenants_payment_is_not_found(database: Database, client_id: int) -> None:
    async with database.tenant(TENANT) as tx:
        renewal = await renew(tx, client_id)

    with pytest.raises(NotFound):
        async with database.tenant(TENANT + 1) as tx:
            await ledger.void(tx, renewal.payment_id, NOW)


async def test_money_of_an_erased_client_stays_counted(database: Database, client_id: int) -> None:
    async with database.tenant(TENANT) as tx:
        await renew(tx, client_id)
        await clients.erase(tx, client_id)

        assert PRICE == await ledger.received(tx, TODAY, TODAY)


async def test_the_header_counts_what_is_expected_received_and_overdue(
    database: Database, client_id: int
) -> None:
    late = NewClient(name="Bia", phone="+5511987654322", price=Decimal(50), due_on=YESTERDAY)
    async with database.tenant(TENANT) as tx:
        await clients.add(tx, late, NOW)
        await renew(tx, client_id)

        figures = await client_list.figures(tx, TODAY)
    assert (1, 0, 1, Decimal(50), Decimal(0), PRICE, Decimal(85)) == (
        figures.up_to_date,
        figures.due_soon,
        figures.overdue,
        figures.overdue_value,
        figures.to_come,
        figures.received,
        figures.expected,
    )


async def test_renewing_month_by_month_keeps_the_agreed_day(
    database: Database, client_id: int
) -> None:
    del client_id
    january = date(2027, 1, 31)
    lima = NewClient(name="Lima", phone="+5511987654322", price=PRICE, due_on=january)
    dates = []
    async with database.tenant(TENANT) as tx:
        made = await clients.add(tx, lima, NOW)
        for _ in range(4):
            client = await clients.find(tx, made)
            following = same_day_next_month(client.due_on, client.due_on, client.agreed_day)
            await ledger.renew(
                tx, made, due_on=following, amount=PRICE, paid_on=client.due_on, now=NOW
            )
            dates.append(following)

    assert [(2, 28), (3, 31), (4, 30), (5, 31)] == [(day.month, day.day) for day in dates]


async def test_a_day_that_the_first_month_lacks_is_kept(database: Database, client_id: int) -> None:
    del client_id
    ana = NewClient(
        name="Ana", phone="+5511987654323", price=PRICE, due_on=date(2026, 11, 30), agreed_day=31
    )
    async with database.tenant(TENANT) as tx:
        made = await clients.find(tx, await clients.add(tx, ana, NOW))

    assert (31, date(2026, 12, 31)) == (
        made.agreed_day,
        same_day_next_month(made.due_on, TODAY, made.agreed_day),
    )


async def test_another_date_is_a_new_agreement(database: Database, client_id: int) -> None:
    chosen = date(2027, 2, 5)
    async with database.tenant(TENANT) as tx:
        await ledger.renew(tx, client_id, due_on=chosen, amount=PRICE, paid_on=TODAY, now=NOW)
        renewed = await clients.find(tx, client_id)
        await clients.save(tx, replace(renewed, due_on=date(2027, 3, 31)), NOW)
        edited = await clients.find(tx, client_id)

    assert (YESTERDAY.day, 5, 31) == (23, renewed.agreed_day, edited.agreed_day)


async def test_a_client_without_an_agreed_day_has_that_of_its_due_date(
    database: Database, client_id: int
) -> None:
    async with database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE clients SET due_on = '2027-01-31', agreed_day = NULL WHERE tenant_id = $1",
            TENANT,
        )
        short = date(2027, 2, 28)
        await ledger.renew(tx, client_id, due_on=short, amount=PRICE, paid_on=TODAY, now=NOW)

        assert 31 == (await clients.find(tx, client_id)).agreed_day
