"""From the dry run to what is done: who is added, who is changed, and the rows to look at (C11)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.clients import NewClient
from domain.due_dates import agreed_after, short_date
from domain.import_preview import ClientKey, Duplicate, ImportPreview, client_key
from domain.import_refusals import with_refusals
from domain.import_report import differing
from domain.import_rows import preview_import
from domain.money import format_brl
from domain.sheet_cells import text_of
from domain.sheet_columns import Column, columns_of
from domain.sheet_form import COLUMNS, is_our_form
from domain.sheets import Sheet, is_blank
from domain.tags import MAX_OWN_FIELDS, MAX_TAGS, parse_field_name, variable_of
from domain.text import fold
from errors import InvalidInput

SHOWN_CHARS = 40


class Doubles(StrEnum):
    """What becomes of the rows that are there already."""

    SKIP = "skip"
    UPDATE = "update"
    ADD = "add"


class Left(StrEnum):
    """The rows that do not simply enter."""

    BAD = "bad"
    DOUBLE = "double"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class LeftRow:
    """One of them: its number in the sheet, whose it is where that was read, and why."""

    row: int
    name: str | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A client that is there, as far as an import compares."""

    client_id: int
    name: str
    phone: str
    plan: str | None
    price: Decimal | None
    due_on: date
    archived: bool
    receives_billing: bool = True
    receives_notices: bool = True
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFields:
    """What an update may set of a client; its switches, archive and payments are not among them."""

    plan: str | None
    price: Decimal | None
    server: str | None
    due_on: date
    agreed_day: int | None
    notes: str | None

    def told_by(self, client: NewClient) -> "SheetFields":
        """As the sheet has it; a blank cell empties nothing, and the agreed day stays (C13)."""
        return SheetFields(
            plan=client.plan or self.plan,
            price=client.price,
            server=client.server or self.server,
            due_on=client.due_on,
            agreed_day=agreed_after(client.agreed_day or self.agreed_day, client.due_on),
            notes=client.notes or self.notes,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What an import does: clients to add, the sheet's word on registered ones, rows skipped."""

    to_add: tuple[NewClient, ...]
    to_update: tuple[tuple[int, NewClient], ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """A dry run beside the clients there are."""

    found: ImportPreview
    registered: dict[ClientKey, Registered]
    names: dict[int, str]

    def left(self, which: Left) -> list[LeftRow]:
        """The rows that do not simply enter, in the order of the sheet."""
        if which is Left.BAD:
            return [
                LeftRow(fault.row, self.names.get(fault.row), fault.reason)
                for fault in self.found.faults
            ]
        if which is Left.GONE:
            return [
                LeftRow(left.row, self.names.get(left.row), f"A planilha diz “{left.word}”.")
                for left in self.found.left_out
            ]
        first = {entry.row: entry.client for entry in self.found.clients}
        return [
            LeftRow(same.row, same.client.name, self._words(same, first))
            for same in self.found.duplicates
        ]

    def decide(self, doubles: Doubles) -> Decision:
        """What is done, with the rows that are there already treated as `doubles` says."""
        to_add = [entry.client for entry in self.found.clients]
        to_update: dict[int, NewClient] = {}
        if doubles is Doubles.ADD:
            to_add = list({_whole(one): one for one in (*to_add, *self._others())}.values())
        elif doubles is Doubles.UPDATE:
            for same in self.found.duplicates:
                known = self.registered.get(_key(same.client))
                if same.first_row is None and known is not None:
                    # Of two rows for one client the first counts, as everywhere.
                    to_update.setdefault(known.client_id, same.client)
        rows = len(self.found.clients) + len(self.found.duplicates)
        return Decision(
            tuple(to_add), tuple(to_update.items()), rows - len(to_add) - len(to_update)
        )

    def _others(self) -> Iterable[NewClient]:
        """The doubles that are not word for word there: those are nobody else."""
        known = {_whole(one) for one in self.registered.values()}
        return (same.client for same in self.found.duplicates if _whole(same.client) not in known)

    def _words(self, same: Duplicate, first: dict[int, NewClient]) -> str:
        if same.first_row is not None:
            one = first[same.first_row]
            other = differing(same.client, one.due_on, one.price)
            return _said(f"Repetido da linha {same.first_row}", other, one.due_on, one.price)
        known = self.registered[_key(same.client)]
        where = "Já cadastrado, arquivado" if known.archived else "Já cadastrado"
        other = differing(same.client, known.due_on, known.price)
        return _said(where, other, known.due_on, known.price)


def weigh(
    sheet: Sheet, today: date, registered: Sequence[Registered], own_fields: Collection[str]
) -> Weighed:
    """The dry run of `sheet`; of several clients that are the same to it the first counts.

    Raises InvalidInput when it cannot be read, or brings more tags or own fields than there may be.
    """
    known: dict[ClientKey, Registered] = {}
    for one in sorted(registered, key=lambda one: (one.archived, one.client_id)):
        known.setdefault(client_key(one.phone, one.name, one.plan, archived=one.archived), one)
    found = preview_import(sheet, today, known.keys(), own_fields)
    found = with_refusals(found, registered)
    read = [entry.client for entry in found.clients] + [same.client for same in found.duplicates]
    _check_room(read, own_fields)
    return Weighed(found, known, _names(sheet, found))


def _check_room(new: Sequence[NewClient], own_fields: Collection[str]) -> None:
    known = {variable_of(name) for name in own_fields}
    for name in dict.fromkeys(name for one in new for name in one.own_fields):
        if variable_of(name) not in known:
            parse_field_name(name, known)
            known.add(variable_of(name))
    if len(known) > MAX_OWN_FIELDS:
        raise InvalidInput(
            f"Com as colunas da planilha seriam {len(known)} campos próprios, e cabem "
            f"{MAX_OWN_FIELDS}. Apague as colunas que não precisa."
        )
    tags = {fold(tag) for one in new for tag in one.tags}
    if len(tags) > MAX_TAGS:
        raise InvalidInput(f"A planilha tem {len(tags)} etiquetas, e cabem {MAX_TAGS}.")


def _names(sheet: Sheet, found: ImportPreview) -> dict[int, str]:
    """What stands in the column of names, for rows that are no clients."""
    rows = {fault.row for fault in found.faults} | {left.row for left in found.left_out}
    columns = COLUMNS if is_our_form(sheet.headers) else columns_of(sheet.headers)
    place = columns[Column.NAME]
    return {
        row.number: text_of(row.cells[place])[:SHOWN_CHARS]
        for row in sheet.rows
        if row.number in rows and place < len(row.cells) and not is_blank(row.cells[place])
    }


def _said(where: str, other: str, due_on: date, price: Decimal | None) -> str:
    if not other:
        return f"{where}, igual."
    stands = ", ".join(
        (f"vence {short_date(due_on)}", *([] if price is None else [format_brl(price)]))
    )
    return f"{where} ({stands}); esta linha diz {other}."


def _key(client: NewClient) -> ClientKey:
    return client_key(client.phone, client.name, client.plan)


def _whole(client: NewClient | Registered) -> tuple[str, str, date, str | None]:
    return client.phone, client.name, client.due_on, client.plan
