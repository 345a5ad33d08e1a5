"""The PIX code taken out of a text that must still read well, and sent alone (D5)."""

import pytest

from domain.code_alone import HINT
from domain.parts import as_sent
from domain.templates import MAX_MESSAGE_CHARS, parse
from errors import MissingValue, TextTooLong

CODE = "00020126br.gov.bcb.pix6304ABCD"
VALUES = {"nome": "Ana", "valor": "R$ 35,00", "pix_copia_e_cola": CODE}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param(
            "Oi, {nome}! São {valor}.\n\n{pix_copia_e_cola}",
            "Oi, Ana! São R$ 35,00.",
            id="on a line of its own, at the end",
        ),
        pytest.param(
            "PIX copia e cola:\n\n{pix_copia_e_cola}\n\nObrigado!",
            f"PIX copia e cola:\n\n{HINT}\n\nObrigado!",
            id="on a line of its own, with text after it",
        ),
        pytest.param("{pix_copia_e_cola}\n\nObrigado!", f"{HINT}\n\nObrigado!", id="at the top"),
        pytest.param("Oi!\n\n👉 *{pix_copia_e_cola}* 👈", "Oi!", id="a line of signs goes with it"),
        pytest.param("Oi!\n```{pix_copia_e_cola}```", "Oi!", id="a block of code goes with it"),
        pytest.param("Pague: {pix_copia_e_cola}", "Pague:", id="introduced by a colon"),
        pytest.param("Pague: {pix_copia_e_cola}.", "Pague:", id="and a full stop"),
        pytest.param("*PIX:* {pix_copia_e_cola}", "*PIX:*", id="a colon in bold"),
        pytest.param("*PIX: {pix_copia_e_cola}*", "*PIX:*", id="in bold together"),
        pytest.param("Seu código {pix_copia_e_cola}", "Seu código:", id="introduced by a word"),
        pytest.param(
            "O código {pix_copia_e_cola} vale até hoje.",
            "O código (na próxima mensagem) vale até hoje.",
            id="introduced in the middle",
        ),
        pytest.param(
            "Use o código: {pix_copia_e_cola} e me avise.",
            "Use o código (na próxima mensagem) e me avise.",
            id="introduced by a colon in the middle",
        ),
        pytest.param(
            "Pague com {pix_copia_e_cola} até amanhã.",
            "Pague com o código da próxima mensagem até amanhã.",
            id="in the middle of a sentence",
        ),
        pytest.param(
            'Pague com "{pix_copia_e_cola}".',
            "Pague com o código da próxima mensagem.",
            id="in quotes at the end of a sentence",
        ),
        pytest.param(
            "{pix_copia_e_cola} é o seu PIX.",
            "O código da próxima mensagem é o seu PIX.",
            id="at the beginning of a sentence",
        ),
        pytest.param(
            "PIX: {pix_copia_e_cola}\nDe novo:\n{pix_copia_e_cola}\nTchau\n{pix_copia_e_cola}",
            f"PIX (na próxima mensagem)\nDe novo:\n{HINT}\nTchau",
            id="three times",
        ),
        pytest.param(
            "*PIX:* {pix_copia_e_cola}.\n\nObrigado!",
            "*PIX:* (na próxima mensagem).\n\nObrigado!",
            id="introduced, with text after its line",
        ),
        pytest.param(
            "{pix_copia_e_cola} ou {pix_copia_e_cola}?",
            "O código da próxima mensagem ou o código da próxima mensagem?",
            id="twice in a line",
        ),
        pytest.param("😊\n{pix_copia_e_cola}", "😊", id="a picture is a text"),
    ],
)
def test_the_code_leaves_a_text_that_reads_well(text: str, first: str) -> None:
    assert (first, CODE) == as_sent(parse(text), VALUES)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{pix_copia_e_cola}", id="alone"),
        pytest.param("*{pix_copia_e_cola}*\n\n{pix_copia_e_cola}", id="twice, in bold"),
    ],
)
def test_a_text_of_nothing_but_the_code_is_one_message(text: str) -> None:
    assert (CODE,) == as_sent(parse(text), VALUES)


@pytest.mark.parametrize(
    ("text", "alone", "sent"),
    [
        pytest.param("Oi, {nome}!", True, "Oi, Ana!", id="no code in it"),
        pytest.param("PIX: {pix_copia_e_cola}", False, f"PIX: {CODE}", id="not wanted alone"),
    ],
)
def test_a_text_stays_one_message(text: str, alone: bool, sent: str) -> None:
    assert (sent,) == as_sent(parse(text), VALUES, alone=alone)


def test_all_that_a_text_lacks_is_named_before_it_is_parted() -> None:
    with pytest.raises(MissingValue) as missing:
        as_sent(parse("{nome}: {pix_copia_e_cola}"), {})

    assert ("nome", "pix_copia_e_cola") == missing.value.names


def test_each_part_may_be_as_long_as_a_message() -> None:
    longest = VALUES | {"nome": "A" * MAX_MESSAGE_CHARS}

    assert ("A" * MAX_MESSAGE_CHARS, CODE) == as_sent(parse("{nome}\n{pix_copia_e_cola}"), longest)
    with pytest.raises(TextTooLong):
        as_sent(parse("{nome}!\n{pix_copia_e_cola}"), longest)
