"""Text as people type it, letter by letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import lines, one_line, plain, strip_accents, whole
from errors import InvalidInput

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\tb\x1fc", "a b c", id="controls are spaces"),
        pytest.param("a\u00a0b\u2003c\u2028d", "a b c d", id="any space is a space"),
        pytest.param("a\u3164b\u2800c", "a b c", id="blanks are spaces"),
        pytest.param("\u202a1\u200b2\ufeff3\u2066", "123", id="what is not seen goes"),
        pytest.param("1\ufe0f\u20e3", "1", id="keycaps are digits"),
        pytest.param("1–2—3−4‑5", "1-2-3-4-5", id="any dash is a hyphen"),
        pytest.param("١٢３", "123", id="any digit is a digit"),
        pytest.param("a\0\ud83db", "ab", id="what cannot be stored goes"),
        pytest.param("joão", "joão", id="letters stay"),
    ],
)
def test_what_the_eye_reads(text: str, expected: str) -> None:
    assert expected == plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\x1bb\u202ec\u3164d", "a b c d", id="controls, turning marks and blanks"),
        pytest.param("a\u200bb\u00adc", "abc", id="what is not seen"),
        pytest.param("🧑\u200d🔧", "🧑\u200d🔧", id="joined emoji"),
        pytest.param("a\u0303", "ã", id="composed"),
    ],
)
def test_a_line_hides_nothing(text: str, expected: str) -> None:
    assert expected == one_line(text, field="o nome", limit=10) == lines(text)


def test_a_line_may_be_as_long_as_its_limit() -> None:
    assert "abc" == one_line("abc", field="o nome", limit=3)
    with pytest.raises(InvalidInput, match="O nome ficou grande demais: use até 3 letras"):
        one_line("abcd", field="o nome", limit=3)


@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert plain(text) == plain(plain(text))
    assert lines(text) == lines(lines(text))
    assert whole(text) == whole(whole(text)) == whole(text).encode().decode()
    assert strip_accents(text).isascii()
