"""Holidays: the nation's, the facultative ones, and the owner's own (F5, decision 7)."""

from datetime import date

from domain.holidays import Holiday, OwnHoliday

TODAY = date(2026, 11, 24)


CITY = OwnHoliday(date(2027, 1, 25), "Aniversário da cidade", yearly=True)


LEAP = OwnHoliday(date(2028, 2, 29), "Dia da loja", yearly=True)


def test_a_holiday_is_the_nations_unless_it_is_said_otherwise() -> None:
    natal = Holiday(date(2026, 12, 25), "Natal")

    assert (False, False) == (natal.own, natal.facultative)
