"""A sheet that somebody sent, and how it was read: values only (C11).

Cells come as the file had them. Row numbers are those the person sees in the spreadsheet. Every row
of a tab is read, skipped with a reason, or blank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

Cell = str | int | float | bool | date | datetime | time | timedelta | None

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_COLUMNS = 256


class SkipReason(StrEnum):
    """Why a row that is not blank was left aside; the value is told to people."""

    ABOVE = "acima dos nomes das colunas"
    UPPER_HEADER = "parte de cima dos nomes das colunas"
    HIDDEN = "escondida na planilha"
    REPEATED = "nomes das colunas repetidos"
    TOTAL = "linha de soma"
    EXAMPLE = "exemplo da planilha modelo"
    OTHER_TABLE = "de outra tabela, com outras colunas, na mesma aba"


@dataclass(frozen=True, slots=True)
class Skipped:
    """One row that is no client's, and why."""

    row: int
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class OtherTab:
    """A visible tab that was not read; `rows` below its header, 0 where it has none."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file was read: to be told before anything is written."""

    tab: str | None = None
    header_row: int = 1
    total_rows: int = 0
    blank_rows: int = 0
    skipped: tuple[Skipped, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    hidden_tabs: tuple[str, ...] = ()
    other_tabs: tuple[OtherTab, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank; `fault` where its cells cannot be trusted to stand right."""

    number: int
    cells: tuple[Cell, ...]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header's texts and the rows below it; a hidden column has no text."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    reading: Reading = field(default_factory=Reading, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One tab of a file (a CSV is one without a name), all its rows from the first."""

    grid: Sequence[tuple[Cell, ...]]
    name: str | None = None
    active: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    faults: Mapping[int, str] = field(default_factory=dict)


def is_blank(cell: Cell) -> bool:
    """Whether there is nothing in `cell` that a person would see."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
