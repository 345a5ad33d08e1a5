"""What an administrator tells all owners, to whom, and what became of it (A11). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.subscription import Standing
from domain.text import lines
from errors import InvalidInput

MOST_LETTERS = 3500
"""Of the text, so that with its heading it is one message of Telegram's 4,096."""


class BroadcastState(StrEnum):
    """Where a broadcast stands."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # by an administrator, for good
    DONE = "done"


class BroadcastTo(StrEnum):
    """Who is told, by standing."""

    ALL = "all"
    TRIAL = "trial"
    ACTIVE = "active"
    ENDED = "ended"


class Reach(StrEnum):
    """What became of it with one owner."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNREACHABLE = "unreachable"  # has shut the bot out, or is gone from Telegram
    REFUSED = "refused"  # Telegram does not take it for this chat
    UNSURE = "unsure"  # was being told when a process ended, and is never told again by itself


OPEN = frozenset({BroadcastState.RUNNING, BroadcastState.PAUSED})


class Group(StrEnum):
    """Owners who are counted together, and listed so; the value is what buttons carry."""

    HEARD = "h"
    LEFT = "l"
    SHUT = "s"
    REFUSED = "r"
    DOUBTED = "d"

    @property
    def reaches(self) -> tuple[Reach, ...]:
        """What became of it with those."""
        return _REACHES[self]


_REACHES = {
    Group.HEARD: (Reach.SENT,),
    Group.LEFT: (Reach.WAITING, Reach.SENDING),
    Group.SHUT: (Reach.UNREACHABLE,),
    Group.REFUSED: (Reach.REFUSED,),
    Group.DOUBTED: (Reach.UNSURE,),
}
GROUP_ROWS = 6
"""Accounts on a page of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A broadcast as it stands; `total` owners were to be told, `counts` has those still here."""

    broadcast_id: int
    made_by: int
    body: str = field(repr=False)
    audience: BroadcastTo
    state: BroadcastState
    total: int
    made_at: datetime
    ended_at: datetime | None
    counts: Mapping[Reach, int]

    def count(self, *states: Reach) -> int:
        """How many owners are in any of these states."""
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def left(self) -> int:
        """How many are still to be told."""
        return self.group(Group.LEFT)

    def group(self, group: Group) -> int:
        """How many owners of a group are still here."""
        return self.count(*group.reaches)

    @property
    def erased(self) -> int:
        """How many accounts are gone since it began."""
        return self.total - sum(self.counts.values())


def is_in(audience: BroadcastTo, standing: Standing) -> bool:
    """Whether an account that stands there is told; who is blocked never is."""
    match audience:
        case BroadcastTo.ALL:
            return standing is not Standing.BLOCKED
        case BroadcastTo.TRIAL:
            return standing is Standing.TRIAL
        case BroadcastTo.ACTIVE:
            return standing is Standing.ACTIVE
        case BroadcastTo.ENDED:
            return standing not in {Standing.TRIAL, Standing.ACTIVE, Standing.BLOCKED}


def parse_body(text: str) -> str:
    """The text as it will be told. Raises InvalidInput with how much of it is too much."""
    body = lines(text)
    if not body:
        raise InvalidInput("Escreva o aviso em texto.")
    letters = len(body.encode("utf-16-le")) // 2  # as Telegram counts them
    if letters > MOST_LETTERS:
        over = letters - MOST_LETTERS
        raise InvalidInput(f"O aviso tem {letters} letras, e cabem {MOST_LETTERS}. Tire {over}.")
    return body
