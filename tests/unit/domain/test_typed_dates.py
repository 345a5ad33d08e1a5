"""Dates as people type them in Portuguese."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.due_dates import long_date, short_date
from domain.typed_dates import day_meant, parse_date, parse_due_date, parse_renewal_date
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
        ("29/02/2028", date(2028, 2, 29)),
        ("10", date(2026, 12, 10)),
        ("30", date(2026, 11, 30)),
        ("Dia 1º", date(2026, 12, 1)),
        ("no dia 30", date(2026, 11, 30)),
        ("vence dia 10", date(2026, 12, 10)),
        ("Vencimento: 10/12", date(2026, 12, 10)),
        ("até 10/12", date(2026, 12, 10)),
        ("para 10/12", date(2026, 12, 10)),
        ("dia 10/12", date(2026, 12, 10)),
        ("10 de dezembro", date(2026, 12, 10)),
        ("dia 10 de Dezembro de 2026", date(2026, 12, 10)),
        ("1º de janeiro", date(2027, 1, 1)),
        ("10 dez", date(2026, 12, 10)),
        ("10.12.26", date(2026, 12, 10)),
        ("10-12-2026", date(2026, 12, 10)),
        ("10 / 12 / 2026", date(2026, 12, 10)),
        ("10122026", date(2026, 12, 10)),
        ("2026/12/10", date(2026, 12, 10)),
        ("2026-12-10T00:00:00.000Z", date(2026, 12, 10)),
        ("10/12/2026 às 10h", date(2026, 12, 10)),
        ("'10/12/2026", date(2026, 12, 10)),
        ('="10/12/2026"', date(2026, 12, 10)),
        ("10/12/2026;", date(2026, 12, 10)),
        ("１０/１２/２０２６", date(2026, 12, 10)),
        ("\u202a10/12/2026\u202c", date(2026, 12, 10)),
        ("\ufeff10\u200b/12\u00a0", date(2026, 12, 10)),
        ("10–12–2026", date(2026, 12, 10)),
        ("HOJE!", date(2026, 11, 24)),
        ("AMANHÃ", date(2026, 11, 25)),
        ("amanha\u0303", date(2026, 11, 25)),
        ("anteontem", date(2026, 11, 22)),
        ("sexta", date(2026, 11, 27)),
        ("Sexta-feira", date(2026, 11, 27)),
        ("na sexta", date(2026, 11, 27)),
        ("próxima segunda", date(2026, 11, 30)),
        ("sábado", date(2026, 11, 28)),
        ("6ª feira", date(2026, 11, 27)),
        ("terça que vem", date(2026, 12, 1)),
        ("daqui 30 dias", date(2026, 12, 24)),
        ("daqui a 2 semanas", date(2026, 12, 8)),
        ("daqui a um mês", date(2026, 12, 24)),
        ("em 3 meses", date(2027, 2, 24)),
        ("daqui a quinze dias", date(2026, 12, 9)),
        ("30 dias", date(2026, 12, 24)),
        ("daqui a um ano", date(2027, 11, 24)),
        ("fim do mês", date(2026, 11, 30)),
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
        ("29/02", "só existe de 4 em 4 anos. .* use 28/02/2027"),
        ("29 de fevereiro", "só existe de 4 em 4 anos"),
        ("30/02", "não existe no calendário"),
        ("31/04", "não existe no calendário"),
        ("32", "dia 32 não existe"),
        ("0", "dia 0 não existe"),
        ("terça", "Hoje já é esse dia da semana. Escreva “hoje” ou 01/12/2026"),
        ("daqui a 9999 anos", "longe demais"),
        ("daqui a 9999 meses", "longe demais"),
        ("9999 semanas", "parece errado"),
        ("um dia", "Não entendi"),
        ("10122", "Não entendi"),
        ("1012", "Não entendi"),
        ("101226", "Não entendi"),
        ("99122026", "não existe no calendário"),
        ("\0", "Não entendi"),
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


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("23", date(2026, 11, 23), id="yesterday, as 23/11 is"),
        pytest.param("dia 23", date(2026, 11, 23), id="in words"),
        pytest.param("10", date(2026, 11, 10), id="two weeks ago"),
        pytest.param("5", date(2026, 12, 5), id="next month is nearer"),
    ],
)
def test_in_a_sheet_a_day_alone_is_the_nearest(typed: str, expected: date) -> None:
    assert expected == parse_date(typed, TODAY, nearest=True)


@given(SHOWN_DAYS, st.sampled_from([False, True]))
def test_a_day_without_year_is_what_it_was_and_close(day: date, nearest: bool) -> None:
    today = date(2026, 11, 24)
    found = day
    with suppress(InvalidInput):
        found = parse_date(f"{day:%d/%m}", today, nearest=nearest)

        assert abs((found - today).days) <= (183 if nearest else 366)
    assert (day.day, day.month) == (found.day, found.month)


@given(st.sampled_from([date(2027, 3, 1), date(2028, 2, 28), date(2027, 12, 31)]))
def test_the_29th_of_february_is_taken_where_the_coming_year_has_one(today: date) -> None:
    assert date(2028, 2, 29) == parse_date("29/02", today)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("dia 31", 31, id="November hides it"),
        pytest.param("31", 31, id="the day alone"),
        pytest.param("todo dia 31", 31, id="in words"),
        pytest.param("dia 10", 10, id="a day that every month has"),
        pytest.param("30/11", 30, id="a date is its own day"),
        pytest.param("fim do mês", 30, id="the end of this month"),
    ],
)
def test_the_day_a_person_meant_is_kept_behind_a_short_month(typed: str, expected: int) -> None:
    assert expected == day_meant(typed, parse_date(typed, TODAY))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 2, 28), "28/02/2026"),
        (date(2026, 3, 1), "28/02/2027"),
        (date(2026, 3, 15), "28/02/2027"),
    ],
)
def test_the_day_offered_for_the_29th_of_february_is_still_ahead(
    today: date, expected: str
) -> None:
    with pytest.raises(InvalidInput, match=expected):
        parse_date("29/02", today)


@pytest.mark.parametrize(
    ("word", "days"),
    [
        *(("um", 1), ("dois", 2), ("três", 3), ("quatro", 4), ("cinco", 5), ("seis", 6)),
        *(("sete", 7), ("oito", 8), ("nove", 9), ("dez", 10), ("quinze", 15)),
        *(("vinte", 20), ("trinta", 30)),
    ],
)
def test_small_numbers_may_be_words(word: str, days: int) -> None:
    assert TODAY + timedelta(days=days) == parse_date(f"daqui a {word} dias", TODAY)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("daqui a uma semana", date(2026, 12, 1)),
        ("daqui a duas semanas", date(2026, 12, 8)),
        ("10 anos", date(2036, 11, 24)),
    ],
)
def test_weeks_and_years_count_too(typed: str, expected: date) -> None:
    assert expected == parse_date(typed, TODAY)


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
