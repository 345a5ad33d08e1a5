"""Tables → an XLSX that opens well on a phone. Blocking: call it in a worker thread.

Every text is written as text, so what begins with "=" is shown and never computed (C11); it keeps
its quote, so that touching the cell does not make a formula of it either.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from domain.export_rows import Table, TableCell

HEADER_ROW_HEIGHT = 22
HEADER_COLOUR = "#1F6FB2"
# What a spreadsheet takes for the beginning of a formula when somebody touches the cell.
FORMULA_STARTS = ("=", "+", "-", "@")


def write_workbook(tables: Sequence[Table], made_at: datetime) -> bytes:
    """The workbook with these tabs, the first one in front; `made_at` is local."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        book.set_properties({"title": "EmDia", "created": made_at.replace(tzinfo=None)})
        writer = _Writer(book)
        for table in tables:
            writer.add(table)
    return packed.getvalue()


class _Writer:
    """Knows the formats, which belong to their workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        top = {"valign": "top"}
        self._header = book.add_format(
            {"bold": True, "font_color": "white", "bg_color": HEADER_COLOUR, "valign": "vcenter"}
        )
        self._text = book.add_format(top)
        self._lines = book.add_format({**top, "text_wrap": True})
        self._quoted = book.add_format({**top, "quote_prefix": True, "text_wrap": True})
        self._money = book.add_format({**top, "num_format": '"R$" #,##0.00'})
        self._day = book.add_format({**top, "num_format": "dd/mm/yyyy"})

    def add(self, table: Table) -> None:
        """Write one tab."""
        sheet = self._book.add_worksheet(table.name)
        for column, width in enumerate(table.widths):
            sheet.set_column(column, column, width)
        if table.headings:
            sheet.set_row(0, HEADER_ROW_HEIGHT)
            for column, heading in enumerate(table.headings):
                sheet.write_string(0, column, heading, self._header)
            sheet.freeze_panes(1, 0)
        for row, cells in enumerate(table.rows, start=1 if table.headings else 0):
            for column, cell in enumerate(cells):
                self._write(sheet, row, column, cell)

    def _write(self, sheet: Any, row: int, column: int, cell: TableCell) -> None:
        if isinstance(cell, str):
            sheet.write_string(row, column, cell, self._format_of(cell))
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._day)
        elif isinstance(cell, Decimal):
            sheet.write_number(row, column, cell, self._money)
        elif cell is not None:
            sheet.write_number(row, column, cell, self._text)

    def _format_of(self, text: str) -> Any:
        if text.startswith(FORMULA_STARTS):
            return self._quoted
        return self._lines if "\n" in text else self._text
