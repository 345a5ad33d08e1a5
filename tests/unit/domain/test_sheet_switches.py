"""Nobody receives through a sheet what they refused (C10, C11, F8)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.clients import Client
from domain.export_rows import ExportedClient, client_cells
from domain.import_decision import Doubles, Registered, weigh
from domain.import_preview import ImportPreview, RowFault
from domain.import_report import doubts
from domain.import_rows import preview_import
from domain.sheet_choice import MAX_ROWS_OF_OURS, as_sheet
from domain.sheet_form import HEADINGS
from domain.sheets import Cell
from errors import InvalidInput
from tests.unit.domain.makers import TODAY, make_client

ROW = ("Ana", "(11) 99000-0001", "Mensal", "35", "", "10/12/2026", "", "", "")
STRANGE = ("Nome", "Telefone", "Plano", "Valor", "Vencimento")
STRANGE_ROW = ("Ana", "(11) 99000-0001", "Mensal", "35", "10/12/2026")
ANA = Registered(
    client_id=7,
    name="Ana",
    phone="+5511990000001",
    plan="Mensal",
    price=Decimal(30),
    due_on=date(2026, 11, 10),
    archived=False,
)
WORDS = "Em Cobranças e Avisos, escreva sim, não ou saiu (quem pediu SAIR)."


def read(*rows: tuple[Cell, ...], headings: tuple[str, ...] = tuple(HEADINGS)) -> ImportPreview:
    """The dry run of such a sheet."""
    return preview_import(as_sheet([headings, *rows]), TODAY)


def received(found: ImportPreview) -> list[tuple[bool, bool, bool]]:
    """What each would receive: billing, notices; and whether it sent SAIR."""
    clients = [entry.client for entry in found.clients]
    return [(one.receives_billing, one.receives_notices, one.opted_out) for one in clients]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(("sim", "sim"), (True, True, False), id="everything"),
        pytest.param(("não", "sim"), (False, True, False), id="no billing"),
        pytest.param(("Sim ", "NAO"), (True, False, False), id="as people retype it"),
        pytest.param(("saiu", "saiu"), (True, True, True), id="SAIR"),
        pytest.param(("saiu", "não, saiu"), (True, False, True), id="SAIR with a switch off"),
        pytest.param(("saiu", "sim"), (True, True, True), id="SAIR in one of both"),
        pytest.param(("pediu para sair",) * 2, (False, False, True), id="an older export"),
    ],
)
def test_the_switches_of_an_export_are_read(
    cells: tuple[str, str], expected: tuple[bool, bool, bool]
) -> None:
    assert [expected] == received(read((*ROW, *cells)))


@pytest.mark.parametrize("cell", [None, "", "talvez", 1.0, "não sei"])
def test_what_is_no_answer_is_asked_about_once(cell: Cell) -> None:
    assert (RowFault(2, WORDS),) == read((*ROW, cell, cell)).faults


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, ("sim", "sim"), id="everything"),
        pytest.param({"receives_billing": None}, ("não", "sim"), id="unreadable"),
        pytest.param({"preferences": None}, ("não", "não"), id="preferences unreadable"),
        pytest.param({"preferences": {"vence_hoje": False}}, ("sim", "não"), id="one kind refused"),
        pytest.param(
            {"opted_out": True, "receives_notices": False}, ("saiu", "não, saiu"), id="SAIR"
        ),
    ],
)
def test_what_is_refused_is_written_and_the_unreadable_is_a_no(
    changes: dict[str, object], expected: tuple[str, str]
) -> None:
    client: Client = replace(make_client(), **changes)  # type: ignore[arg-type]

    assert expected == client_cells(ExportedClient(client=client), ())[9:11]


@pytest.mark.parametrize(
    "heading",
    ["Cobrança", "Aviso", "Receber cobrança", "Não enviar", "Cobranças", "avisos", "Avisos"],
)
@pytest.mark.parametrize("cell", ["sim", "não"])
def test_a_column_of_another_sheet_is_not_guessed_at(heading: str, cell: str) -> None:
    found = read((*STRANGE_ROW, cell), headings=(*STRANGE, heading))

    assert [(True, True, False)] == received(found)
    assert [heading] == [use.header for use in found.columns if use.column is None]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(("não", "sim"), (False, True, False), id="no billing"),
        pytest.param(("sim", "não"), (True, False, False), id="no notices"),
        pytest.param(("saiu", "saiu"), (True, True, True), id="SAIR"),
        pytest.param(("pediu para sair",) * 2, (False, False, True), id="an older export"),
        pytest.param(("01/12", ""), (True, True, False), id="something else"),
    ],
)
def test_an_export_with_a_column_taken_away_still_says_what_is_refused(
    cells: tuple[str, str], expected: tuple[bool, bool, bool]
) -> None:
    found = read((*STRANGE_ROW, *cells), headings=(*STRANGE, "Cobranças", "Avisos"))

    assert [expected] == received(found)


def test_the_dry_run_counts_who_enters_without_receiving_everything() -> None:
    cells = [("não", "sim"), ("não", "não"), ("saiu", "saiu"), ("sim", "sim")]
    rows = [(f"Ana {number}", *ROW[1:], *two) for number, two in enumerate(cells)]

    assert (
        "Entram sem receber tudo, como pediram: 2 sem cobranças, 1 sem avisos, 1 que saiu (SAIR)."
    ) == doubts(read(*rows))[0]


@pytest.mark.parametrize(
    ("there", "row", "expected"),
    [
        pytest.param(
            replace(ANA, receives_billing=False), STRANGE_ROW, (False, True, False), id="billing"
        ),
        pytest.param(
            replace(ANA, receives_notices=False), STRANGE_ROW, (True, False, False), id="notices"
        ),
        pytest.param(replace(ANA, opted_out=True), STRANGE_ROW, (True, True, True), id="SAIR"),
        pytest.param(
            replace(ANA, opted_out=True, archived=True), STRANGE_ROW, (True, True, True), id="gone"
        ),
        pytest.param(
            replace(ANA, opted_out=True, receives_billing=False),
            ("Ana e Bia", "11 9000-0001", "Anual", "35", "10/12/2026"),
            (True, True, True),
            id="SAIR from a number that has another client now",
        ),
    ],
)
def test_who_is_added_beside_a_client_receives_no_more_than_that_one(
    there: Registered, row: tuple[str, ...], expected: tuple[bool, bool, bool]
) -> None:
    decision = weigh(as_sheet([STRANGE, row]), TODAY, [there], ()).decide(Doubles.ADD)

    assert [expected] == [
        (one.receives_billing, one.receives_notices, one.opted_out) for one in decision.to_add
    ]


def test_of_two_rows_for_one_client_every_refusal_counts() -> None:
    rows = [(*ROW, "sim", "não"), (*ROW, "não, saiu", "saiu")]
    weighed = weigh(as_sheet([tuple(HEADINGS), *rows]), TODAY, [], ())

    assert [(False, False, True)] == received(weighed.found)


def test_who_shares_a_number_in_an_export_keeps_its_own_answer() -> None:
    rows = [(*ROW, "saiu", "saiu"), ("Bia", *ROW[1:], "sim", "sim")]
    weighed = weigh(as_sheet([tuple(HEADINGS), *rows]), TODAY, [], ())

    assert [(True, True, True), (True, True, False)] == received(weighed.found)


def test_an_export_may_have_four_times_the_rows_of_another_sheet() -> None:
    row = (*ROW, "sim", "sim")

    assert MAX_ROWS_OF_OURS == len(as_sheet([tuple(HEADINGS), *[row] * MAX_ROWS_OF_OURS]).rows)
    with pytest.raises(InvalidInput, match="passa de 20000 linhas"):
        as_sheet([tuple(HEADINGS), *[row] * (MAX_ROWS_OF_OURS + 1)])
