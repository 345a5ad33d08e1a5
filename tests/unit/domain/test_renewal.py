"""What a renewal may come to, and what each date gives away (C6, C13, C14)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.due_dates import agreed_after
from domain.renewal import (
    RenewalChoice,
    RenewalWay,
    already_moved,
    check_amount,
    check_renewal,
    due_date_stays,
    renewal_choices,
    still_open,
)
from errors import InvalidInput
from tests.unit.domain.makers import make_client

TODAY = date(2026, 11, 25)
W = RenewalWay


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(
            {"due_on": date(2026, 11, 23), "plan": "30 dias"},
            [
                RenewalChoice(W.THIRTY_FROM_TODAY, date(2026, 12, 25), 2),
                RenewalChoice(W.THIRTY_FROM_DUE, date(2026, 12, 23), 0),
                RenewalChoice(W.SAME_DAY, date(2026, 12, 23), 0),
            ],
            id="two days late",
        ),
        pytest.param(
            {"due_on": date(2026, 11, 25), "plan": None},
            [
                RenewalChoice(W.THIRTY_FROM_DUE, date(2026, 12, 25), 0),
                RenewalChoice(W.SAME_DAY, date(2026, 12, 25), 0),
            ],
            id="on the day nothing is given away",
        ),
        pytest.param(
            {"due_on": date(2026, 9, 23), "plan": "Mensal"},
            [
                RenewalChoice(W.THIRTY_FROM_TODAY, date(2026, 12, 25), 63),
                RenewalChoice(W.SAME_DAY, date(2026, 12, 23), 61),
            ],
            id="so late that thirty days would be past",
        ),
        pytest.param(
            {"due_on": date(2026, 11, 28), "plan": "Trimestral"},
            [
                RenewalChoice(W.PLAN_LENGTH, date(2027, 2, 26), 0),
                RenewalChoice(W.THIRTY_FROM_DUE, date(2026, 12, 28), 0),
                RenewalChoice(W.SAME_DAY, date(2026, 12, 28), 0),
            ],
            id="a plan of another length comes first",
        ),
        pytest.param(
            {"due_on": date(2026, 11, 30), "plan": "30 dias", "agreed_day": 31},
            [
                RenewalChoice(W.SAME_DAY, date(2026, 12, 31), 0),
                RenewalChoice(W.THIRTY_FROM_DUE, date(2026, 12, 30), 0),
            ],
            id="who agreed on a day of the month keeps it",
        ),
        pytest.param(
            {"due_on": date(2026, 11, 28), "plan": "Todo mês no mesmo dia"},
            [
                RenewalChoice(W.SAME_DAY, date(2026, 12, 28), 0),
                RenewalChoice(W.THIRTY_FROM_DUE, date(2026, 12, 28), 0),
            ],
            id="a plan by the calendar",
        ),
    ],
)
def test_the_likeliest_date_comes_first(
    facts: dict[str, Any], expected: list[RenewalChoice]
) -> None:
    assert expected == list(renewal_choices(make_client(**facts), TODAY))


def test_every_date_to_choose_is_ahead() -> None:
    client = make_client(due_on=date(2024, 2, 29), plan="Anual")

    assert [] == [choice for choice in renewal_choices(client, TODAY) if choice.due_on <= TODAY]
    assert 29 == agreed_after(29, renewal_choices(client, TODAY)[-1].due_on)


@pytest.mark.parametrize(
    ("price", "paid", "expected"),
    [
        pytest.param("100", "40", "60", id="in part"),
        pytest.param("100", "120", "0", id="more than all"),
        pytest.param(None, "40", "0", id="no price"),
    ],
)
def test_what_is_open_is_never_less_than_nothing(
    price: str | None, paid: str, expected: str
) -> None:
    known = None if price is None else Decimal(price)

    assert Decimal(expected) == still_open(known, Decimal(paid))


@pytest.mark.parametrize("amount", ["-1", "100000", "NaN", "Infinity"])
def test_an_amount_nobody_pays_is_refused(amount: str) -> None:
    with pytest.raises(InvalidInput, match="de zero até"):
        check_amount(Decimal(amount))


def test_a_renewal_may_cost_nothing() -> None:
    assert Decimal("0.00") == check_amount(Decimal(0))


def test_a_renewal_to_today_is_refused() -> None:
    with pytest.raises(InvalidInput, match="depois de hoje"):
        check_renewal(TODAY, TODAY)


def test_a_renewal_goes_to_tomorrow_at_the_earliest() -> None:
    tomorrow = date(2026, 11, 26)

    assert tomorrow == check_renewal(tomorrow, TODAY)


def test_a_due_date_that_moved_is_told_before_it_is_renewed_again() -> None:
    told = already_moved(make_client(name="Ana", due_on=date(2026, 12, 5)))

    assert told.startswith("Ana agora vence em 05/12/2026:")


@pytest.mark.parametrize(
    ("name", "due_on", "expected"),
    [
        ("Ana", date(2026, 12, 5), "O vencimento de Ana continua em 05/12/2026."),
        ("Ana", None, "O cliente já foi apagado: muda só o que foi recebido."),
        (None, date(2026, 12, 5), "O cliente já foi apagado: muda só o que foi recebido."),
    ],
)
def test_a_changed_payment_says_that_the_due_date_stays(
    name: str | None, due_on: date | None, expected: str
) -> None:
    assert expected == due_date_stays(name, due_on)


def test_a_shorter_month_gives_no_days_back() -> None:
    client = make_client(due_on=date(2027, 1, 31))
    found = renewal_choices(client, date(2027, 1, 30))

    assert [RenewalChoice(W.SAME_DAY, date(2027, 2, 28), 0)] == [
        one for one in found if one.way is W.SAME_DAY
    ]


def test_a_renewal_to_tomorrow_is_that_day() -> None:
    assert date(2026, 11, 26) == check_renewal(date(2026, 11, 26), TODAY)


def test_who_would_renew_what_moved_already_reads_where_it_stands() -> None:
    assert (
        "Maria da Silva agora vence em 23/11/2026: o vencimento já mudou. "
        "Veja como está antes de renovar de novo."
    ) == already_moved(make_client())


@pytest.mark.parametrize(
    ("name", "due_on", "expected"),
    [
        ("Ana", date(2026, 12, 5), "O vencimento de Ana continua em 05/12/2026."),
        (None, date(2026, 12, 5), "O cliente já foi apagado: muda só o que foi recebido."),
        ("Ana", None, "O cliente já foi apagado: muda só o que foi recebido."),
        (None, None, "O cliente já foi apagado: muda só o que foi recebido."),
    ],
)
def test_a_change_of_a_payment_moves_no_due_date(
    name: str | None, due_on: date | None, expected: str
) -> None:
    assert expected == due_date_stays(name, due_on)


def test_an_amount_up_to_the_highest_price_is_one_in_cents() -> None:
    assert "99999.99" == str(check_amount(Decimal("99999.99")))
    assert "0.00" == str(check_amount(Decimal(0)))


def test_a_month_that_is_shorter_than_the_one_before_gives_nothing_away() -> None:
    client = make_client(due_on=date(2027, 1, 31), agreed_day=31)

    assert RenewalChoice(W.SAME_DAY, date(2027, 2, 28), 0) in renewal_choices(
        client, date(2027, 1, 30)
    )
