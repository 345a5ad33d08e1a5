"""What a button says when it is pressed, typed; and the keyboards made of them.

A button lives as long as its message, so what was once emitted stays readable: a class may gain
fields at its end but never loses one, and a field never changes its meaning (H2).
"""

from collections.abc import Sequence
from functools import lru_cache

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.ui.words import BACK_BUTTON, HOME_BUTTON

Row = Sequence[InlineKeyboardButton]
HOME = "home"
LOST = "lost"
"""The screen for what nobody understood."""
PLACE_OWNER = "g"
"""The first letter of a way back that leads to a screen which needs no more than its name."""
MOST_BYTES = 64
WAYS_REMEMBERED = 1_000
MOST_NUMBER = 2**63 - 1
"""As large as a number in a button can be, since none that is stored is larger."""


class Go(CallbackData, prefix="go"):
    """Show the screen named `to` in the place of the message with the button."""

    to: str


class Back(CallbackData, prefix="bk"):
    """Voltar: to where the person came from (law 4), as the owner of its first letter reads it."""

    to: str


class PageCount(CallbackData, prefix="pc"):
    """The counter of a pager: tells in a toast what it shows already."""

    page: int
    pages: int


def button(text: str, data: CallbackData, *, style: str | None = None) -> InlineKeyboardButton:
    """A button that answers; `style` is danger, success or primary."""
    return InlineKeyboardButton(text=text, callback_data=data.pack(), style=style)


@lru_cache(WAYS_REMEMBERED)
def go(text: str, to: str, *, style: str | None = None) -> InlineKeyboardButton:
    """A button that leads to a screen."""
    return button(text, Go(to=to), style=style)


def number_in(text: str) -> int:
    """A number out of a way back; 0, which is nobody's, for what is none."""
    number = int(text) if text.isdecimal() else 0
    return number if number <= MOST_NUMBER else 0


def place(name: str) -> str:
    """The way back to the screen called `name`."""
    return PLACE_OWNER + name


def keyboard(*rows: Row, back: str | None = None) -> InlineKeyboardMarkup:
    """`rows`, and below them the way home, beside the way `back` where something lies behind (H1).

    What arrives by itself has nothing behind it.
    """
    ways = [go(HOME_BUTTON, HOME)]
    if back is not None:
        ways.insert(0, button(BACK_BUTTON, Back(to=back or place(HOME))))
    return bare_keyboard(*rows, ways)


def bare_keyboard(*rows: Row) -> InlineKeyboardMarkup:
    """`rows` alone: for the home screen itself, and for the first question."""
    return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in rows if row])


def in_rows(buttons: Sequence[InlineKeyboardButton], a_row: int) -> list[Row]:
    """`buttons` in rows of at most `a_row`."""
    return [buttons[at : at + a_row] for at in range(0, len(buttons), a_row)]
