"""What one message shows, and where it may be drawn."""

from dataclasses import dataclass, field, replace
from enum import Enum

from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is handed over."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lead:
    """A line of its own above a view, for what no button under it can do: sharing a number."""

    text: str
    board: ReplyKeyboardMarkup | ReplyKeyboardRemove


class Where(Enum):
    """Where a view with a slot goes that nobody asked for, when it stands there already."""

    OVER = "over"
    RISES = "rises"
    """Over it, or at the bottom once that is far up (law 3)."""
    ANEW = "anew"
    """At the bottom, with a sound; the one before loses its buttons."""
    ONLY_OVER = "only_over"
    """Over it, or nowhere."""


@dataclass(frozen=True, slots=True)
class View:
    """What one message shows: a text in HTML, or a picture or a file with it, and buttons.

    `asks` names the question that typed text answers while this is the live screen of the chat.
    `toast` is a short line over the screen, for who pressed the button. Views with the same `slot`
    share one message of the chat: the next takes the place of the last, and a `fleeting` one is
    skipped once the person has put another screen in that place. A `perishable` one is good for
    nobody once it is left: its message is deleted where another would only lose its buttons.
    """

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    picture: bytes | None = None
    document: Document | None = None
    slot: str | None = None
    fleeting: bool = False
    perishable: bool = False
    toast: str | None = None
    asks: str | None = None
    lead: Lead | None = None
    where: Where = Where.OVER

    def led_by(self, lead: Lead) -> "View":
        """This view, at the bottom, below `lead`."""
        return replace(self, lead=lead)


@dataclass(frozen=True, slots=True)
class Spot:
    """A message of the chat that may be written over, and the hash of its picture if it has one."""

    message_id: int
    picture: int | None = None
