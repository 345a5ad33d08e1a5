"""Puts views on the screen: in order in each chat, in place where they belong, at Telegram's pace.

A chat has one live screen: the message that the last answer was drawn on. Whatever it was before
loses its buttons once the new one is up. An answer that waits gives its place to the next one. A
slow chat holds up nobody else, and a full house makes whoever posts wait.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import InlineQueryResultUnion
from cachetools import LRUCache

from actors.runtime import Clock
from bot.telegram.answered import Sheet
from bot.telegram.canvas import Canvas
from bot.telegram.chats import Chats
from bot.telegram.depth import Depth
from bot.telegram.pace import LOG, Pace
from bot.telegram.progress import Progress
from bot.ui.view import Spot, View, Where
from errors import ChatUnreachable, MessageRefused, TelegramAway
from guards.keyed_queue import KeyedQueue, Spawn

MOST_WAITING = 5_000
CHATS_WITH_SLOTS = 10_000
QUERIES_REMEMBERED = 10_000


@dataclass(slots=True, eq=False)
class _Order:
    """A view, the message to draw it on, and who waits for the outcome."""

    view: View
    on: Sheet
    taken: asyncio.Future[None]
    is_answer: bool


@dataclass(frozen=True, slots=True)
class _Strip:
    """Buttons to take away."""

    message_id: int


class Delivery:
    """The outgoing side of the bot. `on_blocked(chat_id)` hears who shut the bot out."""

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        bot: Bot,
        pace: Pace,
        chats: Chats,
        *,
        clock: Clock,
        spawn: Spawn,
        on_blocked: Callable[[int], None],
    ) -> None:
        self._bot = bot
        self._pace = pace
        self._chats = chats
        self._clock = clock
        self._canvas = Canvas(bot, pace, on_blocked)
        self._spawn = spawn
        self._lines = KeyedQueue(self._carry, spawn, most_waiting=MOST_WAITING)
        # Of each chat: the answer that can still give its place away, and the last one's outcome.
        self._waiting: dict[int, _Order] = {}
        self._on_its_way: dict[int, asyncio.Future[None]] = {}
        # None in a slot: the person has put another screen in that place.
        self._slots: LRUCache[int, dict[str, Spot | None]] = LRUCache(CHATS_WITH_SLOTS)
        self._depth = Depth()
        self._perishable: LRUCache[tuple[int, int], bool] = LRUCache(CHATS_WITH_SLOTS)
        self._answered: LRUCache[str, bool] = LRUCache(QUERIES_REMEMBERED)

    async def post(self, chat_id: int, view: View, at: Spot | None = None) -> asyncio.Future[None]:
        """Line up what nobody asked for; the future ends when Telegram took it.

        Cancelled, it takes the view back. Its errors: `ChatUnreachable`, `MessageRefused`.
        """
        order = _Order(view, Sheet(at), _outcome(), is_answer=False)
        await self._lines.add(chat_id, order)
        return order.taken

    async def answer_with(
        self, chat_id: int, view: View, at: Spot | Sheet | None = None
    ) -> asyncio.Future[None]:
        """Line up the answer to an update: over `at`, or at the bottom. It becomes the live screen.

        The future is that of `post`; it also ends when a later answer has taken this one's place.
        A file gives its place to nobody.
        """
        taken = _outcome()
        sheet = at if isinstance(at, Sheet) else Sheet(at)
        self._note_on_its_way(chat_id, taken)
        waiting = self._waiting.pop(chat_id, None)
        if waiting is not None and not waiting.taken.done():
            self._give_up(chat_id, waiting, view)
            waiting.view, waiting.on, waiting.taken = view, sheet, taken
            order = waiting
        else:
            order = _Order(view, sheet, taken, is_answer=True)
            await self._lines.add(chat_id, order)
        if view.document is None:
            self._waiting[chat_id] = order
        return taken

    def progress(self, chat_id: int, at: Spot | None) -> Progress:
        """The answer to an update, over `at` or at the bottom, that may take several views."""
        return Progress(
            partial(self.answer_with, chat_id), at, clock=self._clock, spawn=self._spawn
        )

    def on_its_way(self, chat_id: int) -> "asyncio.Future[None] | None":
        """The outcome of the chat's last answer, while it is open."""
        return self._on_its_way.get(chat_id)

    def answer(self, query_id: str, toast: str | None) -> None:
        """Stop a button's spinner, soon: that has no line to wait in. The first answer counts."""
        if not self.has_answered(query_id):
            self._answered[query_id] = True
            self._spawn(self._answer(query_id, toast), "answer")

    def has_answered(self, query_id: str) -> bool:
        """Whether a press, or a question from the typing box, had its answer."""
        return query_id in self._answered

    def answer_inline(self, query_id: str, results: Sequence[InlineQueryResultUnion]) -> None:
        """Answer what is asked from the typing box, for the asker only."""
        self._answered[query_id] = True
        answer = partial(
            self._bot.answer_inline_query, query_id, [*results], cache_time=0, is_personal=True
        )
        self._spawn(self._insist_once(answer), "inline")

    async def drained(self, seconds: float) -> None:
        """Wait until everything is delivered, at most so long."""
        await self._lines.drained(seconds)

    async def _answer(self, query_id: str, toast: str | None) -> None:
        await self._insist_once(partial(self._bot.answer_callback_query, query_id, text=toast))

    async def _insist_once(self, answer: Callable[[], Awaitable[bool]]) -> None:
        try:
            await self._pace.insist(answer)
        except (TelegramBadRequest, TelegramForbiddenError):
            LOG.debug("query too old to answer")

    # Answers that wait

    def _note_on_its_way(self, chat_id: int, taken: asyncio.Future[None]) -> None:
        self._on_its_way[chat_id] = taken

        def ended(taken: asyncio.Future[None]) -> None:
            if self._on_its_way.get(chat_id) is taken:
                del self._on_its_way[chat_id]

        taken.add_done_callback(ended)

    def _give_up(self, chat_id: int, order: _Order, later: View) -> None:
        """Let an answer that waits be done with: a later one takes its place."""
        slot = order.view.slot
        if slot is not None and slot != later.slot:
            self._slots.setdefault(chat_id, {})[slot] = None
        order.taken.set_result(None)

    # One after the other in each chat

    async def _carry(self, chat_id: int, job: _Order | _Strip) -> None:
        if isinstance(job, _Strip):
            await self._strip(chat_id, job.message_id)
            return
        if self._waiting.get(chat_id) is job:
            del self._waiting[chat_id]
        if job.taken.done():
            return
        try:
            await self._show(chat_id, job)
        except TelegramAway:
            LOG.debug("taken back")
        except (ChatUnreachable, MessageRefused) as error:
            LOG.warning("not shown", chat_id=chat_id, error=_unquoted(error))
            if not job.taken.done():
                job.taken.set_exception(error)
        else:
            if not job.taken.done():
                job.taken.set_result(None)

    async def _show(self, chat_id: int, order: _Order) -> None:
        view, at = order.view, order.on.spot
        slots = self._slots.setdefault(chat_id, {})
        before = slots.get(view.slot) if view.slot else None
        if view.slot and at is None and not order.is_answer:
            at = None if self._rises(chat_id, view, before) else before
            gone = before is None and (view.where is Where.ONLY_OVER or view.slot in slots)
            if gone and (view.fleeting or view.where is Where.ONLY_OVER):
                return
        for name, spot in slots.items():
            if name != view.slot and spot and at and spot.message_id == at.message_id:
                slots[name] = None
        drawn = await self._canvas.draw(chat_id, view, at, lambda: not order.taken.done())
        if at is None or drawn.message_id != at.message_id:
            self._depth.sent(chat_id, drawn.message_id)
        order.on.spot = drawn
        self._perishable.pop((chat_id, drawn.message_id), None)
        if view.perishable:
            self._perishable[chat_id, drawn.message_id] = True
        if view.slot:
            slots[view.slot] = drawn
        left = [spot.message_id for spot in (at, before) if spot is not None]
        self._move_on(chat_id, left, drawn, is_answer=order.is_answer)

    def _rises(self, chat_id: int, view: View, before: Spot | None) -> bool:
        """Whether a view that stands already goes to the bottom once more."""
        if before is None or view.where in {Where.OVER, Where.ONLY_OVER}:
            return False
        live = self._chats.live(chat_id)
        return view.where is Where.ANEW or self._depth.is_far_up(chat_id, before.message_id, live)

    def _move_on(self, chat_id: int, left: Sequence[int], drawn: Spot, *, is_answer: bool) -> None:
        """Note which screen is live, and have the buttons of those that were left taken away."""
        live, stripped = self._chats.live(chat_id), set(left)
        if live is not None and (is_answer or live in stripped):
            stripped.add(live)
        if is_answer or live in stripped:
            self._chats.show(chat_id, drawn)
        for message_id in stripped - {drawn.message_id}:
            self._lines.put(chat_id, _Strip(message_id))

    async def _strip(self, chat_id: int, message_id: int) -> None:
        if message_id == self._chats.live(chat_id):
            return  # pressed meanwhile
        with suppress(ChatUnreachable, MessageRefused):
            if self._perishable.pop((chat_id, message_id), False):
                await self._canvas.erase(chat_id, message_id)
            else:
                await self._canvas.strip(chat_id, message_id)


def _outcome() -> asyncio.Future[None]:
    """A future that nobody need look at: not everybody waits for the outcome."""
    taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    taken.add_done_callback(_look_at)
    return taken


def _look_at(taken: asyncio.Future[None]) -> None:
    if not taken.cancelled():
        taken.exception()


def _unquoted(error: Exception) -> str:
    """What Telegram says, up to where it quotes what we wrote."""
    return str(error).partition('"')[0]
