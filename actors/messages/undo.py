"""Undoing what was just done: for ten minutes, once, and only while nothing else has changed it."""

from dataclasses import dataclass
from datetime import datetime

from actors.runtime import Request


@dataclass(frozen=True, slots=True)
class UndoOffer:
    """What `Undo` takes, and until when, on the owner's clock."""

    undo_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Undone:
    """What is as it was before, in a sentence, and the client it was about."""

    says: str
    client_id: int | None


@dataclass(frozen=True, slots=True)
class Undo(Request[Undone]):
    """Take an act back, all of it or nothing; the same again answers the same.

    Raises CannotUndo when it is too late, or what happened since forbids it; NotFound.
    """

    undo_id: int
