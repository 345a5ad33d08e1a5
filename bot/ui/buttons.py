"""What a button says when it is pressed, typed.

A button lives as long as its message, so what was once emitted stays readable: a class may gain
places but never loses one, and a field never changes its meaning (H2).
"""

from collections.abc import Sequence
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.ui.words import BACK_BUTTON, HOME_BUTTON

Row = Sequence[InlineKeyboardButton]


class Place(StrEnum):
    """The screens that need no more than their name."""

    HOME = "home"
    WHATSAPP = "wa"
    CONNECT = "wa_connect"
    TODAY = "today"
    HELP = "help"


class Go(CallbackData, prefix="go"):
    """Show `to` in the place of the message with the button."""

    to: Place


def button(text: str, data: CallbackData, *, style: str | None = None) -> InlineKeyboardButton:
    """A button that answers; `style` is danger, success or primary."""
    return InlineKeyboardButton(text=text, callback_data=data.pack(), style=style)


def go(text: str, to: Place, *, style: str | None = None) -> InlineKeyboardButton:
    """A button that leads to a screen."""
    return button(text, Go(to=to), style=style)


def keyboard(*rows: Row, back: Place | None = None) -> InlineKeyboardMarkup:
    """`rows`, and below them the way back and home that every screen has (H1)."""
    ways = [go(HOME_BUTTON, Place.HOME)]
    if back not in (None, Place.HOME):
        ways.insert(0, go(BACK_BUTTON, back))
    return bare_keyboard(*rows, ways)


def bare_keyboard(*rows: Row) -> InlineKeyboardMarkup:
    """`rows` alone: for the home screen itself."""
    return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in rows])
