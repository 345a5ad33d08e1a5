"""Work that keeps its order within a key and goes side by side between keys.

A key with work has one task; one without costs nothing. Whoever adds waits for room; whoever may
not wait puts, and watches the depth.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

from telemetry import CORRELATION

T = TypeVar("T")

Spawn = Callable[[Coroutine[Any, Any, None], str], asyncio.Task[None]]
"""Run a coroutine beside its owner, under a name; its crash is the owner's."""


class KeyedQueue(Generic[T]):
    """One line for each key, worked off by `work(key, item)`, which must not raise.

    `most_waiting` bounds what `add` lets in, over all keys.
    """

    def __init__(
        self, work: Callable[[int, T], Awaitable[None]], spawn: Spawn, *, most_waiting: int = 1
    ) -> None:
        self._work = work
        self._spawn = spawn
        self._room = asyncio.Semaphore(most_waiting)
        # Each item, whether it took room, and what it is about: its line's task began with another.
        self._lines: dict[int, deque[tuple[T, bool, str | None]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def depth(self, key: int) -> int:
        """How much of `key` is not done, with what is in hand."""
        return len(self._lines.get(key, ()))

    async def add(self, key: int, item: T) -> None:
        """Put `item` last in its line, waiting for room."""
        await self._room.acquire()
        self._append(key, item, took_room=True)

    def put(self, key: int, item: T) -> None:
        """Put `item` last in its line, whatever is there."""
        self._append(key, item, took_room=False)

    async def drained(self, seconds: float | None = None) -> None:
        """Wait until no key has work left, at most so long."""
        while self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=seconds)
            if left:
                return

    def cancel(self) -> None:
        """Give up what waits and what is in hand."""
        for task in self._tasks:
            task.cancel()

    def _append(self, key: int, item: T, *, took_room: bool) -> None:
        entry = (item, took_room, CORRELATION.get())
        line = self._lines.get(key)
        if line is not None:
            line.append(entry)
            return
        self._lines[key] = line = deque([entry])
        task = self._spawn(self._work_off(key, line), f"line {key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, key: int, line: deque[tuple[T, bool, str | None]]) -> None:
        try:
            while line:
                item, took_room, correlation = line[0]
                CORRELATION.set(correlation)
                await self._work(key, item)
                line.popleft()
                if took_room:
                    self._room.release()
        finally:
            for given_up in line:
                if given_up[1]:
                    self._room.release()
            # No await since the line was seen empty: nothing can have been added to it.
            del self._lines[key]
