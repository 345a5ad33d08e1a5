"""What a tag and an own field may be called, and how long each may be (C12)."""

import pytest

from domain.tags import (
    MAX_OWN_FIELDS,
    MAX_TAGS,
    MAX_TAGS_OF_CLIENT,
    OwnField,
    parse_emoji,
    parse_field_name,
    parse_tag_name,
    parse_value,
)
from errors import InvalidInput

NO_EMOJI = "Isso não é um emoji. Mande só um, por exemplo 🔵."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("⭐", "⭐"),
        (" ⭐\n", "⭐"),
        ("", "🔵"),
        (" \n ", "🔵"),
        pytest.param("⭐" * 16, "⭐" * 16, id="as long as one that is joined can be"),
    ],
)
def test_an_emoji_is_taken_and_nothing_is_the_first_one(text: str, expected: str) -> None:
    assert expected == parse_emoji(text)


@pytest.mark.parametrize("text", ["ab", "!", "⭐a", "⭐1", "é", pytest.param("⭐" * 17, id="17")])
def test_what_is_no_emoji_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_emoji(text)

    assert NO_EMOJI == refused.value.sentence


@pytest.mark.parametrize(
    ("name", "variable"),
    [("Senha do app", "senha_do_app"), ("Usuário", "usuario"), ("Tela  2!", "tela_2")],
)
def test_a_field_is_a_variable_of_its_name(name: str, variable: str) -> None:
    assert variable == OwnField(1, name, secret=False).variable


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("!!!", "O nome do campo precisa ter letras. Por exemplo: usuário."),
        ("Nome", "{nome} já existe nos textos. Escolha outro nome."),
        ("Usuário", "Você já tem um campo com o nome “Usuário”."),
    ],
)
def test_a_field_that_cannot_be_told_from_another_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_field_name(text, {"usuario"})

    assert sentence == refused.value.sentence


def test_a_name_has_twenty_letters_at_most() -> None:
    assert ("a" * 20, "a" * 20) == (parse_tag_name("a" * 20), parse_field_name("a" * 20, ()))
    with pytest.raises(InvalidInput):
        parse_tag_name("a" * 21)
    with pytest.raises(InvalidInput):
        parse_field_name("a" * 21, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [(" ana \n lima ", "ana lima"), ("", None), (" \u200b ", None), ("a" * 200, "a" * 200)],
)
def test_a_value_is_one_line_or_nothing(text: str, expected: str | None) -> None:
    assert expected == parse_value(text)


def test_a_value_has_two_hundred_letters_at_most() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_value("a" * 201)

    assert "Use até 200 letras." == refused.value.sentence


def test_there_is_room_for_so_many() -> None:
    assert (10, 30, 10) == (MAX_TAGS_OF_CLIENT, MAX_TAGS, MAX_OWN_FIELDS)
