"""A dry run in words: what was read and how, and each row that does not enter (C11)."""

import pytest

from domain.import_preview import client_key
from domain.import_report import how_it_was_read, rows_in_words, rows_left, summary
from domain.import_rows import preview_import
from gateways.spreadsheet import read_rows
from tests.unit.sheets import ANA, BIA, HEADER, TODAY, Tab, dry_run, workbook

WIDE = (*HEADER, "Status", "Senha", "Telas")
ROWS = [
    ("CLIENTES TV",),
    WIDE,
    (*ANA, "Ativo", "x", "2"),
    (*BIA[:1], ANA[1], *BIA[2:], "Pago", "x", "1"),
    (*BIA, "Cancelado", "x", "1"),
    ("Caio Reis", "", *BIA[2:], "Ativo", "x", "1"),
    ("TOTAL", "", "75,00"),
    ("Davi Luz", "11990000004", "35,00", "23/11", "Mensal", "pago", "x", "1"),
]


@pytest.fixture(scope="module")
def told() -> str:
    """All that is told of one sheet with a bit of everything."""
    data = workbook(
        Tab("Velha", [HEADER, ANA], hidden=True),
        Tab("Outubro", [HEADER, ANA, BIA]),
        Tab("Clientes", ROWS, active=True, hidden_columns=frozenset({6})),
        Tab("Capa", [("Olá",)]),
    )
    found = dry_run(data)
    return "\n".join([summary(found, dry_run=True), *how_it_was_read(found), *rows_left(found)])


@pytest.mark.parametrize(
    "line",
    [
        "3 clientes entrariam · 0 repetidos · 1 linha com problema · 1 deixado de fora",
        "Lido: aba “Clientes”, nomes das colunas na linha 2.",
        (
            "Colunas: nome = “Nome” · telefone = “Telefone” · vencimento = “Vencimento” · "
            "valor = “Valor” · plano = “Plano” · situação = “Status”."
        ),
        "Colunas não lidas: “Telas”.",
        "Colunas escondidas, não lidas: “Senha”.",
        "Outras abas com lista, NÃO lidas: “Outubro” (2 linhas).",
        "Abas sem lista: “Capa”.",
        "Abas escondidas, não lidas: “Velha”.",
        "1 linha não lida, acima dos nomes das colunas: linha 1.",
        "1 linha não lida, linha de soma: linha 7.",
        "  linha 3: Ana Lima · (11) 99000-0001 · R$ 35,00 · vence 10/12/2026 · Mensal",
        "  linha 4: Bia Souza · (11) 99000-0001 · R$ 40,00 · vence 11/12/2026 · Anual",
        "  linha 8: Davi Luz · (11) 99000-0004 · R$ 35,00 · vence 23/11/2026 · Mensal",
        (
            "Deixados de fora, porque a planilha diz que não são mais clientes: “Cancelado” (1), "
            "linha 5."
        ),
        (
            "Situação “Pago” (2): fala do pagamento, então estes entram como clientes, e "
            "vale o vencimento da planilha."
        ),
        (
            "Atenção: já pagos, mas com vencimento de hoje ou passado: linha 8. Corrija o "
            "vencimento antes, para não cobrar quem já pagou."
        ),
        "Telefone de mais de um cliente: 1 linha.",
        "  linha 4: Bia Souza usa o mesmo telefone de Ana Lima",
        "  linha 6: Faltou o telefone.",
    ],
)
def test_everything_is_told_in_a_line_of_its_own(told: str, line: str) -> None:
    assert line in told.split("\n")


def test_who_is_there_already_is_counted_and_who_is_archived_named() -> None:
    known = {client_key("+5511990000001", "Ana Lima", "Mensal", archived=True)}
    sheet = read_rows(workbook(Tab("A", [HEADER, ANA, BIA, BIA])), "a.xlsx")

    assert [
        "  linha 4: repetido da linha 3",
        "  1 já estava cadastrado",
        "  destes, arquivados: linha 2. Continuam arquivados.",
    ] == rows_left(preview_import(sheet, TODAY, known))


def test_columns_are_told_in_one_order_wherever_they_stand() -> None:
    found = dry_run(workbook(Tab("A", [HEADER[::-1], ANA[::-1]])))

    assert (
        "Colunas: nome = “Nome” · telefone = “Telefone” · vencimento = “Vencimento” · "
        "valor = “Valor” · plano = “Plano”."
    ) in how_it_was_read(found)


@pytest.mark.parametrize(
    ("more", "last"),
    [
        pytest.param(0, "“Extra 19”.", id="twenty are all shown"),
        pytest.param(1, "“Extra 19” e mais 1.", id="of twenty-one one is counted"),
    ],
)
def test_twenty_names_are_listed_and_the_others_counted(more: int, last: str) -> None:
    extra = [f"Extra {number}" for number in range(20 + more)]
    found = dry_run(workbook(Tab("A", [(*HEADER, *extra), ANA])))

    assert ["“Extra 0”", last] == [
        line.removeprefix("Colunas não lidas: ").split(", ")[at]
        for line in how_it_was_read(found)
        if line.startswith("Colunas não lidas")
        for at in (0, -1)
    ]


@pytest.mark.parametrize("shared", [20, 21, 23])
def test_twenty_shared_phones_are_told_and_the_others_counted(shared: int) -> None:
    rows = [(f"Cliente {chr(97 + number)}", *ANA[1:]) for number in range(shared + 1)]
    lines = how_it_was_read(dry_run(workbook(Tab("A", [HEADER, *rows]))))

    more = [f"  e mais {shared - 20}"] if shared > 20 else []
    assert (f"Telefone de mais de um cliente: {shared} linhas.", 20, more) == (
        lines[-21 - len(more)],
        sum("usa o mesmo telefone" in line for line in lines),
        [line for line in lines if line.startswith("  e mais")],
    )


def test_of_long_notes_the_first_forty_letters_are_shown() -> None:
    notes = "abcde " * 10
    found = dry_run(workbook(Tab("A", [(*HEADER, "Obs"), (*ANA, notes)])))

    assert how_it_was_read(found)[-1].endswith(f" · {notes[:40]}")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [((2,), "linha 2"), ((2, 4), "linhas 2, 4"), ((9, 2, 3, 4), "linhas 2 a 4, 9")],
)
def test_row_numbers_are_listed_as_people_do(rows: tuple[int, ...], expected: str) -> None:
    assert expected == rows_in_words(rows)


@pytest.mark.parametrize(
    ("dry", "expected"),
    [(True, "1 cliente entraria · 0 repetidos"), (False, "1 cliente entrou · 0 repetidos")],
)
def test_one_is_no_plural(dry: bool, expected: str) -> None:
    assert summary(dry_run(workbook(Tab("A", [HEADER, ANA]))), dry_run=dry).startswith(expected)


@pytest.mark.parametrize("hidden", [5, 6], ids=["Cobranças", "Avisos"])
def test_a_hidden_column_of_refusals_is_told_before_anybody_enters(hidden: int) -> None:
    rows = [(*HEADER, "Cobranças", "Avisos"), (*ANA, "não", "não")]
    found = dry_run(workbook(Tab("A", rows, hidden_columns=frozenset({hidden}))))

    assert (
        "Cobranças ou Avisos está escondida e não foi lida: quem não quer receber entraria "
        "recebendo. Mostre a coluna e mande de novo."
    ) in how_it_was_read(found)
