"""The pinned message of the day's figures, between tenant, session and bot (J8)."""

from dataclasses import dataclass

from actors.runtime import Request
from domain.scoreboard import Scoreboard


@dataclass(frozen=True, slots=True)
class GetBoard(Request[bool]):
    """Whether the owner wants it."""


@dataclass(frozen=True, slots=True)
class SetBoard(Request[bool]):
    """Pin it, or take it away; answered with whether it is wanted now."""

    on: bool


@dataclass(frozen=True, slots=True)
class DayMoved:
    """Something of the day is not what it was: a message came further."""


@dataclass(frozen=True, slots=True)
class ShowBoard(Request[int]):
    """Write over the board's message, or pin a new one; answered with which message it is.

    Raises ChatUnreachable, MessageRefused.
    """

    tenant_id: int
    board: Scoreboard
    message_id: int | None


@dataclass(frozen=True, slots=True)
class TakeBoardAway(Request[None]):
    """Take the board's message out of the chat."""

    tenant_id: int
    message_id: int
