"""Every message of a day is counted once, in one group (E7, law 10)."""

from domain.day_groups import STATES, DayGroup, counted, states_of
from domain.outbox import MessageState


def test_every_state_is_in_one_group() -> None:
    states = [state for group in STATES.values() for state in group]

    assert sorted(MessageState) == sorted(states)


def test_the_groups_add_up_to_the_day() -> None:
    by_state = dict.fromkeys(MessageState, 2)

    assert 2 * len(MessageState) == sum(counted(by_state).values())


def test_a_group_without_messages_is_not_counted() -> None:
    by_state = {MessageState.QUEUED: 1, MessageState.RETRY: 1, MessageState.SENT: 0}

    assert {DayGroup.COMING: 2} == counted(by_state)


def test_what_went_is_what_was_sent_or_more() -> None:
    assert STATES[DayGroup.SENT] | STATES[DayGroup.ARRIVED] == states_of(DayGroup.WENT)
