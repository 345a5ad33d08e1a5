"""How long sending rests after a refusal or a restriction, also past a wrong clock (F5, E14)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.restrictions import (
    LONGEST_REPORTED,
    OWN_PAUSE,
    Pause,
    longer,
    refusals_pause,
    reported_pause,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NEXT_SUMMER = datetime(2027, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANTS = st.datetimes(
    datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001 - bounds
)  # fmt: skip


@pytest.mark.parametrize("clients", [0, 1, 2])
def test_the_refusals_of_fewer_than_three_clients_are_theirs(clients: int) -> None:
    assert None is refusals_pause(clients, NOW)


@pytest.mark.parametrize("clients", [3, 4, 100])
def test_three_refused_clients_rest_the_number_for_a_day(clients: int) -> None:
    assert Pause(NOW + OWN_PAUSE, OWN_PAUSE) == refusals_pause(clients, NOW)


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        pytest.param(None, Pause(NOW + OWN_PAUSE, OWN_PAUSE), id="without an end"),
        pytest.param(NOW + HOUR, Pause(NOW + HOUR, LONGEST_REPORTED), id="with one"),
        pytest.param(
            NEXT_SUMMER, Pause(NOW + LONGEST_REPORTED, LONGEST_REPORTED), id="with an absurd one"
        ),
    ],
)
def test_whatsapp_says_until_when(until: datetime | None, expected: Pause) -> None:
    assert expected == reported_pause(until, NOW)


def test_a_pause_holds_until_its_end_and_not_a_moment_longer() -> None:
    pause = Pause(NOW)

    assert (True, False) == (pause.holds(NOW - timedelta(microseconds=1)), pause.holds(NOW))


@given(made=INSTANTS, back=INSTANTS, until=st.none() | INSTANTS)
def test_no_pause_outlives_its_longest_once_the_clock_is_right(
    made: datetime, back: datetime, until: datetime | None
) -> None:
    pause = reported_pause(until, made).rebound(back)

    assert not pause.holds(back + pause.longest)


def test_a_clock_wrong_for_four_seconds_costs_a_day_at_most() -> None:
    made = refusals_pause(3, NEXT_SUMMER)
    assert made is not None

    assert Pause(NOW + OWN_PAUSE, OWN_PAUSE) == made.rebound(NOW)


def test_a_pause_whose_end_is_plausible_is_left_alone() -> None:
    pause = Pause(NOW + OWN_PAUSE)

    assert pause is pause.rebound(NOW)


@pytest.mark.parametrize(
    ("held", "new", "expected"),
    [
        pytest.param(None, Pause(NOW), Pause(NOW), id="none yet"),
        pytest.param(Pause(NOW + HOUR), Pause(NOW), Pause(NOW + HOUR), id="a shorter one"),
        pytest.param(Pause(NOW), Pause(NOW + HOUR), Pause(NOW + HOUR), id="a longer one"),
    ],
)
def test_a_new_pause_never_shortens_the_one_that_holds(
    held: Pause | None, new: Pause, expected: Pause
) -> None:
    assert expected == longer(held, new)
