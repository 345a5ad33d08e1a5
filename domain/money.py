"""Prices as people type them and as people read them. Money is Decimal, in reais, with cents."""

import re
from decimal import Decimal

from domain.text import fold, plain
from errors import InvalidInput

CENT = Decimal("0.01")
MAX_PRICE = Decimal("99999.99")
MAX_TYPED_CHARS = 30

_BEFORE = re.compile(
    r"^(?:(?:valor|preco|mensalidade|por|so)\b[: ]*)?(?:(?:r?\$|rs\b|rs(?=\d)|brl)[: ]*)?"
)
_AFTER = re.compile(r" ?(?:r\$|reais|real|contos?|pila)?(?: ?(?:/|por|ao) ?mes| mensa(?:l|is))?$")
_WRAPPING = " '\"`´‘’“”=;:!?()[]<>*"
# In Brazil the dot groups thousands, so "1.234" is one thousand; "1,234" would be a guess.
_AMOUNT = re.compile(
    r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?"
    r"|[1-9]\d{0,2}(?:,\d{3})+\.\d{1,2}"
    r"|\d+(?:[.,]\d{1,2})?",
    re.ASCII,
)
_CENTS = re.compile(r"[.,](\d{1,2})$")


def parse_price(text: str) -> Decimal:
    """The price in `text` ("R$ 1.234,56", "1234.56", "35,9", "35 reais"), above zero.

    Raises InvalidInput with the sentence for who typed.
    """
    typed = plain(text)
    amount = _bare(typed) if len(typed) <= MAX_TYPED_CHARS else ""
    if not _AMOUNT.fullmatch(amount):
        raise InvalidInput(
            f"Não entendi o valor “{typed[:MAX_TYPED_CHARS]}”. Escreva assim: 35,00."
        )
    return check_price(Decimal(_with_decimal_point(amount)))


def check_price(amount: Decimal) -> Decimal:
    """`amount` in whole cents; InvalidInput when not above zero, or beyond any monthly plan."""
    if not amount.is_finite() or amount > MAX_PRICE:
        raise InvalidInput(f"O valor vai até {format_brl(MAX_PRICE)}.")
    if amount <= 0 or not (cents := amount.quantize(CENT)):
        raise InvalidInput("O valor precisa ser maior que zero.")
    return cents


def format_brl(amount: Decimal) -> str:
    """`amount` as Brazilians write it: R$ 1.234,56."""
    sign = "-" if amount < 0 else ""
    grouped = f"{abs(amount):,.2f}"
    return f"{sign}R$ {grouped.translate(str.maketrans(',.', '.,'))}"


def _bare(typed: str) -> str:
    """The figures alone, without currency, "por mês" and quotes."""
    words = fold(typed).strip(_WRAPPING)
    figures = _AFTER.sub("", _BEFORE.sub("", words, count=1), count=1)
    # "35,-" and "35." are 35.
    return re.sub(r"(?<=\d)[.,]-?$", "", figures)


def _with_decimal_point(amount: str) -> str:
    # Exactly two digits or one after the last separator are cents; every other separator groups.
    cents = _CENTS.search(amount)
    whole = amount[: cents.start()] if cents else amount
    return re.sub(r"[.,]", "", whole) + "." + (cents[1] if cents else "00")
