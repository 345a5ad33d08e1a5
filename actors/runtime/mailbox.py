"""A bounded queue with one reader, and a lane for signals that is read first.

Room is handed over in the order it was asked for. Signals (stop, child down, timers) are bounded
by the timers and monitors of their reader, so their lane needs no limit and never refuses.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from errors import ActorError, EmDiaError, MailboxFull

Envelope = tuple[object, float, asyncio.Future[Any] | None, str | None]
"""A message, when it arrived (monotonic seconds), who waits for the answer, and its correlation."""


def expire(waiter: asyncio.Future[Any], error: EmDiaError) -> None:
    """Fail a waiter, unless it has stopped waiting."""
    if not waiter.done():
        waiter.set_exception(error)


class Mailbox:
    """What one actor still has to do."""

    __slots__ = ("_items", "_reader", "_signals", "_writers", "capacity", "owner", "refusal")

    def __init__(self, owner: str, capacity: int) -> None:
        self.owner = owner
        self.capacity = capacity
        self.refusal: Callable[[], ActorError] | None = None
        self._items: deque[Envelope] = deque()
        self._signals: deque[Envelope] | None = None
        self._writers: deque[tuple[asyncio.Future[None], Envelope]] | None = None
        self._reader: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        """Return how many ordinary messages wait."""
        return len(self._items)

    def offer(self, envelope: Envelope) -> bool:
        """Take `envelope` if there is room and nobody is in line for it (else False)."""
        if self.refusal is not None:
            raise self.refusal()
        if self._writers or len(self._items) >= self.capacity:
            return False
        self._items.append(envelope)
        if self._reader is not None:
            self._wake()
        return True

    async def put(self, envelope: Envelope, seconds: float) -> None:
        """Stand in line for room, at most so long; `MailboxFull` after that."""
        if self._writers is None:
            self._writers = deque()
        loop = asyncio.get_running_loop()
        room: asyncio.Future[None] = loop.create_future()
        self._writers.append((room, envelope))
        timer = loop.call_later(seconds, expire, room, MailboxFull(self.owner, "no room in time"))
        try:
            await room
        finally:
            timer.cancel()

    def signal(self, message: object, at: float) -> None:
        """Put `message` before all ordinary ones."""
        if self._signals is None:
            self._signals = deque()
        self._signals.append((message, at, None, None))
        self._wake()

    def take(self) -> Envelope | None:
        """Return the next envelope, None when there is none."""
        if self._signals:
            return self._signals.popleft()
        if not self._items:
            return None
        envelope = self._items.popleft()
        if self._writers:
            self._admit()
        return envelope

    def arrival(self, loop: asyncio.AbstractEventLoop) -> asyncio.Future[None]:
        """Return what the one reader, having found nothing, waits for; an earlier one is void."""
        # A future and no coroutine around it: ten thousand idle actors hold one of these each.
        reader = self._reader = loop.create_future()
        return reader

    @property
    def is_idle(self) -> bool:
        """Whether the reader waits and there is nothing for it."""
        waiting = self._reader is not None and not self._reader.done()
        return waiting and not self._items and not self._signals

    def oldest(self) -> float | None:
        """Return when the oldest waiting message arrived (monotonic seconds)."""
        return self._items[0][1] if self._items else None

    def forget_signals(self) -> None:
        """Drop what was meant for a reader that is gone."""
        self._signals = None

    def fail_asks(self, failure: Callable[[], ActorError]) -> None:
        """Answer every ask, waiting here or in line, with `failure()`; keep what was told."""
        for room, envelope in self._writers or ():
            if envelope[2] is not None:
                expire(room, failure())
        kept: deque[Envelope] = deque()
        for envelope in self._items:
            if envelope[2] is None:
                kept.append(envelope)
            else:
                expire(envelope[2], failure())
        self._items = kept
        while self._writers and len(self._items) < self.capacity:
            self._admit()

    def close(self, refusal: Callable[[], ActorError]) -> None:
        """Refuse whatever comes from now on, and all that is waiting."""
        self.refusal = refusal
        writers, self._writers = self._writers or (), None
        for room, _ in writers:
            expire(room, refusal())
        self.fail_asks(refusal)
        self._items.clear()

    def open(self) -> None:
        """Take messages again."""
        self.refusal = None

    def _wake(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None and not reader.done():
            reader.set_result(None)

    def _admit(self) -> None:
        """Give the free place to the first who still stands in line."""
        while self._writers:
            room, envelope = self._writers.popleft()
            if not room.done():
                self._items.append(envelope)
                room.set_result(None)
                return
