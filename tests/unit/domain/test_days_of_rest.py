"""Sundays and holidays: days as any other, until the owner lets cobranca rest (F5, decision 7)."""

from datetime import date, datetime, time, timedelta

import pytest

from domain.holidays import Calendar, OwnHoliday
from domain.obstacles import day_obstacle
from domain.reasons import Reason, explain
from domain.reminders import Kind, TenantRules, decide, due_dates_on, recheck
from tests.unit.domain.makers import make_client

CHRISTMAS = date(2026, 12, 25)
SUNDAY_HOLIDAY = date(2026, 11, 15)
CITY = OwnHoliday(date(2027, 1, 25), "Cidade", yearly=True)
RESTING = TenantRules(holidays=False, calendar=Calendar((CITY,)))


def test_by_default_sundays_and_holidays_are_days_as_any_other() -> None:
    """Decision 7: Sundays and holidays are on by default."""
    assert (True, True) == (TenantRules().sundays, TenantRules().holidays)
    assert Kind.BILLING in due_dates_on(CHRISTMAS, TenantRules())


@pytest.mark.parametrize(
    ("rules", "day", "expected"),
    [
        pytest.param(RESTING, CHRISTMAS, Reason.HOLIDAY, id="a holiday of the law"),
        pytest.param(RESTING, date(2027, 1, 25), Reason.HOLIDAY, id="one of the owner's own"),
        pytest.param(RESTING, SUNDAY_HOLIDAY, Reason.HOLIDAY, id="on a Sunday that does not rest"),
        pytest.param(
            TenantRules(holidays=False, sundays=False),
            SUNDAY_HOLIDAY,
            Reason.SUNDAY,
            id="on a Sunday that rests",
        ),
        pytest.param(RESTING, date(2027, 2, 9), None, id="carnival is no holiday by law"),
        pytest.param(
            TenantRules(holidays=False, calendar=Calendar(facultative=True)),
            date(2027, 2, 9),
            Reason.HOLIDAY,
            id="carnival, where the owner wants it",
        ),
        pytest.param(RESTING, CHRISTMAS - timedelta(days=1), None, id="the eve"),
    ],
)
def test_cobranca_rests_on_the_days_the_owner_chose(
    rules: TenantRules, day: date, expected: Reason | None
) -> None:
    decided = decide(make_client(due_on=day - timedelta(days=1)), rules, day)

    assert (expected or Reason.DUE, expected) == (decided.reason, day_obstacle(rules, day))


def test_only_cobranca_rests() -> None:
    rules = TenantRules(kinds=frozenset(Kind), holidays=False)

    assert {Kind.REMINDER_2_DAYS, Kind.REMINDER_1_DAY, Kind.DUE_TODAY} == set(
        due_dates_on(CHRISTMAS, rules)
    )


def test_whoever_asks_for_a_late_billing_on_a_holiday_wants_it_on_a_holiday() -> None:
    client = make_client(due_on=CHRISTMAS - timedelta(days=3))
    moment = datetime.combine(CHRISTMAS, time(10))
    asked = recheck(Kind.BILLING, client.due_on, client, RESTING, moment, late_allowed=True)

    assert Kind.BILLING is asked.kind


def test_a_holiday_has_its_sentence() -> None:
    assert "feriados" in explain(Reason.HOLIDAY)
