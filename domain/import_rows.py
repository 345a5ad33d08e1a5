"""Sheet rows → clients to confirm: every row a client, a duplicate, left out, or a fault.

Nothing is stored here: what comes out is one value, the dry run, with every row in it once (C11).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from domain.clients import NewClient, parse_name, parse_notes, parse_plan, parse_server
from domain.contacts import parse_phone, same_phone_key
from domain.due_dates import short_date
from domain.import_preview import (
    ClientKey,
    ColumnUse,
    Duplicate,
    ImportedClient,
    ImportPreview,
    LeftOut,
    PaymentWord,
    RowFault,
    SharedPhone,
    client_key,
)
from domain.money import check_price, format_brl, parse_price
from domain.sheet_columns import NEEDED, Column, area_code_column, columns_of
from domain.sheet_dates import DueDates, due_dates
from domain.sheet_doubts import (
    begins_list_of_gone,
    has_two_lists,
    heading_of,
    is_country_alone,
    is_filled,
    leaving_columns,
    price_in_doubt,
    said_to_have_left,
    writes_country,
)
from domain.sheet_statuses import Standing, find_status_columns, standing_of
from domain.sheet_text import has_lost_letters, is_formula_error, plain, unscrambled
from domain.sheets import Cell, Row, Sheet, is_blank
from domain.text import fold
from domain.typed_dates import day_meant
from errors import InvalidInput

MAX_CELL_CHARS = 500
MAX_SHOWN_HEADERS_CHARS = 200

_WHOLE_AS_FLOAT = re.compile(r"(\d+)\.0", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d+)(?:[.,](\d+))?E\+?(\d{1,2})", re.ASCII | re.IGNORECASE)
_AREA_CODE = re.compile(r"0?[1-9]\d", re.ASCII)
_LOCAL_PHONE = re.compile(r"9?\d{4}[ -]?\d{4}", re.ASCII)

TWO_LISTS = "Há duas listas lado a lado, e só a da esquerda foi lida. Ponha uma embaixo da outra."

T = TypeVar("T")


def preview_import(
    sheet: Sheet, today: date, existing: Collection[ClientKey] = frozenset()
) -> ImportPreview:
    """What importing `sheet` would do; `existing` are the keys of the tenant's clients.

    Raises InvalidInput when a needed column is missing.
    """
    return _Import(sheet, today, existing).preview()


def needed_columns(sheet: Sheet) -> dict[Column, int]:
    """Where each column stands, or InvalidInput that names the needed ones which are missing."""
    found = columns_of(sheet.headers)
    if missing := [column.value for column in NEEDED if column not in found]:
        seen = ", ".join(header for header in sheet.headers if header)[:MAX_SHOWN_HEADERS_CHARS]
        hidden = ", ".join(sheet.reading.hidden_columns)[:MAX_SHOWN_HEADERS_CHARS]
        raise InvalidInput(
            f"Faltou na planilha: {', '.join(missing)}. As colunas que encontrei são: {seen}."
            + (f" Colunas escondidas não são lidas: {hidden}." if hidden else "")
        )
    return found


class _Import:
    """Goes through the rows once, in their order."""

    def __init__(self, sheet: Sheet, today: date, existing: Collection[ClientKey]) -> None:
        self._sheet = sheet
        self._columns = needed_columns(sheet)
        free = {place for place, header in enumerate(sheet.headers) if header}
        free -= set(self._columns.values())
        self._statuses = find_status_columns(sheet.headers, sheet.rows, free)
        self._area_code = area_code_column(sheet.headers)
        self._leaving = leaving_columns(sheet.headers)
        self._dates = due_dates(self._filled(Column.DUE_ON), today)
        self._with_country = writes_country(map(_text, self._filled(Column.PHONE)))
        self._too_high = price_in_doubt(_prices(self._filled(Column.PRICE)))
        self._seen: dict[ClientKey, int | None] = dict.fromkeys(existing)
        self._archived = {key for key in existing if key.archived}
        self._on_phone: dict[str, list[str]] = defaultdict(list)
        for key in existing:
            if not key.archived:
                self._on_phone[key.phone].append(key.shown or key.name)
        self._clients: list[ImportedClient] = []
        self._duplicates: list[Duplicate] = []
        self._faults: list[RowFault] = []
        self._left_out: list[LeftOut] = []
        self._payments: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._paid_but_due: list[int] = []
        self._list_of_gone: str | None = None

    def preview(self) -> ImportPreview:
        for row in self._sheet.rows:
            self._sort(row)
        return ImportPreview(
            clients=tuple(self._clients),
            duplicates=tuple(self._duplicates),
            faults=tuple(self._faults),
            left_out=tuple(self._left_out),
            shared=self._shared(),
            payment_words=tuple(
                PaymentWord(said[0][0], tuple(row for _, row in said))
                for said in self._payments.values()
            ),
            columns=self._uses(),
            paid_but_due=tuple(self._paid_but_due),
            notes=(*self._dates.notes, *self._warnings()),
            reading=self._sheet.reading,
        )

    def _warnings(self) -> Iterator[str]:
        if has_two_lists(self._sheet.headers):
            yield TWO_LISTS
        tab = self._sheet.reading.tab
        if tab is not None and begins_list_of_gone(tab):
            yield f"Atenção: a aba “{tab}” parece ser de quem não é mais cliente."

    def _filled(self, column: Column) -> list[Cell]:
        place = self._columns[column]
        cells = [row.cells[place] for row in self._sheet.rows if place < len(row.cells)]
        return [cell for cell in cells if not is_blank(cell)]

    def _sort(self, row: Row) -> None:
        row = self._with_area_code(row)
        if heading := heading_of(row):
            self._list_of_gone = heading if begins_list_of_gone(heading) else None
        elif self._list_of_gone is not None:
            self._left_out.append(LeftOut(row.number, self._list_of_gone))
            return
        told = self._told(row)
        if gone := next((word for word, standing in told if standing is Standing.GONE), None):
            self._left_out.append(LeftOut(row.number, gone))
            return
        read = read_row(row, self._columns, self._dates)
        unknown = [word for word, standing in told if standing is None]
        if isinstance(read, RowFault) or unknown:
            asked = [
                f"Não sei o que é a situação “{word}”: é cliente ou não é?" for word in unknown
            ]
            known = [read.reason] if isinstance(read, RowFault) else []
            self._faults.append(RowFault(row.number, " ".join([*known, *asked])))
            return
        if doubt := self._doubt(row, read):
            self._faults.append(RowFault(row.number, doubt))
            return
        for word, standing in told:
            if standing in {Standing.PAYMENT, Standing.PAID}:
                self._payments[fold(word)].append((word, row.number))
        if read.due_on <= self._dates.today and Standing.PAID in {said for _, said in told}:
            self._paid_but_due.append(row.number)
        self._place(row.number, read)

    def _doubt(self, row: Row, read: NewClient) -> str | None:
        """What has to be asked about a row that reads well by itself."""
        if self._too_high is not None and read.price >= self._too_high:
            return (
                f"O valor {format_brl(read.price)} é muito maior que os outros da planilha. "
                "Escreva os centavos com vírgula: 35,00."
            )
        return said_to_have_left(row, self._sheet.headers, self._statuses)

    def _with_area_code(self, row: Row) -> Row:
        """The row with the phone whole, where the sheet keeps its area code beside it."""
        phone = self._columns[Column.PHONE]
        if self._with_country and phone < len(row.cells):
            typed = _text(row.cells[phone])
            if is_country_alone(typed):  # as such it is refused, and not another's number
                return replace(
                    row, cells=(*row.cells[:phone], f"+{typed}", *row.cells[phone + 1 :])
                )
        if self._area_code is None or max(phone, self._area_code) >= len(row.cells):
            return row
        area, number = _text(row.cells[self._area_code]), _text(row.cells[phone])
        if not _AREA_CODE.fullmatch(area) or not _LOCAL_PHONE.fullmatch(number):
            return row
        whole = f"({area[-2:]}) {number}"
        return replace(row, cells=(*row.cells[:phone], whole, *row.cells[phone + 1 :]))

    def _told(self, row: Row) -> list[tuple[str, Standing | None]]:
        """What the status columns say of a row, word by word."""
        # Where cells have shifted the status is another column's.
        filled = [
            (row.cells[place], self._sheet.headers[place])
            for place in self._statuses
            if row.fault is None and place < len(row.cells) and not is_blank(row.cells[place])
        ]
        told = [(_text(cell)[:40], standing_of(cell, header)) for cell, header in filled]
        left = (
            self._sheet.headers[place]
            for place in self._leaving
            if row.fault is None and place < len(row.cells) and is_filled(row.cells[place])
        )
        return [*told, *((header[:40], Standing.GONE) for header in left)]

    def _place(self, number: int, client: NewClient) -> None:
        key = client_key(client.phone, client.name, client.plan)
        if key in self._seen:
            first = self._seen[key]
            archived = first is None and key in self._archived
            self._duplicates.append(Duplicate(number, client, first, archived))
        else:
            self._seen[key] = number
            self._clients.append(ImportedClient(number, client))

    def _shared(self) -> tuple[SharedPhone, ...]:
        on_phone = {phone: list(names) for phone, names in self._on_phone.items()}
        shared = []
        for entry in self._clients:
            names = on_phone.setdefault(same_phone_key(entry.client.phone), [])
            if names:
                shared.append(SharedPhone(entry.row, entry.client.name, tuple(names)))
            names.append(entry.client.name)
        return tuple(shared)

    def _uses(self) -> tuple[ColumnUse, ...]:
        column_at = {place: column for column, place in self._columns.items()}
        column_at |= dict.fromkeys((*self._statuses, *self._leaving), Column.STATUS)
        if self._area_code is not None:
            column_at[self._area_code] = Column.PHONE
        return tuple(
            ColumnUse(header, column_at.get(place))
            for place, header in enumerate(self._sheet.headers)
            if header
        )


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
    plan = read(Column.PLAN, lambda cell: parse_plan(_text(cell)))
    server = read(Column.SERVER, lambda cell: parse_server(_text(cell)))
    notes = read(Column.NOTES, lambda cell: parse_notes(_text(cell)))
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
    day = day_meant(_text(cell), due_on)
    return day if day != due_on.day else None


def read_name(cell: Cell) -> str:
    """The name in a cell; one that a wrong decoding has eaten letters of is asked about."""
    text = _text(cell)
    if has_lost_letters(text):
        raise InvalidInput(f"O nome perdeu letras no arquivo (“{text[:40]}”). Escreva de novo.")
    return parse_name(text)


def read_phone(cell: Cell) -> str:
    """The phone in a cell, also one that the spreadsheet keeps as a number; raises InvalidInput."""
    text = _text(cell)
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
    return parse_price(_text(cell))


def _prices(cells: Iterable[Cell]) -> Iterator[Decimal]:
    for cell in cells:
        with suppress(InvalidInput):
            yield read_price(cell)


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


def _text(cell: Cell) -> str:
    """What a person reads in the cell: 11987654321.0 is 11987654321."""
    if isinstance(cell, datetime | date):
        return short_date(cell)
    text = " ".join(plain(unscrambled(str(cell))).split())
    return text.removesuffix(".0") if _WHOLE_AS_FLOAT.fullmatch(text) else text
