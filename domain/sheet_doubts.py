"""What in a sheet makes somebody doubt a row that would otherwise enter, by looking beside it.

One cell alone may read well and still be wrong: a price fifty times the others', a country's
code where the others have an area too, a note that says "cancelado". Such rows are asked about.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from statistics import median

from domain.sheet_columns import NEEDED, column_of
from domain.sheets import Cell, Row, is_blank
from domain.text import fold, plain

# Cents that lost their comma (3500) are off by 100, thousands made of cents (35.000) by 1000.
PRICE_TIMES = 50
FEWEST_PRICES = 3
# A longer text is a story about somebody, not a state.
MOST_WORDS = 5
SHOWN_CHARS = 40

_LEFT = re.compile(
    r"\b(?:cancel(?:ad[oa]s?|ou)|inativ[oa]s?|desativad[oa]s?|desist(?:iu|entes?|encia)"
    r"|encerrad[oa]s?|ex[ -]?(?:clientes?|alun[oa]s?|assinantes?)"
    r"|nao e mais (?:cliente|alun[oa]|assinante)|nao quer mais)\b|[❌⛔🚫]"
)
# Of many at once: one "Beto (cancelado)" alone in its row begins no list.
_LIST_OF_GONE = re.compile(
    r"(?:lista (?:de |dos |das )?)?(?:clientes |alun[oa]s |assinantes )?"
    r"(?:cancelad[oa]s|inativ[oa]s|desativad[oa]s|desistentes|encerrad[oa]s"
    r"|ex[ -]?(?:clientes|alun[oa]s|assinantes))\W*(?:20\d\d)?"
)
# Most cells need no closer look.
_MAY_SAY = re.compile(r"(?i)cancel|inativ|desativ|desist|encerr|\bex|\bn[aã]|[❌⛔🚫]")
_LEAVING = re.compile(
    r"\b(?:cancelamento|desistencia|desligamento|desativacao|inativacao|encerramento|rescisao"
    r"|arquivad[oa] em|saiu em|(?:data|dt|dia) (?:de |da )?saida)\b"
)
_NOT_A_LEAVING = re.compile(r"\b(?:taxa|multa|valor|politica|prazo)\b")
_NO = frozenset({"nao", "n", "no", "0", "false", "falso", "-", "--", "nenhum", "nenhuma"})
_WITH_COUNTRY = re.compile(r"55[1-9]\d9?[2-9]\d{7}", re.ASCII)
_COUNTRY_ALONE = re.compile(r"55[2-9]\d{7,8}", re.ASCII)


def leaving_columns(headers: Sequence[str]) -> tuple[int, ...]:
    """The columns that are filled only for who left ("Data de cancelamento")."""
    return tuple(
        place
        for place, header in enumerate(headers)
        if _LEAVING.search(said := _words(header)) and not _NOT_A_LEAVING.search(said)
    )


def is_filled(cell: Cell) -> bool:
    """Whether a cell of such a column says more than no."""
    return not is_blank(cell) and _words(str(cell)) not in _NO | {""}


def said_to_have_left(row: Row, headers: Sequence[str], but: Collection[int]) -> str | None:
    """The question for a row that says, outside the columns `but`, that somebody left."""
    for place, (header, cell) in enumerate(zip(headers, row.cells, strict=False)):
        if place not in but and header and isinstance(cell, str) and says_left(cell):
            shown = " ".join(cell.split())[:SHOWN_CHARS]
            return f"A coluna “{header}” diz “{shown}”: é cliente ou não é?"
    return None


def says_left(text: str) -> bool:
    """Whether a few words say that somebody, or a whole list of people, left."""
    if not _MAY_SAY.search(text):
        return False
    said = _words(text)
    return len(said.split()) <= MOST_WORDS and _LEFT.search(said) is not None


def heading_of(row: Row) -> str | None:
    """The one text of a row that holds nothing else: it may begin a list of its own."""
    filled = [cell for cell in row.cells if not is_blank(cell)]
    alone = filled[0] if len(filled) == 1 else None
    return " ".join(alone.split())[:SHOWN_CHARS] if isinstance(alone, str) else None


def begins_list_of_gone(heading: str) -> bool:
    """Whether everybody below `heading`, or in the tab of this name, has left."""
    return _LIST_OF_GONE.fullmatch(_words(heading).strip(" -*:")) is not None


def price_in_doubt(prices: Iterable[Decimal]) -> Decimal | None:
    """From where on a price is too far from the `prices` of its column, None for a few of them."""
    known = list(prices)
    return median(known) * PRICE_TIMES if len(known) >= FEWEST_PRICES else None


def writes_country(phones: Iterable[str]) -> bool:
    """Whether a column of phones begins with the country's code, most of the time."""
    digits = ["".join(re.findall(r"\d", phone, re.ASCII)) for phone in phones]
    return 2 * sum(map(bool, map(_WITH_COUNTRY.fullmatch, digits))) > len(digits)


def is_country_alone(phone: str) -> bool:
    """Whether in such a column the 55 of `phone` is the country's, and its area is missing."""
    digits = "".join(re.findall(r"\d", phone, re.ASCII))
    return "(" not in phone and _COUNTRY_ALONE.fullmatch(digits) is not None


def has_two_lists(headers: Sequence[str]) -> bool:
    """Whether a second list stands beside the first: every needed column is there twice."""
    named = [column_of(header) for header in headers if header]
    return all(named.count(column) > 1 for column in NEEDED)


def _words(text: str) -> str:
    return " ".join(fold(plain(text)).replace("_", " ").split())
