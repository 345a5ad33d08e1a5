"""Puts views on the screen: in order in each chat, in place where they belong, at Telegram's pace.

Each chat has a line of its own, so a slow one holds up nobody. All lines together are bounded:
whoever posts waits for room. While the process lives nothing that was posted is lost.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from cachetools import LRUCache

from actors.clock import Clock
from bot.canvas import Canvas
from bot.flow import LOG, Flow
from bot.widgets import Spot, View
from errors import ChatUnreachable, MessageRefused

MOST_WAITING = 5_000
CHATS_WITH_SLOTS = 10_000

Spawn = Callable[[Coroutine[Any, Any, None], str], asyncio.Task[None]]


@dataclass(frozen=True, slots=True)
class _Order:
    """A view for a chat, over the message at `at` if there is one; `taken` is settled at the end."""

    view: View
    at: Spot | None
    taken: asyncio.Future[None]


class Delivery:
    """The outgoing side of the bot. `on_blocked(chat_id)` hears of chats that shut the bot out."""

    def __init__(
        self,
        bot: Bot,
        clock: Clock,
        random: Random,
        *,
        spawn: Spawn,
        on_blocked: Callable[[int], None],
    ) -> None:
        self._bot = bot
        self._flow = Flow(clock, random)
        self._canvas = Canvas(bot, self._flow, on_blocked)
        self._spawn = spawn
        self._room = asyncio.Semaphore(MOST_WAITING)
        self._lines: dict[int, deque[_Order]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        # None in a slot: the person has put another screen in that place.
        self._slots: LRUCache[int, dict[str, Spot | None]] = LRUCache(CHATS_WITH_SLOTS)

    async def post(self, chat_id: int, view: View, at: Spot | None = None) -> asyncio.Future[None]:
        """Line `view` up, waiting for room; the future ends when Telegram took or refused it.

        Its errors: `ChatUnreachable`, `MessageRefused`.
        """
        await self._room.acquire()
        taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        taken.add_done_callback(self._settled)
        line = self._lines.get(chat_id)
        if line is None:
            line = self._lines[chat_id] = deque()
            self._start(self._work(chat_id, line), f"chat {chat_id}")
        line.append(_Order(view, at, taken))
        return taken

    def answer(self, query_id: str, toast: str | None) -> None:
        """Stop a button's spinner, soon; that has no line to wait in."""
        self._start(self._answer(query_id, toast), "answer")

    async def drain(self, seconds: float) -> None:
        """Wait until everything is delivered, at most so long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = self._spawn(work, name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _settled(self, taken: asyncio.Future[None]) -> None:
        self._room.release()
        if not taken.cancelled():
            taken.exception()  # looked at, so that nobody has to

    async def _work(self, chat_id: int, line: deque[_Order]) -> None:
        while line:
            await self._carry(chat_id, line.popleft())
        del self._lines[chat_id]

    async def _carry(self, chat_id: int, order: _Order) -> None:
        try:
            await self._show(chat_id, order.view, order.at)
        except (ChatUnreachable, MessageRefused) as error:
            LOG.warning("not shown", chat_id=chat_id, error=str(error))
            if not order.taken.done():
                order.taken.set_exception(error)
        else:
            if not order.taken.done():
                order.taken.set_result(None)

    async def _answer(self, query_id: str, toast: str | None) -> None:
        try:
            await self._flow.insist(
                lambda: self._bot.answer_callback_query(query_id, text=toast or None)
            )
        except (TelegramBadRequest, TelegramForbiddenError):
            LOG.debug("query too old to answer")

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
