"""What a client reads who wrote SAIR, or VOLTAR (F8)."""

import pytest

from domain.farewells import words
from domain.replies import Wish


@pytest.mark.parametrize(
    ("wish", "company", "expected"),
    [
        (
            Wish.LEAVE,
            "TV Boa",
            (
                "Pronto! Você não recebe mais mensagens automáticas de TV Boa. "
                "Se mudar de ideia, responda VOLTAR."
            ),
        ),
        (
            Wish.LEAVE,
            None,
            (
                "Pronto! Você não recebe mais mensagens automáticas. "
                "Se mudar de ideia, responda VOLTAR."
            ),
        ),
        (
            Wish.RETURN,
            "TV Boa",
            (
                "Pronto! Você voltou a receber as mensagens de TV Boa. "
                "Se não quiser mais, responda SAIR."
            ),
        ),
        (
            Wish.RETURN,
            "",
            "Pronto! Você voltou a receber as mensagens. Se não quiser mais, responda SAIR.",
        ),
    ],
)
def test_the_confirmation_says_what_holds_and_how_to_go_back(
    wish: Wish, company: str | None, expected: str
) -> None:
    assert expected == words(wish, company)
