"""An XLSX → its visible tabs, with what the file hides marked (C11). Bounded before it is laid out.

calamine reads the cells; which rows and columns are hidden, and what error a formula shows, it does
not say, so that is taken from the XML on the way.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from domain.sheets import MAX_COLUMNS, Cell, Tab
from errors import InvalidInput

MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_ZIP_ENTRIES = 1000
MAX_TABS = 60
# calamine lays out the whole rectangle up to the last cell: one cell in the far corner of a 5 kB
# file asks for hundreds of gigabytes, and that allocation ends the process.
MAX_AREA_CELLS = 1_000_000
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"

_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
# An encoding that nobody knows is a LookupError, a row whose number is none a ValueError.
_BROKEN_XML = (expat.ExpatError, LookupError, ValueError)
_XML_PARTS = (".xml", ".rels")
_YES = frozenset({"1", "true"})


class NotAWorkbook(Exception):
    """The bytes are no XLSX that could be read."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """The tabs that people see, and the names of those they do not."""

    tabs: tuple[Tab, ...]
    hidden_tabs: tuple[str, ...]


def read_xlsx(data: bytes) -> Workbook:
    """The workbook in `data`.

    Raises:
        NotAWorkbook: it is none.
        InvalidInput: it is too big, or its cells lie too far out.
    """
    try:
        packed, parts = _bounded(data)
        calamine = CalamineWorkbook.from_filelike(io.BytesIO(packed))
        return _workbook(calamine, parts)
    except (*_BROKEN_ZIP, *_BROKEN_XML, CalamineError):
        raise NotAWorkbook from None


def unpacks(data: bytes) -> bool:
    """Whether a workbook of ours, whose zip says the truth, unpacks to no more than is read."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return sum(part.file_size for part in packed.infolist()) <= MAX_UNPACKED_BYTES


def _workbook(calamine: CalamineWorkbook, parts: "Mapping[str, _Part]") -> Workbook:
    places = _places(parts)
    tabs: list[Tab] = []
    hidden: list[str] = []
    active = parts[WORKBOOK].active_tab
    for number, sheet in enumerate(calamine.sheets_metadata):
        if sheet.typ is not SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible is not SheetVisibleEnum.Visible:
            hidden.append(sheet.name)
            continue
        if len(tabs) == MAX_TABS:
            raise InvalidInput(f"A planilha passa de {MAX_TABS} abas. Deixe só a dos clientes.")
        part = parts[places[sheet.name]]
        tabs.append(
            Tab(
                grid=_grid(calamine, sheet.name, part),
                name=sheet.name,
                active=number == active,
                hidden_rows=frozenset(part.hidden_rows),
                hidden_columns=frozenset(part.hidden_columns),
            )
        )
    return Workbook(tuple(tabs), tuple(hidden))


def _places(parts: "Mapping[str, _Part]") -> dict[str, str]:
    """The part of each tab, by the tab's name."""
    targets = parts[RELATIONS].targets
    return {
        name: posixpath.normpath(posixpath.join("/xl", targets[relation])).lstrip("/").lower()
        for name, relation in parts[WORKBOOK].tab_relations.items()
        if relation in targets
    }


def _grid(calamine: CalamineWorkbook, name: str, part: "_Part") -> list[tuple[Cell, ...]]:
    rows = calamine.get_sheet_by_name(name).to_python(skip_empty_area=False)
    # calamine shows a formula's error as a blank; a blank may be left out without a word.
    for (row, column), error in part.errors.items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = error
    return [tuple(row) for row in rows]


def _bounded(data: bytes) -> "tuple[bytes, dict[str, _Part]]":
    """The workbook packed anew from its XML alone, each part read in full within the bounds.

    What a zip says about its sizes may be a lie; what is read here is what the reader gets.
    """
    packed = io.BytesIO()
    read: dict[str, _Part] = {}
    area = 0
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        parts = source.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > MAX_ZIP_ENTRIES or unpacked > MAX_UNPACKED_BYTES:
            raise InvalidInput("A planilha é grande demais. Deixe só a lista de clientes.")
        for name, part in {part.filename.lower(): part for part in parts}.items():
            if name.endswith(_XML_PARTS):
                content = source.read(part)
                read[name] = _Part(MAX_AREA_CELLS - area)
                read[name].parse(content)
                area += read[name].area
                target.writestr(part.filename, content)
    return packed.getvalue(), read


class _Part:
    """What one part of the XML says of itself, whatever part it is.

    The rectangle of filled cells is as the XML names them or, where it does not, counts them.
    """

    def __init__(self, most_cells: int) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.errors: dict[tuple[int, int], str] = {}
        self.tab_relations: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self.active_tab = 0
        self._most_cells = most_cells
        self._row = self._column = 0
        self._last_row = self._last_column = 0
        self._in_error = self._in_value = False

    @property
    def area(self) -> int:
        """How many cells the rectangle has."""
        return self._last_row * self._last_column

    def parse(self, xml: bytes) -> None:
        """Read the part; InvalidInput when cells lie so far out that they cannot be laid out."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _has_doctype
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes its last flag by position only

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(" ")[2]
        if element == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            if _is_hidden(attributes, "ht"):
                self.hidden_rows.add(self._row)
        elif element == "c":
            self._place(attributes.get("r"))
            self._in_error = attributes.get("t") == "e"
        elif element in {"v", "is"}:
            self._fill()
            self._in_value = True
        else:
            self._other(element, attributes)

    def _other(self, element: str, attributes: dict[str, str]) -> None:
        if element == "col" and _is_hidden(attributes, "width"):
            first, last = int(attributes["min"]), int(attributes["max"])
            self.hidden_columns.update(range(max(first, 1) - 1, min(last, MAX_COLUMNS)))
        elif element == "sheet" and "name" in attributes:
            relation = (value for key, value in attributes.items() if key.endswith(" id"))
            self.tab_relations[attributes["name"]] = next(relation, "")
        elif element == "Relationship" and "Id" in attributes:
            self.targets[attributes["Id"]] = attributes.get("Target", "")
        elif element == "workbookView":
            self.active_tab = int(attributes.get("activeTab", 0))

    def _ended(self, name: str) -> None:
        if name.endswith((" v", " is")) or name in {"v", "is"}:
            self._in_value = False

    def _text(self, text: str) -> None:
        if self._in_error and self._in_value:
            place = (self._row, self._column)
            self.errors[place] = self.errors.get(place, "") + text

    def _fill(self) -> None:
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        if self.area > self._most_cells:
            raise InvalidInput(
                "A planilha tem células longe demais da lista. Deixe só a lista de clientes."
            )

    def _place(self, name: str | None) -> None:
        if name is None:
            self._column += 1
        elif place := _CELL.fullmatch(name):
            self._column, self._row = _column_number(place[1].upper()), int(place[2])
        else:
            raise NotAWorkbook


def _is_hidden(attributes: dict[str, str], extent: str) -> bool:
    """Whether a row or column cannot be seen, which may also mean that it was pushed flat."""
    return attributes.get("hidden") in _YES or float(attributes.get(extent, 1)) == 0


def _has_doctype(*_declaration: object) -> None:
    raise NotAWorkbook


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
