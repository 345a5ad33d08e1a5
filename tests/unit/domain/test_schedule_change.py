"""What a change does to today, as values: which messages move, enter or drop (E9)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from domain.jobs import Job, next_runs, rescheduled
from domain.reminders import Kind
from domain.schedule_change import Change, Difference, Plan, compare, unpacked
from tests.unit.domain.makers import make_settings

# 08:40 in São Paulo.
NOW = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
EARLIER, NINE, EVENING = (
    NOW - timedelta(hours=1),
    NOW + timedelta(minutes=20),
    NOW.replace(hour=21, minute=30),
)
DUE = date(2026, 11, 23)


def plan(**people: datetime) -> Plan:
    return {(int(name[1:]), Kind.BILLING, DUE): at for name, at in people.items()}


def change(client_id: int, was: datetime | None, goes: datetime | None) -> Change:
    return Change(client_id, Kind.BILLING, was, goes)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(plan(c1=NINE), plan(c1=NINE), Difference(), id="nothing"),
        pytest.param(
            plan(c1=NINE), plan(c1=EVENING), Difference((change(1, NINE, EVENING),)), id="moved"
        ),
        pytest.param(
            plan(), plan(c1=NINE), Difference(added=(change(1, None, NINE),)), id="entered"
        ),
        pytest.param(
            plan(c1=NINE), plan(), Difference(dropped=(change(1, NINE, None),)), id="dropped"
        ),
        pytest.param(
            plan(c1=EARLIER), plan(c1=EARLIER - timedelta(hours=1)), Difference(), id="now is now"
        ),
        pytest.param(
            plan(c1=EVENING), plan(c1=EARLIER), Difference((change(1, EVENING, NOW),)), id="at once"
        ),
        pytest.param(
            plan(c2=EVENING, c1=NINE),
            plan(c3=NINE),
            Difference(
                added=(change(3, None, NINE),),
                dropped=(change(1, NINE, None), change(2, EVENING, None)),
            ),
            id="in the order in which they were to go",
        ),
    ],
)
def test_a_change_says_what_moves_enters_and_drops(
    before: Plan, after: Plan, expected: Difference
) -> None:
    assert expected == compare(before, after, NOW)


def test_a_difference_is_kept_and_read_again() -> None:
    difference = compare(plan(c1=NINE, c2=NINE), plan(c1=EVENING, c3=NINE), NOW)

    assert difference == unpacked(difference.packed())


@pytest.mark.parametrize(
    ("before", "after", "job", "expected"),
    [
        pytest.param({}, {"send_at": time(18, 30)}, Job.SEND, EVENING,
                     id="later today"),
        pytest.param({}, {"send_at": time(8)}, Job.SEND, NOW, id="skipped today: now"),
        pytest.param({"send_at": time(8)}, {"send_at": time(8, 30)}, Job.SEND,
                     NOW + timedelta(hours=23, minutes=50), id="done today"),
        pytest.param({"clean_at": time(23)}, {"clean_at": time(2)}, Job.CLEAN, NOW,
                     id="a cleaning that would be skipped"),
    ],
)  # fmt: skip
def test_a_job_that_a_change_would_skip_runs_now(
    before: dict[str, Any], after: dict[str, Any], job: Job, expected: datetime
) -> None:
    """E9: a changed schedule rebuilds the jobs and processes what the change would have skipped."""
    was, new = make_settings(**before), make_settings(**{**before, **after})
    moved = rescheduled(was, new, next_runs(was, NOW), NOW)

    assert {job: expected} == moved


def test_another_zone_moves_every_job() -> None:
    was = make_settings()
    manaus = make_settings(zone=was.zone.__class__("America/Manaus"))
    moved = rescheduled(was, manaus, next_runs(was, NOW), NOW)

    assert next_runs(manaus, NOW) == moved


def test_a_job_that_is_missing_is_made() -> None:
    settings = make_settings()

    assert next_runs(settings, NOW) == rescheduled(settings, settings, {}, NOW)
