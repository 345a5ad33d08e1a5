"""Sheet rows → clients to confirm: every row a client, a duplicate, left out, or a fault.

Nothing is stored here: what comes out is one value, the dry run, with every row in it once (C11).
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.clients import NewClient
from domain.contacts import same_phone_key
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
from domain.money import format_brl
from domain.sheet_cells import read_price, read_row, text_of
from domain.sheet_columns import NEEDED, Column, area_code_column, columns_of
from domain.sheet_dates import due_dates
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
from domain.sheet_form import (
    COLUMNS,
    is_our_form,
    own_columns,
    read_form_row,
    read_own_values,
    rest_of_example,
)
from domain.sheet_statuses import Standing, find_status_columns, standing_of
from domain.sheet_switches import BILLING_HEADING, read_switch, switch_columns
from domain.sheet_tags import emojis_of, read_tags
from domain.sheets import Cell, Row, Sheet, is_blank
from domain.tags import variable_of
from domain.text import fold
from errors import InvalidInput

MAX_SHOWN_HEADERS_CHARS = 200

_AREA_CODE = re.compile(r"0?[1-9]\d", re.ASCII)
_LOCAL_PHONE = re.compile(r"9?\d{4}[ -]?\d{4}", re.ASCII)

TWO_LISTS = "Há duas listas lado a lado, e só a da esquerda foi lida. Ponha uma embaixo da outra."


def preview_import(
    sheet: Sheet,
    today: date,
    existing: Collection[ClientKey] = frozenset(),
    own_fields: Collection[str] = (),
) -> ImportPreview:
    """What importing `sheet` would do; `existing` are the keys of the tenant's clients.

    `own_fields` are the names of its own fields: columns of such names are read (C12). An export of
    EmDia's, whose form is known, is read back as it stands. Raises InvalidInput when a needed
    column is missing.
    """
    return _Import(sheet, today, existing, own_fields).preview()


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

    def __init__(
        self,
        sheet: Sheet,
        today: date,
        existing: Collection[ClientKey],
        own_fields: Collection[str],
    ) -> None:
        self._sheet = sheet
        self._is_ours = is_our_form(sheet.headers)
        self._statuses: tuple[int, ...]
        self._leaving: tuple[int, ...]
        self._area_code: int | None
        self._columns = COLUMNS if self._is_ours else needed_columns(sheet)
        headers = sheet.headers
        free = {place for place, header in enumerate(headers) if header}
        free -= set(self._columns.values())
        self._switches = None if self._is_ours else switch_columns(headers)
        free -= set(self._switches or ())
        if self._is_ours:
            self._own = own_columns(headers)
            self._statuses, self._leaving, self._area_code = (), (), None
        else:
            self._own = _own_columns(headers, free, own_fields)
            self._statuses = find_status_columns(headers, sheet.rows, free - set(self._own))
            self._leaving = leaving_columns(headers)
            self._area_code = area_code_column(headers)
        self._dates = due_dates(self._filled(Column.DUE_ON), today)
        self._with_country = writes_country(map(text_of, self._filled(Column.PHONE)))
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
        if rest := rest_of_example(self._cell(row, Column.NAME), self._cell(row, Column.PHONE)):
            self._faults.append(RowFault(row.number, rest))
        elif self._is_ours:
            read = read_form_row(row, self._sheet.headers, self._dates.today)
            if isinstance(read, RowFault):
                self._faults.append(read)
            else:
                self._place(row.number, read)
        else:
            self._sort_strange(row)

    def _sort_strange(self, row: Row) -> None:
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
        read = self._with_own(row, read_row(row, self._columns, self._dates))
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
        self._place(row.number, self._with_switches(row, read))

    def _cell(self, row: Row, column: Column) -> Cell:
        place = self._columns.get(column, len(row.cells))
        return row.cells[place] if place < len(row.cells) else None

    def _with_own(self, row: Row, read: NewClient | RowFault) -> NewClient | RowFault:
        """The client with its tags and own fields (C12)."""
        cell = self._cell(row, Column.TAGS)
        if isinstance(read, RowFault) or (is_blank(cell) and not self._own):
            return read
        try:
            tags = {} if is_blank(cell) else read_tags(cell)
            return replace(
                read,
                tags=tuple(tags),
                tag_emojis=emojis_of(tags),
                own_fields=dict(read_own_values(row, self._own)),
            )
        except InvalidInput as fault:
            return RowFault(row.number, fault.sentence)

    def _with_switches(self, row: Row, read: NewClient) -> NewClient:
        """What an export says is refused, also where columns of it were moved or taken away."""
        for place in self._switches or ():
            with suppress(InvalidInput):
                said = read_switch(row.cells[place] if place < len(row.cells) else None)
                is_billing = self._sheet.headers[place] == BILLING_HEADING
                read = replace(
                    read,
                    receives_billing=read.receives_billing and (said.on or not is_billing),
                    receives_notices=read.receives_notices and (said.on or is_billing),
                    opted_out=read.opted_out or said.opted_out,
                )
        return read

    def _doubt(self, row: Row, read: NewClient) -> str | None:
        """What has to be asked about a row that reads well by itself."""
        if self._too_high is not None and read.price >= self._too_high:
            return (
                f"O valor {format_brl(read.price)} é muito maior que os outros da planilha. "
                "Escreva os centavos com vírgula: 35,00."
            )
        but = (*self._statuses, *(self._switches or ()))
        return said_to_have_left(row, self._sheet.headers, but)

    def _with_area_code(self, row: Row) -> Row:
        """The row with the phone whole, where the sheet keeps its area code beside it."""
        phone = self._columns[Column.PHONE]
        if self._with_country and phone < len(row.cells):
            typed = text_of(row.cells[phone])
            if is_country_alone(typed):  # as such it is refused, and not another's number
                return replace(
                    row, cells=(*row.cells[:phone], f"+{typed}", *row.cells[phone + 1 :])
                )
        if self._area_code is None or max(phone, self._area_code) >= len(row.cells):
            return row
        area, number = text_of(row.cells[self._area_code]), text_of(row.cells[phone])
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
        told = [(text_of(cell)[:40], standing_of(cell, header)) for cell, header in filled]
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
        column_at |= dict.fromkeys(self._own, Column.OWN)
        if self._switches is not None:
            column_at |= dict(zip(self._switches, (Column.BILLING, Column.NOTICES), strict=True))
        column_at |= dict.fromkeys((*self._statuses, *self._leaving), Column.STATUS)
        if self._area_code is not None:
            column_at[self._area_code] = Column.PHONE
        return tuple(
            ColumnUse(header, column_at.get(place))
            for place, header in enumerate(self._sheet.headers)
            if header
        )


def _prices(cells: Iterable[Cell]) -> Iterator[Decimal]:
    for cell in cells:
        with suppress(InvalidInput):
            yield read_price(cell)


def _own_columns(
    headers: Sequence[str], free: Collection[int], own_fields: Collection[str]
) -> dict[int, str]:
    """Which free columns are called as one of the tenant's own fields, by place."""
    names = {variable_of(name): name for name in own_fields}
    found = {place: names.pop(variable_of(headers[place]), None) for place in sorted(free)}
    return {place: name for place, name in found.items() if name is not None}
