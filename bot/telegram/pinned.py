"""The one message of a chat that stays pinned and is written over in place (J8).

It has no buttons and is no screen: the live screen stays what it is.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError

from bot.telegram.canvas import CHAT_GONE, NOT_MODIFIED
from bot.telegram.pace import LOG, Pace
from errors import ChatUnreachable, MessageRefused

T = TypeVar("T")


class Pinned:
    """Pins, writes over and takes away. `on_blocked(chat_id)` hears who shut the bot out."""

    def __init__(self, bot: Bot, pace: Pace, on_blocked: Callable[[int], None]) -> None:
        self._bot = bot
        self._pace = pace
        self._on_blocked = on_blocked

    async def show(self, chat_id: int, text: str, message_id: int | None) -> int:
        """Say `text` in the pinned message; a new one where it is gone. Returns which it is.

        Raises:
            ChatUnreachable: the person does not want us, or is gone.
            MessageRefused: Telegram finds the text wrong.
        """
        if message_id is not None and await self._written_over(chat_id, text, message_id):
            return message_id
        send = partial(self._bot.send_message, chat_id, text, disable_notification=True)
        made = (await self._call(chat_id, send)).message_id
        # Whatever a life that ended here had pinned is out of sight now.
        await self._try(chat_id, partial(self._bot.unpin_all_chat_messages, chat_id))
        pin = partial(self._bot.pin_chat_message, chat_id, made, disable_notification=True)
        await self._try(chat_id, pin)
        return made

    async def take_away(self, chat_id: int, message_id: int) -> None:
        """Unpin the message, and delete it where Telegram still lets us."""
        unpin = partial(self._bot.unpin_chat_message, chat_id, message_id=message_id)
        await self._try(chat_id, unpin)
        await self._try(chat_id, partial(self._bot.delete_message, chat_id, message_id))

    async def _written_over(self, chat_id: int, text: str, message_id: int) -> bool:
        edit = partial(self._bot.edit_message_text, text, chat_id=chat_id, message_id=message_id)
        try:
            await self._pace.insist(edit, chat_id)
        except TelegramBadRequest as error:
            return NOT_MODIFIED in str(error)
        except TelegramForbiddenError as error:
            self._on_blocked(chat_id)
            raise ChatUnreachable(f"chat {chat_id}") from error
        return True

    async def _try(self, chat_id: int, call: Callable[[], Awaitable[bool]]) -> None:
        try:
            await self._call(chat_id, call)
        except MessageRefused:
            LOG.debug("board", chat_id=chat_id)

    async def _call(self, chat_id: int, call: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._pace.insist(call, chat_id)
        except TelegramForbiddenError as error:
            self._on_blocked(chat_id)
            raise ChatUnreachable(f"chat {chat_id}") from error
        except TelegramAPIError as error:
            if CHAT_GONE in str(error):
                raise ChatUnreachable(f"chat {chat_id}") from error
            raise MessageRefused(f"chat {chat_id}") from error
