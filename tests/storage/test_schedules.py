"""What becomes of a due time: moved on, put off, given up, let go (E10, E14, F11)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.jobs import Job
from storage import schedules
from storage.database import Database
from storage.schedules import DueJob, MovedOn
from tests.postgres import sign_up

TENANT = 7
REPLICA = UUID("00000000-0000-4000-8000-000000000001")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=11)


@pytest.fixture
async def office(database: Database) -> Database:
    """A database with one tenant."""
    await sign_up(database, TENANT)
    return database


@pytest.mark.parametrize(
    ("attempts", "retry_in", "expected", "holder"),
    [
        pytest.param(1, 601, 600, None, id="too far away"),
        pytest.param(1, 600, 600, REPLICA, id="just as far as may be"),
        pytest.param(1, 10, 10, REPLICA, id="soon"),
        pytest.param(0, 601, 601, REPLICA, id="never tried: nothing to try again"),
    ],
)
async def test_only_a_retry_that_is_too_far_away_is_let_go(
    office: Database, attempts: int, retry_in: int, expected: int, holder: UUID | None
) -> None:
    async with office.tenant(TENANT) as tx:
        await schedules.set_next(tx, {Job.SEND: NOW})
        await tx.execute(
            """UPDATE schedules SET attempts = $2, retry_at = $3, claimed_by = $4
               WHERE tenant_id = $1""",
            TENANT,
            attempts,
            NOW + timedelta(seconds=retry_in),
            REPLICA,
        )
        await schedules.let_go(tx, NOW + timedelta(seconds=600))
        row = await tx.fetchrow(
            "SELECT retry_at, claimed_by FROM schedules WHERE tenant_id = $1", TENANT
        )

    assert row is not None
    assert (NOW + timedelta(seconds=expected), holder) == (row["retry_at"], row["claimed_by"])


@pytest.mark.parametrize(
    ("attempts", "due_in", "expected"),
    [
        pytest.param(0, 60, 0, id="later today"),
        pytest.param(0, -60, -60, id="overdue: it keeps its own time"),
        pytest.param(1, 60, 60, id="under way"),
    ],
)
async def test_the_days_plan_is_due_at_once_unless_it_is_due_already(
    office: Database, attempts: int, due_in: int, expected: int
) -> None:
    due = NOW + timedelta(seconds=due_in)
    async with office.tenant(TENANT) as tx:
        await schedules.set_next(tx, {Job.SEND: due, Job.CLEAN: due})
        await tx.execute(
            "UPDATE schedules SET attempts = $2 WHERE tenant_id = $1", TENANT, attempts
        )
        await schedules.plan_soon(tx, NOW)
        found = await schedules.of_tenant(tx)

    assert {Job.SEND: NOW + timedelta(seconds=expected), Job.CLEAN: due} == found


@pytest.mark.parametrize(
    ("own_fault", "faults", "expected"),
    [
        pytest.param(True, 2, 2, id="its own fault stays counted"),
        pytest.param(False, 2, 1, id="somebody else's is taken back"),
        pytest.param(False, 0, 0, id="never below nothing"),
    ],
)
async def test_a_postponed_job_keeps_what_it_is_to_blame_for(
    office: Database, own_fault: bool, faults: int, expected: int
) -> None:
    job = DueJob(TENANT, Job.SEND, NOW, attempts=3, faults=faults, unfinished=False)
    async with office.tenant(TENANT) as tx:
        await schedules.set_next(tx, {Job.SEND: NOW, Job.CLEAN: NOW})
        await tx.execute(
            "UPDATE schedules SET attempts = 3, faults = $2, claimed_by = $3 WHERE tenant_id = $1",
            TENANT,
            faults,
            REPLICA,
        )
        await schedules.postpone(
            tx, job, retry_at=UNTIL, failure="boom", own_fault=own_fault, now=NOW
        )
        rows = await tx.fetch(
            """SELECT job, faults, retry_at, claimed_by, failure, failed_at FROM schedules
               WHERE tenant_id = $1 ORDER BY job""",
            TENANT,
        )

    assert [
        ("clean", faults, None, REPLICA, None, None),
        ("send", expected, UNTIL, None, "boom", NOW),
    ] == [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("late", "next_in"),
    [
        pytest.param(timedelta(0), timedelta(days=1), id="just due"),
        pytest.param(timedelta(hours=23), timedelta(days=1), id="today"),
        pytest.param(timedelta(days=1), timedelta(days=2), id="a day"),
        pytest.param(timedelta(days=3, hours=1), timedelta(days=4), id="three days"),
    ],
)
async def test_a_job_that_is_given_up_is_due_at_its_next_time_that_is_to_come(
    office: Database, late: timedelta, next_in: timedelta
) -> None:
    due = NOW - late
    job = DueJob(TENANT, Job.SEND, due, attempts=9, faults=8, unfinished=False)
    async with office.tenant(TENANT) as tx:
        await schedules.set_next(tx, {Job.SEND: due, Job.CLEAN: due})
        moved = [await schedules.set_aside(tx, job, failure="boom", now=NOW) for _ in range(2)]
        found = await schedules.of_tenant(tx)

    assert ([True, False], {Job.SEND: due + next_in, Job.CLEAN: due}) == (moved, found)


async def test_of_two_jobs_due_at_once_the_one_that_was_done_moves_on(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await schedules.set_next(tx, {Job.SEND: NOW, Job.CLEAN: NOW})
        moved = await schedules.carried_out(tx, Job.SEND, NOW, UNTIL, NOW)
        found = await schedules.of_tenant(tx)

    assert (MovedOn(is_any_over=False), {Job.SEND: UNTIL, Job.CLEAN: NOW}) == (moved, found)
