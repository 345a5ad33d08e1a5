"""What a tenant's own texts may be called, and how many there are (D1)."""

import pytest

from domain.own_texts import MAX_GENERAL_TEXTS, parse_text_name
from errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("  Aviso \n de  feriado ", "Aviso de feriado"), ("a" * 40, "a" * 40)],
)
def test_a_name_is_one_line(typed: str, expected: str) -> None:
    assert expected == parse_text_name(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (" ", "Faltou o nome do texto."),
        ("a" * 41, "O nome do texto ficou grande demais: use até 40 letras."),
    ],
)
def test_no_name_and_too_long_a_name_are_refused(typed: str, expected: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_text_name(typed)

    assert expected == str(refused.value)


def test_there_are_so_many_general_texts_at_most() -> None:
    assert 30 == MAX_GENERAL_TEXTS
