"""Whole sheets for tests, made from rows: what a person would have saved and sent."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import xlsxwriter

from domain.import_preview import ImportPreview
from domain.import_rows import preview_import
from domain.sheets import Cell
from gateways.spreadsheet import read_rows

TODAY = date(2026, 11, 24)
HEADER = ("Nome", "Telefone", "Valor", "Vencimento", "Plano")
ANA = ("Ana Lima", "11990000001", "35,00", "10/12/2026", "Mensal")
BIA = ("Bia Souza", "11990000002", "40,00", "11/12/2026", "Anual")


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of a workbook to make; `errors` are formulas that show them, by place."""

    name: str
    rows: Sequence[Sequence[Cell]]
    hidden: bool = False
    very_hidden: bool = False
    active: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def delimited(*rows: Sequence[object], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """Rows as a text file, quoted where they must be."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def text(*lines: str) -> bytes:
    """Lines as a text file, as they are."""
    return "".join(f"{line}\r\n" for line in lines).encode()


def workbook(*tabs: Tab) -> bytes:
    """Tabs as an XLSX with real dates and numbers."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    for tab in tabs:
        sheet = book.add_worksheet(tab.name)
        for number, cells in enumerate(tab.rows):
            for column, cell in enumerate(cells):
                write = sheet.write_string if isinstance(cell, str) else sheet.write
                write(number, column, cell)
        for row in tab.hidden_rows:
            sheet.set_row(row - 1, None, None, {"hidden": True})
        for column in tab.hidden_columns:
            sheet.set_column(column, column, None, None, {"hidden": True})
        for (row, column), error in tab.errors.items():
            sheet.write_formula(row - 1, column, "=1/0", None, error)
        if tab.active:
            sheet.activate()
        if tab.hidden:
            sheet.hide()
        if tab.very_hidden:
            sheet.very_hidden()
    book.close()
    return packed.getvalue()


def dry_run(data: bytes, today: date = TODAY) -> ImportPreview:
    """What importing the file would do."""
    return preview_import(read_rows(data, "clientes"), today)


def decisions(data: bytes) -> dict[int, str]:
    """One word per row of the sheet that is not blank: who enters by name, or why not."""
    found = dry_run(data)
    told = {entry.row: entry.client.name for entry in found.clients}
    told |= {entry.row: "repetido" for entry in found.duplicates}
    told |= {fault.row: fault.reason for fault in found.faults}
    told |= {left.row: f"fora: {left.word}" for left in found.left_out}
    return dict(sorted((told | {s.row: s.reason for s in found.reading.skipped}).items()))
