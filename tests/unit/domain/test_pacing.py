"""The human pace of one number (F5) and waits after failures (E8)."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pacing import (
    MAX_ATTEMPTS,
    PacingRules,
    begins,
    new_chats_a_day,
    next_gap,
    retry_delay,
    typing_time,
)
from errors import InvalidInput

RULES = PacingRules()


@given(st.randoms(use_true_random=False))
def test_the_gap_stays_between_its_bounds(random: Random) -> None:
    assert 12.0 <= next_gap(RULES, random) <= 25.0


NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("turn_at", "now", "expected"),
    [
        pytest.param(None, 0, 0, id="nobody else begins then"),
        pytest.param(10, -1, 10, id="its turn"),
        pytest.param(60, -1, 60, id="the last turn there is"),
        pytest.param(61, -1, 0, id="no turn at all: a clock was wrong"),
        pytest.param(100, 90, 100, id="after an outage"),
        pytest.param(-60, 0, 0, id="a turn before its time"),
    ],
)
def test_a_day_begins_at_its_turn(turn_at: int | None, now: int, expected: int) -> None:
    turn = None if turn_at is None else NINE + timedelta(minutes=turn_at)

    assert NINE + timedelta(minutes=expected) == begins(NINE, turn, NINE + timedelta(minutes=now))


def test_longer_texts_are_typed_longer_within_reason() -> None:
    assert (2.0, 8.0) == (typing_time(RULES, "a" * 30), typing_time(RULES, "a" * 3000))


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, 20), (0, 20), (6, 20), (7, 40), (14, 80), (21, 120), (400, 120)]
)
def test_a_new_number_starts_slowly(days: int, expected: int) -> None:
    assert expected == new_chats_a_day(RULES, days)


@given(st.integers(1, MAX_ATTEMPTS - 1), st.randoms(use_true_random=False))
def test_each_failure_waits_longer_with_jitter(attempt: int, random: Random) -> None:
    delay = retry_delay(RULES, attempt, random)

    assert delay is not None
    assert 30 * 2 ** (attempt - 1) <= delay <= 60 * 2 ** (attempt - 1)


@given(st.integers(MAX_ATTEMPTS, 99), st.randoms(use_true_random=False))
def test_after_five_attempts_it_rests(attempt: int, random: Random) -> None:
    assert None is retry_delay(RULES, attempt, random)


def test_a_gap_upside_down_is_refused() -> None:
    with pytest.raises(InvalidInput, match="antes do maior"):
        PacingRules(min_gap_s=30, max_gap_s=10)
