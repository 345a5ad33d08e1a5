"""What can be read of an update that need not be well-formed."""

from typing import Any

import pytest

from domain.updates import (
    MOST_QUERY_CHARACTERS,
    NO_CHAT,
    chat_of,
    inline_query_of,
    is_id,
    query_of,
    remains_of,
)

CHAT = 7


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, True),
        (-(2**63), True),
        (2**63 - 1, True),
        (2**63, False),
        (-(2**63) - 1, False),
        (True, False),
        (1.0, False),
        ("1", False),
        (None, False),
    ],
)
def test_an_id_is_a_whole_number_that_fits(value: object, expected: bool) -> None:
    assert expected == is_id(value)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param({"message": {"chat": {"id": CHAT}}}, CHAT, id="a message"),
        pytest.param(
            {"callback_query": {"from": {"id": 9}, "message": {"chat": {"id": CHAT}}}},
            CHAT,
            id="a press below a message",
        ),
        pytest.param({"callback_query": {"from": {"id": CHAT}}}, CHAT, id="a press below none"),
        pytest.param({"update_id": 1, "message": []}, NO_CHAT, id="no object"),
        pytest.param({"message": {"chat": {"id": 2**63}}}, NO_CHAT, id="an id that does not fit"),
        pytest.param({}, NO_CHAT, id="nothing"),
    ],
)
def test_an_update_belongs_to_its_chat(payload: dict[str, Any], expected: int) -> None:
    assert expected == chat_of(payload)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"id": "q1"}, "q1"),
        ({"id": "q" * MOST_QUERY_CHARACTERS}, "q" * MOST_QUERY_CHARACTERS),
        ({"id": "q" * (MOST_QUERY_CHARACTERS + 1)}, None),
        ({"id": ""}, None),
        ({"id": 1}, None),
        ({}, None),
        ("q1", None),
    ],
)
def test_a_press_is_known_by_its_id(query: object, expected: str | None) -> None:
    assert expected == query_of({"callback_query": query})


def test_what_is_left_of_an_update_is_its_number_and_who_waits() -> None:
    press = {"update_id": 5, "callback_query": {"id": "q1", "data": "x", "from": {"id": CHAT}}}

    assert (
        {"update_id": 5, "callback_query": {"id": "q1"}},
        {"update_id": 5, "message": "unstorable"},
    ) == (remains_of(5, press), remains_of(5, {"update_id": 5, "message": {"text": "x"}}))


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"inline_query": {"id": "q1"}}, "q1"),
        ({"inline_query": {"id": ""}}, None),
        ({"callback_query": {"id": "q1"}}, None),
        ({}, None),
    ],
)
def test_a_question_from_the_typing_box_is_known_by_its_id(
    payload: dict[str, Any], expected: str | None
) -> None:
    assert expected == inline_query_of(payload)
