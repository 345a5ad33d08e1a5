"""Prices as people type and read them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import MAX_PRICE, check_price, format_brl, parse_price
from errors import InvalidInput

PRICES = st.decimals(min_value="0.01", max_value=MAX_PRICE, places=2)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("R$ 1.234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234", "1234.00"),
        ("12.345,6", "12345.60"),
        ("35", "35.00"),
        ("35,9", "35.90"),
        ("35.9", "35.90"),
        ("R$35,00", "35.00"),
        ("rs 35", "35.00"),
        ("35 reais", "35.00"),
        ("  35,00 REAIS ", "35.00"),
        ("R$\u00a035,00", "35.00"),
        ("0,01", "0.01"),
        ("３５", "35.00"),
    ],
)
def test_a_price_is_read_in_the_shapes_people_use(typed: str, expected: str) -> None:
    assert Decimal(expected) == parse_price(typed)
    assert expected == str(parse_price(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "grátis?",
        "1,234",
        "12.34.56",
        "1 234",
        "-5",
        "35,999",
        "R$",
        "NaN",
        "1e3",
        "0.500",
    ],
)
def test_what_is_no_clear_price_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"Escreva assim: 35,00\.$"):
        parse_price(typed)


@pytest.mark.parametrize("typed", ["0", "0,00", "R$ 0"])
def test_a_price_of_zero_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="maior que zero"):
        parse_price(typed)


@pytest.mark.parametrize("amount", ["100000", "Infinity", "-Infinity", "NaN", "1e300"])
def test_a_price_beyond_any_plan_is_refused(amount: str) -> None:
    with pytest.raises(InvalidInput, match=r"O valor vai até R\$ 99\.999,99\."):
        check_price(Decimal(amount))


@given(PRICES)
def test_a_price_survives_being_written_and_read_again(price: Decimal) -> None:
    assert price == parse_price(format_brl(price))


@given(st.text(max_size=40))
def test_any_text_is_a_price_above_zero_or_a_clear_refusal(text: str) -> None:
    price = MAX_PRICE
    with suppress(InvalidInput):
        price = parse_price(text)

    assert 0 < price <= MAX_PRICE


def test_a_negative_balance_keeps_its_sign() -> None:
    assert "-R$ 1.234,50" == format_brl(Decimal("-1234.5"))
