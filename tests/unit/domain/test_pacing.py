"""The human pace of one number (F5) and waits after failures (E8)."""

from dataclasses import asdict
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
    pasting_time,
    retry_delay,
    second_gap,
    typing_time,
)
from errors import InvalidInput
from tests.unit.domain.makers import LONGEST, SHORTEST

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


@pytest.mark.parametrize(("random", "expected"), [(SHORTEST, 1.5), (LONGEST, 4.0)])
def test_a_code_follows_its_text_after_a_moment(random: Random, expected: float) -> None:
    assert expected == second_gap(PacingRules(), random)


@pytest.mark.parametrize(("letters", "expected"), [(15, 1.0), (30, 2.0), (31, 2.0), (400, 2.0)])
def test_a_code_is_pasted_and_not_typed(letters: int, expected: float) -> None:
    assert expected == pasting_time(PacingRules(), "a" * letters)


@pytest.mark.parametrize("least", [0.0, 25.0])
def test_a_gap_may_be_nothing_or_always_the_same(least: float) -> None:
    assert least == PacingRules(min_gap_s=least, max_gap_s=25.0).min_gap_s


@pytest.mark.parametrize(
    "gaps",
    [
        {"min_gap_s": -1.0},
        {"min_gap_s": 26.0},
        {"min_second_gap_s": 5.0},
        {"min_second_gap_s": -1.0},
    ],
)
def test_no_gap_may_be_less_than_nothing_or_upside_down(gaps: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match="O intervalo menor precisa vir antes do maior"):
        PacingRules(**gaps)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("attempt", "least", "most"),
    [(0, 30.0, 60.0), (1, 30.0, 60.0), (2, 60.0, 120.0), (3, 120.0, 240.0), (4, 240.0, 480.0)],
)
def test_each_try_waits_twice_as_long_and_never_less_than_half(
    attempt: int, least: float, most: float
) -> None:
    rules = PacingRules()

    assert (least, most) == (
        retry_delay(rules, attempt, SHORTEST),
        retry_delay(rules, attempt, LONGEST),
    )


def test_no_wait_is_longer_than_an_hour() -> None:
    assert 3600.0 == retry_delay(PacingRules(backoff_base_s=1000.0), 4, LONGEST)


def test_the_pace_of_a_small_account() -> None:
    assert {
        "min_gap_s": 12.0,
        "max_gap_s": 25.0,
        "typing_chars_per_s": 15.0,
        "max_typing_s": 8.0,
        "per_hour": 120,
        "per_day": 600,
        "new_chats_by_week": (20, 40, 80, 120),
        "min_second_gap_s": 1.5,
        "max_second_gap_s": 4.0,
        "second_typing_s": 2.0,
        "start_step_s": 10.0,
        "longest_start_s": 3600.0,
        "backoff_base_s": 60.0,
        "backoff_max_s": 3600.0,
    } == asdict(PacingRules())
