"""Months of the calendar, as money is counted in (A11)."""

from datetime import UTC, date, datetime

import pytest

from domain.months import (
    last_months,
    month_after,
    month_instants,
    month_of,
    months_back,
    months_between,
)

DECEMBER = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("month", "count", "expected"),
    [
        pytest.param(DECEMBER, 0, DECEMBER, id="none"),
        pytest.param(DECEMBER, 11, date(2026, 1, 1), id="to the first of the year"),
        pytest.param(DECEMBER, 12, date(2025, 12, 1), id="a year"),
        pytest.param(date(2026, 1, 1), 1, date(2025, 12, 1), id="over the new year"),
    ],
)
def test_so_many_months_back(month: date, count: int, expected: date) -> None:
    assert expected == months_back(month, count)


def test_after_december_comes_january() -> None:
    assert date(2027, 1, 1) == month_after(DECEMBER)


def test_the_last_months_are_in_their_order_and_end_with_the_one_asked_for() -> None:
    expected = [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]

    assert expected == last_months(date(2026, 2, 1), 3)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        pytest.param(DECEMBER, 0, id="the same"),
        pytest.param(date(2025, 11, 1), 13, id="over a year"),
        pytest.param(date(2027, 1, 1), 0, id="a clock that was ahead"),
    ],
)
def test_how_many_months_lie_between(first: date, expected: int) -> None:
    assert expected == months_between(first, DECEMBER)


def test_a_month_begins_and_ends_at_midnight_in_sao_paulo() -> None:
    begins, ends = month_instants(DECEMBER)

    assert (datetime(2026, 12, 1, 3, tzinfo=UTC), datetime(2027, 1, 1, 3, tzinfo=UTC)) == (
        begins,
        ends,
    )


@pytest.mark.parametrize("day", [1, 24, 30])
def test_a_day_is_in_the_month_that_begins_with_its_first(day: int) -> None:
    assert date(2026, 11, 1) == month_of(date(2026, 11, day))
