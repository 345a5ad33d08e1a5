"""What each field of a registration accepts (C1)."""

import pytest

from domain.clients import MAX_NOTES_CHARS, parse_name, parse_notes, parse_plan, parse_server
from domain.text import fold
from errors import InvalidInput
from tests.unit.domain.makers import make_client


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  Ana   Lima ", "Ana Lima"),
        ("Ana\nLima", "Ana Lima"),
        ("José 🧑‍🔧 TV", "José 🧑‍🔧 TV"),
        ("Ana\u202eamiL", "Ana amiL"),
        ("D'Ávila & Cia.", "D'Ávila & Cia."),
    ],
)
def test_a_name_is_one_clean_line(typed: str, expected: str) -> None:
    assert expected == parse_name(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Faltou o nome."),
        (" \t ", "Faltou o nome."),
        ("12345", "O nome precisa ter letras."),
        ("a" * 101, "O nome ficou grande demais: use até 100 letras."),
    ],
)
def test_a_name_that_cannot_be_used_is_explained(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_name(typed)

    assert sentence == refusal.value.sentence


def test_plan_and_server_are_free_text() -> None:
    assert ("2 telas", "Max") == (parse_plan(" 2 telas "), parse_server("Max"))


@pytest.mark.parametrize(("typed", "expected"), [("  ", None), (" TV\nda sala ", "TV\nda sala")])
def test_notes_may_have_lines_or_be_none(typed: str, expected: str | None) -> None:
    assert expected == parse_notes(typed)


def test_notes_too_long_are_refused() -> None:
    with pytest.raises(InvalidInput, match="até 500 letras"):
        parse_notes("a" * (MAX_NOTES_CHARS + 1))


def test_a_client_is_called_by_the_first_name() -> None:
    assert "Maria" == make_client().first_name


def test_folding_ignores_accents_case_and_spacing() -> None:
    assert "joao goncalves" == fold("  JOÃO   Gonçalves ")
