"""What was cancelled untried comes back when its reason goes away the same day (E6, E3b).

And what changes during the window is planned at once, as often as anybody asks.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actors.tenant.day import plan_now, run_job
from domain.clients import Client, NewClient
from domain.jobs import Job, next_runs
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.reminders import Kind
from storage import clients, ledger, outbox, schedules, tenants
from storage.database import Database, TenantConnection
from storage.outbox import DayRow
from storage.tenants import CompanyDetails

S = MessageState
TENANT = 11
DAY = date(2026, 11, 24)
YESTERDAY = DAY - timedelta(days=1)
SIGNED_UP = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
FIVE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HALF_PAST_EIGHT = FIVE + timedelta(hours=3, minutes=30)
NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HALF_PAST_TEN = NINE + timedelta(minutes=90)
CLOSES = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
ANA = NewClient(
    name="Ana", phone="+5511990000000", plan="Mensal", price=Decimal(35), due_on=YESTERDAY
)
Change = Callable[[TenantConnection], Awaitable[object]]


@pytest.fixture
async def business(database: Database) -> Database:
    """One client who is one day late, planned at five."""
    async with database.tenant(TENANT) as tx:
        await tenants.create(
            tx, name="TV da Rita", now=SIGNED_UP, trial_ends_at=SIGNED_UP + timedelta(days=7)
        )
        await tenants.set_company(
            tx, CompanyDetails(company="TV", pix_key="rita@tv.example", pix_beneficiary="Rita")
        )
        await schedules.set_next(tx, next_runs(await tenants.settings(tx), SIGNED_UP))
        await clients.add(tx, ANA, SIGNED_UP)
        await run_job(tx, "verify", FIVE, FIVE)
    return database


async def ana(tx: TenantConnection) -> Client:
    return (await clients.page(tx, DAY)).clients[0]


def saved(**changes: Any) -> Change:
    """Save Ana with `changes`."""

    async def save(tx: TenantConnection) -> None:
        found = await clients.find(tx, (await outbox.day_rows(tx, DAY))[0].client_id)
        await clients.save(tx, replace(found, **changes), HALF_PAST_EIGHT)

    return save


def kinds(*chosen: Kind) -> Change:
    async def choose(tx: TenantConnection) -> None:
        await tenants.set_automatic_kinds(tx, frozenset(chosen))

    return choose


def sql(text: str) -> Change:
    async def run(tx: TenantConnection) -> None:
        await tx.execute(text)

    return run


async def renew(tx: TenantConnection) -> None:
    await ledger.renew(
        tx,
        (await ana(tx)).id,
        due_on=DAY + timedelta(days=29),
        amount=Decimal(35),
        paid_on=DAY,
        now=HALF_PAST_EIGHT,
    )


TEXT_OFF = """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
              VALUES (11, 'cobranca', 'minha', 'Oi', false, now(), now())"""
THERE_AND_BACK = [
    pytest.param(renew, saved(due_on=YESTERDAY), "renewed", id="renewed by a slip"),
    pytest.param(kinds(), kinds(Kind.BILLING), "kind_off", id="the kind off and on"),
    pytest.param(saved(archived=True), saved(archived=False), "archived", id="archived, restored"),
    pytest.param(
        saved(opted_out=True), saved(opted_out=False), "opted_out", id="opted out and in again"
    ),
    pytest.param(
        saved(receives_billing=False),
        saved(receives_billing=True),
        "billing_off",
        id="its switch off and on",
    ),
    pytest.param(
        saved(preferences={"cobranca": False}),
        saved(preferences={}),
        "preference_off",
        id="its preference off and on",
    ),
    pytest.param(
        saved(preferences={"cobranca": "talvez"}),
        saved(preferences={"cobranca": True}),
        "preferences_unreadable",
        id="unreadable and readable",
    ),
    pytest.param(
        saved(due_on=DAY + timedelta(days=9)),
        saved(due_on=YESTERDAY),
        "renewed",
        id="the due date moved on and back",
    ),
    pytest.param(
        saved(due_on=DAY - timedelta(days=9)),
        saved(due_on=YESTERDAY),
        "due_date_changed",
        id="the due date moved back and forth",
    ),
    pytest.param(
        sql(TEXT_OFF), sql("UPDATE templates SET active = true"), "template_off", id="its text"
    ),
]


async def plan(business: Database, now: datetime) -> int:
    async with business.tenant(TENANT) as tx:
        return (await plan_now(tx, now)).planned


async def change(business: Database, how: Change) -> None:
    async with business.tenant(TENANT) as tx:
        await how(tx)


async def rows(business: Database) -> list[DayRow]:
    async with business.tenant(TENANT) as tx:
        return await outbox.day_rows(tx, DAY)


async def the_row(business: Database) -> DayRow:
    (row,) = await rows(business)
    return row


@pytest.mark.parametrize(("there", "back", "reason"), THERE_AND_BACK)
async def test_it_comes_back_as_the_same_message(
    business: Database, there: Change, back: Change, reason: str
) -> None:
    planned = await the_row(business)
    await change(business, there)
    await plan(business, HALF_PAST_EIGHT)
    cancelled = await the_row(business)
    await change(business, back)
    came_back = await plan(business, HALF_PAST_TEN)
    found = await the_row(business)

    assert (S.CANCELLED, reason, 0) == (cancelled.state, cancelled.reason, cancelled.attempt)
    assert (1, S.QUEUED, 0) == (came_back, found.state, found.attempt)
    assert (planned.message_id, planned.whatsapp_id) == (found.message_id, found.whatsapp_id)


@pytest.mark.parametrize(("there", "back", "reason"), THERE_AND_BACK)
async def test_the_sending_run_brings_it_back_too(
    business: Database, there: Change, back: Change, reason: str
) -> None:
    del reason
    await change(business, there)
    await plan(business, HALF_PAST_EIGHT)
    await change(business, back)
    async with business.tenant(TENANT) as tx:
        await run_job(tx, "send", NINE, NINE)

    assert S.QUEUED is (await the_row(business)).state


@pytest.mark.parametrize(("there", "back", "reason"), THERE_AND_BACK)
async def test_what_was_ever_tried_never_comes_back(
    business: Database, there: Change, back: Change, reason: str
) -> None:
    del reason
    await change(business, sql("UPDATE messages SET state = 'retry', attempt = 1, body = 'Oi'"))
    await change(business, there)
    async with business.tenant(TENANT) as tx:
        client_id = (await outbox.day_rows(tx, DAY))[0].client_id
        await outbox.cancel_pending(tx, client_id, Reason.RENEWED, HALF_PAST_EIGHT)
    await change(business, back)

    assert 0 == await plan(business, HALF_PAST_TEN)
    assert S.CANCELLED is (await the_row(business)).state


async def test_what_the_owner_cancelled_by_hand_stays_cancelled(business: Database) -> None:
    async with business.tenant(TENANT) as tx:
        await outbox.cancel_pending(tx, (await ana(tx)).id, Reason.CANCELLED, HALF_PAST_EIGHT)

    assert 0 == await plan(business, HALF_PAST_TEN)


async def test_nothing_comes_back_on_another_day(business: Database) -> None:
    await change(business, renew)
    await change(business, saved(due_on=YESTERDAY))

    assert 0 == await plan(business, HALF_PAST_TEN + timedelta(days=1))
    assert S.CANCELLED is (await the_row(business)).state


async def test_a_cancelled_and_revived_message_says_so_in_its_log(business: Database) -> None:
    await change(business, renew)
    await change(business, saved(due_on=YESTERDAY))
    await plan(business, HALF_PAST_TEN)
    async with business.tenant(TENANT) as tx:
        events = await tx.fetch("SELECT state, detail FROM message_events ORDER BY id")

    assert [("cancelled", "renewed"), ("queued", "planned again")] == [
        tuple(event) for event in events
    ]


async def test_access_that_ended_and_was_paid_again_holds_nothing_back(business: Database) -> None:
    await change(business, sql("UPDATE tenants SET trial_ends_at = created_at"))
    ended = await plan(business, HALF_PAST_EIGHT)
    held = await the_row(business)
    await change(business, sql("UPDATE tenants SET paid_until = created_at + interval '30 days'"))

    assert (0, S.QUEUED) == (ended, held.state)
    await plan(business, HALF_PAST_TEN)
    assert S.QUEUED is (await the_row(business)).state


async def test_a_client_registered_on_its_day_is_planned_at_once(business: Database) -> None:
    async with business.tenant(TENANT) as tx:
        await clients.add(tx, replace(ANA, name="Bia", phone="+5511990000001"), HALF_PAST_TEN)

    assert [1, 0] == [await plan(business, HALF_PAST_TEN), await plan(business, HALF_PAST_TEN)]


async def test_an_import_by_another_process_makes_the_plan_due_again(business: Database) -> None:
    async with business.tenant(TENANT) as tx:
        await run_job(tx, "send", NINE, NINE)
        await clients.add(tx, replace(ANA, name="Bia", phone="+5511990000001"), HALF_PAST_TEN)
        await schedules.plan_soon(tx, HALF_PAST_TEN)
        due = (await schedules.of_tenant(tx))[Job.SEND]
        outcome = await run_job(tx, "send", due, HALF_PAST_TEN)
        following = (await schedules.of_tenant(tx))[Job.SEND]

    assert (1, NINE + timedelta(days=1)) == (outcome.planned, following)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(FIVE - timedelta(hours=2), id="before the first run of the day"),
        pytest.param(CLOSES, id="after the window"),
    ],
)
async def test_planning_at_once_keeps_to_the_hours(business: Database, now: datetime) -> None:
    async with business.tenant(TENANT) as tx:
        await clients.add(tx, replace(ANA, name="Bia", phone="+5511990000001"), now)

    assert 0 == await plan(business, now)


async def test_new_hours_count_at_once_for_what_has_not_gone(business: Database) -> None:
    await change(business, sql("UPDATE settings SET send_at = '14:00', window_closes = '21:00'"))
    await plan(business, HALF_PAST_EIGHT)
    async with business.tenant(TENANT) as tx:
        wake = await outbox.next_wake(tx, HALF_PAST_EIGHT)
        expired_before = await outbox.expire(tx, CLOSES)

    assert (NINE + timedelta(hours=5), 0) == (wake, expired_before)


async def test_a_window_that_was_made_longer_brings_back_what_had_expired(
    business: Database,
) -> None:
    async with business.tenant(TENANT) as tx:
        await outbox.expire(tx, CLOSES)
        await tx.execute("UPDATE settings SET window_closes = $1", time(22))

    assert 1 == await plan(business, CLOSES + timedelta(minutes=5))


async def test_a_number_that_was_set_right_is_tried_again(business: Database) -> None:
    await change(business, sql("UPDATE messages SET state = 'failed', reason = 'not_on_whatsapp'"))
    unchanged = await plan(business, HALF_PAST_EIGHT)
    await change(business, saved(phone="+5511990000077"))

    assert (0, 1) == (unchanged, await plan(business, HALF_PAST_TEN))
    assert ("+5511990000077", S.QUEUED) == (
        (await the_row(business)).phone,
        (await the_row(business)).state,
    )


async def test_one_bad_client_costs_the_plan_only_that_one(business: Database) -> None:
    async with business.tenant(TENANT) as tx:
        await clients.add(tx, replace(ANA, name="Bia", phone="+5511990000001"), SIGNED_UP)
        await tx.execute("UPDATE clients SET price = 'NaN' WHERE name = 'Ana'")
    for minutes in range(3):
        await plan(business, HALF_PAST_TEN + timedelta(minutes=minutes))

    assert [(S.FAILED, Reason.INTERNAL), (S.QUEUED, Reason.NEEDS_QR)] == [
        (row.state, row.reason) for row in await rows(business)
    ]


async def test_a_text_that_is_too_long_waits_for_the_owner(business: Database) -> None:
    await change(
        business,
        sql(
            """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
               VALUES (11, 'cobranca', 'longa', repeat('{informacoes}', 3), true, now(), now())"""
        ),
    )
    await change(business, saved(notes="x" * 2000))
    await plan(business, HALF_PAST_EIGHT)
    waiting = await the_row(business)
    await change(business, saved(notes="pouco"))
    await plan(business, HALF_PAST_TEN)

    assert (S.WAITING, Reason.TOO_LONG) == (waiting.state, waiting.reason)
    assert S.QUEUED is (await the_row(business)).state
