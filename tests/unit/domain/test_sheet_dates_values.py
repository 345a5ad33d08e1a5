"""A column of due dates is read by one rule, and says where it contradicts itself (C11)."""

from datetime import date

import pytest
from hypothesis import strategies as st

from domain.sheet_dates import due_dates
from domain.sheets import Cell
from errors import InvalidInput
from tests.unit.domain.makers import TODAY

YESTERDAY = date(2026, 11, 23)


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
