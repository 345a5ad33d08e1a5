"""The messages of a day as an owner counts them: what became of each, in six groups (E7)."""

from collections.abc import Mapping
from enum import StrEnum

from domain.outbox import MessageState


class DayGroup(StrEnum):
    """What became of a message; the value is what buttons carry."""

    HELD = "w"  # lacks something that only the owner can fill in
    COMING = "q"
    SENT = "s"
    ARRIVED = "d"
    FAILED = "f"
    CANCELLED = "x"
    WENT = "g"  # sent or more: no group of its own, but how a day is summed up


WENT = frozenset({MessageState.SENT, MessageState.DELIVERED, MessageState.READ})
STATES: Mapping[DayGroup, frozenset[MessageState]] = {
    DayGroup.HELD: frozenset({MessageState.WAITING}),
    DayGroup.COMING: frozenset(
        {MessageState.QUEUED, MessageState.SENDING, MessageState.RETRY, MessageState.UNKNOWN}
    ),
    DayGroup.SENT: frozenset({MessageState.SENT}),
    DayGroup.ARRIVED: frozenset({MessageState.DELIVERED, MessageState.READ}),
    DayGroup.FAILED: frozenset({MessageState.FAILED, MessageState.EXPIRED}),
    DayGroup.CANCELLED: frozenset({MessageState.CANCELLED}),
}


def states_of(group: DayGroup) -> frozenset[MessageState]:
    """The states that a group holds."""
    return WENT if group is DayGroup.WENT else STATES[group]


def counted(by_state: Mapping[MessageState, int]) -> dict[DayGroup, int]:
    """How many of a day's messages are in each group that has any."""
    counts = {
        group: sum(by_state.get(state, 0) for state in states) for group, states in STATES.items()
    }
    return {group: count for group, count in counts.items() if count}
