"""A column of due dates is read by one rule, and says where it contradicts itself (C11)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sheet_dates import due_dates
from domain.sheets import Cell
from errors import InvalidInput
from tests.unit.domain.makers import TODAY

YESTERDAY = date(2026, 11, 23)
# Any day in reach of the check on years, written in full.
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def read(*column: Cell) -> list[str]:
    """Each cell of a column as the date it is read as, or "?" where it is refused."""
    dates = due_dates(column, TODAY)
    found = []
    for cell in column:
        try:
            found.append(dates.read(cell).isoformat())
        except InvalidInput:
            found.append("?")
    return found


@pytest.mark.parametrize(
    "cell",
    [
        YESTERDAY,
        datetime(2026, 11, 23, 15),  # noqa: DTZ001 - a spreadsheet knows no zone
        46349,
        46349.75,
        "46349",
        "46349.0",
        "46349,5",
        "23/11/2026",
        "23/11/26",
        "23-11-2026",
        "23.11.2026",
        " 23/11/2026 ",
        "'23/11/2026",
        '="23/11/2026"',
        "23/11/2026;",
        "23/11",
        "2026-11-23",
        "2026-11-23 00:00:00",
        "2026-11-23T00:00:00.000Z",
        "23/11/2026 00:00",
        "23/11/2026 10:30 AM",
        "23112026",
        "20261123",
        "23 de novembro de 2026",
        "segunda-feira, 23 de novembro de 2026",
        "seg, 23/11/2026",
        "23/nov/2026",
        "23/nov./26",
        "23-nov",
        "ontem",
    ],
    ids=str,
)
def test_one_day_is_read_however_it_is_written(cell: Cell) -> None:
    assert [YESTERDAY.isoformat()] == read(cell)


@pytest.mark.parametrize(
    "cell",
    ["31/02/2026", "29/02/2027", "0", "32", "12345678", "a combinar", "13/13/2026", "35,90", True],
    ids=str,
)
def test_what_is_no_day_is_refused(cell: Cell) -> None:
    assert ["?"] == read(cell)


@pytest.mark.parametrize(
    "cell", [10, 10.0, "10", "10.0", "dia 10", "Dia 10", "todo dia 10", "10º", "dia 10 de cada mês"]
)
def test_in_a_column_of_days_each_is_the_next_such_day(cell: Cell) -> None:
    assert ["2026-12-10", "2026-11-24", "2026-12-23", "2026-11-30"] == read(cell, "24", "23", "31")


@pytest.mark.parametrize("today", [TODAY, date(2026, 1, 31), date(2028, 3, 1)])
@pytest.mark.parametrize("ago", [0, 1, 3, 9])
def test_a_day_and_a_date_without_its_year_in_one_column_are_the_same_day(
    today: date, ago: int
) -> None:
    day = today - timedelta(days=ago)
    column = (f"dia {day.day}", f"{day:%d/%m}", f"{day.day}")

    dates = due_dates(column, today)

    assert [day] * 3 == [dates.read(cell) for cell in column]
    assert "vale a data mais perto de hoje" in dates.notes[0]


def test_a_day_that_the_spreadsheet_shows_as_a_date_is_a_day() -> None:
    assert ["2026-12-10", "2026-12-05"] == read(date(1900, 1, 10), date(1900, 1, 5))


def test_a_lone_day_among_full_dates_is_asked_about() -> None:
    assert ["2026-12-10", "?", "2026-12-12"] == read("10/12/2026", "11", "12/12/2026")


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        pytest.param(
            ("12/10/2026", "12/25/2026"), ["2026-12-10", "2026-12-25"], id="month first by one date"
        ),
        pytest.param(
            ("12/10/2026", "25/12/2026"), ["2026-10-12", "2026-12-25"], id="day first by one date"
        ),
        pytest.param(("12/10/2026", "10/12/2026"), ["2026-10-12", "2026-12-10"], id="no evidence"),
        pytest.param(
            ("12/10/2026", "12/25/2026", "25/12/2026", "11/11/2026"),
            ["?", "?", "2026-12-25", "2026-11-11"],
            id="contradictory: only what is plain is read",
        ),
        pytest.param(
            (*["25/12/2026"] * 10, "12/10/2026", "12/25/2026"),
            [*["2026-12-25"] * 10, "2026-10-12", "?"],
            id="one slip among many",
        ),
        pytest.param(
            (*["05/11/2026"] * 20, "10/13/2026"), ["?"] * 21, id="one odd date proves no order"
        ),
    ],
)
def test_one_column_has_one_order(column: tuple[str, ...], expected: list[str]) -> None:
    assert expected == read(*column)


def test_dates_that_an_american_spreadsheet_swapped_are_asked_about() -> None:
    swapped = [date(2026, month, 11) for month in (1, 2, 3, 4, 12)]
    left = ["13/11/2026", "20/11/2026", "25/12/2026", "30/11/2026", "28/11/2026"]

    assert [*["?"] * 5, *["2026-11-13", "2026-11-20"]] == read(*swapped, *left)[:7]


@pytest.mark.parametrize(
    ("swapped", "left"),
    [
        pytest.param(4, 5, id="four that may be"),
        pytest.param(5, 4, id="four that cannot"),
    ],
)
def test_fewer_than_five_dates_of_each_kind_may_fall_so_by_chance(swapped: int, left: int) -> None:
    real = [date(2026, month, 11) for month in range(1, swapped + 1)]
    texts = [f"{day}/11/2026" for day in range(13, 13 + left)]

    assert [day.isoformat() for day in real] == read(*real, *texts)[:swapped]


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(date(2026, 3, 13), id="a real date that nobody swapped"),
        pytest.param("05/11/2026", id="a text that would have become a date"),
    ],
)
def test_one_date_that_was_not_swapped_clears_the_others(odd: date | str) -> None:
    real = [date(2026, month, 11) for month in range(1, 6)]
    texts = [f"{day}/11/2026" for day in range(13, 18)]

    assert [day.isoformat() for day in real] == read(*real, *texts, odd)[:5]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(date(2026, 11, 24), date(2027, 2, 28), id="the nearer end is ahead"),
        pytest.param(date(2026, 3, 10), date(2026, 2, 28), id="the nearer end is past"),
        pytest.param(date(2028, 1, 10), date(2028, 2, 29), id="a year that has one"),
    ],
)
@pytest.mark.parametrize("text", ["29/02", "29/2", "29-02", "29 de fevereiro", "29/fev"])
def test_a_leap_day_without_its_year_is_the_nearest_end_of_february(
    text: str, today: date, expected: date
) -> None:
    assert expected == due_dates([text], today).read(text)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        pytest.param(("10", "15"), "vale o próximo dia que vem (10 virou 10/12/2026)", id="days"),
        pytest.param(
            ("dia 10", "23/11/2026", "24/11/2026"), "vale o próximo dia que vem", id="one day"
        ),
        pytest.param(("23/11", "24/11/2026"), "a data mais perto de hoje", id="no year"),
        pytest.param(("12/25/2026",), "mês/dia/ano", id="month first"),
        pytest.param(("29/02",), "último dia de fevereiro", id="leap day"),
    ],
)
def test_what_was_decided_for_the_column_is_told(column: tuple[str, ...], told: str) -> None:
    assert any(told in note for note in due_dates(column, TODAY).notes)


def test_full_dates_need_no_telling() -> None:
    assert () == due_dates(["10/12/2026", date(2026, 12, 11), 46349], TODAY).notes


@given(st.lists(DAYS, min_size=1, max_size=12))
def test_full_dates_day_first_come_back_whatever_they_are(days: list[date]) -> None:
    assert [day.isoformat() for day in days] == read(*(f"{day:%d/%m/%Y}" for day in days))


@given(st.lists(DAYS, min_size=1, max_size=12))
def test_full_dates_month_first_come_back_where_one_of_them_shows_it(days: list[date]) -> None:
    shown = [*days, *[date(2026, 12, 25)] * len(days)]

    assert [day.isoformat() for day in shown] == read(*(f"{day:%m/%d/%Y}" for day in shown))


@given(
    st.lists(st.integers(1, 31), min_size=1, max_size=8),
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
)
def test_days_of_the_month_are_never_past_and_at_most_a_month_ahead(
    days: list[int], today: date
) -> None:
    dates = due_dates(days, today)

    ahead = [dates.read(day) - today for day in days]
    assert all(timedelta(0) <= distance <= timedelta(days=31) for distance in ahead)


def test_one_leap_day_among_other_days_is_told() -> None:
    notes = due_dates(["29/02", "23/11"], TODAY).notes

    assert [True] == ["último dia de fevereiro" in note for note in notes if "29/02 sem" in note]


def test_one_leap_day_without_its_year_is_told_of_the_column() -> None:
    told = "Vencimento 29/02 sem o ano: vale o último dia de fevereiro mais perto."

    assert told == due_dates(["29/02", "10/12"], TODAY).notes[-1]
    assert told not in due_dates(["28/02", "10/12"], TODAY).notes


@pytest.mark.parametrize(
    ("number", "expected"),
    [(9_999, "?"), (10_000, "?"), (46_349, "2026-11-23"), (99_999.5, "?")],
)
def test_a_number_is_a_day_of_the_spreadsheet_of_a_year_that_is_meant(
    number: float, expected: str
) -> None:
    assert [expected] == read(number)
