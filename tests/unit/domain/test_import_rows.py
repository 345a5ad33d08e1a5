"""From a sheet's rows to clients, duplicates and faults with reasons (C11)."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clients import NewClient
from domain.import_preview import Duplicate, ImportedClient, RowFault, client_key
from domain.import_rows import preview_import
from domain.sheet_cells import read_agreed_day, read_date, read_phone, read_price
from domain.sheet_choice import MAX_ROWS, as_sheet
from domain.sheet_columns import Column, column_of, columns_of
from domain.sheets import Cell, Row, Sheet
from errors import InvalidInput
from tests.unit.domain.makers import TODAY

HEADERS = ("Nome", "Telefone", "Plano", "Valor", "Servidor", "Vencimento", "Obs")
GOOD: tuple[Cell, ...] = ("Ana Lima", "11 99000-0001", "Mensal", "35,00", "Alfa", "10/12/2026", "")
ANA = NewClient(
    name="Ana Lima",
    phone="+5511990000001",
    plan="Mensal",
    price=Decimal("35.00"),
    server="Alfa",
    due_on=date(2026, 12, 10),
)
CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.sampled_from(GOOD)
)


def sheet_of(*rows: tuple[Cell, ...]) -> Sheet:
    """A sheet with a header in row 1."""
    return Sheet(HEADERS, tuple(Row(number, cells) for number, cells in enumerate(rows, start=2)))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Nome", Column.NAME),
        ("NOME DO CLIENTE", Column.NAME),
        ("Cliente", Column.NAME),
        ("Telefone", Column.PHONE),
        ("Telefone do cliente", Column.PHONE),
        ("WhatsApp", Column.PHONE),
        ("Nº do Zap", Column.PHONE),
        ("celular", Column.PHONE),
        ("Fone/Whats", Column.PHONE),
        ("Plano", Column.PLAN),
        ("Pacote contratado", Column.PLAN),
        ("Nome do plano", Column.PLAN),
        ("Valor (R$)", Column.PRICE),
        ("Preço", Column.PRICE),
        ("Mensalidade", Column.PRICE),
        ("Valor do plano", Column.PRICE),
        ("Servidor", Column.SERVER),
        ("Painel", Column.SERVER),
        ("Vencimento", Column.DUE_ON),
        ("Data de vencimento", Column.DUE_ON),
        ("Vence em", Column.DUE_ON),
        ("Dt. Venc.", Column.DUE_ON),
        ("Validade do plano", Column.DUE_ON),
        ("Observações", Column.NOTES),
        ("OBS:", Column.NOTES),
        ("Informações do cliente", Column.NOTES),
        ("Data de cadastro", None),
        ("Telas", None),
        ("Usuário", None),
        ("", None),
    ],
)
def test_a_column_is_recognised_by_what_people_call_it(
    header: str, expected: Column | None
) -> None:
    assert expected == column_of(header)


def test_of_two_columns_alike_the_plainer_name_counts() -> None:
    assert {Column.DUE_ON: 1} == columns_of(("Validade do aplicativo", "Vencimento"))


def test_the_header_is_found_below_titles_and_blank_lines() -> None:
    sheet = as_sheet([("CLIENTES",), (), ("", None), HEADERS, GOOD, ("",), GOOD])

    assert Sheet(HEADERS, (Row(5, GOOD), Row(7, GOOD))) == sheet


@pytest.mark.parametrize(
    ("grid", "sentence"),
    [
        pytest.param([], "Não achei a linha com os nomes das colunas", id="empty"),
        pytest.param([GOOD, GOOD], "Não achei a linha com os nomes das colunas", id="no header"),
        pytest.param([HEADERS], "não tem nenhum cliente", id="header only"),
        pytest.param([HEADERS, *[GOOD] * (MAX_ROWS + 1)], "passa de 5000 linhas", id="too many"),
        pytest.param([("x",)] * 30 + [HEADERS], "Não achei a linha", id="header far below"),
    ],
)
def test_a_sheet_that_cannot_be_used_is_explained(
    grid: list[tuple[Cell, ...]], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        as_sheet(grid)


def test_five_thousand_rows_are_welcome() -> None:
    assert MAX_ROWS == len(as_sheet([HEADERS, *[GOOD] * MAX_ROWS]).rows)


def test_a_missing_column_is_named() -> None:
    sheet = Sheet(("Nome", "Preço", "Cidade"), (Row(2, ("Ana", "35", "Recife")),))

    with pytest.raises(InvalidInput) as refusal:
        preview_import(sheet, TODAY)

    assert (
        "Faltou na planilha: telefone, vencimento. "
        "As colunas que encontrei são: Nome, Preço, Cidade." == refusal.value.sentence
    )


def test_a_good_row_becomes_a_client() -> None:
    assert (ImportedClient(2, ANA),) == preview_import(sheet_of(GOOD), TODAY).clients


def test_a_row_may_lack_plan_server_and_notes() -> None:
    sheet = Sheet(
        ("Vencimento", "Valor", "Telefone", "Nome"),
        (Row(2, (date(2026, 12, 10), 35.0, 11990000001.0, "Ana Lima")),),
    )
    bare = NewClient(
        name="Ana Lima", phone="+5511990000001", price=Decimal("35.00"), due_on=date(2026, 12, 10)
    )

    assert (ImportedClient(2, bare),) == preview_import(sheet, TODAY).clients


@pytest.mark.parametrize(
    ("place", "cell", "reason"),
    [
        (0, "", "Faltou o nome."),
        (0, 12345.0, "O nome precisa ter letras."),
        (1, None, "Faltou o telefone."),
        (1, "11 9900O-0001", "O telefone só pode ter números. Escreva assim: (11) 98765-4321."),
        (1, "99000-0001", "Faltou o DDD. Escreva assim: (11) 98765-4321."),
        (
            1,
            "1,199E+10",
            (
                "A planilha cortou o telefone (1,199E+10): "
                "formate a coluna como texto e escreva de novo."
            ),
        ),
        (3, "grátis?", "Não entendi o valor “grátis?”. Escreva assim: 35,00."),
        (3, 0.0, "O valor precisa ser maior que zero."),
        (3, True, "Não entendi o valor “True”. Escreva assim: 35,00."),
        (5, "31/02/2026", "A data 31/02/2026 não existe no calendário."),
        (5, time(9), "Não entendi a data “09:00:00”. Escreva assim: 25/12/2026."),
        (5, date(1900, 1, 1), "O ano de 01/01/1900 parece errado. Confira a data."),
        (6, "x" * 501, "A coluna observações passa de 500 letras."),
        (2, "x" * 61, "O plano ficou grande demais: use até 60 letras."),
    ],
)
def test_a_bad_cell_is_listed_with_its_row_and_reason(place: int, cell: Cell, reason: str) -> None:
    row = (*GOOD[:place], cell, *GOOD[place + 1 :])

    assert (RowFault(3, reason),) == preview_import(sheet_of(GOOD, row), TODAY).faults


def test_all_faults_of_a_row_are_told_at_once() -> None:
    row = ("", "", "Mensal", "zero", "", "", "")

    assert (
        RowFault(
            2,
            "Faltou o nome. Faltou o telefone. "
            "Não entendi o valor “zero”. Escreva assim: 35,00. Faltou o vencimento.",
        ),
    ) == preview_import(sheet_of(row), TODAY).faults


def test_a_short_row_lacks_its_last_cells() -> None:
    assert "Faltou o vencimento." == preview_import(sheet_of(GOOD[:5]), TODAY).faults[0].reason


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(GOOD, id="the same row"),
        pytest.param(("ANA LIMA", "(11) 99000-0001", "mensal", *GOOD[3:]), id="another hand"),
        pytest.param((GOOD[0], "11 9000-0001", *GOOD[2:]), id="without the ninth digit"),
    ],
)
def test_the_same_phone_name_and_plan_is_a_duplicate(again: tuple[Cell, ...]) -> None:
    preview = preview_import(sheet_of(GOOD, again), TODAY)

    assert 1 == len(preview.clients)
    assert [(3, 2)] == [(duplicate.row, duplicate.first_row) for duplicate in preview.duplicates]


def test_a_client_that_is_registered_already_is_a_duplicate() -> None:
    existing = {client_key(ANA.phone, "ANA  LIMA", "mensal")}

    preview = preview_import(sheet_of(GOOD), TODAY, existing)

    assert ((), (Duplicate(2, ANA, None),)) == (preview.clients, preview.duplicates)


def test_another_plan_on_the_same_phone_is_no_duplicate() -> None:
    second = (*GOOD[:2], "Segundo ponto", *GOOD[3:])

    assert 2 == len(preview_import(sheet_of(GOOD, second), TODAY).clients)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (11990000001.0, "+5511990000001"),
        (11990000001, "+5511990000001"),
        ("11990000001.0", "+5511990000001"),
        (5511990000001.0, "+5511990000001"),
    ],
)
def test_a_phone_kept_as_a_number_is_read(cell: Cell, expected: str) -> None:
    assert expected == read_phone(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(35.0, "35.00"), (35.9, "35.90"), (35, "35.00"), (0.1 + 0.2, "0.30"), ("35.0", "35.00")],
)
def test_a_price_kept_as_a_number_is_read_in_cents(cell: Cell, expected: str) -> None:
    assert expected == str(read_price(cell))


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 11, 23),
        datetime(2026, 11, 23, 15),  # noqa: DTZ001 - a spreadsheet knows no zone
        46349.0,
        46349,
        "46349",
        "23/11/2026",
        "23/11",
        "2026-11-23 00:00:00",
    ],
)
def test_a_date_is_read_however_the_sheet_keeps_it(cell: Cell) -> None:
    assert date(2026, 11, 23) == read_date(cell, TODAY)


@given(st.lists(st.tuples(*[CELLS] * len(HEADERS)), max_size=8))
def test_every_row_is_a_client_a_duplicate_or_a_fault(rows: list[tuple[Cell, ...]]) -> None:
    preview = preview_import(sheet_of(*rows), TODAY)

    clients = [entry.row for entry in preview.clients]
    duplicates = [entry.row for entry in preview.duplicates]
    faults = [entry.row for entry in preview.faults]
    assert list(range(2, 2 + len(rows))) == sorted(clients + duplicates + faults)
    assert all(fault.reason for fault in preview.faults)


def test_a_day_that_a_short_month_hides_is_kept() -> None:
    assert [31, None, None] == [
        read_agreed_day("dia 31", date(2026, 11, 30)),
        read_agreed_day("dia 30", date(2026, 11, 30)),
        read_agreed_day("30/11/2026", date(2026, 11, 30)),
    ]


def test_what_was_written_over_an_example_is_asked_about() -> None:
    row = ("Exemplo: Ana Modelo", *GOOD[1:])

    assert (RowFault(3, "O nome ainda é o do exemplo. Escreva o do cliente."),) == preview_import(
        sheet_of(GOOD, row), TODAY
    ).faults


def test_a_tag_or_an_own_field_that_is_too_long_is_told_with_its_row() -> None:
    sheet = as_sheet(
        [
            (*HEADERS, "Etiquetas", "Usuário"),
            (*GOOD, "x" * 21, ""),
            (*GOOD, "", "y" * 201),
            (*GOOD, "VIP", "ana1"),
        ]
    )
    found = preview_import(sheet, TODAY, (), ("Usuário",))

    assert [2, 3] == [fault.row for fault in found.faults]
    assert "Use até 200 letras." == found.faults[1].reason
    assert [(("VIP",), {"Usuário": "ana1"})] == [
        (entry.client.tags, entry.client.own_fields) for entry in found.clients
    ]
