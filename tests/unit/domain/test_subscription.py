"""The tenant's own trial and paid time (A2, A5, A6, A7)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.subscription import (
    Area,
    Standing,
    Subscription,
    Terms,
    data_kept_until,
    days_left,
    may_use,
    paid_until,
    standing,
    warning_due,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TERMS = Terms()
TRIAL = Subscription(trial_ends_at=NOW + TERMS.trial)
DAY = timedelta(days=1)


def test_the_trial_lasts_seven_days() -> None:
    assert NOW + 7 * DAY == TRIAL.ends_at


@pytest.mark.parametrize(
    ("ends_in", "expected_in"),
    [
        pytest.param(5 * DAY, 35 * DAY, id="early: remaining days kept"),
        pytest.param(-5 * DAY, 30 * DAY, id="late: from now"),
    ],
)
def test_a_payment_adds_thirty_days_to_what_is_left(
    ends_in: timedelta, expected_in: timedelta
) -> None:
    subscription = Subscription(trial_ends_at=NOW - 40 * DAY, paid_until=NOW + ends_in)

    assert NOW + expected_in == paid_until(subscription, NOW, TERMS)


def test_paying_during_the_trial_keeps_its_remaining_days() -> None:
    assert NOW + 37 * DAY == paid_until(TRIAL, NOW, TERMS)


@given(st.timedeltas(min_value=-90 * DAY, max_value=90 * DAY))
def test_no_payment_ever_shortens_a_subscription(offset: timedelta) -> None:
    new_end = paid_until(TRIAL, NOW + offset, TERMS)

    assert new_end - max(NOW + offset, TRIAL.ends_at) == TERMS.period


@pytest.mark.parametrize(
    ("subscription", "expected"),
    [
        pytest.param(TRIAL, Standing.TRIAL, id="trial"),
        pytest.param(Subscription(trial_ends_at=NOW), Standing.ENDED, id="trial over"),
        pytest.param(
            Subscription(trial_ends_at=NOW, paid_until=NOW + DAY), Standing.ACTIVE, id="paid"
        ),
        pytest.param(
            Subscription(trial_ends_at=NOW - DAY, paid_until=NOW), Standing.ENDED, id="paid, over"
        ),
        pytest.param(
            Subscription(trial_ends_at=NOW + DAY, blocked=True), Standing.BLOCKED, id="blocked"
        ),
    ],
)
def test_where_a_tenant_stands(subscription: Subscription, expected: Standing) -> None:
    assert expected == standing(subscription, NOW)


@pytest.mark.parametrize("area", list(Area))
def test_during_the_trial_everything_is_open(area: Area) -> None:
    assert may_use(area, TRIAL, NOW)


def test_when_it_is_over_only_four_areas_answer() -> None:
    over = NOW + 8 * DAY

    assert {Area.ACCOUNT, Area.PAYMENT, Area.HELP, Area.EXPORT} == {
        area for area in Area if may_use(area, TRIAL, over)
    }


@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(), 7), (timedelta(hours=1), 7), (6 * DAY, 1), (7 * DAY, 0), (9 * DAY, 0)],
)
def test_days_left_count_started_days_and_never_below_zero(after: timedelta, expected: int) -> None:
    assert expected == days_left(TRIAL, NOW + after)


@pytest.mark.parametrize(
    ("ahead", "expected"), [(4, None), (3, 3), (2, None), (1, 1), (0, 0), (-1, None)]
)
def test_the_owner_is_warned_three_days_one_day_before_and_on_the_day(
    ahead: int, expected: int | None
) -> None:
    today = date(2026, 11, 24)

    assert expected == warning_due(today + timedelta(days=ahead), today)


def test_data_is_kept_thirty_days() -> None:
    assert TRIAL.ends_at + 30 * DAY == data_kept_until(TRIAL)
