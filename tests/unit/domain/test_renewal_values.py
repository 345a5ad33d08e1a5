"""What a renewal may come to, and what each date gives away (C6, C13, C14)."""

from datetime import date
from decimal import Decimal

import pytest

from domain.renewal import (
    RenewalChoice,
    RenewalWay,
    already_moved,
    check_amount,
    check_renewal,
    due_date_stays,
    renewal_choices,
)
from tests.unit.domain.makers import make_client

TODAY = date(2026, 11, 25)


W = RenewalWay


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
