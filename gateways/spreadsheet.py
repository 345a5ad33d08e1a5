"""A CSV or XLSX file that somebody sent, as rows (C11). Blocking: call it in a worker thread.

The file is a stranger's: its size is bounded packed and unpacked, and how far its cells reach is
checked before anything lays them out. What is no sheet is refused with a sentence.
"""

import csv
from collections.abc import Sequence
from dataclasses import replace

from domain.sheet_choice import MAX_ROWS_OF_OURS, choose
from domain.sheet_form import is_our_form
from domain.sheet_text import unscrambled
from domain.sheets import MAX_FILE_BYTES, Sheet, Tab
from errors import InvalidInput
from gateways.file_kinds import SEND_THIS, ZIP_START, what_else
from gateways.sheet_csv import read_csv
from gateways.sheet_decoding import UnknownEncoding, decoded
from gateways.sheet_xlsx import (
    MAX_AREA_CELLS,
    MAX_UNPACKED_BYTES,
    NotAWorkbook,
    read_xlsx,
    unpacks,
)

__all__ = ["MAX_FILE_BYTES", "MAX_UNPACKED_BYTES", "comes_back", "read_rows"]

SHOWN_CHARS = 30


def read_rows(data: bytes, filename: str, *, tab: str | None = None) -> Sheet:
    """The sheet in `data`; `filename` is only shown. Raises InvalidInput with a sentence.

    What counts is the content, since people send sheets under any name. Of an XLSX it is the
    visible tab that names most columns, or the one called `tab`.
    """
    shown = f"“{' '.join(filename.split())[:60]}”"
    if len(data) > MAX_FILE_BYTES:
        raise InvalidInput(f"O arquivo passa de {MAX_FILE_BYTES // 1024**2} MB. Divida em partes.")
    if not data.strip():
        raise InvalidInput(f"O arquivo {shown} está vazio.")
    if told := what_else(data):
        raise InvalidInput(f"O arquivo {shown} {told}")
    try:
        if data.startswith(ZIP_START):
            return _workbook_sheet(data, tab)
        return _text_sheet(data, tab)
    except (NotAWorkbook, UnknownEncoding, csv.Error):
        raise InvalidInput(
            f"Não consegui ler o arquivo {shown} como planilha. {SEND_THIS}"
        ) from None


def comes_back(data: bytes, *, clients: int, cells: int) -> bool:
    """Whether a workbook of ours, of so many clients and of cells in all, would be read."""
    return (
        clients <= MAX_ROWS_OF_OURS
        and cells <= MAX_AREA_CELLS
        and len(data) <= MAX_FILE_BYTES
        and unpacks(data)
    )


def _workbook_sheet(data: bytes, tab: str | None) -> Sheet:
    workbook = read_xlsx(data)
    sheet = choose(workbook.tabs, wanted=tab, hidden_tabs=workbook.hidden_tabs)
    # Of an export of ours nothing is mended: it is read to the letter.
    notes = () if is_our_form(sheet.headers) else _scrambled_note(workbook.tabs)
    return replace(sheet, reading=replace(sheet.reading, notes=notes)) if notes else sheet


def _text_sheet(data: bytes, tab: str | None) -> Sheet:
    found = decoded(data)
    if "\0" in found.text:
        raise UnknownEncoding
    table = read_csv(found.text)
    notes = () if found.note is None else (found.note,)
    return choose([table], wanted=tab, notes=(*notes, *_scrambled_note([table])))


def _scrambled_note(tabs: Sequence[Tab]) -> tuple[str, ...]:
    """What to tell of letters that were spoilt before the file came to us."""
    spoilt = (
        cell
        for tab in tabs
        for row in tab.grid
        for cell in row
        if isinstance(cell, str) and not cell.isascii() and unscrambled(cell) != cell
    )
    example = next(spoilt, None)
    if example is None:
        return ()
    count = 1 + sum(1 for _ in spoilt)
    cells = "1 célula" if count == 1 else f"{count} células"
    was, is_now = example[:SHOWN_CHARS], unscrambled(example)[:SHOWN_CHARS]
    return (f"Acentos trocados foram consertados em {cells} (“{was}” virou “{is_now}”).",)
