"""Which tab of a file is the list, for who knows better than the guess (C11)."""

import pytest

from domain.sheet_choice import choose
from domain.sheets import Tab
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
