"""Sheets, in and out: what a tenant is asked about them, and what it answers (C11, C12, I9).

A sheet that was sent has a number from its dry run on; all that is asked of it later names that.
NotFound for another tenant's (B2). Every act may be asked for twice: the second time it is answered
as the first was, and nothing is done.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from actors.messages.undo import UndoOffer
from actors.runtime import Request
from domain.import_decision import Doubles, Left, LeftRow
from domain.sheets import MAX_FILE_BYTES

# Told by Telegram before a file is fetched: a bigger one need not be.
MAX_SHEET_BYTES = MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A workbook to hand over; `clients` counts the active ones in it, examples aside.

    `comes_back` unless it is bigger than what an import reads.
    """

    name: str
    data: bytes = field(repr=False)
    clients: int = 0
    archived: int = 0
    payments: int = 0
    comes_back: bool = True


@dataclass(frozen=True, slots=True)
class ExportClients(Request[SheetFile]):
    """Everything as XLSX: clients, payments, archived; an import reads it back (C11, J9)."""


@dataclass(frozen=True, slots=True)
class GetTemplateSheet(Request[SheetFile]):
    """The sheet to fill in, with examples that are never imported."""


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column of the sheet, and what it was read as, in words; None where it was not read."""

    header: str
    read_as: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRow:
    """One of the first rows, as it was read; `phone` is E.164."""

    row: int
    name: str
    phone: str
    price: Decimal
    due_on: date
    plan: str | None
    server: str | None
    notes: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDone:
    """What an import did. `undo` is None once it was taken back."""

    import_id: int
    added: int
    updated: int
    skipped: int
    undo: UndoOffer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReview:
    """The dry run: nothing is written yet.

    `known` of the `doubles` are registered already, the others stand twice in the sheet. `notes`
    are sentences on what was not read, or read by a rule. `done` is what came of it when confirmed.
    """

    import_id: int
    file_name: str
    tab: str | None
    columns: tuple[SeenColumn, ...]
    new: int
    doubles: int
    known: int
    bad: int
    left_out: int
    first_bad: tuple[LeftRow, ...]
    sample: tuple[SampleRow, ...]
    notes: tuple[str, ...]
    done: ImportDone | None = None


@dataclass(frozen=True, slots=True)
class PreviewImport(Request[ImportReview]):
    """Look at a sheet that was sent, and keep it. Raises InvalidInput when it cannot be read."""

    file_name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class GetImport(Request[ImportReview]):
    """The dry run once more, as it was."""

    import_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRows:
    """One page of the rows that do not simply enter; `page` is one there is."""

    import_id: int
    which: Left
    rows: tuple[LeftRow, ...]
    page: int
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class GetImportRows(Request[ImportRows]):
    """The bad rows, the doubles, or those that the sheet says have left, each with why."""

    import_id: int
    which: Left
    page: int = 1


@dataclass(frozen=True, slots=True)
class ConfirmImport(Request[ImportDone]):
    """Register the good rows of a sheet, at once and only once.

    Checked once more against the clients there are by now. With UPDATE the sheet sets price, due
    date, plan, server and notes of the doubles, never their switches, archive or payments. Raises
    InvalidInput when the file is not kept any more.
    """

    import_id: int
    doubles: Doubles = Doubles.SKIP


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndone:
    """What was taken back; `kept` names some of the `kept_total` with whom something happened."""

    import_id: int
    removed: int
    restored: int
    kept: tuple[str, ...]
    kept_total: int


@dataclass(frozen=True, slots=True)
class UndoImport(Request[ImportUndone]):
    """Remove whom an import added, set back whom it changed.

    Whoever paid, was edited or written to since stays as it is, and is named. Raises CannotUndo
    after ten minutes, and before there is anything to take back.
    """

    import_id: int
