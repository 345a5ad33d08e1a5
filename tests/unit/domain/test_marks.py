"""Which of a list are marked: all at first, and whatever was kept is read without trust (law 4)."""

from typing import Any

import pytest

from domain.marks import Marks, kept_marks, seal, stored_marks

DAY = "2026-11-25"
LISTED = (1, 2, 3)


def marked(marks: Marks) -> list[int]:
    return [number for number in LISTED if marks.has(number)]


def test_all_are_marked_at_first() -> None:
    assert [*LISTED] == marked(Marks())


@pytest.mark.parametrize(
    ("start", "on", "expected"),
    [
        pytest.param(Marks(), False, [1, 3], id="one of all goes"),
        pytest.param(Marks(rest=False), True, [2], id="one of none comes"),
        pytest.param(Marks(others=frozenset({2})), True, [1, 2, 3], id="it comes back"),
        pytest.param(Marks(rest=False, others=frozenset({2})), False, [], id="it goes again"),
    ],
)
def test_a_mark_is_put_to_what_is_said_however_often(
    start: Marks, on: bool, expected: list[int]
) -> None:
    once = start.put(2, on=on)

    assert expected == marked(once) == marked(once.put(2, on=on))


def test_what_is_kept_is_read_as_it_was_without_who_is_gone() -> None:
    marks = Marks(rest=False, others=frozenset({2, 99}))
    kept = kept_marks(marks, DAY, LISTED)

    assert ([2], Marks(rest=False, others=frozenset({2}))) == (
        kept["others"],
        stored_marks(kept, DAY),
    )


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"day": "2026-11-24", "rest": False, "others": [1]}, id="of another day"),
        pytest.param({"day": DAY, "others": "1,2"}, id="of another form"),
        pytest.param({"day": DAY, "others": [None, "1"]}, id="of other things"),
    ],
)
def test_what_cannot_be_read_is_all_marked(answers: dict[str, Any]) -> None:
    assert Marks() == stored_marks(answers, DAY)


def test_a_seal_is_the_same_for_the_same_in_any_order_and_another_for_others() -> None:
    assert seal(["a", "b"]) == seal(["b", "a"])
    assert 4 == len({seal([]), seal(["a"]), seal(["ab"]), seal(["a", "b"])})
