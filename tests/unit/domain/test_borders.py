"""Borders that no other test of a rule stands on both sides of."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.contacts import format_phone
from domain.environment import is_instant, range_in
from domain.outbox import postponement
from domain.schedule import parse_time
from domain.typed_dates import parse_date
from domain.typed_moments import parse_moment
from domain.whatsapp_tests import MOST_A_DAY
from errors import InvalidInput


def test_a_range_is_both_of_its_ends() -> None:
    assert (12.0, 25.5) == range_in("12-25.5", 60.0)
    with pytest.raises(ValueError, match=r"^$"):
        range_in("12-61", 60.0)


@pytest.mark.parametrize(
    ("year", "expected"), [(1999, False), (2000, True), (2099, True), (2100, False)]
)
def test_a_clock_shows_years_of_this_century(year: int, expected: bool) -> None:
    assert expected is is_instant(datetime(year, 6, 1, tzinfo=UTC))


def test_what_is_put_off_again_and_again_steps_aside_no_longer_than_a_limit() -> None:
    waits = [postponement(times) for times in range(14)]

    assert waits == sorted(waits)
    assert waits[-1] == waits[10] >= waits[9]


def test_next_monday_said_on_a_monday_is_in_a_week() -> None:
    monday = date(2026, 11, 30)

    assert monday + timedelta(days=7) == parse_date("próxima segunda", monday)


def test_a_number_is_tried_out_five_times_a_day_at_most() -> None:
    assert MOST_A_DAY == 5


def test_an_afternoon_begins_at_noon() -> None:
    assert time(12, 30) == parse_time("12h30 da tarde")
    with pytest.raises(InvalidInput):
        parse_time("11h da tarde")


@pytest.mark.parametrize(
    ("e164", "expected"),
    [
        pytest.param("+5511987654321", "(11) 98765-4321", id="a mobile"),
        pytest.param("+551133334444", "(11) 3333-4444", id="a landline"),
        pytest.param("+15417543010", "+1 541-754-3010", id="of another country"),
        pytest.param("+55119876543", "+55 119876543", id="too short to be either"),
    ],
)
def test_a_phone_is_written_as_people_write_it(e164: str, expected: str) -> None:
    assert expected == format_phone(e164)


@pytest.mark.parametrize("said", ["todo mês às 9h", "todo mês, 9h"])
def test_every_month_wants_a_day(said: str) -> None:
    with pytest.raises(InvalidInput, match="Em que dia do mês"):
        parse_moment(said, datetime(2026, 11, 30, 12, tzinfo=UTC))
