"""What buttons say: short enough for Telegram with the largest numbers, and read as meant."""

from typing import Any

import pytest
from aiogram.filters.callback_data import CallbackData

from bot.screens import find_screens
from bot.screens.clients.buttons import (
    MOST_PAGE,
    PutTag,
    client_tags_origin,
    fitted,
    list_origin,
    needle,
    pack_place,
    unpack_place,
)
from bot.screens.texts.buttons import MOST_CHANGES
from bot.telegram.routes import Routes
from bot.ui.buttons import MOST_BYTES, Back, Go, PageCount
from bot.ui.form import FormPress
from domain.client_list import FIRST_PLACE, ListPlace, Which

BIGGEST = 2**63 - 1
LONGEST_ORIGIN = list_origin(ListPlace(Which.OVERDUE, MOST_PAGE, search="x" * 100))
CLASSES = {
    **Routes(find_screens()).button_classes,
    **{kind.__prefix__: kind for kind in (Go, Back, PageCount, FormPress)},
}
# What a field holds at its largest, where that is not the largest number there is.
LARGEST: dict[str, Any] = {
    "origin": LONGEST_ORIGIN,
    "to": LONGEST_ORIGIN,
    "place": LONGEST_ORIGIN.removeprefix("l"),
    "page": MOST_PAGE,
    "pages": MOST_PAGE,
    "cents": 9_999_999,
    "number": 2**31,
    "index": 99,
    "form": "agendar",
    "step": "agreed_day",
    "deal": "x" * 11,
    "field": "due_on",
    "month": "2026-12",
    "key": f"g{BIGGEST}",
    "at": MOST_CHANGES,
    "put": f"f{BIGGEST}",
}


def largest(kind: type[CallbackData]) -> CallbackData:
    """A button of this class that says as much as it can."""
    values = {}
    for name, field in kind.model_fields.items():
        options = [*getattr(field.annotation, "__members__", {}).values()]
        longest = max(options, key=lambda one: len(one.value), default=None)
        values[name] = longest or LARGEST.get(name, True if field.annotation is bool else None)
        if values[name] is None:
            values[name] = "x" if field.annotation is str else BIGGEST
    return kind(**values)


@pytest.mark.parametrize("kind", CLASSES.values(), ids=lambda kind: kind.__name__)
def test_a_button_with_the_largest_numbers_is_taken_by_telegram(kind: type[CallbackData]) -> None:
    packed = fitted(largest(kind)).pack()

    assert len(packed.encode()) <= MOST_BYTES


def test_only_two_large_numbers_leave_no_room_for_the_way_back() -> None:
    cannot = {kind.__name__ for kind in CLASSES.values() if fitted(largest(kind)) != largest(kind)}

    assert {PutTag.__name__} == cannot


@pytest.mark.parametrize(
    "place",
    [
        ListPlace(Which.OVERDUE, 3),
        ListPlace(page=2, tag=BIGGEST),
        ListPlace(Which.ARCHIVED, MOST_PAGE, search="souz"),
        ListPlace(search="a~1.2 ok"),
    ],
    ids=pack_place,
)
def test_a_place_in_the_list_is_read_as_it_was_written(place: ListPlace) -> None:
    assert place == unpack_place(pack_place(place))


@pytest.mark.parametrize("packed", ["", "z1", "a", "ax", "a1.x", "1", "a1.2.3", "a123456"])
def test_what_is_no_place_is_the_beginning_of_the_list(packed: str) -> None:
    assert FIRST_PLACE == unpack_place(packed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  João   da Silva ", "joao da silva"),
        ("a:b", "a b"),
        ("Maria Aparecida de Souza", "maria aparecida de s"),
        ("😀" * 10, "😀" * 5),
        (":", ""),
    ],
)
def test_what_is_searched_fits_a_button(typed: str, expected: str) -> None:
    assert expected == needle(typed)


def test_a_way_back_out_of_a_form_fits_too() -> None:
    assert len(Back(to=client_tags_origin(BIGGEST, LONGEST_ORIGIN)).pack().encode()) <= MOST_BYTES
