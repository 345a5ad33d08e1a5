"""Delimited text → one tab, record by record, so that one stray quote costs one line.

A record is a line, or several where a quoted cell holds line breaks and what results has the
header's shape. Whatever else a quote does is a fault of its own line.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from domain.due_dates import PLAN_DAYS
from domain.sheet_choice import (
    MAX_ROWS,
    find_header,
    labels_of,
    most_rows,
    too_many_cells,
    too_many_rows,
)
from domain.sheet_columns import Column, columns_of
from domain.sheets import Cell, Tab

DELIMITERS = ";\t,|"
SNIFFED_ROWS = 40
# Notes of more lines than this are not written into a cell of a list of clients.
MAX_LINES_IN_CELL = 12
SHAPED_LINES = 500
STRAY_QUOTE = 'Há uma aspa (") sem par nesta linha. Apague a aspa ou escreva a linha de novo.'
SPLIT_PRICE = (
    "O valor {price} foi dividido pela vírgula, que nesta planilha separa as colunas. "
    "Escreva o valor com ponto, ou entre aspas."
)
COLUMN_SHARE = 0.8
# Totals, titles and headers come on top of the clients that a sheet may have.
RECORDS_OF_A_ROW = 2
MOST_LINES = 200_000

_SEPARATOR_LINE = re.compile(r"\Asep=(.)(?:\r\n|\r|\n)")
_WHOLE_PRICE = re.compile(r"(?:R\$)? ?[\d.]+", re.IGNORECASE)
_CENTS = re.compile(r"\d{1,2}")


@dataclass(frozen=True, slots=True)
class Shape:
    """How many cells a row has: as most have it, and at the most."""

    usual: int
    widest: int


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row; `stray` where a quote without a pair was read as a letter."""

    cells: tuple[str, ...]
    stray: bool = False


BLANK = Record(())


def read_csv(text: str) -> Tab:
    """The one tab of a text file; raises csv.Error when a cell has no end."""
    ordered = _SEPARATOR_LINE.match(text)
    # Excel takes a first line "sep=;" as an order, not as a row.
    lines = list(io.StringIO(text[ordered.end() :] if ordered else text, newline=""))
    delimiter = ordered[1] if ordered else _delimiter(lines)
    unpacked = lines if ordered else _unpacked(lines, delimiter)
    if unpacked is not lines:
        lines, delimiter = unpacked, _delimiter(unpacked)
    return _tab(_bounded(_records(lines, delimiter)), delimiter)


def _bounded(records: Iterable[Record]) -> list[Record]:
    """All records, unless they are far more than a sheet may have: then nobody reads them all."""
    kept: list[Record] = []
    most = MAX_ROWS
    filled = 0
    for record in records:
        kept.append(record)
        filled += any(record.cells)
        most = most_rows(labels_of(kept[0].cells)) if len(kept) == 1 else most
        if filled > RECORDS_OF_A_ROW * most or len(kept) > MOST_LINES:
            raise too_many_rows(most)
    return kept


def _tab(records: Sequence[Record], delimiter: str) -> Tab:
    grid: list[tuple[Cell, ...]] = [record.cells for record in records]
    faults = {number: STRAY_QUOTE for number, record in enumerate(records, start=1) if record.stray}
    header = find_header(grid)
    if header is not None and delimiter == ",":
        places = {place: column for column, place in columns_of(header.labels).items()}
        price = next((place for place, named in places.items() if named is Column.PRICE), None)
        if price is not None:
            rows = {n: r.cells for n, r in enumerate(records, start=1) if n > header.row}
            width = len(grid[header.row - 1])
            faults |= _split_prices(rows, width, price, places.get(price + 1))
    return Tab(grid=grid, faults=faults)


def _split_prices(
    rows: Mapping[int, tuple[str, ...]], width: int, price: int, beside: Column | None
) -> dict[int, str]:
    """The rows where a decimal comma made two cells of a price, which shifts all that follows."""
    suspects = {number: cells for number, cells in rows.items() if _is_split(cells, price)}
    found = [cells[price + 1].strip() for cells in rows.values() if len(cells) > price + 1]
    cents = {cells[price + 1].strip() for cells in suspects.values()}
    # A column of short numbers beside the price is one in every row.
    is_column = len(suspects) >= COLUMN_SHARE * sum(map(bool, found)) and _may_be(beside, cents)
    return {
        number: too_many_cells(len(cells), width)
        if len(cells) > width
        else SPLIT_PRICE.format(price=",".join(cells[price : price + 2]))
        for number, cells in suspects.items()
        if len(cells) > width or (len(cells[price + 1].strip()) > 1 and not is_column)
    }


def _may_be(column: Column | None, cents: set[str]) -> bool:
    """Whether these two digits can be what `column` holds, rather than the cents of a price."""
    if column is Column.PLAN:
        return "30" in cents and cents <= {f"{days}" for days in PLAN_DAYS}
    return column in {None, Column.DUE_ON}


def _is_split(cells: tuple[str, ...], price: int) -> bool:
    if price + 1 >= len(cells):
        return False
    whole, cents = cells[price].strip(), cells[price + 1].strip()
    return bool(_WHOLE_PRICE.fullmatch(whole) and _CENTS.fullmatch(cents))


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter under which some early row names the most known columns."""

    def known_columns(delimiter: str) -> int:
        records = islice(_records(lines[: SNIFFED_ROWS * 2], delimiter), SNIFFED_ROWS)
        return max((len(columns_of(labels_of(record.cells))) for record in records), default=0)

    return max(DELIMITERS, key=known_columns)


def _unpacked(lines: list[str], delimiter: str) -> list[str]:
    """The lines inside, where a program quoted each whole line as if it were one cell."""
    early = list(islice(_records(lines, delimiter), SNIFFED_ROWS))
    if any(len(record.cells) > 1 for record in early) or not any('"' in line for line in lines):
        return lines
    return [f"{''.join(record.cells)}\n" for record in _records(lines, delimiter)]


def _records(lines: Sequence[str], delimiter: str) -> Iterator[Record]:
    shape = _shape(lines, delimiter)
    place = 0
    while place < len(lines):
        record, used = _record(lines, place, delimiter, shape)
        yield record
        place += used


def _shape(lines: Sequence[str], delimiter: str) -> Shape:
    counts = Counter(len(_lenient(line, delimiter)) for line in lines[:SHAPED_LINES])
    usual = max(counts, key=lambda cells: (cells > 1, counts[cells], cells), default=0)
    return Shape(usual, max(counts, default=0))


def _record(lines: Sequence[str], place: int, delimiter: str, shape: Shape) -> tuple[Record, int]:
    """The record that begins at `place`, and how many lines it takes."""
    line = lines[place]
    if line.isspace():
        return BLANK, 1
    if '"' not in line:
        return Record(_lenient(line, delimiter)), 1
    if (cells := _strict([line], delimiter)) is not None:
        return Record(cells), 1
    for used in range(2, min(MAX_LINES_IN_CELL, len(lines) - place) + 1):
        block = lines[place : place + used]
        if used > 2 and _is_whole(block[-2], delimiter, shape):  # noqa: PLR2004 - one is inside
            break
        # Quotes come in pairs; without its pair a block is not worth parsing.
        paired = sum(inside.count('"') for inside in block) % 2 == 0
        cells = _strict(block, delimiter) if paired else None
        if cells is not None and len(cells) <= shape.widest:
            return Record(cells), used
    if _is_open(line, delimiter):
        return Record(_literal(line, delimiter), stray=True), 1
    return Record(_lenient(line, delimiter)), 1


def _is_whole(line: str, delimiter: str, shape: Shape) -> bool:
    """Whether a line inside the quotes is a row by itself: then the quote has swallowed it."""
    return shape.usual > 1 and len(_lenient(line, delimiter)) >= shape.usual


def _is_open(line: str, delimiter: str) -> bool:
    """Whether a quoted cell has no end in this line."""
    reader = csv.reader([line, '"'], delimiter=delimiter)
    next(reader, None)
    return reader.line_num > 1


def _strict(lines: Sequence[str], delimiter: str) -> tuple[str, ...] | None:
    """The one record of these lines, every quote in its place; None where they are not one."""
    try:
        found = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return tuple(found[0]) if len(found) == 1 else None


def _lenient(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(next(csv.reader([line], delimiter=delimiter), ()))


def _literal(line: str, delimiter: str) -> tuple[str, ...]:
    reader = csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return tuple(next(reader, ()))
