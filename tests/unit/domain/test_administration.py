"""How administrators see lines, and what they type (A11)."""

from datetime import UTC, date, datetime

import pytest

from domain.administration import (
    FIRST_ACCOUNTS,
    MOST_DAYS,
    MOST_REASON,
    AccountPlace,
    LineHealth,
    Which,
    health,
    parse_days,
    parse_reason,
    would_end,
)
from domain.deliveries import Deliveries
from domain.subscription import Standing
from domain.whatsapp import SessionState
from errors import InvalidInput

NOTHING = Deliveries()
WELL = Deliveries(sent=20, delivered=19, due=20, due_delivered=19)
PARTLY = Deliveries(sent=20, delivered=5, due=20, due_delivered=5)
STALLED = Deliveries(sent=9, due=9, silent=9, silent_since=datetime(2026, 11, 25, tzinfo=UTC))
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("state", "facts", "expected"),
    [
        pytest.param(SessionState.PAIRED, WELL, LineHealth.DELIVERING, id="what is sent arrives"),
        pytest.param(SessionState.PAIRED, PARTLY, LineHealth.FAILING, id="only a part arrives"),
        pytest.param(SessionState.PAIRED, STALLED, LineHealth.FAILING, id="nothing arrives"),
        pytest.param(SessionState.PAIRED, NOTHING, LineHealth.QUIET, id="nothing was sent"),
        pytest.param(SessionState.BANNED, WELL, LineHealth.OFF, id="it worked until it ended"),
        pytest.param(None, NOTHING, LineHealth.OFF, id="never connected"),
    ],
)
def test_a_line_is_told_by_what_arrives(
    state: SessionState | None, facts: Deliveries, expected: LineHealth
) -> None:
    assert expected == health(state, facts)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("30", 30),
        ("45 dias", 45),
        ("+7", 7),
        ("1 dia", 1),
        ("90d.", 90),
        (f" {MOST_DAYS} ", MOST_DAYS),
    ],
)
def test_a_number_of_days_is_read(typed: str, expected: int) -> None:
    assert expected == parse_days(typed)


@pytest.mark.parametrize(
    "typed", ["", "0", "-3", "trinta", "3,5", str(MOST_DAYS + 1), "99999999999"]
)
def test_what_is_no_number_of_days_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidInput, match="45"):
        parse_days(typed)


def test_a_reason_is_one_line() -> None:
    assert "Pagamento contestado no banco" == parse_reason("  Pagamento contestado\n\nno banco ")


@pytest.mark.parametrize("typed", ["", " \n ", "x" * (MOST_REASON + 1)])
def test_no_reason_and_too_long_a_one_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        parse_reason(typed)


@pytest.mark.parametrize(
    ("ends_on", "expected"),
    [
        pytest.param(date(2026, 12, 2), date(2027, 1, 1), id="from its end"),
        pytest.param(date(2026, 3, 2), date(2026, 12, 25), id="over: from today"),
    ],
)
def test_days_are_added_to_the_end_or_to_today(ends_on: date, expected: date) -> None:
    assert expected == would_end(ends_on, TODAY, 30)


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (Which.ALL, ()),
        (Which.ACTIVE, (Standing.ACTIVE,)),
        (Which.TRIAL, (Standing.TRIAL,)),
        (Which.ENDED, (Standing.ENDED, Standing.ERASABLE)),
        (Which.BLOCKED, (Standing.BLOCKED,)),
    ],
)
def test_accounts_are_listed_by_how_they_stand(
    which: Which, expected: tuple[Standing, ...]
) -> None:
    assert expected == which.standings


def test_another_page_is_of_the_same_accounts() -> None:
    assert AccountPlace(Which.TRIAL, 3, "ana") == AccountPlace(Which.TRIAL, 1, "ana").on(3)
    assert (Which.ALL, 1, "") == (
        FIRST_ACCOUNTS.which,
        FIRST_ACCOUNTS.page,
        FIRST_ACCOUNTS.search,
    )


def test_ten_years_and_two_hundred_letters_are_the_most() -> None:
    assert (3660, "x" * 200) == (parse_days("3660"), parse_reason("x" * 200))
    with pytest.raises(InvalidInput, match="de 1 a 3660 dias"):
        parse_days("3661")
    with pytest.raises(InvalidInput):
        parse_reason("x" * 201)
