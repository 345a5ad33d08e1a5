"""Whole files as people send them: bytes in, what became of every row out (C11)."""

import zipfile
from datetime import date
from io import BytesIO

import pytest

from domain.import_preview import ColumnUse, client_key
from domain.import_rows import preview_import
from domain.sheet_columns import Column
from domain.sheets import OtherTab, Skipped, SkipReason
from errors import InvalidInput
from gateways.spreadsheet import read_rows
from tests.unit.sheets import (
    ANA,
    BIA,
    HEADER,
    TODAY,
    Tab,
    decisions,
    delimited,
    dry_run,
    workbook,
)

SPLIT = "A linha tem 6 células e os nomes das colunas são 5"


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with something else in the XML of its first tab."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as before, zipfile.ZipFile(packed, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            is_tab = name == "xl/worksheets/sheet1.xml"
            after.writestr(name, content.replace(old, new) if is_tab else content)
    return packed.getvalue()


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(delimited(HEADER, (*ANA, "a mais"), BIA), id="text"),
        pytest.param(workbook(Tab("Clientes", [HEADER, (*ANA, "a mais"), BIA])), id="workbook"),
    ],
)
def test_a_row_with_more_cells_than_the_header_is_a_fault(file: bytes) -> None:
    assert {2: SPLIT, 3: "Bia Souza"} == {
        row: told.partition(":")[0] for row, told in decisions(file).items()
    }


@pytest.mark.parametrize(
    ("above", "header_row"),
    [
        pytest.param([], 1, id="at the top"),
        pytest.param([("CLIENTES TV",), ()], 3, id="below a title"),
        pytest.param([("Dados do cliente", "", "Cobrança")], 2, id="below a group header"),
        pytest.param([("Cliente", "", "Valor e vencimento", "")], 2, id="below known words"),
        pytest.param([("Nome", "", "Plano")], 2, id="below a poorer header"),
    ],
)
def test_the_row_that_names_most_columns_is_the_header(
    above: list[tuple[str, ...]], header_row: int
) -> None:
    found = dry_run(workbook(Tab("A", [*above, HEADER, ANA])))

    assert (header_row, ["Ana Lima"]) == (
        found.reading.header_row,
        [entry.client.name for entry in found.clients],
    )


def test_two_rows_may_name_the_columns_together() -> None:
    upper = ("Nome", "Telefone", "Cobrança", "", "Plano")
    lower = ("", "", "Valor", "Vencimento", "")

    found = dry_run(workbook(Tab("A", [upper, lower, ANA])))

    assert (2, 1) == (found.reading.header_row, len(found.clients))
    assert (Skipped(1, SkipReason.UPPER_HEADER),) == found.reading.skipped


MONTHS = ("Janeiro", "Fevereiro", "Março", "Abril", "Maio", "Junho", "Julho", "Agosto", "Setembro")


def test_of_twelve_tabs_alike_the_one_last_looked_at_is_read_and_the_others_are_named() -> None:
    tabs = [Tab(name, [HEADER, ANA, BIA], active=name == "Julho") for name in MONTHS]

    reading = dry_run(workbook(*tabs)).reading

    others = tuple(OtherTab(name, 2) for name in MONTHS if name != "Julho")
    assert ("Julho", others) == (reading.tab, reading.other_tabs)


def test_a_tab_can_be_asked_for_by_name() -> None:
    data = workbook(Tab("Janeiro", [HEADER, ANA]), Tab("Março", [HEADER, BIA]))

    assert BIA == read_rows(data, "a", tab="marco").rows[0].cells


def test_the_tab_that_names_most_columns_is_read() -> None:
    few = [("Nome", "Plano", "Servidor"), ("Ana", "Mensal", "Alfa")]
    tabs = [Tab("Resumo", few, active=True), Tab("Capa", [("Olá",)]), Tab("Lista", [HEADER, ANA])]

    reading = dry_run(workbook(*tabs)).reading

    assert ("Lista", (OtherTab("Resumo", 1), OtherTab("Capa", 0))) == (
        reading.tab,
        reading.other_tabs,
    )


OLD = [(*HEADER, "Servidor"), (*BIA, "Alfa")]


@pytest.mark.parametrize(
    "old",
    [
        pytest.param(Tab("Antiga", OLD, hidden=True), id="hidden"),
        pytest.param(Tab("Antiga", OLD, very_hidden=True), id="very hidden"),
    ],
)
def test_a_hidden_tab_is_named_and_not_read(old: Tab) -> None:
    found = dry_run(workbook(old, Tab("Nova", [HEADER, ANA], active=True)))

    assert (("Antiga",), ["Ana Lima"]) == (
        found.reading.hidden_tabs,
        [entry.client.name for entry in found.clients],
    )


def test_hidden_rows_are_counted_and_not_read() -> None:
    tab = Tab("A", [HEADER, ANA, BIA], hidden_rows=frozenset({2}))

    assert {2: SkipReason.HIDDEN, 3: "Bia Souza"} == decisions(workbook(tab))


@pytest.mark.parametrize(
    "mark", [b'hidden="1"', b'hidden="true"', b'ht="0" customHeight="1"'], ids=["1", "true", "flat"]
)
def test_a_row_is_hidden_however_the_file_says_so(mark: bytes) -> None:
    data = workbook(Tab("A", [HEADER, ANA, BIA]))

    told = decisions(replaced(data, b'<row r="2"', b'<row r="2" ' + mark))

    assert {2: SkipReason.HIDDEN, 3: "Bia Souza"} == told


@pytest.mark.parametrize("mark", [b'hidden="1"', b'width="0"'], ids=["hidden", "no width"])
def test_a_column_is_hidden_however_the_file_says_so(mark: bytes) -> None:
    data = workbook(Tab("A", [HEADER, ANA]))
    columns = b'<cols><col min="5" max="5" ' + mark + b"/></cols><sheetData>"

    assert ("Plano",) == dry_run(replaced(data, b"<sheetData>", columns)).reading.hidden_columns


def test_a_hidden_column_is_named_and_not_read() -> None:
    tab = Tab("A", [HEADER, ANA], hidden_columns=frozenset({4}))

    found = dry_run(workbook(tab))

    assert (("Plano",), None) == (found.reading.hidden_columns, found.clients[0].client.plan)


def test_hidden_columns_without_a_name_are_not_told() -> None:
    tab = Tab("A", [("", *HEADER), ("x", *ANA, "y")], hidden_columns=frozenset({0, 5, 6, 9}))

    assert ("Plano",) == dry_run(workbook(tab)).reading.hidden_columns


@pytest.mark.parametrize(
    ("tabs", "sentence"),
    [
        pytest.param(
            [Tab("Capa", [("Olá",)]), Tab("Lista", [HEADER, ANA], hidden=True)],
            "Abas escondidas não são lidas: Lista.",
            id="the only list is hidden",
        ),
        pytest.param(
            [Tab("A", [HEADER, ANA], hidden_columns=frozenset({2}))],
            "Colunas escondidas não são lidas: Valor.",
            id="a needed column is hidden",
        ),
        pytest.param(
            [Tab("A", [HEADER, ANA, BIA], hidden_rows=frozenset({2, 3}))],
            "Linhas escondidas não são lidas: 2.",
            id="all rows are hidden",
        ),
    ],
)
def test_what_is_refused_because_it_is_hidden_says_so(tabs: list[Tab], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        dry_run(workbook(*tabs))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(("TOTAL", "", "75,00"), SkipReason.TOTAL, id="total"),
        pytest.param(("Total geral:", "", "75,00"), SkipReason.TOTAL, id="grand total"),
        pytest.param(("Soma", "", "75,00"), SkipReason.TOTAL, id="sum"),
        pytest.param(("", "Subtotal", "75,00"), "Faltou o nome.", id="a word in the phone's place"),
        pytest.param(("Total Silva", *ANA[1:]), "Total Silva", id="a client of that name"),
        pytest.param(HEADER, SkipReason.REPEATED, id="the header again"),
        pytest.param((*HEADER[:2], *ANA[2:]), "Faltou o telefone", id="two names of columns"),
        pytest.param(
            ("Telefone", "Nome", "Vencimento", "Valor"), SkipReason.OTHER_TABLE, id="another table"
        ),
        pytest.param((*ANA[:2], "-35,00", *ANA[3:]), "Não entendi o valor", id="below zero"),
        pytest.param((*ANA[:2], "35/40", *ANA[3:]), "Não entendi o valor", id="two prices"),
        pytest.param((*ANA[:2], "#REF!", *ANA[3:]), "A coluna valor tem um erro", id="error text"),
        pytest.param((*ANA[:4], "#N/D"), "A coluna plano tem um erro", id="error where not needed"),
        pytest.param(("Jo?o", *ANA[1:]), "O nome perdeu letras", id="a lost letter"),
        pytest.param((ANA[0], "1,199E+10", *ANA[2:]), "A planilha cortou", id="digits lost"),
        pytest.param((ANA[0], "1,1990000001E+10", *ANA[2:]), "Ana Lima", id="digits kept"),
        pytest.param((ANA[0], '="11990000001"', *ANA[2:]), "Ana Lima", id="phone as a formula"),
        pytest.param((ANA[0], "'11990000001", *ANA[2:]), "Ana Lima", id="phone with its quote"),
        pytest.param((ANA[0], " 11990000001 ", *ANA[2:]), "Ana Lima", id="phone in spaces"),
    ],
)
def test_each_odd_row_among_good_ones_is_what_it_is(row: tuple[str, ...], expected: str) -> None:
    told = decisions(workbook(Tab("A", [HEADER, BIA, row])))

    assert ["Bia Souza", True] == [told[2], told[3].startswith(expected)]


def test_rows_below_another_tables_header_are_not_read_as_if_they_were_of_the_first() -> None:
    other = [("Telefone", "Nome", "Vencimento", "Valor"), ("11990000002", "Bia", "1/12/2026", "9")]

    told = decisions(workbook(Tab("A", [HEADER, ANA, (), *other, HEADER, BIA])))

    away = SkipReason.OTHER_TABLE
    assert {2: "Ana Lima", 4: away, 5: away, 6: SkipReason.REPEATED, 7: "Bia Souza"} == told


def test_an_error_that_a_formula_shows_is_no_blank() -> None:
    tab = Tab("A", [HEADER, ANA, (*BIA[:2], None, *BIA[3:])], errors={(3, 2): "#DIV/0!"})

    assert "A coluna valor tem um erro da planilha (#DIV/0!)." == decisions(workbook(tab))[3]


def test_the_needed_columns_are_found_behind_seventy_others() -> None:
    many = tuple(f"Campo {number}" for number in range(70))

    assert {2: "Ana Lima"} == decisions(delimited((*many, *HEADER), (*many, *ANA)))


@pytest.mark.parametrize(
    ("area", "number", "expected"),
    [
        pytest.param("11", "99000-0001", "+5511990000001", id="mobile"),
        pytest.param("011", "990000001", "+5511990000001", id="with a zero"),
        pytest.param("11", "3333-4444", "+551133334444", id="landline"),
        pytest.param("11", "(21) 99000-0001", "+5521990000001", id="the phone has its own"),
        pytest.param("", "21 99000-0001", "+5521990000001", id="no area code"),
    ],
)
def test_an_area_code_in_a_column_of_its_own_belongs_to_the_phone(
    area: str, number: str, expected: str
) -> None:
    found = dry_run(delimited(("DDD", *HEADER), (area, ANA[0], number, *ANA[2:]), ("11", "Bia")))

    assert [expected] == [entry.client.phone for entry in found.clients]
    assert ColumnUse("DDD", Column.PHONE) in found.columns
    assert [3] == [fault.row for fault in found.faults]


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        pytest.param((*HEADER, "DDD"), (*ANA[:1], "990000001", *ANA[2:], "11"), "Ana", id="last"),
        pytest.param(("Nº", *HEADER), ("11", ANA[0], "990000001", *ANA[2:]), "Faltou", id="none"),
    ],
)
def test_an_area_code_is_taken_from_its_own_column_only(
    header: tuple[str, ...], row: tuple[str, ...], told: str
) -> None:
    assert decisions(delimited(header, row))[2].startswith(told)


@pytest.mark.parametrize(
    ("kept", "hidden"), [((0, 1, 3), 2), ((0, 1, 2), 3)], ids=["no price", "no due date"]
)
def test_a_refusal_for_a_missing_column_names_what_was_found_in_two_hundred_letters(
    kept: tuple[int, ...], hidden: int
) -> None:
    many = ["x" * 59] * 10
    header = [HEADER[place] for place in kept] + many

    with pytest.raises(InvalidInput) as refusal:
        dry_run(delimited(header, ["y"] * len(header)))

    named = ", ".join(header)[:200]
    assert f"Faltou na planilha: {HEADER[hidden].lower()}." in refusal.value.sentence
    assert f"encontrei são: {named}." in refusal.value.sentence


def test_an_empty_form_beside_the_list_is_not_the_list() -> None:
    form = Tab("Modelo", [(*HEADER, "Servidor")], active=True)

    assert "Lista" == dry_run(workbook(form, Tab("Lista", [HEADER, ANA]))).reading.tab


def test_a_client_on_the_number_of_another_is_told_with_their_names() -> None:
    old_form = ("Caio Reis", "11 9000-0001", *ANA[2:])
    same = ("Bia Souza", *ANA[1:])

    found = dry_run(delimited(HEADER, ANA, same, old_form))

    assert [(3, ("Ana Lima",)), (4, ("Ana Lima", "Bia Souza"))] == [
        (shared.row, shared.others) for shared in found.shared
    ]


def test_a_client_on_the_number_of_one_who_is_stored_is_told_too() -> None:
    stored = {
        client_key("+5511990000001", "Bia Souza", None),
        client_key("+5511990000001", "Quem Saiu", None, archived=True),
    }

    found = preview_import(read_rows(delimited(HEADER, ANA), "a.csv"), TODAY, stored)

    assert [("Bia Souza",)] == [shared.others for shared in found.shared]


@pytest.mark.parametrize(
    ("start", "what"),
    [
        pytest.param(b"%PDF-1.7\n", "é um PDF", id="PDF"),
        pytest.param(b"\xff\xd8\xff\xe0", "é uma foto", id="photo"),
        pytest.param(b"GIF89a", "é uma imagem", id="picture"),
        pytest.param(b"Rar!\x1a\x07", "compactado (.rar)", id="rar"),
        pytest.param(b"\x1f\x8b\x08", "compactado (.gz)", id="gzip"),
        pytest.param(b"<html><table>", "página da internet", id="HTML named xls"),
        pytest.param(b"\xef\xbb\xbf\n<!DOCTYPE html>", "página da internet", id="HTML with a mark"),
        pytest.param(b"<?xml version='1.0'?><Workbook>", "é um XML", id="XML of Excel 2003"),
        pytest.param(b"BEGIN:VCARD\nFN:Ana", "agenda de contatos", id="contacts"),
        pytest.param(
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "tem senha", id="password"
        ),
        pytest.param(b"\xd0\xcf\x11\xe0", "formato antigo", id="old Excel"),
    ],
)
def test_what_is_another_kind_of_file_is_called_by_its_name(start: bytes, what: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_rows(start + bytes(600), "clientes.xls")

    assert what in refusal.value.sentence


def test_the_dry_run_has_three_rows_as_they_were_read() -> None:
    due = date(2026, 12, 10)
    rows = [(f"Cliente a{n}", f"1199000000{n}", 35.9, due, "Mensal") for n in range(5)]

    sample = dry_run(workbook(Tab("A", [HEADER, *rows])), TODAY).sample

    assert [(2, "Cliente a0"), (3, "Cliente a1"), (4, "Cliente a2")] == [
        (entry.row, entry.client.name) for entry in sample
    ]


def test_the_order_of_dates_is_read_from_the_column_of_due_dates() -> None:
    rows = [(*ANA[:3], "12/10/2026", ANA[4]), (*BIA[:3], "12/25/2026", BIA[4])]
    found = dry_run(delimited(HEADER, *rows))

    assert [date(2026, 12, 10), date(2026, 12, 25)] == [
        entry.client.due_on for entry in found.clients
    ]
