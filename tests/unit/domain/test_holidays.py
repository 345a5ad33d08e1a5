"""Holidays: the nation's, the facultative ones, and the owner's own (F5, decision 7)."""

from datetime import date

import pytest

from domain.holidays import Calendar, Holiday, OwnHoliday, parse_own
from errors import InvalidInput

TODAY = date(2026, 11, 24)
CITY = OwnHoliday(date(2027, 1, 25), "Aniversário da cidade", yearly=True)
LEAP = OwnHoliday(date(2028, 2, 29), "Dia da loja", yearly=True)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "Confraternização Universal"),
        (date(2026, 4, 3), "Sexta-feira Santa"),
        (date(2026, 4, 21), "Tiradentes"),
        (date(2026, 5, 1), "Dia do Trabalhador"),
        (date(2026, 9, 7), "Independência do Brasil"),
        (date(2026, 10, 12), "Nossa Senhora Aparecida"),
        (date(2026, 11, 2), "Finados"),
        (date(2026, 11, 15), "Proclamação da República"),
        (date(2026, 11, 20), "Dia Nacional de Zumbi e da Consciência Negra"),
        (date(2026, 12, 25), "Natal"),
        (date(2031, 4, 11), "Sexta-feira Santa"),
    ],
)
def test_the_holidays_of_the_law_are_known_by_their_names(day: date, name: str) -> None:
    assert Holiday(day, name) == Calendar().on(day)


@pytest.mark.parametrize(
    "day", [date(2027, 2, 8), date(2027, 2, 9), date(2027, 5, 27)], ids=["mon", "tue", "corpus"]
)
def test_carnival_and_corpus_christi_count_where_the_owner_says_so(day: date) -> None:
    counted = Calendar(facultative=True).on(day)

    assert (None, True) == (Calendar().on(day), counted is not None and counted.facultative)


@pytest.mark.parametrize(
    "day",
    [date(2027, 2, 10), date(2027, 10, 28), date(2026, 12, 24), date(2026, 12, 31), TODAY],
    ids=["ash wednesday", "civil servants", "christmas eve", "new year's eve", "any day"],
)
def test_days_on_which_shops_are_open_never_count(day: date) -> None:
    assert Calendar(facultative=True).on(day) is None


@pytest.mark.parametrize(
    ("own", "day", "expected"),
    [
        pytest.param(CITY, date(2027, 1, 25), True, id="yearly, the first time"),
        pytest.param(CITY, date(2030, 1, 25), True, id="yearly, later"),
        pytest.param(CITY, date(2027, 1, 26), False, id="another day"),
        pytest.param(LEAP, date(2028, 2, 29), True, id="a leap year"),
        pytest.param(LEAP, date(2027, 2, 28), True, id="no leap year"),
        pytest.param(LEAP, date(2028, 2, 28), False, id="the day before"),
        pytest.param(
            OwnHoliday(date(2027, 1, 25), "Mudança", yearly=False),
            date(2028, 1, 25),
            False,
            id="once is once",
        ),
    ],
)
def test_an_own_holiday_falls_on_its_day(own: OwnHoliday, day: date, *, expected: bool) -> None:
    assert expected == (Calendar((own,)).on(day) is not None)


def test_the_next_ones_come_in_their_order_with_the_own_among_them() -> None:
    coming = Calendar((CITY,)).coming(TODAY, 3)

    assert [
        Holiday(date(2026, 12, 25), "Natal"),
        Holiday(date(2027, 1, 1), "Confraternização Universal"),
        Holiday(date(2027, 1, 25), "Aniversário da cidade", own=True),
    ] == [*coming]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25/01 aniversário da cidade", CITY),
        ("25/1: Aniversário  da cidade", CITY),
        ("25 de janeiro - Aniversário da cidade", CITY),
        ("25/01", OwnHoliday(date(2027, 1, 25), "Feriado meu", yearly=True)),
        ("13/12/2026 Mudança", OwnHoliday(date(2026, 12, 13), "Mudança", yearly=False)),
        ("13/12/26 Mudança", OwnHoliday(date(2026, 12, 13), "Mudança", yearly=False)),
        ("24/11 hoje mesmo", OwnHoliday(TODAY, "hoje mesmo", yearly=True)),
    ],
)
def test_a_date_and_its_name_are_read_as_people_type_them(text: str, expected: OwnHoliday) -> None:
    read = parse_own(text, TODAY)

    assert (expected.day, expected.name.casefold(), expected.yearly) == (
        read.day,
        read.name.casefold(),
        read.yearly,
    )


@pytest.mark.parametrize(
    "text",
    ["aniversário", "", "31/02 festa", "32/01 festa", "25/01/2020 passou", "25/01 " + "x" * 61],
)
def test_what_is_no_date_to_come_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_own(text, TODAY)


def test_a_holiday_is_the_nations_until_somebody_says_otherwise() -> None:
    holiday = Holiday(date(2026, 12, 25), "Natal")

    assert (False, False) == (holiday.own, holiday.facultative)


def test_a_holidays_name_has_sixty_letters_at_most() -> None:
    assert "a" * 60 == parse_own(f"25/01 {'a' * 60}", TODAY).name
    with pytest.raises(InvalidInput, match="O nome ficou comprido: use até 60 letras"):
        parse_own(f"25/01 {'a' * 61}", TODAY)


def test_a_holiday_is_the_nations_unless_it_is_said_otherwise() -> None:
    natal = Holiday(date(2026, 12, 25), "Natal")

    assert (False, False) == (natal.own, natal.facultative)
