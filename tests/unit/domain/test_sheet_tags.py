"""Tags in a cell, with their emojis and commas of their own (C11, C12)."""

import pytest

from domain.sheet_tags import read_tags, tags_cell
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
