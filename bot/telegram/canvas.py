"""Draws one view in a chat: over an older message where that works, as a new message otherwise.

Telegram cannot turn a picture into a text, nor edit what is gone: then the old message goes and a
new one comes.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramForbiddenError,
)
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, InputMediaPhoto

from bot.telegram.pace import LOG, Pace
from bot.ui.pager import CAPTION_LIMIT, pages
from bot.ui.view import Spot, View
from errors import ChatUnreachable, MessageRefused

T = TypeVar("T")

NOT_MODIFIED = "message is not modified"
CHAT_GONE = "chat not found"
BLANK = "…"  # Telegram takes no empty text


class Canvas:
    """The chats as a surface to draw on. `on_blocked(chat_id)` hears who shut the bot out."""

    def __init__(self, bot: Bot, pace: Pace, on_blocked: Callable[[int], None]) -> None:
        self._bot = bot
        self._pace = pace
        self._on_blocked = on_blocked

    async def draw(self, chat_id: int, view: View, at: Spot | None) -> Spot:
        """Show `view`, at best over `at`; where it is now.

        Raises:
            ChatUnreachable: the person does not want us, or is gone.
            MessageRefused: Telegram finds the view wrong.
        """
        if view.picture is not None:
            return await self._draw_picture(chat_id, view, view.picture, at)
        *first, last = pages(view.text) or [BLANK]
        for page in first:
            await self._draw_text(chat_id, page, None, at)
            at = None
        return await self._draw_text(chat_id, last, view.keyboard, at)

    async def _draw_text(
        self, chat_id: int, text: str, keyboard: InlineKeyboardMarkup | None, at: Spot | None
    ) -> Spot:
        if at is not None:
            edit = partial(
                self._bot.edit_message_text,
                text,
                chat_id=chat_id,
                message_id=at.message_id,
                reply_markup=keyboard,
            )
            if at.picture is None and await self._edited(chat_id, edit):
                return at
            await self._delete(chat_id, at)
        send = partial(self._bot.send_message, chat_id, text, reply_markup=keyboard)
        return Spot((await self._call(chat_id, send)).message_id)

    async def _draw_picture(
        self, chat_id: int, view: View, picture: bytes, at: Spot | None
    ) -> Spot:
        mark = hash(picture)
        file = BufferedInputFile(picture, "imagem.png")
        words: dict[str, Any] = {"caption": next(iter(pages(view.text, CAPTION_LIMIT)), "")}
        if at is not None:
            place: dict[str, Any] = {
                "chat_id": chat_id,
                "message_id": at.message_id,
                "reply_markup": view.keyboard,
            }
            media = InputMediaPhoto(media=file, **words)
            edit = (
                partial(self._bot.edit_message_caption, **place, **words)
                if at.picture == mark
                else partial(self._bot.edit_message_media, media, **place)
            )
            if await self._edited(chat_id, edit):
                return Spot(at.message_id, mark)
            await self._delete(chat_id, at)
        send = partial(self._bot.send_photo, chat_id, file, reply_markup=view.keyboard, **words)
        return Spot((await self._call(chat_id, send)).message_id, mark)

    async def _edited(self, chat_id: int, edit: Callable[[], Awaitable[Any]]) -> bool:
        """Whether the message shows now what it should."""
        try:
            await self._call(chat_id, edit)
        except MessageRefused as refusal:
            return NOT_MODIFIED in str(refusal)
        return True

    async def _delete(self, chat_id: int, at: Spot) -> None:
        delete = partial(self._bot.delete_message, chat_id, at.message_id)
        try:
            await self._call(chat_id, delete)
        except MessageRefused:
            LOG.debug("nothing to delete")  # gone already, or too old

    async def _call(self, chat_id: int, call: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._pace.insist(call, chat_id)
        except TelegramAPIError as error:
            if isinstance(error, TelegramForbiddenError) or CHAT_GONE in error.message:
                self._on_blocked(chat_id)
                raise ChatUnreachable(f"chat {chat_id}: {error.message}") from error
            raise MessageRefused(error.message) from error
