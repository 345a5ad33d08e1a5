"""Work that keeps its order within a chat and goes side by side between chats.

A chat with work has one task; all waiting work together is bounded, so whoever adds waits for room.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")

Spawn = Callable[[Coroutine[Any, Any, None], str], asyncio.Task[None]]
"""Run a coroutine beside its owner, under a name; its crash is the owner's."""


class KeyedQueue(Generic[T]):
    """One line for each chat, worked off by `work(chat_id, item)`, which must not raise."""

    def __init__(
        self, work: Callable[[int, T], Awaitable[None]], spawn: Spawn, *, most_waiting: int
    ) -> None:
        self._work = work
        self._spawn = spawn
        self._room = asyncio.Semaphore(most_waiting)
        self._lines: dict[int, deque[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def add(self, chat_id: int, item: T) -> None:
        """Put `item` last in its chat's line, waiting for room."""
        await self._room.acquire()
        line = self._lines.get(chat_id)
        if line is not None:
            line.append(item)
            return
        self._lines[chat_id] = line = deque([item])
        task = self._spawn(self._work_off(chat_id, line), f"chat {chat_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drained(self, seconds: float | None = None) -> None:
        """Wait until no chat has work left, at most so long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _work_off(self, chat_id: int, line: deque[T]) -> None:
        while line:
            await self._work(chat_id, line[0])
            line.popleft()
            self._room.release()
        # No await since the line was seen empty: nothing can have been added to it.
        del self._lines[chat_id]
