"""What each field of a registration accepts (C1)."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("Ana\0 Li\ud83dma", "Ana Lima"),
        ("\ufeffJo\u200ba\u0303o\u00ad", "João"),
        ("\u2066Ana\u2069", "Ana"),
        ("Ana\u3164Lima", "Ana Lima"),
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
        ("\u3164", "Faltou o nome."),
        ("\0\u200b", "Faltou o nome."),
        ("😀 01", "O nome precisa ter letras."),
        ("a" * 101, "O nome ficou grande demais: use até 100 letras."),
    ],
)
def test_a_name_that_cannot_be_used_is_explained(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_name(typed)

    assert sentence == refusal.value.sentence


def test_plan_and_server_are_free_text() -> None:
    assert ("2 telas", "Max") == (parse_plan(" 2 telas "), parse_server("Max"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  ", None),
        (" TV\nda sala ", "TV\nda sala"),
        ("a\0\r\n\u202eb\ud83d", "a\nb"),
        ("\0\u200b", None),
    ],
)
def test_notes_may_have_lines_or_be_none(typed: str, expected: str | None) -> None:
    assert expected == parse_notes(typed)


def test_notes_too_long_are_refused() -> None:
    with pytest.raises(InvalidInput, match="até 500 letras"):
        parse_notes("a" * (MAX_NOTES_CHARS + 1))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Maria da Silva", "Maria"),
        ("Sr. João", "João"),
        ("Sr.João", "João"),
        ("SR JOÃO SILVA", "João"),
        ("Sra Ana", "Ana"),
        ("Sr(a). Ana", "Ana"),
        ("Dona Maria", "Maria"),
        ("D. Maria", "Maria"),
        ("D.Maria", "Maria"),
        ("Prof. Carlos", "Carlos"),
        ("Prof.ª Dra. Carla", "Carla"),
        ("Dra.Lúcia", "Lúcia"),
        ("Seu José", "José"),
        ("Sr-João", "João"),
        ("01 - João", "João"),
        ("01-João", "João"),
        ("1) João", "João"),
        ("#12 Ana", "Ana"),
        ("Cliente 12 - Ana", "Ana"),
        ("😀 Ana", "Ana"),
        ("😀Ana😀", "Ana"),
        ("👨‍👩‍👧 Ana", "Ana"),
        ("⭐️ *Ana*", "Ana"),
        ("(Ana)", "Ana"),
        ('"Ana"', "Ana"),
        ("Ana/Bia", "Ana"),
        ("Ana & Bia", "Ana"),
        ("Ana, TV da sala", "Ana"),
        ("Ana2", "Ana"),
        ("MARIA", "Maria"),
        ("MARIA JOSÉ", "Maria"),
        ("joão", "João"),
        ("ÉRICA", "Érica"),
        ("ana-maria lima", "Ana-Maria"),
        ("LU SILVA", "Lu"),
        ("ANA Silva", "Ana"),
        ("D'Ávila", "D'Ávila"),
        ("McDonald Souza", "McDonald"),
        ("JP Silva", "JP"),
        ("J. Silva", "Silva"),
        ("𝓜𝓪𝓻𝓲𝓪 ❤", "Maria"),
        ("\u202aAna\u202c", "Ana"),
        ("Jo\u200bão", "João"),
        ("Academia Alfa", "Academia Alfa"),
        ("01 - Academia Alfa", "Academia Alfa"),
        ("Família Souza", "Família Souza"),
        ("Souza e Filhos LTDA", "Souza e Filhos LTDA"),
        ("山田 太郎", "山田"),
        ("Dona", "cliente"),
        ("Sr.", "cliente"),
        ("Dr. Prof.", "cliente"),
        ("Cliente 12", "cliente"),
        ("😀", "cliente"),
        ("12345", "cliente"),
        ("A", "cliente"),
        (" ", "cliente"),
        ("\u3164", "cliente"),
        ("\ud83d\0", "cliente"),
    ],
)
def test_a_client_is_called_by_a_name(name: str, expected: str) -> None:
    assert expected == make_client(name=name).first_name


TITLES = ["Sr. ", "sra ", "Dona ", "D. ", "Seu ", "Dr. ", "DRA ", "Prof. ", "profa. "]
BEFORE_NAME = st.lists(
    st.sampled_from([*TITLES, "01 - ", "#7 ", "2) ", "😀 ", "⭐️", "\u200e", "- ", "(", "'"]),
    max_size=4,
)


@given(BEFORE_NAME, st.sampled_from(["Ana", "João", "Érica", "Zé", "Maria-Clara"]))
def test_whatever_stands_before_the_name_it_is_the_name(before: list[str], name: str) -> None:
    assert name == make_client(name="".join(before) + name + " Silva").first_name


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_any_name_calls_somebody_something(name: str) -> None:
    called = make_client(name=name).first_name

    assert any(letter.isalpha() for letter in called)
    assert not any(letter.isdigit() for letter in called) or len(called.split()) > 1
    assert fold(called) not in {"sr", "sra", "dona", "seu", "dr", "dra", "prof"}
    assert called.encode().decode() == called


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_a_name_once_cleaned_is_clean(text: str) -> None:
    with suppress(InvalidInput):
        name = parse_name(text)

        assert name == parse_name(name)
        assert "\0" not in name
        assert name.encode().decode() == name


def test_folding_ignores_accents_case_and_spacing() -> None:
    assert "joao goncalves" == fold("  JOÃO   Gonçalves ")
