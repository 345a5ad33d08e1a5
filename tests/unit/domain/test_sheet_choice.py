"""Which tab of a file is the list, for who knows better than the guess (C11)."""

import pytest

from domain.sheet_choice import choose, find_header
from domain.sheets import SkipReason, Tab
from errors import InvalidInput

HEADER = ("Nome", "Telefone", "Valor", "Vencimento")
ANA = ("Ana", "11990000001", "35", "10/12/2026")
BIA = ("Bia", "11990000002", "40", "11/12/2026")
CLIENTS, OLD = Tab(grid=[HEADER, ANA], name="Clientes"), Tab(grid=[HEADER, BIA], name="Época 1")


@pytest.mark.parametrize(
    ("wanted", "expected"), [("Clientes", "Ana"), ("época 1", "Bia"), ("EPOCA 1", "Bia")]
)
def test_the_tab_that_was_asked_for_is_read(wanted: str, expected: str) -> None:
    assert expected == choose([CLIENTS, OLD], wanted=wanted).rows[0].cells[0]


@pytest.mark.parametrize(
    ("tabs", "sentence"),
    [
        pytest.param(
            [CLIENTS, OLD],
            "Não há uma aba “Maio” à vista na planilha. As abas são: “Clientes”, “Época 1”.",
            id="there are others",
        ),
        pytest.param(
            [Tab(grid=[HEADER, ANA])],
            "Não há uma aba “Maio” à vista na planilha. As abas são: nenhuma.",
            id="a file without tabs",
        ),
    ],
)
def test_a_tab_that_is_not_there_is_told_beside_those_that_are(
    tabs: list[Tab], sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        choose(tabs, wanted="Maio")

    assert sentence == refused.value.sentence


UPPER = ("Nome", "Telefone", "", "")


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        pytest.param(("", "", "Valor", "Vencimento"), 1, id="words"),
        pytest.param(("Ana", "", "Valor 1", "Vencimento"), None, id="a digit among words"),
        pytest.param((35, "", "Valor", "Vencimento"), None, id="a number among words"),
    ],
)
def test_two_rows_name_the_columns_together_only_in_words(
    lower: tuple[str | int, ...], upper: int | None
) -> None:
    header = find_header([UPPER, lower])

    assert header is not None
    assert upper == header.upper


@pytest.mark.parametrize(("titles", "expected"), [(19, 20), (20, None)])
def test_a_header_is_looked_for_in_the_first_twenty_rows(titles: int, expected: int | None) -> None:
    header = find_header([*[("Clientes",)] * titles, HEADER])

    assert expected == (header and header.row)


def test_one_column_is_no_header() -> None:
    assert find_header([("Nome", "x")]) is None


def skipped(*rows: tuple[str, ...]) -> list[tuple[int, SkipReason]]:
    """What is left aside below the header."""
    return [(one.row, one.reason) for one in choose([Tab(grid=[HEADER, *rows])]).reading.skipped]


def test_a_row_that_is_no_client_is_left_aside_with_its_reason() -> None:
    example = ("Exemplo: Ana Modelo", "(11) 90000-0001", "35", "10/12/2026")

    assert [
        (3, SkipReason.EXAMPLE),
        (4, SkipReason.REPEATED),
        (5, SkipReason.TOTAL),
    ] == skipped(ANA, example, HEADER, ("TOTAL", "", "75"))


def test_the_headings_of_a_poor_sheet_are_known_again() -> None:
    tab = Tab(grid=[("Nome", "Telefone"), ("Ana", "11990000001"), ("Nome", "Telefone")])

    assert [SkipReason.REPEATED] == [one.reason for one in choose([tab]).reading.skipped]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        pytest.param(
            [("Exemplo: Ana Modelo", "(11) 90000-0001", "35", "10/12/2026")],
            "A planilha não tem nenhum cliente abaixo dos nomes das colunas. "
            "Só os exemplos, que não entram.",
            id="examples",
        ),
        pytest.param(
            [], "A planilha não tem nenhum cliente abaixo dos nomes das colunas.", id="nothing"
        ),
    ],
)
def test_a_sheet_without_clients_is_told_so(rows: list[tuple[str, ...]], sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        choose([Tab(grid=[HEADER, *rows])])

    assert sentence == refused.value.sentence
