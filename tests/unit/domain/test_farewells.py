"""What a client reads who wrote SAIR, or VOLTAR (F8)."""

import pytest

from domain.farewells import words
from domain.replies import Wish


@pytest.mark.parametrize(
    ("wish", "company", "beginning", "answer"),
    [
        (
            Wish.LEAVE,
            "Alfa",
            "Pronto! Você não recebe mais mensagens automáticas de Alfa.",
            "VOLTAR.",
        ),
        (Wish.LEAVE, None, "Pronto! Você não recebe mais mensagens automáticas.", "VOLTAR."),
        (Wish.RETURN, "Alfa", "Pronto! Você voltou a receber as mensagens de Alfa.", "SAIR."),
        (Wish.RETURN, None, "Pronto! Você voltou a receber as mensagens.", "SAIR."),
    ],
)
def test_who_leaves_or_returns_reads_how_to_change_it(
    wish: Wish, company: str | None, beginning: str, answer: str
) -> None:
    said = words(wish, company)

    assert (True, True) == (said.startswith(beginning), said.endswith(f"responda {answer}"))
