"""A sheet that somebody sent: finding its header and its columns, whatever they are called (C11).

Cells come as the file had them. Row numbers are those the person sees in the spreadsheet.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.text import fold
from errors import InvalidInput

Cell = str | int | float | bool | date | datetime | time | timedelta | None

MAX_ROWS = 5000
# A header below this many rows is not a header: titles and logos come before it, not pages.
MAX_TITLE_ROWS = 20
MAX_COLUMNS = 60
MAX_HEADER_CHARS = 60


class Column(StrEnum):
    """What EmDia reads from a sheet; the value is how it is called to people."""

    NAME = "nome"
    PHONE = "telefone"
    DUE_ON = "vencimento"
    PRICE = "valor"
    PLAN = "plano"
    SERVER = "servidor"
    NOTES = "observações"


NEEDED = (Column.NAME, Column.PHONE, Column.PRICE, Column.DUE_ON)

# Tried in this order, so "valor do plano" is the price and "nome do cliente" the name.
_WORDS: tuple[tuple[Column, str], ...] = (
    (Column.NOTES, r"obs\w*|info\w*|anotac\w*|notas?|coment\w*|detalhes?"),
    (Column.DUE_ON, r"venc\w*|vence|validade|valid[oa]|expira\w*|vto|due"),
    (Column.PHONE, r"telefones?|tel|fones?|whats\w*|wpp|zap\w*|celular\w*|cel|contatos?|phone"),
    (Column.PRICE, r"valor\w*|precos?|mensalidades?|quantia|price"),
    (Column.SERVER, r"servidor\w*|server|painel|paineis"),
    (Column.PLAN, r"planos?|pacotes?|assinaturas?|plan"),
    (Column.NAME, r"nomes?|clientes?|alunos?|assinantes?|name"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank; `number` as the spreadsheet numbers it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header's texts and the rows below it."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def as_sheet(grid: Iterable[tuple[Cell, ...]]) -> Sheet:
    """The sheet in `grid`, all rows of a file from the first: titles skipped, blank rows dropped.

    Raises InvalidInput when it is empty, has no header or more than 5,000 rows.
    """
    headers: tuple[str, ...] | None = None
    rows: list[Row] = []
    for number, cells in enumerate(grid, start=1):
        if all(is_blank(cell) for cell in cells):
            continue
        if headers is not None:
            rows.append(Row(number, cells[:MAX_COLUMNS]))
        elif is_header(cells):
            headers = tuple(_label(cell) for cell in cells[:MAX_COLUMNS])
        elif number > MAX_TITLE_ROWS:
            break
        if len(rows) > MAX_ROWS:
            raise InvalidInput(f"A planilha passa de {MAX_ROWS} linhas. Divida em mais arquivos.")
    if headers is None:
        raise InvalidInput(
            "Não achei a linha com os nomes das colunas. "
            "Ela precisa ter pelo menos: nome, telefone, valor e vencimento."
        )
    if not rows:
        raise InvalidInput("A planilha não tem nenhum cliente abaixo dos nomes das colunas.")
    return Sheet(headers, tuple(rows))


def is_blank(cell: Cell) -> bool:
    """Whether there is nothing in `cell` that a person would see."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_header(cells: tuple[Cell, ...]) -> bool:
    """Whether `cells` name at least two known columns, as a title does not."""
    return column_count(cells) > 1


def column_count(cells: tuple[Cell, ...]) -> int:
    """How many known columns `cells` name."""
    return len(columns_of(tuple(_label(cell) for cell in cells[:MAX_COLUMNS])))


def columns_of(headers: tuple[str, ...]) -> dict[Column, int]:
    """Where each known column stands; of two alike the plainer name counts, then the first."""
    found: dict[Column, int] = {}
    for position, header in sorted(enumerate(headers), key=lambda column: column[1].count(" ")):
        column = column_of(header)
        if column is not None:
            found.setdefault(column, position)
    return found


def column_of(header: str) -> Column | None:
    """The column that `header` names, with or without accents, or None."""
    words = " ".join(re.findall(r"[a-z]+", fold(header)))
    matches = (column for column, names in _WORDS if re.search(rf"\b(?:{names})\b", words))
    return next(matches, None)


def needed_columns(headers: tuple[str, ...]) -> dict[Column, int]:
    """`columns_of`, or InvalidInput that names the needed columns which are missing."""
    found = columns_of(headers)
    if missing := [column.value for column in NEEDED if column not in found]:
        seen = ", ".join(header for header in headers if header)[:200]
        raise InvalidInput(
            f"Faltou na planilha: {', '.join(missing)}. As colunas que encontrei são: {seen}."
        )
    return found


def _label(cell: Cell) -> str:
    # A long cell is prose, not the name of a column.
    is_name = isinstance(cell, str) and len(cell) <= MAX_HEADER_CHARS
    return " ".join(str(cell).split()) if is_name else ""
