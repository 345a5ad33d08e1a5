"""Tags in a cell, with their emojis and commas of their own (C11, C12)."""

import pytest

from domain.sheet_tags import emojis_of, read_tags, tags_cell
from domain.sheets import Cell
from errors import InvalidInput


def test_each_tag_is_written_with_its_emoji_and_a_comma_of_its_own_in_quotes() -> None:
    tags = [("🔵", "VIP"), ("⭐", "Bairro Alto, fundos"), ("", 'o "novo"'), ("", "⭐ Ouro")]

    assert '🔵 VIP, ⭐ "Bairro Alto, fundos", "o ""novo""", "⭐ Ouro"' == tags_cell(tags)


def test_no_tags_are_an_empty_cell() -> None:
    assert tags_cell([]) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param("VIP, Bairro Alto", {"VIP": "", "Bairro Alto": ""}, id="words"),
        pytest.param("VIP; vip\nNovo;;", {"VIP": "", "Novo": ""}, id="other separators"),
        pytest.param("⭐ VIP,Novo", {"VIP": "⭐", "Novo": ""}, id="one with an emoji"),
        pytest.param("⭐", {"⭐": ""}, id="an emoji alone is a name"),
        pytest.param("⭐⭐ Ouro", {"Ouro": "⭐⭐"}, id="two signs"),
        pytest.param("— VIP", {"— VIP": ""}, id="a dash is no emoji"),
        pytest.param("🔵 VIP , Novo ", {"VIP": "🔵", "Novo": ""}, id="added by hand"),
        pytest.param('o "novo", b', {'o "novo"': "", "b": ""}, id="quotes inside"),
        pytest.param('"sem fim, b', {'"sem fim': "", "b": ""}, id="a quote without its pair"),
        pytest.param('"a" b, c', {'"a" b': "", "c": ""}, id="quotes around the first word"),
        pytest.param('x "a, b"', {'x "a': "", 'b"': ""}, id="quotes after a word"),
        pytest.param(12.0, {"12": ""}, id="a number"),
    ],
)
def test_tags_are_read_as_people_and_exports_write_them(
    cell: str | float, expected: dict[str, str]
) -> None:
    assert expected == read_tags(cell)


def test_more_tags_than_a_client_may_have_are_refused() -> None:
    with pytest.raises(InvalidInput, match="São 11 etiquetas"):
        read_tags(", ".join(f"⭐ tag {number}" for number in range(11)))


def test_the_emojis_are_of_those_that_have_one() -> None:
    assert {"VIP": "⭐"} == emojis_of({"VIP": "⭐", "Bairro Alto": ""})


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param('"A, B", C', {"A, B": "", "C": ""}, id="in quotes"),
        pytest.param('⭐ "A, B"; 🔵 C', {"A, B": "⭐", "C": "🔵"}, id="quotes after an emoji"),
        pytest.param('"Diz ""oi""",B', {'Diz "oi"': "", "B": ""}, id="quotes of its own"),
        pytest.param('x "A, B"', {'x "A': "", 'B"': ""}, id="a word before the quotes"),
        pytest.param("A,, ;\n, B", {"A": "", "B": ""}, id="nothing between commas"),
        pytest.param("⭐", {"⭐": ""}, id="an emoji alone is a name"),
        pytest.param("– A", {"– A": ""}, id="a dash colours nothing"),
        pytest.param("VIP, vip", {"VIP": ""}, id="each once"),
        pytest.param(7.0, {"7": ""}, id="a number"),
    ],
)
def test_what_stands_between_commas_is_a_tag(cell: Cell, expected: dict[str, str]) -> None:
    assert expected == read_tags(cell)


@pytest.mark.parametrize(
    ("emoji", "name", "expected"),
    [
        ("⭐", "VIP", "⭐ VIP"),
        ("", "VIP", "VIP"),
        ("x", "VIP", "VIP"),
        ("⭐", "A; B", '⭐ "A; B"'),
        ("", 'Diz "oi"', '"Diz ""oi"""'),
        ("", "⭐ VIP", '"⭐ VIP"'),
        ("🔵", "⭐ VIP", "🔵 ⭐ VIP"),
    ],
)
def test_a_tag_is_written_so_that_it_is_read_as_the_same(
    emoji: str, name: str, expected: str
) -> None:
    assert expected == tags_cell([(emoji, name)])


def test_ten_tags_fit_and_eleven_do_not() -> None:
    assert 10 == len(read_tags(", ".join(f"t{number}" for number in range(10))))
    with pytest.raises(InvalidInput) as refused:
        read_tags(", ".join(f"t{number}" for number in range(11)))
    assert "São 11 etiquetas, e cabem 10 por cliente." == refused.value.sentence


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param("👍🏽 VIP", {"VIP": "👍🏽"}, id="a sign with its shade"),
        pytest.param("☎️ VIP", {"VIP": "☎️"}, id="a sign that asks for its drawing"),
        pytest.param("★a VIP", {"★a VIP": ""}, id="a sign with a letter"),
    ],
)
def test_only_what_can_colour_a_tag_is_its_emoji(cell: str, expected: dict[str, str]) -> None:
    assert expected == read_tags(cell)


def test_two_signs_apart_are_not_written_as_one() -> None:
    assert "VIP" == tags_cell([("⭐ ⭐", "VIP")])
