"""What the stand-in's tests share: a picture, a keyboard, a clock, what the bot's messages are."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from PIL import Image

from playground.telegram import TelegramStandIn

PATIENCE_SECONDS = 10.0
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.time = now

    def now(self) -> datetime:
        """Return what it shows."""
        return self.time

    def move(self, seconds: float) -> None:
        """Let that much time pass."""
        self.time += timedelta(seconds=seconds)


def picture(width: int = 40, height: int = 40) -> BufferedInputFile:
    """Return a white picture."""
    out = BytesIO()
    Image.new("1", (width, height), 1).save(out, "PNG")
    return BufferedInputFile(out.getvalue(), "p.png")


def keys(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    """Return a keyboard of one row."""
    return InlineKeyboardMarkup(inline_keyboard=[list(buttons)])


def key(text: str = "a", data: str = "c") -> InlineKeyboardButton:
    """Return a button that reaches the bot."""
    return InlineKeyboardButton(text=text, callback_data=data)


async def seen(stand_in: TelegramStandIn, chat: int) -> list[dict[str, Any]]:
    """Return what the bot wrote in a chat."""
    _, messages = await stand_in.control.look(chat)
    return [message for message in messages if message["from"] == "bot"]
