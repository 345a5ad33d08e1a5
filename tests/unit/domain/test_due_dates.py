"""Status, plans and renewals."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.due_dates import (
    Plan,
    Status,
    agreed_after,
    day_in_month,
    days_late,
    describe,
    long_date,
    plan_length,
    renewed_by_30_days,
    same_day_next_month,
    short_date,
    status_of,
)
from tests.unit.domain.makers import TODAY, make_client

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


@given(
    st.integers(1, 31),
    st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)),
    st.lists(st.integers(0, 20), min_size=14, max_size=60),
)
def test_the_agreed_day_never_drifts_over_the_years(
    agreed: int, start: date, late: list[int]
) -> None:
    due_on = day_in_month(start.year, start.month, agreed)
    kept = agreed
    for days in late:
        before = due_on
        due_on = same_day_next_month(before, before + timedelta(days=days), kept)
        kept = agreed_after(kept, due_on)

        assert (due_on.year * 12 + due_on.month) == (before.year * 12 + before.month) + 1
        assert day_in_month(due_on.year, due_on.month, agreed) == due_on
        assert agreed == kept


@pytest.mark.parametrize(
    ("agreed", "due_on", "expected"),
    [
        pytest.param(31, date(2027, 1, 31), date(2027, 2, 28), id="into February"),
        pytest.param(31, date(2027, 2, 28), date(2027, 3, 31), id="and out of it"),
        pytest.param(31, date(2028, 1, 31), date(2028, 2, 29), id="leap year"),
        pytest.param(30, date(2027, 2, 28), date(2027, 3, 30), id="the 30th"),
        pytest.param(29, date(2027, 2, 28), date(2027, 3, 29), id="the 29th"),
        pytest.param(31, date(2027, 3, 31), date(2027, 4, 30), id="a month of 30 days"),
        pytest.param(None, date(2027, 2, 28), date(2027, 3, 28), id="none agreed on"),
    ],
)
def test_the_same_day_is_the_agreed_one(agreed: int | None, due_on: date, expected: date) -> None:
    assert expected == same_day_next_month(due_on, due_on, agreed)


@pytest.mark.parametrize(
    ("agreed", "due_on", "expected"),
    [
        pytest.param(31, date(2027, 2, 28), 31, id="the end of a short month"),
        pytest.param(31, date(2027, 3, 30), 30, id="another day, chosen"),
        pytest.param(31, date(2028, 2, 28), 28, id="not the last in a leap year"),
        pytest.param(10, date(2027, 2, 28), 28, id="the 28th itself"),
        pytest.param(None, date(2027, 1, 31), 31, id="the first date"),
    ],
)
def test_another_date_is_agreed_on_anew(agreed: int | None, due_on: date, expected: int) -> None:
    assert expected == agreed_after(agreed, due_on)


def test_a_client_given_another_due_date_agrees_on_its_day() -> None:
    client = make_client(due_on=date(2027, 1, 31))
    short = replace(client, due_on=date(2027, 2, 28))

    assert (31, 31, 5) == (
        client.agreed_day,
        short.agreed_day,
        replace(short, due_on=date(2027, 3, 5)).agreed_day,
    )


def test_dates_are_written_as_people_read_them() -> None:
    assert "05/03/2026" == short_date(date(2026, 3, 5))
    assert "5 de março de 2026" == long_date(date(2026, 3, 5))
