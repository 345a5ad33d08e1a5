"""A tenant's day on a real PostgreSQL: planned by the rules, and checked a second time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.messages.notices import DailySummary, DataMissing, SubscriptionWarning
from actors.tenant.day import run_job
from domain.clients import Client, NewClient
from domain.jobs import Job, next_runs
from domain.reminders import Kind, decide
from domain.rulebook import rulebook
from storage import clients, ledger, outbox, schedules, tenants
from storage.database import Database, TenantConnection
from storage.tenants import CompanyDetails

TENANT = 11
DAY = date(2026, 11, 24)
# São Paulo is three hours behind UTC.
SIGNED_UP = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
FIVE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATE_EVENING = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
YESTERDAY = DAY - timedelta(days=1)


@pytest.fixture
async def business(database: Database) -> Database:
    """A business on trial with a PIX key and one client who is one day late."""
    async with database.tenant(TENANT) as tx:
        await tenants.create(
            tx, name="TV da Rita", now=SIGNED_UP, trial_ends_at=SIGNED_UP + timedelta(days=7)
        )
        await tenants.set_company(
            tx, CompanyDetails(company="TV", pix_key="rita@tv.example", pix_beneficiary="Rita")
        )
        await schedules.set_next(tx, next_runs(await tenants.settings(tx), SIGNED_UP))
        await clients.add(tx, person(YESTERDAY), SIGNED_UP)
    return database


def person(due_on: date, number: int = 0) -> NewClient:
    """An invented client."""
    return NewClient(
        name=f"Ana {number}",
        phone=f"+55119{90_000_000 + number}",
        plan="Mensal",
        price=Decimal(35),
        due_on=due_on,
    )


async def run(business: Database, job: str, now: datetime) -> list[tuple[str, object]]:
    """Let `job` run at `now` if it is due; returns what the owner would be told."""
    async with business.tenant(TENANT) as tx:
        due_at = (await schedules.of_tenant(tx))[Job(job)]
        if due_at > now:
            return []
        outcome = await run_job(tx, job, due_at, now)
    return [*outcome.notices]


async def the_client(tx: TenantConnection) -> Client:
    """The one client."""
    return (await clients.page(tx, DAY)).clients[0]


async def rows(business: Database, day: date = DAY) -> list[tuple[str, str | None]]:
    """The day's messages: state and reason."""
    async with business.tenant(TENANT) as tx:
        return [(row.state, row.reason) for row in await outbox.day_rows(tx, day)]


async def test_five_o_clock_plans_and_nine_plans_nothing_more(business: Database) -> None:
    await run(business, "verify", FIVE)
    await run(business, "send", NINE)

    assert [("queued", "needs_qr")] == await rows(business)


async def test_nine_alone_is_enough(business: Database) -> None:
    await run(business, "send", NINE)

    assert [("queued", "needs_qr")] == await rows(business)


async def test_a_job_moves_its_due_time_to_the_next_day(business: Database) -> None:
    await run(business, "verify", FIVE)
    async with business.tenant(TENANT) as tx:
        assert FIVE + timedelta(days=1) == (await schedules.of_tenant(tx))[Job.VERIFY]


async def test_a_job_somebody_else_did_does_nothing(business: Database) -> None:
    async with business.tenant(TENANT) as tx:
        outcome = await run_job(tx, "verify", FIVE - timedelta(days=1), FIVE)

    assert 0 == outcome.planned
    assert [] == await rows(business)


async def test_a_missed_run_is_caught_up_inside_the_window(business: Database) -> None:
    await run(business, "verify", NINE + timedelta(hours=2))

    assert [("queued", None)] == await rows(business)


async def test_after_the_window_nothing_is_caught_up(business: Database) -> None:
    await run(business, "verify", LATE_EVENING)

    assert [] == await rows(business)


async def test_a_run_missed_for_days_plans_today_only(business: Database) -> None:
    await run(business, "verify", FIVE + timedelta(days=2))

    assert [] == await rows(business)
    assert [] == await rows(business, DAY + timedelta(days=2))


async def test_what_was_not_sent_expires_with_the_window(business: Database) -> None:
    await run(business, "verify", FIVE)
    await run(business, "close", LATE_EVENING)

    assert [("expired", "needs_qr")] == await rows(business)


async def test_a_client_renewed_between_the_two_checks_hears_nothing(business: Database) -> None:
    await run(business, "verify", FIVE)
    async with business.tenant(TENANT) as tx:
        client = await the_client(tx)
        await ledger.renew(
            tx,
            client.id,
            due_on=DAY + timedelta(days=30),
            amount=Decimal(35),
            paid_on=DAY,
            now=FIVE,
        )
    await run(business, "send", NINE)

    assert [("cancelled", "renewed")] == await rows(business)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"archived": True}, ("cancelled", "archived"), id="archived"),
        pytest.param({"opted_out": True}, ("cancelled", "opted_out"), id="opted out"),
        pytest.param({"receives_billing": False}, ("cancelled", "billing_off"), id="switch off"),
        pytest.param(
            {"preferences": {"cobranca": False}},
            ("cancelled", "preference_off"),
            id="this kind off",
        ),
        pytest.param(
            {"preferences": {"cobranca": "talvez"}},
            ("cancelled", "preferences_unreadable"),
            id="unreadable means no",
        ),
        pytest.param(
            {"due_on": DAY + timedelta(days=30)}, ("cancelled", "renewed"), id="due date moved on"
        ),
        pytest.param(
            {"due_on": DAY - timedelta(days=9)},
            ("cancelled", "due_date_changed"),
            id="due date moved back",
        ),
    ],
)
async def test_whoever_changed_between_the_two_checks_hears_nothing(
    business: Database, change: dict[str, object], expected: tuple[str, str]
) -> None:
    await run(business, "verify", FIVE)
    async with business.tenant(TENANT) as tx:
        changed = replace(await the_client(tx), **change)  # type: ignore[arg-type] # parametrized
        await clients.save(tx, changed, FIVE)
    await run(business, "send", NINE)

    assert [expected] == await rows(business)


async def test_a_kind_switched_off_between_the_two_checks_stays_at_home(
    business: Database,
) -> None:
    await run(business, "verify", FIVE)
    async with business.tenant(TENANT) as tx:
        await tenants.set_automatic_kinds(tx, frozenset())
    await run(business, "send", NINE)

    assert [("cancelled", "kind_off")] == await rows(business)


async def test_a_paused_queue_waits(business: Database) -> None:
    async with business.tenant(TENANT) as tx:
        await tenants.set_paused(tx, paused=True)
    await run(business, "verify", FIVE)
    await run(business, "send", NINE)

    assert [("queued", "paused")] == await rows(business)


async def test_without_a_subscription_nothing_is_planned(business: Database) -> None:
    week_later = timedelta(days=7)
    await run(business, "verify", FIVE + week_later)

    assert [] == await rows(business, DAY + week_later)


async def test_without_a_subscription_there_is_no_morning_either(business: Database) -> None:
    eight = FIVE + timedelta(hours=3)
    open_, over = eight, eight + timedelta(days=7)
    told = [
        [type(notice) for _, notice in await run(business, "summary", at)] for at in (open_, over)
    ]

    assert [[DailySummary], [SubscriptionWarning]] == told


async def test_a_message_that_lacks_data_waits_and_the_owner_is_told(database: Database) -> None:
    async with database.tenant(TENANT) as tx:
        await tenants.create(
            tx, name="TV", now=SIGNED_UP, trial_ends_at=SIGNED_UP + timedelta(days=7)
        )
        await schedules.set_next(tx, next_runs(await tenants.settings(tx), SIGNED_UP))
        await clients.add(tx, person(YESTERDAY), SIGNED_UP)

    told = await run(database, "verify", FIVE)

    assert [("waiting", "missing_values")] == await rows(database)
    assert [DataMissing(("pix_chave", "pix_beneficiario"), 1)] == [notice for _, notice in told]


async def test_a_message_that_lacked_data_goes_once_the_owner_filled_it_in(
    business: Database,
) -> None:
    async with business.tenant(TENANT) as tx:
        await tx.execute("UPDATE settings SET pix_key = NULL WHERE tenant_id = $1", TENANT)
    await run(business, "verify", FIVE)
    async with business.tenant(TENANT) as tx:
        await tenants.set_company(tx, CompanyDetails(pix_key="rita@tv.example"))
    await run(business, "send", NINE)

    assert [("queued", "needs_qr")] == await rows(business)


@pytest.mark.parametrize(
    ("sundays", "expected"),
    [
        pytest.param(True, [("queued", None)], id="by default"),
        pytest.param(False, [], id="when the owner rests"),
    ],
)
async def test_sunday_is_a_day_like_another_unless_the_owner_rests(
    business: Database, *, sundays: bool, expected: list[tuple[str, str | None]]
) -> None:
    sunday = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
    async with business.tenant(TENANT) as tx:
        await clients.add(tx, person(date(2026, 11, 28), 1), SIGNED_UP)
        await tx.execute("UPDATE settings SET sundays = sundays AND $1", sundays)
    await run(business, "verify", sunday)

    assert expected == await rows(business, date(2026, 11, 29))


async def test_the_summary_is_told_once_a_day(business: Database) -> None:
    eight = FIVE + timedelta(hours=3)

    assert [1, 0] == [
        len(await run(business, "summary", eight)),
        len(await run(business, "summary", eight)),
    ]


PREFERENCES = st.sampled_from([{}, {"cobranca": False}, {"cobranca": True}, {"vence_hoje": False}])
KINDS = st.frozensets(
    st.sampled_from(
        [Kind.BILLING, Kind.DUE_TODAY, Kind.REMINDER_1_DAY, Kind.REMINDER_2_DAYS],
    )
)
CHANGES = st.fixed_dictionaries(
    {
        "due_on": st.integers(-4, 40).map(lambda days: DAY + timedelta(days=days - 3)),
        "archived": st.booleans(),
        "opted_out": st.booleans(),
        "receives_billing": st.booleans(),
        "receives_notices": st.booleans(),
        "preferences": PREFERENCES,
    }
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=st.lists(CHANGES, min_size=1, max_size=12), kinds=KINDS)
async def test_the_plan_in_sql_is_the_rule_in_python(
    business: Database, changes: list[dict[str, object]], kinds: frozenset[Kind]
) -> None:
    async with business.tenant(TENANT) as tx:
        await tx.execute("DELETE FROM clients WHERE tenant_id = $1", TENANT)
        await tenants.set_automatic_kinds(tx, kinds)
        new = [person(DAY, number) for number in range(len(changes))]
        ids = await clients.add_many(tx, new, SIGNED_UP)
        people = []
        for client_id, change in zip(ids, changes, strict=True):
            found = await clients.find(tx, client_id)
            changed = replace(found, **change)  # type: ignore[arg-type] # drawn by field
            await clients.save(tx, changed, SIGNED_UP)
            people.append(changed)
        await schedules.set_next(tx, {Job.VERIFY: FIVE})
        await run_job(tx, "verify", FIVE, FIVE)
        rules = rulebook(await tenants.charter(tx), FIVE).rules
        planned = {(row.client_id, row.kind) for row in await outbox.day_rows(tx, DAY)}

    decided = {(person.id, decide(person, rules, DAY).kind) for person in people}
    assert {(who, kind) for who, kind in decided if kind is not None} == planned
