"""When a charge is looked at again, for what no webhook told (A4, A5)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.charge_checks import (
    LONGEST,
    LONGEST_PENDING,
    is_near_its_end,
    is_over,
    next_check,
)
from domain.charges import ChargeState
from tests.unit.domain.test_settlement import CHARGE, NOW

DAY = timedelta(days=1)
APPROVED = replace(CHARGE, state=ChargeState.APPROVED, approved_at=NOW)
EXPIRED = replace(CHARGE, state=ChargeState.EXPIRED)


@pytest.mark.parametrize(
    ("checks", "expected"),
    [(0, 20), (1, 40), (4, 320), (5, 640), (6, 900), (10**9, 900)],
)
def test_what_waits_to_be_paid_is_looked_at_soon_and_ever_less_often(
    checks: int, expected: int
) -> None:
    assert NOW + timedelta(seconds=expected) == next_check(CHARGE, NOW, checks=checks, over=False)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(timedelta(0), DAY, id="just paid"),
        pytest.param(6 * DAY, DAY, id="within a week"),
        pytest.param(7 * DAY, 7 * DAY, id="after a week"),
        pytest.param(179 * DAY, 7 * DAY, id="while it can be returned"),
        pytest.param(-3 * DAY, DAY, id="paid on a clock that is ahead of ours"),
    ],
)
def test_what_was_paid_is_looked_at_while_it_can_be_returned(
    age: timedelta, expected: timedelta
) -> None:
    assert NOW + age + expected == next_check(APPROVED, NOW + age, checks=0, over=False)


@pytest.mark.parametrize(
    ("charge", "after", "over"),
    [
        pytest.param(APPROVED, 180 * DAY, False, id="half a year after"),
        pytest.param(EXPIRED, 3 * DAY + timedelta(hours=1), False, id="long run out"),
        pytest.param(EXPIRED, timedelta(0), True, id="ended by Mercado Pago"),
        pytest.param(replace(CHARGE, state=ChargeState.REFUNDED), DAY, False, id="refunded"),
        pytest.param(replace(CHARGE, state=ChargeState.REJECTED), DAY, True, id="rejected"),
    ],
)  # fmt: skip
def test_what_nothing_more_can_come_of_is_left_alone(
    charge: object, after: timedelta, *, over: bool
) -> None:
    assert None is next_check(charge, NOW + after, checks=0, over=over)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(-timedelta(minutes=20), timedelta(minutes=15), id="while it can be paid"),
        pytest.param(timedelta(minutes=14), timedelta(minutes=15), id="some minutes longer"),
        pytest.param(timedelta(minutes=15), timedelta(hours=1), id="after that"),
    ],
)
def test_what_ran_out_is_looked_at_for_a_while(after: timedelta, expected: timedelta) -> None:
    now = EXPIRED.expires_at + after

    assert now + expected == next_check(EXPIRED, now, checks=0, over=False)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        pytest.param(timedelta(minutes=31), (False, False), id="half an hour and more left"),
        pytest.param(timedelta(minutes=30), (True, False), id="less"),
        pytest.param(-timedelta(minutes=14), (True, False), id="just over"),
        pytest.param(-timedelta(minutes=15), (True, True), id="over"),
    ],
)
def test_when_it_is_offered_no_more_and_when_it_is_over(
    left: timedelta, expected: tuple[bool, bool]
) -> None:
    now = CHARGE.expires_at - left

    assert expected == (is_near_its_end(CHARGE, now), is_over(CHARGE, now))


@given(
    st.sampled_from(ChargeState),
    st.timedeltas(-timedelta(days=400), timedelta(days=400)),
    st.integers(0, 10**6),
    st.booleans(),
)
def test_no_check_lies_behind_or_farther_than_any_is(
    state: ChargeState, moved: timedelta, checks: int, over: bool
) -> None:
    now, most = NOW + moved, LONGEST_PENDING if state is ChargeState.PENDING else LONGEST
    at = next_check(replace(APPROVED, state=state), now, checks=checks, over=over)

    assert at is None or now < at <= now + most


def test_a_payment_is_watched_from_when_it_was_approved_and_not_from_when_it_was_asked_for() -> (
    None
):
    made_long_before = replace(APPROVED, created_at=NOW - 10 * DAY)

    assert NOW + DAY == next_check(made_long_before, NOW, checks=0, over=False)
