"""Draws one view in a chat: over an older message where that works, as a new message otherwise.

A text goes over a text and a picture over a picture. Telegram cannot turn one into the other and
back, nor edit what is gone, and a file is always handed over anew: then a new message comes, and
the old one stays as it is, but for its buttons (`strip`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramForbiddenError
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, InputMediaPhoto

from bot.telegram.pace import Pace
from bot.ui.pager import CAPTION_LIMIT, pages
from bot.ui.view import Document, Lead, Spot, View
from bot.ui.words import timeless
from errors import ChatUnreachable, MessageRefused, TelegramAway

T = TypeVar("T")

NOT_MODIFIED = "message is not modified"
CHAT_GONE = "chat not found"
BLANK = "…"  # Telegram takes no empty text


@dataclass(frozen=True, slots=True)
class _Work:
    """Whose chat it is, and whether anybody still wants it drawn."""

    chat_id: int
    is_wanted: Callable[[], bool] = lambda: True


class Canvas:
    """The chats as a surface to draw on. `on_blocked(chat_id)` hears who shut the bot out."""

    def __init__(self, bot: Bot, pace: Pace, on_blocked: Callable[[int], None]) -> None:
        self._bot = bot
        self._pace = pace
        self._on_blocked = on_blocked

    async def draw(
        self,
        chat_id: int,
        view: View,
        at: Spot | None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Spot:
        """Show `view`, at best over `at`; where it is now.

        Raises:
            ChatUnreachable: the person does not want us, or is gone.
            MessageRefused: Telegram finds the view wrong.
            TelegramAway: it was not wanted any more when its turn came.
        """
        work = _Work(chat_id, is_wanted)
        try:
            return await self._draw(work, view, at)
        except MessageRefused:
            # Telegram takes no instant that is over, by its own clock; what it says stays readable.
            told = timeless(view.text)
            if told == view.text:
                raise
            return await self._draw(work, replace(view, text=told), at)

    async def _draw(self, work: _Work, view: View, at: Spot | None) -> Spot:
        if view.lead is not None:
            await self._lead(work, view.lead)
            at = None
        if view.document is not None:
            return await self._hand_over(work, view, view.document)
        if view.picture is not None:
            return await self._draw_picture(work, view, view.picture, at)
        *first, last = pages(view.text) or [BLANK]
        for page in first:
            await self._draw_text(work, page, None, at)
            at = None
        return await self._draw_text(work, last, view.keyboard, at)

    async def erase(self, chat_id: int, message_id: int) -> None:
        """Take a message away, or its buttons where it is too old for that.

        Raises:
            ChatUnreachable: the person does not want us, or is gone.
            MessageRefused: neither can be done any more.
        """
        delete = partial(self._bot.delete_message, chat_id, message_id)
        try:
            await self._call(_Work(chat_id), delete)
        except MessageRefused:
            await self.strip(chat_id, message_id)

    async def strip(self, chat_id: int, message_id: int) -> None:
        """Take the buttons of a message away.

        Raises:
            ChatUnreachable: the person does not want us, or is gone.
            MessageRefused: it has none, or cannot be changed any more.
        """
        edit = partial(self._bot.edit_message_reply_markup, chat_id=chat_id, message_id=message_id)
        await self._call(_Work(chat_id), edit)

    async def _lead(self, work: _Work, lead: Lead) -> None:
        send = partial(self._bot.send_message, work.chat_id, lead.text, reply_markup=lead.board)
        await self._call(work, send)

    async def _draw_text(
        self, work: _Work, text: str, keyboard: InlineKeyboardMarkup | None, at: Spot | None
    ) -> Spot:
        if at is not None and at.picture is None:
            edit = partial(
                self._bot.edit_message_text,
                text,
                chat_id=work.chat_id,
                message_id=at.message_id,
                reply_markup=keyboard,
            )
            if await self._edited(work, edit):
                return at
        send = partial(self._bot.send_message, work.chat_id, text, reply_markup=keyboard)
        return Spot((await self._call(work, send)).message_id)

    async def _draw_picture(self, work: _Work, view: View, picture: bytes, at: Spot | None) -> Spot:
        mark = hash(picture)
        file = BufferedInputFile(picture, "imagem.png")
        words = _caption(view)
        if at is not None and at.picture is not None:
            place: dict[str, Any] = {
                "chat_id": work.chat_id,
                "message_id": at.message_id,
                "reply_markup": view.keyboard,
            }
            media = InputMediaPhoto(media=file, **words)
            edit = (
                partial(self._bot.edit_message_caption, **place, **words)
                if at.picture == mark
                else partial(self._bot.edit_message_media, media, **place)
            )
            if await self._edited(work, edit):
                return Spot(at.message_id, mark)
        send = partial(
            self._bot.send_photo, work.chat_id, file, reply_markup=view.keyboard, **words
        )
        return Spot((await self._call(work, send)).message_id, mark)

    async def _hand_over(self, work: _Work, view: View, document: Document) -> Spot:
        file = BufferedInputFile(document.data, document.name)
        send = partial(
            self._bot.send_document,
            work.chat_id,
            file,
            reply_markup=view.keyboard,
            **_caption(view),
        )
        return Spot((await self._call(work, send)).message_id)

    async def _edited(self, work: _Work, edit: Callable[[], Awaitable[Any]]) -> bool:
        """Whether the message shows now what it should."""
        try:
            await self._call(work, edit)
        except MessageRefused as refusal:
            return NOT_MODIFIED in str(refusal)
        return True

    async def _call(self, work: _Work, call: Callable[[], Awaitable[T]]) -> T:
        async def call_if_wanted() -> T:
            if not work.is_wanted():
                raise TelegramAway(f"chat {work.chat_id}: taken back")
            return await call()

        try:
            return await self._pace.insist(call_if_wanted, work.chat_id)
        except TelegramAPIError as error:
            if isinstance(error, TelegramForbiddenError) or CHAT_GONE in error.message:
                self._on_blocked(work.chat_id)
                raise ChatUnreachable(f"chat {work.chat_id}: {error.message}") from error
            raise MessageRefused(error.message) from error


def _caption(view: View) -> dict[str, Any]:
    return {"caption": next(iter(pages(view.text, CAPTION_LIMIT)), "")}
