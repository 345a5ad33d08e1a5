"""Tells one owner what all owners are told, in one attempt (A11): never twice, so never repeated.

It has no line to wait in and is no screen: the live screen of the chat stays what it is.
"""

from collections.abc import Callable
from functools import partial

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramForbiddenError

from bot.telegram.canvas import CHAT_GONE
from bot.telegram.pace import LOG, PASSING, Pace
from bot.ui.view import View
from domain.broadcasts import Reach
from errors import TelegramAway

TURN_SECONDS = 0.75
"""How long a turn is waited for; a process that ends then knows that nothing was sent."""


class Announcer:
    """Tells. `on_blocked(chat_id)` hears who shut the bot out."""

    def __init__(self, bot: Bot, pace: Pace, on_blocked: Callable[[int], None]) -> None:
        self._bot = bot
        self._pace = pace
        self._on_blocked = on_blocked

    async def tell(self, chat_id: int, view: View) -> Reach:
        """Send `view` once; what became of it."""
        send = partial(self._bot.send_message, chat_id, view.text, reply_markup=view.keyboard)
        try:
            await self._pace.once(send, chat_id, TURN_SECONDS)
        except TelegramAway:
            return Reach.WAITING
        except PASSING as error:
            LOG.warning("may have been told", chat_id=chat_id, error=type(error).__name__)
            return Reach.UNSURE
        except TelegramAPIError as error:
            if isinstance(error, TelegramForbiddenError) or CHAT_GONE in error.message:
                self._on_blocked(chat_id)
                return Reach.UNREACHABLE
            LOG.warning("refused", chat_id=chat_id, error=type(error).__name__)
            return Reach.REFUSED
        return Reach.SENT
