"""Status, plans and renewals."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.due_dates import (
    Plan,
    Status,
    days_late,
    describe,
    long_date,
    plan_length,
    renewed_by_30_days,
    same_day_next_month,
    short_date,
    status_of,
)
from tests.unit.domain.makers import TODAY

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


@pytest.mark.parametrize(
    ("due_in", "status", "words"),
    [
        (4, Status.UP_TO_DATE, "vence em 4 dias"),
        (3, Status.DUE_SOON, "vence em 3 dias"),
        (1, Status.DUE_SOON, "vence amanhã"),
        (0, Status.DUE_SOON, "vence hoje"),
        (-1, Status.OVERDUE, "atrasado há 1 dia"),
        (-5, Status.OVERDUE, "atrasado há 5 dias"),
    ],
)
def test_the_status_follows_the_days_to_the_due_date(
    due_in: int, status: Status, words: str
) -> None:
    due_on = TODAY + timedelta(days=due_in)

    assert status == status_of(due_on, TODAY)
    assert status.emoji in "🟢🟡🔴"
    assert words == describe(due_on, TODAY)
    assert -due_in == days_late(due_on, TODAY)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("30 dias", Plan(30)),
        ("30", Plan(30)),
        ("Mensal", Plan(30)),
        ("trimestral", Plan(90)),
        ("ANUAL", Plan(360)),
        ("45 dias", None),
        ("2 telas", None),
    ],
)
def test_a_plan_of_known_length_is_recognised(plan: str, expected: Plan | None) -> None:
    assert expected == plan_length(plan)


def test_the_first_due_date_follows_from_the_plan() -> None:
    assert date(2026, 12, 24) == Plan(30).due_on(TODAY)


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        pytest.param(date(2026, 11, 30), date(2026, 12, 30), id="early: from the due date"),
        pytest.param(date(2026, 11, 20), date(2026, 12, 24), id="overdue: from today"),
    ],
)
def test_thirty_days_more_count_from_the_due_date_or_from_today(
    due_on: date, expected: date
) -> None:
    assert expected == renewed_by_30_days(due_on, TODAY)


@pytest.mark.parametrize(
    ("due_on", "today", "expected"),
    [
        pytest.param(date(2026, 11, 23), TODAY, date(2026, 12, 23), id="one day late"),
        pytest.param(date(2026, 8, 10), TODAY, date(2026, 12, 10), id="long overdue"),
        pytest.param(date(2026, 12, 5), TODAY, date(2027, 1, 5), id="ahead, over the year"),
        pytest.param(date(2027, 1, 31), date(2027, 1, 30), date(2027, 2, 28), id="short month"),
        pytest.param(date(2028, 1, 31), date(2028, 1, 30), date(2028, 2, 29), id="leap year"),
        pytest.param(date(2026, 8, 31), date(2026, 11, 30), date(2026, 12, 31), id="the 31st"),
    ],
)
def test_the_same_day_next_month_is_the_first_one_ahead(
    due_on: date, today: date, expected: date
) -> None:
    assert expected == same_day_next_month(due_on, today)


@given(DAYS, DAYS)
def test_every_renewal_lies_after_today_and_after_the_due_date(due_on: date, today: date) -> None:
    earliest = max(due_on, today)

    assert renewed_by_30_days(due_on, today) > earliest
    assert same_day_next_month(due_on, today) > earliest


def test_dates_are_written_as_people_read_them() -> None:
    assert "05/03/2026" == short_date(date(2026, 3, 5))
    assert "5 de março de 2026" == long_date(date(2026, 3, 5))
