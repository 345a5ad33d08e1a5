"""A tenant's own data: taken out whole, who did what, and the end of the account (I9)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from actors.runtime import Request
from domain.takeout import Losses


class Format(StrEnum):
    """In which form everything is taken out."""

    SHEET = "xlsx"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A file with everything; `messages` of `all_messages` are in it."""

    name: str
    data: bytes = field(repr=False)
    messages: int = 0
    all_messages: int = 0


@dataclass(frozen=True, slots=True)
class TakeOut(Request[TakenOut]):
    """Everything there is, as a file; also once access is over (A6)."""

    format: Format


@dataclass(frozen=True, slots=True)
class TrailLine:
    """Something that was done; `at` is local."""

    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class Trail:
    """One page of who did what, the latest first; `page` is one there is."""

    lines: tuple[TrailLine, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class GetTrail(Request[Trail]):
    """Who did what."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class GetAccountLosses(Request[Losses]):
    """What erasing the account would take along."""


@dataclass(frozen=True, slots=True)
class EraseAccount(Request[bool]):
    """Unlink WhatsApp, and delete the account with all it has: nothing brings it back.

    False when there was none (any more).
    """
