"""Nobody is left unbilled in silence, and what did not go says why (E3b, E8, decision 2)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from actors.tenant.day import plan_now, run_job
from actors.tenant.left_out import bill, dismiss, left_out
from domain.clients import NewClient
from domain.jobs import Job, next_runs
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.reminders import Kind
from domain.rulebook import rulebook
from errors import InvalidInput
from storage import clients, ledger, outbox, schedules, tenants
from storage.database import Database, TenantConnection
from storage.tenants import CompanyDetails
from storage.unbilled import Unbilled

S = MessageState
TENANT = 11
ONE_DAY = timedelta(days=1)
FRIDAY = date(2026, 11, 27)
SATURDAY, SUNDAY, MONDAY = (FRIDAY + timedelta(days=days) for days in (1, 2, 3))
SIGNED_UP = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of São Paulo, three hours behind UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) + timedelta(hours=3)


@pytest.fixture
async def business(database: Database) -> Database:
    """Signed up a week ago, with its WhatsApp paired."""
    async with database.tenant(TENANT) as tx:
        await tenants.create(
            tx, name="TV da Rita", now=SIGNED_UP, trial_ends_at=SIGNED_UP + timedelta(days=90)
        )
        await tenants.set_company(
            tx, CompanyDetails(company="TV", pix_key="rita@tv.example", pix_beneficiary="Rita")
        )
        await schedules.set_next(tx, next_runs(await tenants.settings(tx), SIGNED_UP))
        await session(tx, "paired")
    return database


async def session(tx: TenantConnection, state: str) -> None:
    """How the WhatsApp session stands."""
    await tx.execute(
        """INSERT INTO whatsapp_sessions (tenant_id, state, epoch, updated_at)
           VALUES (11, $1, 1, now()) ON CONFLICT (tenant_id) DO UPDATE SET state = $1""",
        state,
    )


def person(due_on: date, name: str = "Ana", number: int = 0) -> NewClient:
    return NewClient(
        name=name, phone=f"+55119{90_000_000 + number}", price=Decimal(35), due_on=due_on
    )


async def register(business: Database, new: NewClient, now: datetime) -> int:
    async with business.tenant(TENANT) as tx:
        return await clients.add(tx, new, now)


async def run_day(business: Database, day: date, *, connected: bool | None = True) -> None:
    """Let the jobs of `day` run, each at its time."""
    for job, hour in (("verify", 5), ("summary", 8), ("send", 9), ("close", 20)):
        await run(business, job, at(day, hour), connected=connected)


async def run(
    business: Database, job: str, now: datetime, *, connected: bool | None = True
) -> None:
    async with business.tenant(TENANT) as tx:
        due = (await schedules.of_tenant(tx))[Job(job)]
        await run_job(tx, job, due, now, connected=connected)


async def unbilled(business: Database, now: datetime) -> list[Unbilled]:
    async with business.tenant(TENANT) as tx:
        return await left_out(tx, rulebook(await tenants.charter(tx), now), now)


async def reasons(business: Database, now: datetime) -> list[tuple[str, str]]:
    return [(client.name, client.reason) for client in await unbilled(business, now)]


async def states(business: Database, day: date) -> list[tuple[MessageState, str | None]]:
    async with business.tenant(TENANT) as tx:
        return [(row.state, row.reason) for row in await outbox.day_rows(tx, day)]


async def set_up(business: Database, sql: str) -> None:
    async with business.tenant(TENANT) as tx:
        await tx.execute(sql)


async def test_a_client_due_on_saturday_is_listed_on_monday_when_sundays_rest(
    business: Database,
) -> None:
    await set_up(business, "UPDATE settings SET sundays = false")
    await register(business, person(SATURDAY), SIGNED_UP)
    await run_day(business, SATURDAY)
    await run_day(business, SUNDAY)

    assert [("Ana", Reason.SUNDAY)] == await reasons(business, at(MONDAY, 8))


async def test_by_default_a_client_due_on_saturday_is_billed_on_sunday(business: Database) -> None:
    await register(business, person(SATURDAY), SIGNED_UP)
    await run(business, "verify", at(SUNDAY, 5))

    assert [(S.QUEUED, None)] == await states(business, SUNDAY)


async def test_a_whole_day_without_us_is_told_as_such(business: Database) -> None:
    await register(business, person(FRIDAY), SIGNED_UP)
    await run_day(business, FRIDAY)
    await run_day(business, SUNDAY)

    assert [("Ana", Reason.AWAY)] == await reasons(business, at(SUNDAY, 8))


async def test_who_was_imported_during_the_window_of_its_day_is_billed_the_same_day(
    business: Database,
) -> None:
    await run(business, "send", at(FRIDAY, 9))
    await register(business, person(FRIDAY - ONE_DAY), at(FRIDAY, 10, 30))
    async with business.tenant(TENANT) as tx:
        outcome = await plan_now(tx, at(FRIDAY, 10, 30), connected=True)

    assert (1, [(S.QUEUED, None)]) == (outcome.planned, await states(business, FRIDAY))
    assert [] == await reasons(business, at(FRIDAY, 10, 31))


@pytest.mark.parametrize(
    ("due_on", "registered_at"),
    [
        pytest.param(FRIDAY - ONE_DAY, at(FRIDAY, 21), id="after the window of its day"),
        pytest.param(FRIDAY - timedelta(days=4), at(FRIDAY, 10), id="days late already"),
    ],
)
async def test_who_was_registered_after_its_day_is_listed(
    business: Database, due_on: date, registered_at: datetime
) -> None:
    for days in range(5, -1, -1):
        await run_day(business, FRIDAY - timedelta(days=days))
    await register(business, person(due_on), registered_at)

    assert [("Ana", Reason.REGISTERED_LATE)] == await reasons(business, at(SATURDAY, 8))


async def test_a_due_date_that_was_set_right_too_late_is_listed(business: Database) -> None:
    client_id = await register(business, person(MONDAY), SIGNED_UP)
    await run_day(business, FRIDAY)
    async with business.tenant(TENANT) as tx:
        found = await clients.find(tx, client_id)
        changed = replace(found, due_on=FRIDAY - ONE_DAY)
        await clients.save(tx, changed, at(FRIDAY, 22))

    assert [("Ana", Reason.REGISTERED_LATE)] == await reasons(business, at(SATURDAY, 8))


@pytest.mark.parametrize(
    ("setting", "connected", "expected"),
    [
        pytest.param("UPDATE settings SET queue_paused = true", True, Reason.PAUSED, id="paused"),
        pytest.param(
            "UPDATE whatsapp_sessions SET state = 'needs_qr'", False, Reason.NEEDS_QR, id="unlinked"
        ),
        pytest.param("DELETE FROM whatsapp_sessions", False, Reason.NEEDS_QR, id="never linked"),
        pytest.param(
            "UPDATE whatsapp_sessions SET state = 'banned'", False, Reason.BANNED, id="banned"
        ),
        pytest.param(
            "UPDATE whatsapp_sessions SET new_chats_blocked_until = '2026-12-01'",
            True,
            Reason.RESTRICTED,
            id="restricted",
        ),
        pytest.param("SELECT 1", False, Reason.NOT_CONNECTED, id="not connected"),
        pytest.param("SELECT 1", True, Reason.WINDOW_CLOSED, id="no time left"),
        pytest.param(
            "UPDATE settings SET pix_key = NULL", True, Reason.MISSING_VALUES, id="a value missing"
        ),
    ],
)
async def test_what_did_not_go_says_its_true_reason(
    business: Database, setting: str, *, connected: bool, expected: Reason
) -> None:
    await register(business, person(FRIDAY - ONE_DAY), SIGNED_UP)
    await set_up(business, setting)
    await run_day(business, FRIDAY, connected=connected)

    assert [(S.EXPIRED, expected)] == await states(business, FRIDAY)
    assert [("Ana", expected)] == await reasons(business, at(SATURDAY, 8))


async def test_a_line_that_was_off_all_day_and_came_back_at_the_end_is_the_reason(
    business: Database,
) -> None:
    await register(business, person(FRIDAY - ONE_DAY), SIGNED_UP)
    await run(business, "verify", at(FRIDAY, 5), connected=False)
    await run(business, "send", at(FRIDAY, 9), connected=False)
    async with business.tenant(TENANT) as tx:
        # What a courier does when its line opens.
        await outbox.hold(tx, None, at(FRIDAY, 19, 59))
    await run(business, "close", at(FRIDAY, 20))

    assert [(S.EXPIRED, Reason.NOT_CONNECTED)] == await states(business, FRIDAY)


async def test_a_line_that_was_off_for_a_moment_is_not_the_reason(business: Database) -> None:
    await register(business, person(FRIDAY - ONE_DAY), SIGNED_UP)
    await run(business, "send", at(FRIDAY, 9), connected=False)
    async with business.tenant(TENANT) as tx:
        await outbox.hold(tx, None, at(FRIDAY, 9, 1))
    await run(business, "close", at(FRIDAY, 20))

    assert [(S.EXPIRED, Reason.WINDOW_CLOSED)] == await states(business, FRIDAY)


async def test_an_outage_that_left_too_little_time_is_the_reason(business: Database) -> None:
    await register(business, person(FRIDAY - ONE_DAY), SIGNED_UP)
    await run(business, "send", at(FRIDAY, 19, 50))
    async with business.tenant(TENANT) as tx:
        await outbox.hold(tx, None, at(FRIDAY, 19, 51))
    await run(business, "close", at(FRIDAY, 20))

    assert [(S.EXPIRED, Reason.AWAY)] == await states(business, FRIDAY)


async def test_access_that_had_ended_is_the_reason(business: Database) -> None:
    await register(business, person(FRIDAY - ONE_DAY), SIGNED_UP)
    await set_up(business, "UPDATE tenants SET trial_ends_at = created_at")
    await run_day(business, FRIDAY)

    assert [("Ana", Reason.ACCESS_ENDED)] == await reasons(business, at(SATURDAY, 8))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE clients SET archived_at = now()", id="archived"),
        pytest.param("UPDATE clients SET opted_out_at = now()", id="opted out"),
        pytest.param("UPDATE clients SET receives_billing = false", id="its switch is off"),
        pytest.param(
            """UPDATE clients SET preferences = '{"cobranca": false}'""", id="its preference is off"
        ),
        pytest.param("UPDATE settings SET automatic_kinds = '{}'", id="the owner bills nobody"),
        pytest.param("UPDATE clients SET due_on = due_on + 30", id="paid since"),
    ],
)
async def test_who_is_not_billed_by_choice_is_not_listed(business: Database, change: str) -> None:
    await register(business, person(FRIDAY - ONE_DAY), SIGNED_UP)
    await set_up(business, change)

    assert [] == await reasons(business, at(SATURDAY, 8))


async def test_who_was_billed_is_not_listed(business: Database) -> None:
    await register(business, person(FRIDAY - ONE_DAY), SIGNED_UP)
    await run(business, "send", at(FRIDAY, 9))
    await set_up(business, "UPDATE messages SET state = 'sent', attempt = 1")

    assert [] == await reasons(business, at(SATURDAY, 8))


async def test_the_list_goes_back_a_week(business: Database) -> None:
    for days in range(1, 12):
        due_on = SATURDAY - timedelta(days=days)
        await register(business, person(due_on, f"{due_on:%d}", days), SIGNED_UP)

    # D+1 was Friday for who was due on Thursday, and a week has seven days.
    assert [f"{day}" for day in range(20, 27)] == [
        name for name, _ in await reasons(business, at(SATURDAY, 8))
    ]


async def test_the_summary_counts_them_by_reason(business: Database) -> None:
    await register(business, person(FRIDAY - ONE_DAY), SIGNED_UP)
    await register(business, person(FRIDAY - ONE_DAY, "Bia", 1), SIGNED_UP)
    async with business.tenant(TENANT) as tx:
        await schedules.set_next(tx, {Job.SUMMARY: at(SATURDAY, 8)})
        outcome = await run_job(tx, "summary", at(SATURDAY, 8), at(SATURDAY, 8))

    ((_, notice),) = outcome.notices
    assert {Reason.AWAY: 2} == getattr(notice, "unbilled")  # noqa: B009 - of a union of notices


# What the owner answers (decision 2)


@pytest.fixture
async def listed(business: Database) -> list[int]:
    """Three clients of Friday: without a row, with an expired one, with one tried and refused."""
    ids = [
        await register(business, person(FRIDAY - ONE_DAY, name, number), SIGNED_UP)
        for number, name in enumerate(("Ana", "Bia", "Caio"))
    ]
    await run_day(business, FRIDAY)
    await set_up(business, "DELETE FROM messages WHERE id = (SELECT min(id) FROM messages)")
    await set_up(
        business,
        "UPDATE messages SET state = 'failed', reason = 'refused', attempt = 5, body = 'Oi' "
        "WHERE id = (SELECT max(id) FROM messages)",
    )
    return ids


async def order(business: Database, ids: list[int], now: datetime) -> int:
    async with business.tenant(TENANT) as tx:
        return await bill(tx, rulebook(await tenants.charter(tx), now), ids, now)


async def test_all_of_them_are_billed_today_each_with_its_one_row(
    business: Database, listed: list[int]
) -> None:
    async with business.tenant(TENANT) as tx:
        before = {row.client_id: row.whatsapp_id for row in await outbox.day_rows(tx, FRIDAY)}
    billed = [await order(business, listed, at(SATURDAY, 10)) for _ in range(2)]
    async with business.tenant(TENANT) as tx:
        rows = await outbox.day_rows(tx, SATURDAY)
        after = {row.client_id: row.whatsapp_id for row in rows}
        count = await tx.fetchval("SELECT count(*) FROM messages")

    assert ([3, 0], 3, listed) == (billed, count, sorted(after))
    assert before.items() <= after.items()
    assert [] == await reasons(business, at(SATURDAY, 10, 1))


async def test_a_billing_that_was_asked_for_stands_the_second_check(
    business: Database, listed: list[int]
) -> None:
    await order(business, listed[:1], at(SATURDAY, 8))
    await run(business, "send", at(SATURDAY, 9))

    assert [(S.QUEUED, None)] == await states(business, SATURDAY)


async def test_a_billing_that_was_asked_for_on_a_day_of_rest_goes(
    business: Database, listed: list[int]
) -> None:
    await set_up(business, "UPDATE settings SET sundays = false")
    await order(business, listed[:1], at(SUNDAY, 8))
    await run(business, "send", at(SUNDAY, 9))

    assert [(S.QUEUED, None)] == await states(business, SUNDAY)


async def test_who_paid_meanwhile_is_not_billed_though_asked_for(
    business: Database, listed: list[int]
) -> None:
    async with business.tenant(TENANT) as tx:
        await ledger.renew(
            tx,
            listed[0],
            due_on=MONDAY + timedelta(days=30),
            amount=Decimal(35),
            paid_on=SATURDAY,
            now=at(SATURDAY, 8),
        )

    assert 1 == await order(business, listed[:2], at(SATURDAY, 9))


async def test_after_the_window_nothing_is_queued_for_another_day(
    business: Database, listed: list[int]
) -> None:
    with pytest.raises(InvalidInput, match="amanhã, a partir das 08:00"):
        await order(business, listed, at(SATURDAY, 20))


async def test_before_the_window_it_waits_for_the_window(
    business: Database, listed: list[int]
) -> None:
    await order(business, listed[:1], at(SATURDAY, 6))
    async with business.tenant(TENANT) as tx:
        assert at(SATURDAY, 8) == await outbox.next_wake(tx, at(SATURDAY, 6))


async def test_whom_the_owner_lets_go_is_not_listed_again(
    business: Database, listed: list[int]
) -> None:
    now = at(SATURDAY, 10)
    async with business.tenant(TENANT) as tx:
        book = rulebook(await tenants.charter(tx), now)
        dismissed = [await dismiss(tx, book, listed[:2], now) for _ in range(2)]

    assert [2, 0] == dismissed
    assert [("Caio", Reason.REFUSED)] == await reasons(business, now)
    assert 1 == await order(business, listed, now)


async def test_another_tenants_clients_are_nobody(business: Database, listed: list[int]) -> None:
    async with business.tenant(TENANT + 1) as tx:
        await tenants.create(
            tx, name="Outra", now=SIGNED_UP, trial_ends_at=SIGNED_UP + timedelta(days=90)
        )
        book = rulebook(await tenants.charter(tx), at(SATURDAY, 10))
        assert 0 == await bill(tx, book, listed, at(SATURDAY, 10))


async def test_nothing_automatic_is_late_by_two_days(business: Database) -> None:
    await register(business, person(FRIDAY - timedelta(days=2)), SIGNED_UP)
    async with business.tenant(TENANT) as tx:
        await tenants.set_automatic_kinds(tx, frozenset({Kind.BILLING}))
        planned = (await plan_now(tx, at(FRIDAY, 10))).planned

    assert 0 == planned
