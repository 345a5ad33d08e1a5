"""Whether a screen fits a phone, as the target screens were drawn (laws 2 and 9)."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.ui.measure import (
    SCREEN_POINTS,
    cut_labels,
    fits,
    height,
    label_width,
    lines,
    picture_points,
    points,
    width,
)

TARGETS: list[dict[str, Any]] = orjson.loads(Path(__file__).with_name("targets.json").read_bytes())
# Five in a row: the marked filter of the lists of clients and of accounts.
TIGHT = {"04-clientes": ["• Todos"], "22-admin": ["• Todas"]}
SENTENCE = "Eu lembro seus clientes do vencimento pelo"


def test_there_are_24_targets() -> None:
    assert 24 == len(TARGETS)


@pytest.mark.parametrize("target", TARGETS, ids=[one["name"] for one in TARGETS])
def test_a_target_fits_one_phone(target: dict[str, Any]) -> None:
    assert fits(
        target["text"], len(target["rows"]), picture=target["picture"], pinned=target["pinned"]
    )


@pytest.mark.parametrize("target", TARGETS, ids=[one["name"] for one in TARGETS])
def test_a_target_is_as_high_as_the_browser_drew_it(target: dict[str, Any]) -> None:
    assert target["height"] == pytest.approx(height(target["text"]), abs=4.0)


@pytest.mark.parametrize("target", TARGETS, ids=[one["name"] for one in TARGETS])
def test_the_labels_of_a_target_can_be_read(target: dict[str, Any]) -> None:
    assert TIGHT.get(target["name"], []) == cut_labels(target["rows"])


def test_the_list_of_clients_does_not_fit_below_the_pinned_board() -> None:
    [clients] = [one for one in TARGETS if one["name"] == "04-clientes"]

    assert not fits(clients["text"], len(clients["rows"]), pinned=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Oi", 1, id="a word"),
        pytest.param("Oi\n\nTudo bem?", 3, id="a blank line is a line"),
        pytest.param(SENTENCE, 2, id="wrapped between words"),
        pytest.param(f"<b>{SENTENCE}</b>", 2, id="tags are not drawn"),
        pytest.param("a" * 80, 3, id="a word longer than a line is broken"),
        pytest.param("👨‍👩‍👧‍👦" * 13, 1, id="a family is one emoji"),
        pytest.param("🔴" * 14, 2, id="an emoji is as wide as two letters"),
        pytest.param("&lt;" * 20, 1, id="an escaped sign is one sign"),
        pytest.param("<blockquote expandable>" + "a b " * 400 + "</blockquote>", 4, id="closed"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_lines_are_counted_as_drawn(text: str, expected: int) -> None:
    assert expected == lines(text)


def test_an_hour_that_finds_no_room_takes_a_line_of_its_own() -> None:
    room = "0" * 29

    assert height(room) + 21.0 == height(room + "0" * 4)


def test_a_screen_is_its_lines_its_rows_and_its_edges() -> None:
    assert 2 * 21 + 3 * 48 + 50 == points("Oi\nTudo bem?", 3)


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        pytest.param((668, 472), 236, id="as wide as the bubble"),
        pytest.param((300, 300), 334, id="grown to the bubble"),
        pytest.param((100, 900), 334, id="a tall one is not drawn higher than wide"),
    ],
)
def test_a_picture_is_as_wide_as_the_bubble(pixels: tuple[int, int], expected: float) -> None:
    assert expected == picture_points(*pixels)


def test_thirty_one_lines_are_the_most_without_buttons() -> None:
    assert points("\n".join(["a"] * 31), 0) <= SCREEN_POINTS < points("\n".join(["a"] * 32), 0)


@pytest.mark.parametrize(("in_row", "most"), [(1, 37), (2, 17), (3, 11)])
def test_a_button_holds_fewer_letters_the_more_share_its_row(in_row: int, most: int) -> None:
    assert width("e" * most) <= label_width(in_row) < width("e" * (most + 1))


def test_accents_are_as_wide_as_their_letter() -> None:
    assert width("Elisangela") == width("Elisângela")


def test_invisible_characters_take_no_room() -> None:
    assert width("Ana") == width("A\u200bn\u2060a")
