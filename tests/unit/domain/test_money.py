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
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("35.5", "35.50"),
        ("35.90", "35.90"),
        ("$35", "35.00"),
        ("RS35,00", "35.00"),
        ("35,00 R$", "35.00"),
        ("R$: 35,00", "35.00"),
        ("valor: R$ 35", "35.00"),
        ("R$ 35,00/mês", "35.00"),
        ("35 por mês", "35.00"),
        ("35 reais por mês", "35.00"),
        ("35,00.", "35.00"),
        ("35,-", "35.00"),
        ("'35,00", "35.00"),
        ('="35,00"', "35.00"),
        ("35,00;", "35.00"),
        ("\u202aR$\u200e 35,00\u202c", "35.00"),
        ("\ufeff35\u200b,00", "35.00"),
        ("1234,5", "1234.50"),
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
        "grátis",
        "35.9000",
        "35 00",
        "3 5,00",
        "1.23,45",
        "12.345.6",
        "35,00,00",
        "US$ 35",
        "35-40",
        "2x35",
        "35%",
        "\0",
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


SHOWN = st.sampled_from(
    ["{}", "R$ {}", "R${}", "{} reais", "\u202a{}\u202c", "'{}", "R$\u00a0{};", "{}."]
)


@given(PRICES, SHOWN)
def test_no_way_of_writing_a_price_makes_it_ten_or_a_hundred_times_another(
    price: Decimal, shown: str
) -> None:
    grouped = f"{price:,.2f}"
    brazilian = grouped.translate(str.maketrans(",.", ".,"))
    for written in (f"{price:.2f}", f"{price:.2f}".replace(".", ","), brazilian, grouped):
        found = price
        with suppress(InvalidInput):
            found = parse_price(shown.format(written))

        assert price == found


@given(PRICES, st.integers(3, 6))
def test_more_decimals_than_cents_are_never_cents(price: Decimal, places: int) -> None:
    with pytest.raises(InvalidInput):
        parse_price(f"{price:.{places}f}".replace(".", ","))


@given(st.text(max_size=40))
def test_any_text_is_a_price_above_zero_or_a_clear_refusal(text: str) -> None:
    price = MAX_PRICE
    with suppress(InvalidInput):
        price = parse_price(text)

    assert 0 < price <= MAX_PRICE


def test_a_negative_balance_keeps_its_sign() -> None:
    assert "-R$ 1.234,50" == format_brl(Decimal("-1234.5"))
