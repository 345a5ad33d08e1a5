"""A column that says who left: nobody who left is billed, and no word is guessed (C11)."""

import pytest

from domain.import_preview import LeftOut
from tests.unit.sheets import ANA, BIA, HEADER, decisions, delimited, dry_run


def one(word: object, header: str = "Status") -> bytes:
    """A sheet of one client with that word in that column."""
    return delimited((*HEADER, header), (*ANA, word))


@pytest.mark.parametrize(
    "word",
    [
        *("Cancelado", "CANCELADA", "cancelou", "Inativo", "inativa", "Desativado", "Encerrado"),
        *("Suspenso", "Bloqueado", "Excluído", "Desistiu", "Saiu", "Ex-cliente", "Não renovou"),
        *("Cancelado em 10/11", "❌", "Trancado", "Arquivado", "Cancelado.", "🔴 Cancelado"),
    ],
)
@pytest.mark.parametrize("header", ["Status", "Situação", "Controle"])
def test_who_left_is_left_out_with_the_sheets_own_word(header: str, word: str) -> None:
    active = (*BIA, "Ativo")
    found = dry_run(delimited((*HEADER, header), (*ANA, word), active))

    assert (1, (2,)) == (len(found.clients), tuple(left.row for left in found.left_out))


@pytest.mark.parametrize("word", ["Ativo", "ATIVA", "Em dia", "ok", "Liberado", "✅", "Sim", ""])
def test_who_is_a_client_enters(word: str) -> None:
    assert {2: "Ana Lima"} == decisions(one(word))


@pytest.mark.parametrize(
    "word", ["Pago", "Pendente", "Vencido", "Em atraso", "Inadimplente", "Atrasado", "A vencer"]
)
def test_a_word_about_a_payment_decides_nothing_and_is_told(word: str) -> None:
    found = dry_run(one(word))

    assert ([2], [(word, (2,))]) == (
        [entry.row for entry in found.clients],
        [(said.word, said.rows) for said in found.payment_words],
    )


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("Cancelado em 10 de novembro", "fora: Cancelado em 10 de novembro", id="five"),
        pytest.param("Cancelou mas voltou na semana passada", "Não sei o que é", id="a story"),
    ],
)
def test_a_state_is_a_few_words_and_a_story_is_asked_about(word: str, expected: str) -> None:
    assert decisions(one(word))[2].startswith(expected)


@pytest.mark.parametrize("word", ["Talvez", "Teste", "Mudou de cidade", "123", "?"])
def test_a_word_that_is_not_known_is_asked_about(word: str) -> None:
    assert {2: f"Não sei o que é a situação “{word}”: é cliente ou não é?"} == decisions(one(word))


def test_of_a_long_word_forty_letters_are_shown() -> None:
    assert f"situação “{'x' * 40}”" in decisions(one("x" * 41))[2]


@pytest.mark.parametrize(
    ("header", "word", "expected"),
    [
        pytest.param("Ativo?", "Não", "fora: Não", id="not active"),
        pytest.param("Ativo?", "Sim", "Ana Lima", id="active"),
        pytest.param("Ativo", "x", "Ana Lima", id="a tick for active"),
        pytest.param("Cancelado?", "Sim", "fora: Sim", id="cancelled"),
        pytest.param("Cancelado?", "Não", "Ana Lima", id="not cancelled"),
        pytest.param("Inativo", "x", "fora: x", id="a tick for inactive"),
        pytest.param("Ativo/Inativo", "Inativo", "fora: Inativo", id="both in the header"),
    ],
)
def test_yes_and_no_answer_what_the_header_asks(header: str, word: str, expected: str) -> None:
    assert {2: expected} == decisions(one(word, header))


def test_of_two_such_columns_either_takes_a_client_out() -> None:
    data = delimited((*HEADER, "Status", "Situação"), (*ANA, "Ativo", "Cancelado"))

    assert (LeftOut(2, "Cancelado"),) == dry_run(data).left_out


def test_paid_with_a_due_date_already_here_is_warned_of() -> None:
    late = (*BIA[:3], "24/11/2026", "Mensal")
    data = delimited((*HEADER, "Status"), (*ANA, "Pago"), (*late, "Pago"), (*late, "Pendente"))

    assert (3,) == dry_run(data).paid_but_due


def test_a_column_of_yes_and_no_without_a_known_name_is_no_status() -> None:
    assert {2: "Ana Lima"} == decisions(one("Não", "Quer nota"))


def test_a_row_that_ends_before_the_column_says_nothing() -> None:
    rows = delimited((*HEADER, "Controle"), (*ANA, "Cancelado"), BIA)

    assert {2: "fora: Cancelado", 3: "Bia Souza"} == decisions(rows)
