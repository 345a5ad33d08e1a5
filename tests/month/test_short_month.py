"""The first days of the month, and the model it is compared with (E3, E3b, E6, C10)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.month import story
from tests.month.__main__ import is_clean, lodging, run
from tests.month.model import BILLING, Person, Shop

DUE = date(2026, 11, 10)
DAYS = 3


@pytest.mark.timeout(100)
async def test_the_first_days_of_a_month_reach_everybody_once() -> None:
    told: list[str] = []

    with lodging() as home:
        figures = await run(7, DAYS, home, told.append)

    assert (True, DAYS, figures.expected) == (
        is_clean(figures),
        figures.days,
        figures.heard_once,
    ), "\n".join(told)
    assert figures.expected > 0


def shop(**changes: object) -> Shop:
    """A business with one client, due on DUE."""
    person = Person(0, "Ana", "+5511985000000", DUE, Decimal(35))
    vars(person).update(changes)
    return Shop([person])


@pytest.mark.parametrize(("days", "count"), [(-1, 0), (0, 0), (1, 1), (2, 0)])
def test_only_the_first_day_late_is_billed(days: int, count: int) -> None:
    day = DUE + timedelta(days=days)

    assert count == len(list(shop().due_now(day, rests=False)))


@pytest.mark.parametrize("change", [{"billing": False}, {"archived": True}, {"out": True}])
def test_who_must_not_be_billed_is_neither_due_nor_left_out(change: dict[str, bool]) -> None:
    made = shop(**change)

    assert not [*made.due_now(DUE + timedelta(days=1), rests=False)]
    assert not [*made.left_out(DUE + timedelta(days=2))]


def test_a_day_of_rest_leaves_somebody_out() -> None:
    made = shop()

    assert not [*made.due_now(DUE + timedelta(days=1), rests=True)]
    assert [(0, BILLING, DUE)] == [*made.left_out(DUE + timedelta(days=2))]


def test_equal_seeds_tell_equal_stories() -> None:
    assert list(story.acts(DUE, 7)) == list(story.acts(DUE, 7))
    assert list(story.acts(DUE, 7)) != list(story.acts(DUE, 8))
