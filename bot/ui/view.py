"""What one message shows, and where it may be drawn."""

from dataclasses import dataclass

from aiogram.types import InlineKeyboardMarkup


@dataclass(frozen=True, slots=True)
class View:
    """What one message shows: a text in HTML, or a picture with it, and buttons.

    Views with the same `slot` share one message of the chat: the next takes the place of the last,
    and a `fleeting` one is skipped once the person has put another screen in that place.
    `toast` is a short line over the screen, for who pressed the button.
    """

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    picture: bytes | None = None
    slot: str | None = None
    fleeting: bool = False
    toast: str | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A message of the chat that may be written over, and the hash of its picture if it has one."""

    message_id: int
    picture: int | None = None
