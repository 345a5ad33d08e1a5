"""Updates that several connections bring are put in Telegram's order again, as far as it goes."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.order import FARTHEST_LATE, GAP_SECONDS, InOrder

CHAT, OTHER = 1, 2
SOON = GAP_SECONDS / 2


def woken(order: InOrder, now: float) -> list[int]:
    return [arrival.update_id for arrival in order.ready(now)]


def bring(order: InOrder, now: float, *update_ids: int, chat_id: int = CHAT) -> None:
    """Have updates come, each safe at once."""
    for update_id in update_ids:
        order.expect(update_id, chat_id, now)
        order.settle(update_id, chat_id, now, new=True)


def begun(last: int = 9) -> InOrder:
    """An order that knows what it saw last."""
    order = InOrder()
    bring(order, -1.0, last)
    assert [last] == woken(order, 0.0)
    return order


def test_one_after_the_other_nobody_waits() -> None:
    order = begun()
    at_once = []
    for update_id in (10, 11, 12):
        bring(order, 0.0, update_id)
        at_once.append(woken(order, 0.0))

    assert [[10], [11], [12]] == at_once


def test_the_first_of_all_waits_for_those_before_it() -> None:
    order = InOrder()
    bring(order, 0.0, 5)
    early = woken(order, SOON)
    bring(order, SOON, 4)

    assert ([], [4, 5]) == (early, woken(order, GAP_SECONDS))


def test_who_comes_after_a_gap_goes_when_it_is_filled() -> None:
    order = begun()
    bring(order, 0.0, 11)
    early = woken(order, SOON)
    bring(order, SOON, 10)

    assert ([], [10, 11]) == (early, woken(order, SOON))


def test_a_gap_that_stays_is_waited_for_once_and_no_longer() -> None:
    order = begun()
    bring(order, 0.0, 12)
    told = order.until
    early, late = woken(order, told - 0.001), woken(order, told)
    bring(order, 1.0, 13)

    assert (GAP_SECONDS, [], [12], [13]) == (told, early, late, woken(order, 1.0))


def test_who_comes_too_late_goes_at_once() -> None:
    order = begun()
    bring(order, 0.0, 12)
    woken(order, GAP_SECONDS)
    bring(order, 1.0, 10)

    assert [10] == woken(order, 1.0)


def test_whose_time_is_up_takes_along_who_is_before_it() -> None:
    order = begun()
    bring(order, 0.0, 14)
    bring(order, SOON, 12)

    assert [12, 14] == woken(order, GAP_SECONDS)


def test_who_is_at_the_door_already_is_waited_for_however_long_it_takes() -> None:
    order = begun()
    order.expect(10, CHAT, 0.0)
    bring(order, 0.0, 11)
    early = woken(order, 100.0)
    order.settle(10, CHAT, 100.0, new=True)

    assert ([], [10, 11]) == (early, woken(order, 100.0))


def test_who_is_at_the_door_for_long_holds_up_no_other_chat() -> None:
    order = begun()
    order.expect(10, OTHER, 0.0)
    bring(order, 0.0, 11)

    assert ([11], float("inf")) == (woken(order, 0.0), order.until)


@pytest.mark.parametrize("settled", [[False], [False, True], [True, False]])
def test_who_does_not_come_after_all_is_waited_for_no_longer(settled: Sequence[bool]) -> None:
    order = begun()
    for _ in settled:
        order.expect(10, CHAT, 0.0)
    bring(order, 0.0, 11)
    for new in settled:
        order.settle(10, CHAT, 0.0, new=new)

    assert [10] * sum(settled) + [11] == woken(order, 0.0)


@pytest.mark.parametrize("jump", [-FARTHEST_LATE - 10, -(10**6), 10**6])
def test_another_row_of_numbers_costs_one_wait(jump: int) -> None:
    order = begun()
    bring(order, 0.0, 10 + jump)
    early, late = woken(order, SOON), woken(order, GAP_SECONDS)
    bring(order, 1.0, 11 + jump)

    assert ([], [10 + jump], [11 + jump]) == (early, late, woken(order, 1.0))


def test_many_in_any_order_come_out_in_one() -> None:
    order = begun()
    bring(order, 0.0, *range(209, 9, -1))

    assert (list(range(10, 210)), 0) == (woken(order, 0.0), len(order))


@given(
    st.permutations(range(10, 30)),
    st.lists(st.sampled_from([CHAT, OTHER]), min_size=20, max_size=20),
    st.lists(st.integers(0, 19), min_size=20, max_size=20),
)
def test_each_comes_out_once_and_in_its_chats_order(
    coming: list[int], chats: list[int], safe_after: list[int]
) -> None:
    """In any order at the door, and safe in any other, while nobody waits out a gap."""
    order, out = begun(), list[int]()
    chat_of = dict(zip(range(10, 30), chats, strict=True))
    for update_id in coming:
        order.expect(update_id, chat_of[update_id], 0.0)
    for _, update_id in sorted(zip(safe_after, coming, strict=True)):
        order.settle(update_id, chat_of[update_id], 0.0, new=True)
        out += woken(order, 0.0)

    assert set(coming) == set(out)
    assert [[one for one in range(10, 30) if chat_of[one] == chat] for chat in (CHAT, OTHER)] == [
        [one for one in out if chat_of[one] == chat] for chat in (CHAT, OTHER)
    ]
