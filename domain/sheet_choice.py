"""Which tab of a file is the list, which row names its columns, and which rows below count (C11).

The tab and the row that name most columns are taken; what was left aside is told, never dropped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.sheet_columns import NEEDED, Column, columns_of
from domain.sheet_doubts import begins_list_of_gone
from domain.sheet_form import is_example, is_our_form
from domain.sheet_text import is_total, unscrambled
from domain.sheets import (
    MAX_COLUMNS,
    Cell,
    OtherTab,
    Reading,
    Row,
    Sheet,
    Skipped,
    SkipReason,
    Tab,
    is_blank,
)
from domain.text import fold
from errors import InvalidInput

MAX_ROWS = 5000
# Nothing in an export of ours has to be guessed at, and it must come back whole.
MAX_ROWS_OF_OURS = 20_000
# A header below this many rows is not a header: titles and logos come before it, not pages.
MAX_TITLE_ROWS = 20
MAX_HEADER_CHARS = 60
FEWEST_HEADER_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Header:
    """The row that names the columns, by its lower row where two rows do it together."""

    row: int
    labels: tuple[str, ...]
    upper: int | None = None

    @property
    def worth(self) -> tuple[int, int]:
        """How much it names: the needed columns first, then all."""
        found = columns_of(self.labels)
        return sum(column in found for column in NEEDED), len(found)


def as_sheet(grid: Iterable[tuple[Cell, ...]]) -> Sheet:
    """The sheet in the one `grid` of a file; as `choose`."""
    return choose([Tab(grid=list(grid))])


def choose(
    tabs: Sequence[Tab],
    *,
    wanted: str | None = None,
    hidden_tabs: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Sheet:
    """The sheet in the tab that names most columns: of several alike the one last looked at.

    `wanted` is a tab's name, for who knows better. Raises InvalidInput when nothing is named so,
    there is no header, no row below it, or more than 5,000 rows (20,000 of an export of ours).
    """
    named = [tab for tab in tabs if wanted is None or fold(tab.name or "") == fold(wanted)]
    if not named:
        seen = ", ".join(f"“{tab.name}”" for tab in tabs if tab.name) or "nenhuma"
        raise InvalidInput(f"Não há uma aba “{wanted}” à vista na planilha. As abas são: {seen}.")
    headers = [find_header(tab.grid) for tab in named]
    found = [(tab, header) for tab, header in zip(named, headers, strict=True) if header]
    if not found:
        raise InvalidInput(
            "Não achei a linha com os nomes das colunas. "
            "Ela precisa ter pelo menos: nome, telefone, valor e vencimento."
            + (f" Abas escondidas não são lidas: {', '.join(hidden_tabs)}." if hidden_tabs else "")
        )
    # An empty form beside the list is not the list, however many columns it names; nor are those
    # who left.
    tab, header = max(
        found,
        key=lambda pair: (
            _rows_of(pair[0]) > 0,
            not begins_list_of_gone(pair[0].name or ""),
            pair[1].worth,
            pair[0].active,
        ),
    )
    others = tuple(
        OtherTab(other.name or "", _rows_of(other)) for other in tabs if other is not tab
    )
    return _Reader(tab, header).sheet(others, hidden_tabs, notes)


def most_rows(headers: Sequence[str]) -> int:
    """How many clients a sheet under these headings may have."""
    return MAX_ROWS_OF_OURS if is_our_form(headers) else MAX_ROWS


def too_many_rows(most: int) -> InvalidInput:
    """The refusal of a sheet of more than `most` rows."""
    return InvalidInput(f"A planilha passa de {most} linhas. Divida em mais arquivos.")


def find_header(grid: Sequence[tuple[Cell, ...]]) -> Header | None:
    """The row among the first that names most columns, at least two; None where none does."""
    singles = [
        Header(number, labels_of(cells))
        for number, cells in enumerate(grid[:MAX_TITLE_ROWS], start=1)
    ]
    pairs = [
        Header(lower.row, _joined(upper, lower), upper.row)
        for upper, lower in pairwise(singles)
        if _is_header(upper.labels) and _is_words(grid[lower.row - 1])
    ]
    best = max([*singles, *pairs], key=lambda header: header.worth, default=None)
    return best if best is not None and _is_header(best.labels) else None


def labels_of(cells: Sequence[Cell]) -> tuple[str, ...]:
    """What a row would name the columns, one text per column."""
    return tuple(_label(cell) for cell in cells[:MAX_COLUMNS])


class _Reader:
    """Goes through one tab once and sorts its rows."""

    def __init__(self, tab: Tab, header: Header) -> None:
        self._tab = tab
        self._header = header
        self._labels = header.labels
        self._width = max(place for place, label in enumerate(header.labels, start=1) if label)
        visible = [
            "" if place in tab.hidden_columns else label
            for place, label in enumerate(header.labels)
        ]
        self._visible = tuple(visible)
        self._columns = columns_of(visible)
        self._in_other_table = False

    def sheet(
        self, others: tuple[OtherTab, ...], hidden_tabs: tuple[str, ...], notes: tuple[str, ...]
    ) -> Sheet:
        rows: list[Row] = []
        skipped: list[Skipped] = []
        blank = 0
        most = most_rows(self._visible)
        for number, cells in enumerate(self._tab.grid, start=1):
            if number == self._header.row:
                continue
            if all(map(is_blank, cells)):
                blank += 1
            elif reason := self._why_skipped(number, cells):
                skipped.append(Skipped(number, reason))
            else:
                rows.append(Row(number, cells[:MAX_COLUMNS], self._fault(number, cells)))
            if len(rows) > most:
                raise too_many_rows(most)
        hidden = sum(skip.reason is SkipReason.HIDDEN for skip in skipped)
        examples = any(skip.reason is SkipReason.EXAMPLE for skip in skipped)
        if not rows:
            raise InvalidInput(
                "A planilha não tem nenhum cliente abaixo dos nomes das colunas."
                + (" Só os exemplos, que não entram." if examples else "")
                + (f" Linhas escondidas não são lidas: {hidden}." if hidden else "")
            )
        reading = Reading(
            tab=self._tab.name,
            header_row=self._header.row,
            total_rows=len(self._tab.grid),
            blank_rows=blank,
            skipped=tuple(skipped),
            hidden_columns=tuple(
                self._labels[place]
                for place in sorted(self._tab.hidden_columns)
                if place < len(self._labels) and self._labels[place]
            ),
            hidden_tabs=hidden_tabs,
            other_tabs=others,
            notes=notes,
        )
        return Sheet(self._visible, tuple(rows), reading)

    def _why_skipped(self, number: int, cells: tuple[Cell, ...]) -> SkipReason | None:
        if number == self._header.upper:
            return SkipReason.UPPER_HEADER
        if number < self._header.row:
            return SkipReason.ABOVE
        if number in self._tab.hidden_rows:
            return SkipReason.HIDDEN
        if self._is_repeated(cells):
            self._in_other_table = False
            return SkipReason.REPEATED
        self._in_other_table = self._in_other_table or self._is_another_header(cells)
        return SkipReason.OTHER_TABLE if self._in_other_table else self._no_client(cells)

    def _no_client(self, cells: tuple[Cell, ...]) -> SkipReason | None:
        if self._is_total(cells):
            return SkipReason.TOTAL
        return SkipReason.EXAMPLE if self._is_example(cells) else None

    def _is_repeated(self, cells: tuple[Cell, ...]) -> bool:
        places = [place for place in self._columns.values() if place < len(cells)]
        same = sum(
            labels_of(cells[place : place + 1])[0] == self._labels[place] for place in places
        )
        return same >= FEWEST_HEADER_COLUMNS and same == len(self._columns)

    def _is_example(self, cells: tuple[Cell, ...]) -> bool:
        places = [self._columns.get(column) for column in (Column.NAME, Column.PHONE)]
        found = [cells[at] for at in places if at is not None and at < len(cells)]
        return len(found) == len(places) and is_example(*found)

    def _is_another_header(self, cells: tuple[Cell, ...]) -> bool:
        if not _is_words(cells):
            return False
        found = columns_of(labels_of(cells))
        return all(column in found for column in NEEDED)

    def _is_total(self, cells: tuple[Cell, ...]) -> bool:
        phone = self._columns.get(Column.PHONE)
        if phone is None or (phone < len(cells) and not is_blank(cells[phone])):
            return False
        first = next(cell for cell in cells if not is_blank(cell))
        return isinstance(first, str) and is_total(first)

    def _fault(self, number: int, cells: tuple[Cell, ...]) -> str | None:
        if number in self._tab.faults:
            return self._tab.faults[number]
        filled = max(place for place, cell in enumerate(cells, start=1) if not is_blank(cell))
        if filled <= self._width:
            return None
        return too_many_cells(filled, self._width)


def too_many_cells(filled: int, named: int) -> str:
    """Why a row that is longer than the header is not read: its cells may have shifted."""
    return (
        f"A linha tem {filled} células e os nomes das colunas são {named}: talvez uma vírgula de "
        "centavos tenha dividido o valor. Confira a linha, ou dê nome à coluna que sobra."
    )


def _rows_of(tab: Tab) -> int:
    header = find_header(tab.grid)
    if header is None:
        return 0
    return sum(not all(map(is_blank, cells)) for cells in tab.grid[header.row :])


def _is_header(labels: tuple[str, ...]) -> bool:
    return len(columns_of(labels)) >= FEWEST_HEADER_COLUMNS


def _is_words(cells: Sequence[Cell]) -> bool:
    """Whether a row is words only, as the names of columns are and a client's row is not."""
    filled = [cell for cell in cells if not is_blank(cell)]
    return bool(filled) and all(
        isinstance(cell, str) and not any(letter.isdigit() for letter in cell) for cell in filled
    )


def _joined(upper: Header, lower: Header) -> tuple[str, ...]:
    width = max(len(upper.labels), len(lower.labels))
    above = (*upper.labels, *[""] * (width - len(upper.labels)))
    below = (*lower.labels, *[""] * (width - len(lower.labels)))
    return tuple(low or high for high, low in zip(above, below, strict=True))


def _label(cell: Cell) -> str:
    # A long cell is prose, not the name of a column.
    is_name = isinstance(cell, str) and len(cell) <= MAX_HEADER_CHARS
    return unscrambled(" ".join(str(cell).split())) if is_name else ""
