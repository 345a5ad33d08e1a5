"""Rows that read well by themselves, and are asked about for what stands beside them (C11)."""

from decimal import Decimal

import pytest

from domain.sheet_doubts import (
    has_two_lists,
    price_in_doubt,
    said_to_have_left,
    says_left,
    writes_country,
)
from domain.sheets import Row

HEADER = ("Nome", "Telefone", "Valor", "Vencimento")


def row(number: int, *more: str, **changed: str) -> tuple[str, ...]:
    """A good row, but for what is `changed`, and `more` at its end."""
    cells = {
        "Nome": f"Ana {'ABCDEFGHIJ'[number]}",
        "Telefone": f"551199000000{number}",
        "Valor": "35,00",
        "Vencimento": "10/12/2026",
    } | changed
    return (*cells.values(), *more)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cancelou o plano em maio", True),
        ("cancelou o plano em maio passado", False),
        ("nao e mais cliente", True),
        ("❌", True),
        ("não gosta de áudio", False),
        ("exemplo", False),
    ],
)
def test_up_to_five_words_may_say_that_somebody_left(text: str, expected: bool) -> None:
    assert expected == says_left(text)


def test_a_column_of_who_left_is_not_asked_about_twice() -> None:
    cells = Row(2, ("Ana", "cancelou", "desistiu"))
    asked = "A coluna “Obs” diz “desistiu”: é cliente ou não é?"

    assert asked == said_to_have_left(cells, ("Nome", "Saiu", "Obs"), {1})
    assert said_to_have_left(cells, ("Nome", "", ""), ()) is None


@pytest.mark.parametrize(
    ("prices", "expected"), [([10, 20], None), ([10, 20, 30], 1000), ([10, 20, 30, 40], 1250)]
)
def test_a_price_is_far_from_fifty_times_the_middle_one(
    prices: list[int], expected: int | None
) -> None:
    assert expected == price_in_doubt(map(Decimal, prices))


@pytest.mark.parametrize(
    ("phones", "expected"),
    [
        (["5511990000001", "(11) 99000-0002"], False),
        (["5511990000001", "55 11 99000-0003", "(11) 99000-0002"], True),
        ([], False),
    ],
)
def test_a_column_begins_with_the_country_where_most_of_it_does(
    phones: list[str], expected: bool
) -> None:
    assert expected == writes_country(phones)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (HEADER, False),
        ((*HEADER, "Nome"), False),
        ((*HEADER, *HEADER[:3]), False),
        ((*HEADER, "", *HEADER), True),
    ],
)
def test_a_second_list_has_every_needed_column_again(
    headers: tuple[str, ...], expected: bool
) -> None:
    assert expected == has_two_lists(headers)
