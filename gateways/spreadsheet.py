"""A CSV or XLSX file that somebody sent, as rows (C11). Blocking: call it in a worker thread.

The file is a stranger's: its size is bounded packed and unpacked, and how far its cells reach is
checked before anything lays them out. What is no sheet is refused with a sentence.
"""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from domain.sheets import Cell, Sheet, as_sheet, column_count, is_header
from errors import InvalidInput

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_ZIP_ENTRIES = 1000
MAX_SHEETS = 10
# calamine lays out the whole rectangle up to the last cell: one cell in the far corner of a 5 kB
# file asks for hundreds of gigabytes, and that allocation ends the process.
MAX_AREA_CELLS = 1_000_000
SNIFFED_ROWS = 40
DELIMITERS = ";\t,"
ZIP_START = b"PK"
OLE_START = b"\xd0\xcf\x11\xe0"
SEND_THIS = "Mande um arquivo .xlsx ou .csv."

_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
# An encoding that nobody knows is a LookupError, a row whose number is none a ValueError.
_BROKEN_XML = (expat.ExpatError, LookupError, ValueError)
_XML_PARTS = (".xml", ".rels")


def read_rows(data: bytes, filename: str) -> Sheet:
    """The sheet in `data`; `filename` is only shown. Raises InvalidInput with a sentence.

    What counts is the content, since people send sheets under any name. Of an XLSX it is the first
    sheet that has a header.
    """
    if len(data) > MAX_FILE_BYTES:
        raise InvalidInput(f"O arquivo passa de {MAX_FILE_BYTES // 1024**2} MB. Divida em partes.")
    if not data.strip():
        raise InvalidInput(f"O arquivo {_shown(filename)} está vazio.")
    if data.startswith(OLE_START):
        raise InvalidInput(
            f"O arquivo {_shown(filename)} está no formato antigo (.xls) ou tem senha. "
            "Salve como .xlsx sem senha, ou como CSV."
        )
    read = _read_xlsx if data.startswith(ZIP_START) else _read_csv
    try:
        return read(data)
    except _NotASheet:
        raise InvalidInput(
            f"Não consegui ler o arquivo {_shown(filename)} como planilha. {SEND_THIS}"
        ) from None


class _NotASheet(Exception):
    """The bytes are no sheet; `read_rows` knows the file's name for the sentence."""


def _shown(filename: str) -> str:
    return f"“{' '.join(filename.split())[:60]}”"


# CSV


def _read_csv(data: bytes) -> Sheet:
    text = _decoded(data)
    if "\0" in text:
        raise _NotASheet
    # Excel takes a first line "sep=;" as an order, not as a row.
    body = re.sub(r"\Asep=.\r?\n", "", text)
    try:
        return as_sheet(_records(body, _delimiter(body)))
    except csv.Error:
        raise _NotASheet from None


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _NotASheet


def _delimiter(text: str) -> str:
    """The delimiter under which some early row names the most known columns."""

    def known_columns(delimiter: str) -> int:
        rows = islice(_records(text, delimiter), SNIFFED_ROWS)
        return max(map(column_count, rows), default=0)

    return max(DELIMITERS, key=known_columns)


def _records(text: str, delimiter: str) -> Iterator[tuple[Cell, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return (tuple(record) for record in reader)


# XLSX


def _read_xlsx(data: bytes) -> Sheet:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_bounded(data)))
        return as_sheet(_first_with_header(workbook))
    except (*_BROKEN_ZIP, *_BROKEN_XML, CalamineError):
        raise _NotASheet from None


def _first_with_header(workbook: CalamineWorkbook) -> list[tuple[Cell, ...]]:
    for name in workbook.sheet_names[:MAX_SHEETS]:
        grid = _grid(workbook, name)
        if any(map(is_header, grid[:SNIFFED_ROWS])):
            return grid
    return []


def _grid(workbook: CalamineWorkbook, name: str) -> list[tuple[Cell, ...]]:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [tuple(row) for row in rows]


def _bounded(data: bytes) -> bytes:
    """The workbook packed anew from its XML alone, each part read in full within the bounds.

    What a zip says about its sizes may be a lie; what is read here is what the reader gets.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        parts = source.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > MAX_ZIP_ENTRIES or unpacked > MAX_UNPACKED_BYTES:
            raise InvalidInput("A planilha é grande demais. Deixe só a lista de clientes.")
        for part in {part.filename.lower(): part for part in parts}.values():
            if part.filename.lower().endswith(_XML_PARTS):
                content = source.read(part)
                _check_area(content)
                target.writestr(part.filename, content)
    return packed.getvalue()


def _check_area(xml: bytes) -> None:
    """Refuse cells that lie so far out that the sheet could not be laid out."""
    area = _Area()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = area.started
    parser.StartDoctypeDeclHandler = area.has_doctype
    parser.Parse(xml, True)  # noqa: FBT003 - expat takes its last flag by position only


class _Area:
    """The rectangle of filled cells, as the XML names them or, where it does not, counts them."""

    def __init__(self) -> None:
        self._row = self._column = 0
        self._last_row = self._last_column = 0

    def started(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(" ")[2]
        if element == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif element == "c":
            self._place(attributes.get("r"))
        elif element in {"v", "is"}:
            self._last_row = max(self._last_row, self._row)
            self._last_column = max(self._last_column, self._column)
            if self._last_row * self._last_column > MAX_AREA_CELLS:
                raise InvalidInput(
                    "A planilha tem células longe demais da lista. Deixe só a lista de clientes."
                )

    def _place(self, name: str | None) -> None:
        if name is None:
            self._column += 1
        elif place := _CELL.fullmatch(name):
            self._column, self._row = _column_number(place[1].upper()), int(place[2])
        else:
            raise _NotASheet

    def has_doctype(self, *_declaration: object) -> None:
        raise _NotASheet


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
