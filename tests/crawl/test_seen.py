"""Which messages are one screen, and what the laws say of one."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from tests.crawl import laws
from tests.crawl.seen import Seen, kind_of, seen

NAMES = re.compile(r"(?:Ana|Maria)(?: de| da)?(?: Zabado)?…?")


def message(text: str, *rows: Sequence[Any]) -> dict[str, Any]:
    """A message of the bot; a button is its label, its data, and its style where it has one."""
    return {
        "message_id": 1,
        "html": text,
        "photo": None,
        "document": None,
        "buttons": [
            [
                {"text": label, "callback_data": data, "style": (*more, None)[0]}
                for label, data, *more in row
            ]
            for row in rows
        ],
    }


def look(text: str, *rows: Sequence[Any]) -> Seen:
    return seen(message(text, *rows), NAMES)


NO_LIST = "law 10: a count of 🔴 opens nothing"
HOME = [("🏠 Início", "go:home")]


def test_three_hundred_cards_are_one_screen() -> None:
    first = look(
        "🔴 <b>Ana de Zabado · 23/11/2026</b>\nVenceu há 2 dias", [("Renovar", "rn:17:l3")]
    )
    second = look("🔴 <b>Maria Zabado · 01/12/2026</b>\nVenceu ontem", [("Renovar", "rn:299:l1")])

    assert first.screen == second.screen


def test_another_question_is_another_screen() -> None:
    assert look("<b>Qual o nome?</b>", HOME).screen != look("<b>Qual o valor?</b>", HOME).screen


def test_a_place_that_is_a_word_is_part_of_the_kind() -> None:
    assert "go:wa" == kind_of("go:wa")


@pytest.mark.parametrize(
    ("screen", "expected"),
    [
        pytest.param(look("Oi", [("A", "a:1", "primary"), ("B", "b:1", "danger")]), [], id="one"),
        pytest.param(
            look("Oi", [("A", "a:1", "primary"), ("B", "b:1", "success")]),
            ["law 1: more than one coloured next step: A, B"],
            id="two",
        ),
    ],
)
def test_one_next_step_is_coloured(screen: Seen, expected: list[str]) -> None:
    assert expected == list(laws.one_next_step(screen))


def test_a_screen_higher_than_a_phone_is_told() -> None:
    assert [] == list(laws.fits_a_phone(look("a\n" * 10, HOME)))
    assert ["law 2: 728 points high"] == list(laws.fits_a_phone(look("a\n" * 29 + "a", HOME)))


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        pytest.param("🔴 22 atrasados", "🔴 22", [], id="opens"),
        pytest.param("🔴 22 atrasados", "🔴 23", [NO_LIST], id="another"),
        pytest.param("✔️ Enviadas: <b>3</b>", "✔️ 3", [], id="at the end of a line"),
        pytest.param("🔴 0 atrasados", "🟢 1", [], id="none need not open"),
        pytest.param("🟢 10/12/2026", "🟢 1", [], id="a date is no count"),
        pytest.param("🕒 09:05 às 10:00", "🟢 1", [], id="an hour is no count"),
    ],
)
def test_a_count_has_its_button(text: str, label: str, expected: list[str]) -> None:
    assert expected == list(laws.numbers_open_lists(look(text, [(label, "x:1")])))


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        pytest.param("🟢 Ana Zabado · 10/12", "", id="right"),
        pytest.param("🟢 Maria… · 10/12/2027 · às 10:47", "", id="cut and more"),
        pytest.param("🟢 Maria de… · 10/12", "is cut after “de”", id="cut after de"),
        pytest.param("🟢 10/12 · Ana", "is not emoji + name · dd/mm", id="the other way round"),
        pytest.param(
            "🕒 Ana · 24/11 · às 10:47 · ok", "says too much after the date", id="too much"
        ),
    ],
)
def test_a_row_about_a_client_is_emoji_name_and_date(label: str, fault: str) -> None:
    expected = [f"law 9: “{label}” {fault}"] if fault else []

    assert expected == list(laws.names_and_labels(look("Lista", [(label, "c:1")])))


def test_three_in_a_row_hold_short_labels_only() -> None:
    row = [("Apagar", "a:1"), ("Arquivar hoje mesmo", "b:1"), ("Ver", "c:1")]

    assert 1 == len(list(laws.names_and_labels(look("Oi", row))))
