"""Sheet rows → clients to confirm: every row either valid, a duplicate, or a fault with its reason.

Nothing is stored here; this is the dry run that the owner sees before confirming (C11).
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from domain.clients import NewClient, parse_name, parse_notes, parse_plan, parse_server
from domain.contacts import parse_phone, same_phone_key
from domain.due_dates import short_date
from domain.money import check_price, parse_price
from domain.sheets import NEEDED, Cell, Column, Row, Sheet, is_blank, needed_columns
from domain.text import fold
from domain.typed_dates import check_year, parse_date
from errors import InvalidInput

MAX_CELL_CHARS = 500
# Spreadsheets count days from here; five digits are the years 1927 to 2173.
SERIAL_DAY_ZERO = date(1899, 12, 30)
SERIAL_DIGITS = 5

_WHOLE_AS_FLOAT = re.compile(r"(\d+)\.0", re.ASCII)
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ClientKey:
    """What makes two entries the same client: phone (either form), name and plan."""

    phone: str
    name: str
    plan: str


@dataclass(frozen=True, slots=True)
class ImportedClient:
    """A row that can be registered."""

    row: int
    client: NewClient


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A valid row that is there already: in row `first_row`, or registered when that is None."""

    row: int
    client: NewClient
    first_row: int | None


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that cannot be registered, and why, in Portuguese."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """The dry run: together the three hold every row once, each in the order of the sheet."""

    clients: tuple[ImportedClient, ...]
    duplicates: tuple[Duplicate, ...]
    faults: tuple[RowFault, ...]


def client_key(phone: str, name: str, plan: str | None) -> ClientKey:
    """The key of one client; a mobile counts the same with and without its ninth digit."""
    return ClientKey(same_phone_key(phone), fold(name), fold(plan or ""))


def preview_import(
    sheet: Sheet, today: date, existing: Collection[ClientKey] = frozenset()
) -> ImportPreview:
    """What importing `sheet` would do; `existing` are the keys of the tenant's clients.

    Raises InvalidInput when a needed column is missing.
    """
    columns = needed_columns(sheet.headers)
    seen: dict[ClientKey, int | None] = dict.fromkeys(existing)
    clients: list[ImportedClient] = []
    duplicates: list[Duplicate] = []
    faults: list[RowFault] = []
    for row in sheet.rows:
        client = read_row(row, columns, today)
        if isinstance(client, RowFault):
            faults.append(client)
            continue
        key = client_key(client.phone, client.name, client.plan)
        if key in seen:
            duplicates.append(Duplicate(row.number, client, seen[key]))
        else:
            seen[key] = row.number
            clients.append(ImportedClient(row.number, client))
    return ImportPreview(tuple(clients), tuple(duplicates), tuple(faults))


def read_row(row: Row, columns: Mapping[Column, int], today: date) -> NewClient | RowFault:
    """The client in `row`, or everything that is wrong with it at once."""
    faults: list[str] = []

    def read(column: Column, parse: Callable[[Cell], T]) -> T | None:
        position = columns.get(column, len(row.cells))
        cell = row.cells[position] if position < len(row.cells) else None
        try:
            return _read_cell(cell, column, parse)
        except InvalidInput as fault:
            faults.append(fault.sentence)
            return None

    name = read(Column.NAME, lambda cell: parse_name(_text(cell)))
    phone = read(Column.PHONE, read_phone)
    price = read(Column.PRICE, read_price)
    due_on = read(Column.DUE_ON, lambda cell: read_date(cell, today))
    plan = read(Column.PLAN, lambda cell: parse_plan(_text(cell)))
    server = read(Column.SERVER, lambda cell: parse_server(_text(cell)))
    notes = read(Column.NOTES, lambda cell: parse_notes(_text(cell)))
    if faults or name is None or phone is None or price is None or due_on is None:
        return RowFault(row.number, " ".join(faults))
    return NewClient(
        name=name, phone=phone, price=price, due_on=due_on, plan=plan, server=server, notes=notes
    )


def read_phone(cell: Cell) -> str:
    """The phone in a cell, also one that the spreadsheet keeps as a number; raises InvalidInput."""
    text = _text(cell)
    if _SCIENTIFIC.fullmatch(text):
        raise InvalidInput(
            f"A planilha cortou o telefone ({text}): formate a coluna como texto e escreva de novo."
        )
    return parse_phone(text)


def read_price(cell: Cell) -> Decimal:
    """The price in a cell, a number or text; raises InvalidInput."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return check_price(Decimal(str(cell)))
    return parse_price(_text(cell))


def read_date(cell: Cell, today: date) -> date:
    """The date in a cell: a date, a spreadsheet's day number, or text; raises InvalidInput."""
    if isinstance(cell, datetime):
        return check_year(cell.date(), today)
    if isinstance(cell, date):
        return check_year(cell, today)
    text = _text(cell)
    if text.isascii() and text.isdecimal() and len(text) == SERIAL_DIGITS:
        return check_year(SERIAL_DAY_ZERO + timedelta(days=int(text)), today)
    return parse_date(text, today, nearest=True)


def _read_cell(cell: Cell, column: Column, parse: Callable[[Cell], T]) -> T | None:
    if is_blank(cell):
        if column in NEEDED:
            raise InvalidInput(f"Faltou o {column.value}.")
        return None
    if isinstance(cell, str) and len(cell) > MAX_CELL_CHARS:
        raise InvalidInput(f"A coluna {column.value} passa de {MAX_CELL_CHARS} letras.")
    return parse(cell)


def _text(cell: Cell) -> str:
    """What a person reads in the cell: 11987654321.0 is 11987654321."""
    if isinstance(cell, datetime | date):
        return short_date(cell)
    text = " ".join(str(cell).split())
    return text.removesuffix(".0") if _WHOLE_AS_FLOAT.fullmatch(text) else text
