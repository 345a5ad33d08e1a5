"""Dates as people type them in Portuguese."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.due_dates import long_date, short_date
from domain.typed_dates import parse_date, parse_due_date, parse_renewal_date
from errors import InvalidInput
from tests.unit.domain.makers import TODAY

SHOWN_DAYS = st.dates(min_value=date(2001, 1, 1), max_value=date(2036, 12, 31))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hoje", date(2026, 11, 24)),
        ("Amanhã", date(2026, 11, 25)),
        ("depois de amanhã", date(2026, 11, 26)),
        ("ontem", date(2026, 11, 23)),
        ("25/12", date(2026, 12, 25)),
        ("10/01", date(2027, 1, 10)),
        ("24/11", date(2026, 11, 24)),
        ("25/12/2026", date(2026, 12, 25)),
        ("25/12/26", date(2026, 12, 25)),
        ("5-1-2027", date(2027, 1, 5)),
        ("05.01.2027", date(2027, 1, 5)),
        ("2027-01-05", date(2027, 1, 5)),
        ("2027-01-05 00:00:00", date(2027, 1, 5)),
        ("5 de janeiro", date(2027, 1, 5)),
        ("5 de MARÇO de 2027", date(2027, 3, 5)),
        ("5/mar/27", date(2027, 3, 5)),
        ("dia 30", date(2026, 11, 30)),
        ("dia 31", date(2026, 11, 30)),
        ("dia 24", date(2026, 11, 24)),
        ("dia 10", date(2026, 12, 10)),
        ("todo dia 10", date(2026, 12, 10)),
        ("daqui a 30 dias", date(2026, 12, 24)),
        ("daqui a 1 dia", date(2026, 11, 25)),
        ("em 7 dias", date(2026, 12, 1)),
        ("29/02", date(2028, 2, 29)),
    ],
)
def test_a_typed_date_is_understood(typed: str, expected: date) -> None:
    assert expected == parse_date(typed, TODAY)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(date(2027, 1, 31), date(2027, 2, 28), id="February has no 30th"),
        pytest.param(date(2026, 12, 31), date(2027, 1, 30), id="over the year"),
    ],
)
def test_a_day_that_the_month_lacks_becomes_its_last(today: date, expected: date) -> None:
    assert expected == parse_date("dia 30", today)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("31/02/2026", "não existe no calendário"),
        ("31/02", "não existe no calendário"),
        ("0/1/2027", "não existe no calendário"),
        ("10/13/2026", "não existe no calendário"),
        ("29/02/2027", "não existe no calendário"),
        ("dia 32", "dia 32 não existe"),
        ("dia 0", "dia 0 não existe"),
        ("25/12/2206", "parece errado"),
        ("25/12/1026", "parece errado"),
        ("daqui a 9999 dias", "parece errado"),
        ("semana que vem", "Não entendi"),
        ("10 de brumário", "Não entendi"),
        ("10", "Não entendi"),
        ("", "Não entendi"),
        ("25/12/2026" * 9, "Não entendi"),
    ],
)
def test_a_date_that_cannot_be_used_is_explained(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        parse_date(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "today", "expected"),
    [
        ("23/11", TODAY, date(2026, 11, 23)),
        ("28/12", date(2027, 1, 3), date(2026, 12, 28)),
        ("03/01", date(2026, 12, 28), date(2027, 1, 3)),
    ],
)
def test_in_a_sheet_a_day_without_year_is_the_nearest(
    typed: str, today: date, expected: date
) -> None:
    assert expected == parse_date(typed, today, nearest=True)


def test_a_due_date_may_be_today_and_not_before() -> None:
    assert TODAY == parse_due_date("hoje", TODAY)
    with pytest.raises(InvalidInput, match="23/11/2026 já passou"):
        parse_due_date("23/11/2026", TODAY)


def test_a_renewal_must_lie_in_the_future() -> None:
    assert date(2026, 11, 25) == parse_renewal_date("amanhã", TODAY)
    with pytest.raises(InvalidInput, match="depois de hoje"):
        parse_renewal_date("hoje", TODAY)


@given(SHOWN_DAYS)
def test_a_date_survives_being_shown_and_typed_again(day: date) -> None:
    assert day == parse_date(short_date(day), TODAY) == parse_date(long_date(day), TODAY)


@given(st.text(max_size=50), SHOWN_DAYS, st.booleans())
def test_any_text_is_a_date_in_reach_or_a_clear_refusal(
    text: str, today: date, nearest: bool
) -> None:
    found = today
    with suppress(InvalidInput):
        found = parse_date(text, today, nearest=nearest)

    assert 2000 <= found.year <= today.year + 10
