"""The first due date of a new client, and what a wrong one may have meant (C1, C6, C13)."""

from datetime import date

import pytest

from domain.first_due import EVERY_MONTH, first_due_dates
from domain.likely_dates import likely_dates, read_due_date, read_renewal_date
from errors import InvalidInput

# A Wednesday.
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        pytest.param("30 dias", ["25/12/2026", "10/12/2026", "05/12/2026"], id="known length"),
        pytest.param("Anual", ["20/11/2027", "25/12/2026", "10/12/2026"], id="by its name"),
        pytest.param(EVERY_MONTH, ["25/12/2026", "10/12/2026", "05/12/2026"], id="by the month"),
        pytest.param("Família", ["25/12/2026", "10/12/2026", "05/12/2026"], id="free text"),
        pytest.param(None, ["25/12/2026", "10/12/2026", "05/12/2026"], id="no plan"),
    ],
)
def test_the_plans_own_date_comes_first_and_each_date_once(
    plan: str | None, expected: list[str]
) -> None:
    assert expected == [f"{one.due_on:%d/%m/%Y}" for one in first_due_dates(plan, TODAY)]


def test_the_same_day_of_a_short_month_keeps_the_day_that_was_agreed() -> None:
    first = first_due_dates(EVERY_MONTH, date(2027, 1, 31))[0]

    assert (date(2027, 2, 28), 31) == (first.due_on, first.agreed_day)


@pytest.mark.parametrize("day", range(1, 32))
def test_no_first_due_date_is_past(day: int) -> None:
    today = date(2026, 12, day)

    assert [] == [one for one in first_due_dates("30 dias", today) if one.due_on < today]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("31/02", [date(2027, 2, 28), date(2027, 1, 31)], id="short month"),
        pytest.param("31/11", [date(2026, 11, 30)], id="short month, the one before is past"),
        pytest.param("31/04/2027", [date(2027, 4, 30), date(2027, 3, 31)], id="with its year"),
        pytest.param("31/04/27", [date(2027, 4, 30), date(2027, 3, 31)], id="with two digits"),
        pytest.param("35/03", [date(2027, 3, 31)], id="no such day in any month"),
        pytest.param("12/25", [date(2026, 12, 25)], id="month first"),
        pytest.param("25/10/2026", [date(2027, 10, 25), TODAY], id="past"),
        pytest.param("quarta", [TODAY, date(2026, 12, 2)], id="today's weekday"),
        pytest.param("quarta-feira", [TODAY, date(2026, 12, 2)], id="its whole name"),
        pytest.param("ontem", [], id="yesterday is meant as such"),
        pytest.param("0/1", [], id="no day"),
        pytest.param("31/02/2020", [], id="long past"),
        pytest.param("Torre Vila", [], id="no date"),
        pytest.param("10/12", [], id="right as it is"),
        pytest.param("1" * 5_000, [], id="far too long"),
    ],
)
def test_what_was_meant_is_offered_from_today_on(typed: str, expected: list[date]) -> None:
    assert expected == [*likely_dates(typed, TODAY)]


def test_a_month_that_is_too_short_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"31/02 não existe: em 2027, fevereiro vai só até o"):
        read_due_date("31/02", TODAY)


def test_the_29th_of_february_keeps_its_own_words() -> None:
    with pytest.raises(InvalidInput, match="de 4 em 4 anos"):
        read_due_date("29/02", TODAY)


def test_a_renewal_needs_a_date_after_today() -> None:
    assert date(2026, 12, 10) == read_renewal_date("dia 10", TODAY)
    with pytest.raises(InvalidInput, match="depois de hoje"):
        read_renewal_date("hoje", TODAY)
    with pytest.raises(InvalidInput, match="abril vai só até o dia 30"):
        read_renewal_date("31/04", TODAY)


@pytest.mark.parametrize("typed", ["24/11/2026", "10/12/2027"])
def test_a_date_that_is_not_past_offers_no_other(typed: str) -> None:
    assert () == likely_dates(typed, date(2026, 11, 24))
