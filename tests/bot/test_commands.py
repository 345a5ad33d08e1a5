"""A command is understood however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.commands import command_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start", "start"),
        ("/Start", "start"),
        ("/START", "start"),
        ("/start@EmDiaBot", "start"),
        ("/Start@emdiabot", "start"),
        ("/start indicacao_7", "start"),
        ("  /start  ", "start"),
        ("/start\n", "start"),
        ("\u200e/start\u200b", "start"),
        ("\ufeff/st\u2060art", "start"),
        ("／ｓｔａｒｔ", "start"),
        ("/start.", "start"),
        ("/ menu", "menu"),
        ("/relatórios", "relatorios"),
        ("/Relatorios", "relatorios"),
        ("/", None),
        ("start", None),
        ("oi /start", None),
        ("//start", None),
        ("/startx", "startx"),
        ("", None),
        ("\0\ud83d", None),
    ],
)
def test_a_command_is_read_however_it_is_written(text: str, expected: str | None) -> None:
    assert expected == command_in(text)


INVISIBLE = st.text(alphabet="\u200b\u200e\u200f\u2060\ufeff\u202a\u202c", max_size=3)


@given(
    st.sampled_from(["start", "menu", "ajuda", "hoje", "whatsapp"]),
    st.lists(st.booleans(), min_size=8, max_size=8),
    st.sampled_from(["", "@EmDiaBot", "@emdia_bot"]),
    st.sampled_from(["", " ", "\u00a0", "\n", " oi"]),
    st.tuples(INVISIBLE, INVISIBLE, INVISIBLE),
)
def test_capitals_mentions_and_what_cannot_be_seen_change_nothing(
    name: str, capitals: list[bool], mention: str, after: str, unseen: tuple[str, str, str]
) -> None:
    shown = "".join(
        letter.upper() if capital else letter
        for letter, capital in zip(name, capitals[: len(name)], strict=True)
    )

    assert name == command_in(f"{unseen[0]}/{shown}{unseen[1]}{mention}{unseen[2]}{after}")
