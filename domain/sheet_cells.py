"""One row of a stranger's sheet → the client in it, cell by cell, or all that is wrong with it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from domain.clients import NewClient, parse_name, parse_notes, parse_plan, parse_server
from domain.contacts import parse_phone
from domain.due_dates import short_date
from domain.import_preview import RowFault
from domain.money import check_price, parse_price
from domain.sheet_columns import NEEDED, Column
from domain.sheet_dates import DueDates, due_dates
from domain.sheet_text import has_lost_letters, is_formula_error, plain, unscrambled
from domain.sheets import Cell, Row, is_blank
from domain.typed_dates import day_meant
from errors import InvalidInput

MAX_CELL_CHARS = 500

_WHOLE_AS_FLOAT = re.compile(r"(\d+)\.0", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d+)(?:[.,](\d+))?E\+?(\d{1,2})", re.ASCII | re.IGNORECASE)

T = TypeVar("T")


def read_row(row: Row, columns: Mapping[Column, int], dates: DueDates) -> NewClient | RowFault:
    """The client in `row`, or everything that is wrong with it at once."""
    if row.fault:
        return RowFault(row.number, row.fault)
    faults: list[str] = []

    def read(column: Column, parse: Callable[[Cell], T]) -> T | None:
        position = columns.get(column, len(row.cells))
        cell = row.cells[position] if position < len(row.cells) else None
        try:
            return _read_cell(cell, column, parse)
        except InvalidInput as fault:
            faults.append(fault.sentence)
            return None

    name = read(Column.NAME, read_name)
    phone = read(Column.PHONE, read_phone)
    price = read(Column.PRICE, read_price)
    due_on = read(Column.DUE_ON, dates.read)
    plan = read(Column.PLAN, lambda cell: parse_plan(text_of(cell)))
    server = read(Column.SERVER, lambda cell: parse_server(text_of(cell)))
    notes = read(Column.NOTES, lambda cell: parse_notes(_lines_of(cell)))
    if faults or name is None or phone is None or price is None or due_on is None:
        return RowFault(row.number, " ".join(faults))
    agreed_day = read(Column.DUE_ON, lambda cell: read_agreed_day(cell, due_on))
    return NewClient(
        name=name,
        phone=phone,
        price=price,
        due_on=due_on,
        agreed_day=agreed_day,
        plan=plan,
        server=server,
        notes=notes,
    )


def read_agreed_day(cell: Cell, due_on: date) -> int | None:
    """The day of the month in a cell, where a short month hides it behind `due_on` (C13)."""
    day = day_meant(text_of(cell), due_on)
    return day if day != due_on.day else None


def read_name(cell: Cell) -> str:
    """The name in a cell; one that a wrong decoding has eaten letters of is asked about."""
    text = text_of(cell)
    if has_lost_letters(text):
        raise InvalidInput(f"O nome perdeu letras no arquivo (“{text[:40]}”). Escreva de novo.")
    return parse_name(text)


def read_phone(cell: Cell) -> str:
    """The phone in a cell, also one that the spreadsheet keeps as a number; raises InvalidInput."""
    text = text_of(cell)
    if short := _SCIENTIFIC.fullmatch(text):
        digits, exponent = short[1] + (short[2] or ""), int(short[3])
        if len(short[1]) != 1 or len(digits) != exponent + 1:
            raise InvalidInput(
                f"A planilha cortou o telefone ({text}): "
                "formate a coluna como texto e escreva de novo."
            )
        text = digits
    return parse_phone(text.removeprefix("'"))


def read_price(cell: Cell) -> Decimal:
    """The price in a cell, a number or text; raises InvalidInput."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return check_price(Decimal(str(cell)))
    return parse_price(text_of(cell))


def read_date(cell: Cell, today: date) -> date:
    """The date in a cell that is a column of its own; raises InvalidInput."""
    return due_dates([cell], today).read(cell)


def _read_cell(cell: Cell, column: Column, parse: Callable[[Cell], T]) -> T | None:
    if is_blank(cell):
        if column in NEEDED:
            raise InvalidInput(f"Faltou o {column.value}.")
        return None
    if isinstance(cell, str):
        if len(cell) > MAX_CELL_CHARS:
            raise InvalidInput(f"A coluna {column.value} passa de {MAX_CELL_CHARS} letras.")
        if is_formula_error(cell):
            raise InvalidInput(f"A coluna {column.value} tem um erro da planilha ({cell.strip()}).")
    return parse(cell)


def text_of(cell: Cell) -> str:
    """What a person reads in the cell: 11987654321.0 is 11987654321."""
    if isinstance(cell, datetime | date):
        return short_date(cell)
    text = " ".join(plain(unscrambled(str(cell))).split())
    return text.removesuffix(".0") if _WHOLE_AS_FLOAT.fullmatch(text) else text


def _lines_of(cell: Cell) -> str:
    """As `text_of`, its lines kept."""
    if not isinstance(cell, str):
        return text_of(cell)
    return "\n".join(text_of(line) for line in plain(cell).splitlines())
