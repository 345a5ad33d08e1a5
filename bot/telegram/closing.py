"""Updates that were handled here and are still open: closed once their answers are taken.

So a process that dies while an answer waits has its update handled again. Until it is closed an
update is in hand, and is not begun a second time. A chat's updates are closed in the order in which
they were handled, as many as can be together, and with the last one the question stands open that
it left: who handles the next one again finds what it found.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import Protocol, TypeVar

from bot.telegram.answered import Handled
from bot.telegram.chats import Chats
from domain.chats import ChatState
from guards.keyed_queue import KeyedQueue, Spawn

R = TypeVar("R")

ONE_IN_HAND_ONE_TO_COME = 2


class Persist(Protocol):
    """Repeats an idempotent call while PostgreSQL is away."""

    async def __call__(self, write: Callable[[], Awaitable[R]]) -> R:
        """Return what `write` returns in the end."""
        ...


class Books(Protocol):
    """The durable side. May raise `StorageUnavailable`."""

    async def close(
        self, chat_id: int, faults: Mapping[int, str | None], chat: ChatState | None
    ) -> None:
        """Be done with updates, keeping what was wrong with each, and how the chat stands."""
        ...


@dataclass(slots=True, eq=False)
class _Open:
    """An update that was handled, the question that it left open, and whether it can be closed."""

    handled: Handled
    asks: str | None
    fault: str | None
    is_done: bool = False


class Closing:
    """The updates in hand whose answers are on their way."""

    def __init__(self, books: Books, chats: Chats, persist: Persist, spawn: Spawn) -> None:
        self._books = books
        self._chats = chats
        self._persist = persist
        self._lines = KeyedQueue[None](self._close, spawn)
        self._open: dict[int, dict[int, _Open]] = {}  # in the order of handling
        self._all_closed = asyncio.Event()
        self._all_closed.set()

    def in_hand(self, chat_id: int) -> Sequence[int]:
        """Which of the chat's updates are not to be begun again."""
        return [*self._open.get(chat_id, ())]

    def has(self, chat_id: int, update_id: int) -> bool:
        """Whether this update is in hand."""
        return update_id in self._open.get(chat_id, ())

    def add(self, chat_id: int, update_id: int, handled: Handled) -> None:
        """Close an update, handled just now, as soon as its answer is taken."""
        update = _Open(handled, self._chats.asks(chat_id), handled.fault)
        self._open.setdefault(chat_id, {})[update_id] = update
        self._all_closed.clear()
        if handled.taken is None:
            self._done(chat_id, update)
        else:
            handled.taken.add_done_callback(partial(self._ended, chat_id, update))

    async def drained(self) -> None:
        """Wait until nothing is in hand."""
        await self._all_closed.wait()

    def cancel(self) -> None:
        """Leave what is open to whoever comes next, and take its answers back."""
        self._lines.cancel()
        given_up, self._open = self._open, {}
        self._all_closed.set()
        for updates in given_up.values():
            for update in updates.values():
                if update.handled.taken is not None:
                    update.handled.taken.cancel()

    def _ended(self, chat_id: int, update: _Open, taken: asyncio.Future[None]) -> None:
        if taken.cancelled():
            return  # left to another
        error = taken.exception()
        if error is not None and update.fault is None:
            update.fault = f"not shown: {type(error).__name__}"
        self._done(chat_id, update)

    def _done(self, chat_id: int, update: _Open) -> None:
        update.is_done = True
        # Whoever has not begun to close yet will see this one, too.
        if self._to_close(chat_id) and self._lines.depth(chat_id) < ONE_IN_HAND_ONE_TO_COME:
            self._lines.put(chat_id, None)

    def _to_close(self, chat_id: int) -> dict[int, _Open]:
        updates = self._open.get(chat_id, {})
        return dict(takewhile(lambda item: item[1].is_done, updates.items()))

    async def _close(self, chat_id: int, _: None) -> None:
        updates = self._to_close(chat_id)
        if not updates:
            return
        last = [*updates.values()][-1]
        state = self._chats.changed(chat_id, last.asks)
        faults = {update_id: update.fault for update_id, update in updates.items()}
        await self._persist(partial(self._books.close, chat_id, faults, state))
        self._chats.stored(chat_id, state)
        for update_id in updates:
            del self._open[chat_id][update_id]
        if not self._open[chat_id]:
            del self._open[chat_id]
        if not self._open:
            self._all_closed.set()
