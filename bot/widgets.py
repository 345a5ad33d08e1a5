"""The pieces screens are made of: a view, buttons, the way back, and texts cut to size."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot import texts
from bot.callbacks import Go, Place

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TAG = re.compile(r"<[^>]*>")

Row = Sequence[InlineKeyboardButton]


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


def button(text: str, data: CallbackData, *, style: str | None = None) -> InlineKeyboardButton:
    """A button that answers; `style` is danger, success or primary."""
    return InlineKeyboardButton(text=text, callback_data=data.pack(), style=style)


def go(text: str, to: Place, *, style: str | None = None) -> InlineKeyboardButton:
    """A button that leads to a screen."""
    return button(text, Go(to=to), style=style)


def keyboard(*rows: Row, back: Place | None = None) -> InlineKeyboardMarkup:
    """`rows`, and below them the way back and home that every screen has (H1)."""
    ways = [go(texts.HOME_BUTTON, Place.HOME)]
    if back not in (None, Place.HOME):
        ways.insert(0, go(texts.BACK_BUTTON, back))
    return bare_keyboard(*rows, ways)


def bare_keyboard(*rows: Row) -> InlineKeyboardMarkup:
    """`rows` alone: for the home screen itself."""
    return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in rows])


def pages(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """`text` in messages Telegram takes, cut between lines (H5).

    Every line closes the tags it opens, as all in `texts` do; a line too long by itself loses them.
    """
    done: list[str] = []
    page = ""
    for line in (part for whole in text.split("\n") for part in _fitting(whole, limit)):
        longer = f"{page}\n{line}" if page else line
        if shown_length(longer) > limit:
            done.append(page)
            longer = line
        page = longer
    return [kept for kept in [*done, page] if kept.strip()]


def shown_length(source: str) -> int:
    """The length of an HTML text as Telegram counts it: UTF-16 units, after reading the tags."""
    return len(_plain(source).encode("utf-16-le")) // 2


def _fitting(line: str, limit: int) -> list[str]:
    if shown_length(line) <= limit:
        return [line]
    plain = _plain(line)
    # Half the limit: a character outside the basic plane counts as two units.
    step = limit // 2
    return [html.escape(plain[at : at + step]) for at in range(0, len(plain), step)]


def _plain(source: str) -> str:
    return html.unescape(TAG.sub("", source))
