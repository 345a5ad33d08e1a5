"""Puts views on the screen: in order in each chat, in place where they belong, at Telegram's pace.

A slow chat holds up nobody else, and a full house makes whoever posts wait. While the process
lives, nothing that was posted is lost.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import InlineQueryResultUnion
from cachetools import LRUCache

from bot.telegram.canvas import Canvas
from bot.telegram.pace import LOG, Pace
from bot.ui.view import Spot, View
from errors import ChatUnreachable, MessageRefused
from guards.keyed_queue import KeyedQueue, Spawn

MOST_WAITING = 5_000
CHATS_WITH_SLOTS = 10_000


@dataclass(frozen=True, slots=True)
class _Order:
    """A view, the message to draw it over, and who waits for the outcome."""

    view: View
    at: Spot | None
    taken: asyncio.Future[None]


class Delivery:
    """The outgoing side of the bot. `on_blocked(chat_id)` hears who shut the bot out."""

    def __init__(
        self,
        bot: Bot,
        pace: Pace,
        *,
        spawn: Spawn,
        on_blocked: Callable[[int], None],
    ) -> None:
        self._bot = bot
        self._pace = pace
        self._canvas = Canvas(bot, pace, on_blocked)
        self._spawn = spawn
        self._lines = KeyedQueue(self._carry, spawn, most_waiting=MOST_WAITING)
        # None in a slot: the person has put another screen in that place.
        self._slots: LRUCache[int, dict[str, Spot | None]] = LRUCache(CHATS_WITH_SLOTS)

    async def post(self, chat_id: int, view: View, at: Spot | None = None) -> asyncio.Future[None]:
        """Line `view` up; the future ends when Telegram took it. Cancelled, it takes the view back.

        Its errors: `ChatUnreachable`, `MessageRefused`.
        """
        taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        taken.add_done_callback(_look_at)
        await self._lines.add(chat_id, _Order(view, at, taken))
        return taken

    def answer(self, query_id: str, toast: str | None) -> None:
        """Stop a button's spinner, soon: that has no line to wait in."""
        self._spawn(self._answer(query_id, toast), "answer")

    def answer_inline(self, query_id: str, found: list[InlineQueryResultUnion]) -> None:
        """Answer what was asked from the typing box; for this person alone, kept by nobody."""
        self._spawn(self._answer_inline(query_id, found), "inline answer")

    async def drained(self, seconds: float) -> None:
        """Wait until everything is delivered, at most so long."""
        await self._lines.drained(seconds)

    async def _answer(self, query_id: str, toast: str | None) -> None:
        answer = partial(self._bot.answer_callback_query, query_id, text=toast)
        try:
            await self._pace.insist(answer)
        except (TelegramBadRequest, TelegramForbiddenError):
            LOG.debug("query too old to answer")

    async def _answer_inline(self, query_id: str, found: list[InlineQueryResultUnion]) -> None:
        answer = partial(
            self._bot.answer_inline_query, query_id, found, cache_time=0, is_personal=True
        )
        try:
            await self._pace.insist(answer)
        except (TelegramBadRequest, TelegramForbiddenError):
            LOG.debug("query too old to answer")

    async def _carry(self, chat_id: int, order: _Order) -> None:
        if order.taken.done():
            return
        try:
            await self._show(chat_id, order.view, order.at)
        except (ChatUnreachable, MessageRefused) as error:
            LOG.warning("not shown", chat_id=chat_id, error=_unquoted(error))
            if not order.taken.done():
                order.taken.set_exception(error)
        else:
            if not order.taken.done():
                order.taken.set_result(None)

    async def _show(self, chat_id: int, view: View, at: Spot | None) -> None:
        slots = self._slots.setdefault(chat_id, {})
        if view.slot and at is None:
            at = slots.get(view.slot)
            if view.fleeting and at is None and view.slot in slots:
                return
        for name, spot in slots.items():
            if name != view.slot and spot and at and spot.message_id == at.message_id:
                slots[name] = None
        drawn = await self._canvas.draw(chat_id, view, at)
        if view.slot:
            slots[view.slot] = drawn


def _unquoted(error: Exception) -> str:
    """What Telegram says, up to where it quotes what we wrote."""
    return str(error).partition('"')[0]


def _look_at(taken: asyncio.Future[None]) -> None:
    """Not everybody waits for the outcome; one that nobody looked at would be a warning."""
    if not taken.cancelled():
        taken.exception()
