"""EmDia's own sheets: the form of an export, and the examples of the template (C11, J9).

An export is read back as it stands; an example is never anybody's client.

What a stranger's sheet makes one doubt (a price far from the others, "cancelado" in a note) was
settled in the export before: whoever stands in it is a client.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from domain.clients import NewClient, parse_name, parse_notes, parse_plan, parse_server
from domain.due_dates import agreed_after
from domain.import_preview import RowFault
from domain.sheet_cells import read_date, read_phone, read_price, text_of
from domain.sheet_columns import Column
from domain.sheet_switches import BILLING_HEADING, NOTICES_HEADING, Said, read_switch
from domain.sheet_tags import emojis_of, read_tags
from domain.sheets import Cell, Row, is_blank
from domain.tags import MAX_OWN_FIELDS, parse_value
from domain.text import fold
from domain.typed_dates import check_year
from errors import InvalidInput

HEADINGS = {
    "Nome": Column.NAME,
    "Telefone": Column.PHONE,
    "Plano": Column.PLAN,
    "Valor": Column.PRICE,
    "Servidor": Column.SERVER,
    "Vencimento": Column.DUE_ON,
    "Dia combinado": Column.AGREED_DAY,
    "Observações": Column.NOTES,
    "Etiquetas": Column.TAGS,
    BILLING_HEADING: Column.BILLING,
    NOTICES_HEADING: Column.NOTICES,
}
COLUMNS = {column: place for place, column in enumerate(HEADINGS.values())}
# After the name of a field whose values are secret: it must be one again (C12).
LOCK = " 🔒"
LAST_DAY = 31

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A row of the template; `days` from today to its due date. Nobody can have its phone."""

    name: str
    phone: str
    plan: str
    price: Decimal
    server: str
    days: int
    notes: str
    tags: str

    def due_on(self, today: date) -> date:
        """Its due date in a template made on `today`."""
        return today + timedelta(days=self.days)


EXAMPLES = (
    Example(
        name="Exemplo: Ana Modelo",
        phone="(11) 90000-0001",
        plan="Mensal",
        price=Decimal("35.00"),
        server="Servidor 1",
        days=10,
        notes="Prefere receber à tarde",
        tags="Bairro Alto",
    ),
    Example(
        name="Exemplo: Beto Modelo",
        phone="(21) 90000-0002",
        plan="Trimestral",
        price=Decimal("99.90"),
        server="",
        days=45,
        notes="",
        tags="",
    ),
    Example(
        name="Exemplo: Carla Modelo",
        phone="(31) 90000-0003",
        plan="30 dias",
        price=Decimal("1250.00"),
        server="Servidor 2",
        days=-1,
        notes="Esta já venceu ontem",
        tags="Bairro Alto, Indicação",
    ),
)


_DIGITS = re.compile(r"\d+", re.ASCII)
_EXAMPLE_NAMES = frozenset(fold(example.name) for example in EXAMPLES)


def _digits(cell: Cell) -> str:
    return "".join(_DIGITS.findall(str(cell).removesuffix(".0"))).removeprefix("55")


_EXAMPLE_PHONES = frozenset(_digits(example.phone) for example in EXAMPLES)


def is_example(name: Cell, phone: Cell) -> bool:
    """Whether a row is one of the template's, as it was given out."""
    return _has_name_of_example(name) and _digits(phone) in _EXAMPLE_PHONES


def rest_of_example(name: Cell, phone: Cell) -> str | None:
    """The question for a row that was written over an example, and not wholly."""
    if _has_name_of_example(name):
        return "O nome ainda é o do exemplo. Escreva o do cliente."
    if _digits(phone) in _EXAMPLE_PHONES:
        return "O telefone ainda é o do exemplo. Escreva o do cliente."
    return None


def is_our_form(headers: Sequence[str]) -> bool:
    """Whether these are the headings of an export, none moved, taken away or hidden."""
    return tuple(headers[: len(HEADINGS)]) == tuple(HEADINGS)


def own_columns(headers: Sequence[str]) -> dict[int, str]:
    """The columns of an export that are the tenant's own fields, by place."""
    named = ((place, header) for place, header in enumerate(headers) if header)
    return {place: header.removesuffix(LOCK) for place, header in named if place >= len(HEADINGS)}


def secret_columns(headers: Sequence[str]) -> list[str]:
    """The names of the tenant's own fields that an export marks as secret."""
    own = own_columns(headers) if is_our_form(headers) else {}
    return [name for place, name in own.items() if headers[place].endswith(LOCK)]


def read_form_row(row: Row, headers: Sequence[str], today: date) -> NewClient | RowFault:
    """The client in a row of an export, or everything that is wrong with it at once."""
    return _FormRow(row, headers, today).client()


def read_own_values(row: Row, columns: dict[int, str]) -> Iterator[tuple[str, str]]:
    """What stands in the tenant's own columns, by the field's name; raises InvalidInput."""
    if len(columns) > MAX_OWN_FIELDS:
        raise InvalidInput(f"Há {len(columns)} campos próprios, e cabem {MAX_OWN_FIELDS}.")
    for place, header in columns.items():
        cell = row.cells[place] if place < len(row.cells) else None
        if not is_blank(cell) and (value := parse_value(_kept(cell))):
            yield header, value


def _has_name_of_example(cell: Cell) -> bool:
    # Most names need no closer look.
    is_likely = isinstance(cell, str) and "exemplo" in cell.casefold()
    return is_likely and fold(text_of(cell)) in _EXAMPLE_NAMES


class _FormRow:
    """Reads one row and gathers what is wrong with it."""

    def __init__(self, row: Row, headers: Sequence[str], today: date) -> None:
        self._row = row
        self._headers = headers
        self._today = today
        self._faults: list[str] = [row.fault] if row.fault else []

    def client(self) -> NewClient | RowFault:
        name = self._read(Column.NAME, lambda cell: parse_name(_kept(cell)))
        phone = self._read(Column.PHONE, read_phone)
        price = self._read(Column.PRICE, read_price)
        due_on = self._read(Column.DUE_ON, self._date)
        plan = self._read(Column.PLAN, lambda cell: parse_plan(_kept(cell)), needed=False)
        server = self._read(Column.SERVER, lambda cell: parse_server(_kept(cell)), needed=False)
        notes = self._read(Column.NOTES, lambda cell: parse_notes(_kept(cell)), needed=False)
        tags = self._read(Column.TAGS, read_tags, needed=False)
        day = self._read(Column.AGREED_DAY, _day, needed=False)
        billing, notices = self._switch(Column.BILLING), self._switch(Column.NOTICES)
        own = self._own()
        if self._faults or name is None or phone is None or price is None or due_on is None:
            return RowFault(self._row.number, " ".join(dict.fromkeys(self._faults)))
        is_hidden = day is not None and day != due_on.day and agreed_after(day, due_on) == day
        return NewClient(
            name=name,
            phone=phone,
            price=price,
            due_on=due_on,
            agreed_day=day if is_hidden else None,
            plan=plan,
            server=server,
            notes=notes,
            tags=tuple(tags or ()),
            tag_emojis=emojis_of(tags or {}),
            own_fields=own,
            receives_billing=billing.on,
            receives_notices=notices.on,
            opted_out=billing.opted_out or notices.opted_out,
        )

    def _cell(self, column: Column) -> Cell:
        place = COLUMNS[column]
        return self._row.cells[place] if place < len(self._row.cells) else None

    def _read(self, column: Column, parse: Callable[[Cell], T], *, needed: bool = True) -> T | None:
        cell = self._cell(column)
        if is_blank(cell):
            self._faults += [f"Faltou o {column.value}."] * needed
            return None
        try:
            return parse(cell)
        except InvalidInput as fault:
            self._faults.append(fault.sentence)
            return None

    def _date(self, cell: Cell) -> date:
        if isinstance(cell, date):
            return check_year(cell.date() if isinstance(cell, datetime) else cell, self._today)
        return read_date(cell, self._today)

    def _switch(self, column: Column) -> Said:
        try:
            return read_switch(self._cell(column))
        except InvalidInput as fault:
            self._faults.append(fault.sentence)
            return Said(on=False, opted_out=False)

    def _own(self) -> dict[str, str]:
        try:
            return dict(read_own_values(self._row, own_columns(self._headers)))
        except InvalidInput as fault:
            self._faults.append(fault.sentence)
            return {}


def _kept(cell: Cell) -> str:
    """What was written, to the letter; what a person made a number of, as a person reads it."""
    return cell if isinstance(cell, str) else text_of(cell)


def _day(cell: Cell) -> int:
    text = text_of(cell)
    if not text.isdecimal() or not 1 <= int(text) <= LAST_DAY:
        raise InvalidInput(f"O dia combinado vai de 1 a {LAST_DAY}.")
    return int(text)
