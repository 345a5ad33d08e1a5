"""The form that EmDia itself writes, read back to the letter (C11, C13)."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.import_decision import Weighed, weigh
from domain.sheet_choice import as_sheet
from domain.sheet_form import EXAMPLES, HEADINGS
from domain.sheets import Cell
from tests.unit.domain.makers import TODAY

ROW = {
    "Nome": "Ana",
    "Telefone": "(11) 99000-0001",
    "Plano": "Mensal",
    "Valor": "35,00",
    "Vencimento": "30/11/2026",
    "Cobranças": "sim",
    "Avisos": "sim",
}


def read(**cells: Cell) -> Weighed:
    """The form with one row, which says `cells` besides."""
    sheet = as_sheet([tuple(HEADINGS), tuple(str(ROW.get(one) or "") for one in HEADINGS)])
    said = {
        one: (cells[one.replace(" ", "_")]) for one in HEADINGS if one.replace(" ", "_") in cells
    }
    row = sheet.rows[0]
    changed = tuple(said.get(one, cell) for one, cell in zip(HEADINGS, row.cells, strict=False))
    return weigh(replace(sheet, rows=(replace(row, cells=changed),)), TODAY, (), ())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param("31", 31, id="hidden behind a shorter month"),
        pytest.param("30", None, id="the due date's own day hides nothing"),
        pytest.param("15", None, id="a day the due date contradicts"),
        pytest.param("", None, id="none"),
    ],
)
def test_the_agreed_day_counts_where_the_due_date_hides_it(said: str, expected: int | None) -> None:
    assert [expected] == [
        entry.client.agreed_day for entry in read(Dia_combinado=said).found.clients
    ]


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 12, 5),
        datetime(2026, 12, 5, 10),  # noqa: DTZ001 - a spreadsheet knows no zone
        "05/12/2026",
    ],
)
def test_a_due_date_is_read_as_a_day_however_the_cell_holds_it(cell: Cell) -> None:
    assert [date(2026, 12, 5)] == [one.client.due_on for one in read(Vencimento=cell).found.clients]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"Nome": ""}, "Faltou o"),
        ({"Dia_combinado": "32"}, "O dia combinado vai de 1 a 31."),
        ({"Dia_combinado": "0"}, "O dia combinado vai de 1 a 31."),
        ({"Vencimento": date(1999, 1, 1)}, ""),
    ],
)
def test_a_row_that_cannot_be_read_says_why(cells: dict[str, Cell], said: str) -> None:
    faults = read(**cells).found.faults

    assert [True] == [said in fault.reason for fault in faults]


def test_an_example_is_due_so_many_days_from_today() -> None:
    assert [one.days for one in EXAMPLES] == [(one.due_on(TODAY) - TODAY).days for one in EXAMPLES]


def test_a_switch_that_says_neither_is_a_fault_of_its_row() -> None:
    faults = read(Cobranças="talvez").found.faults

    assert [True] == [fault.reason.startswith("Em Cobranças e Avisos") for fault in faults]
