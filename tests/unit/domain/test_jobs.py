"""When jobs run, and what becomes of those that fail (E2, E10, E14, F11)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backoff import JOB
from domain.charter import TenantSettings
from domain.jobs import (
    MOST_FAULTS,
    MOST_UNFINISHED,
    Job,
    Retry,
    SetAside,
    after_failure,
    astray,
    latest_day,
    next_runs,
)
from tests.unit.domain.makers import LONGEST, make_settings
from tests.virtual_time import seeded

SETTINGS: TenantSettings = make_settings()
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # seven in the morning in São Paulo
INSTANTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2032, 1, 1),  # noqa: DTZ001 - same
    timezones=st.just(UTC),
)


def test_each_job_runs_at_its_own_time_of_the_tenants_day() -> None:
    day, next_day = date(2026, 11, 24), date(2026, 11, 25)
    times = {
        Job.CLEAN: (next_day, time(2)),
        Job.VERIFY: (next_day, time(5)),
        Job.SUMMARY: (day, time(8)),
        Job.SEND: (day, time(9)),
        Job.CLOSE: (day, time(20)),
    }

    assert {
        job: datetime.combine(on, at, ZoneInfo("America/Sao_Paulo"))
        for job, (on, at) in times.items()
    } == next_runs(SETTINGS, NOW)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(time(6, 59), date(2026, 11, 24), id="today, a minute ago"),
        pytest.param(time(7), date(2026, 11, 24), id="now"),
        pytest.param(time(7, 1), date(2026, 11, 23), id="not yet today"),
    ],
)
def test_a_late_run_is_for_the_day_it_was_due(at: time, expected: date) -> None:
    assert expected == latest_day(at, SETTINGS, NOW)


@given(now=INSTANTS)
def test_right_times_are_never_astray(now: datetime) -> None:
    assert {} == astray(SETTINGS, next_runs(SETTINGS, now), now)


@given(now=INSTANTS, wrong=INSTANTS)
def test_no_clock_however_wrong_leaves_a_job_later_than_its_next_time(
    now: datetime, wrong: datetime
) -> None:
    due = next_runs(SETTINGS, wrong)
    mended = due | astray(SETTINGS, due, now)

    assert all(mended[job] <= at for job, at in next_runs(SETTINGS, now).items())


@given(now=INSTANTS, missing=st.sampled_from(Job))
def test_a_missing_job_is_put_back(now: datetime, missing: Job) -> None:
    due = next_runs(SETTINGS, now)
    expected = due.pop(missing)

    assert {missing: expected} == astray(SETTINGS, due, now)


@pytest.mark.parametrize(
    ("faults", "unfinished", "aside"),
    [
        pytest.param(0, False, False, id="somebody else's fault"),
        pytest.param(MOST_FAULTS - 1, False, False, id="one more try"),
        pytest.param(MOST_FAULTS, False, True, id="too many"),
        pytest.param(MOST_UNFINISHED - 1, True, False, id="it may have killed, once or twice"),
        pytest.param(MOST_UNFINISHED, True, True, id="it kills"),
    ],
)
def test_a_job_is_given_up_after_bounded_tries(faults: int, unfinished: bool, aside: bool) -> None:
    verdict = after_failure(faults, faults, seeded(), unfinished=unfinished)

    assert aside == isinstance(verdict, SetAside)


@given(attempts=st.integers(1, 10**6), seed=st.integers(0, 999))
def test_a_failed_job_always_rests_for_a_while(attempts: int, seed: int) -> None:
    verdict = after_failure(attempts, 0, seeded(seed))

    assert isinstance(verdict, Retry)
    assert JOB.first_s / 2 <= verdict.seconds <= JOB.most_s
    assert timedelta(seconds=verdict.seconds) < timedelta(hours=1)


@pytest.mark.parametrize(
    ("faults", "unfinished", "expected"),
    [
        pytest.param(7, {}, Retry(10.0 * 2**4), id="seven times"),
        pytest.param(8, {}, SetAside(), id="eight times"),
        pytest.param(2, {"unfinished": True}, Retry(160.0), id="without an end twice"),
        pytest.param(3, {"unfinished": True}, SetAside(), id="three times"),
        pytest.param(3, {}, Retry(160.0), id="three times, but with an end"),
    ],
)
def test_a_job_is_tried_eight_times_and_three_without_an_end(
    faults: int, unfinished: dict[str, bool], expected: Retry | SetAside
) -> None:
    assert expected == after_failure(5, faults, LONGEST, **unfinished)
