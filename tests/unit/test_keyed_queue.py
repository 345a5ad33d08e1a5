"""Work in order within a key, and what giving up leaves behind."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from guards.keyed_queue import KeyedQueue

PATIENCE_SECONDS = 5.0


async def test_what_is_given_up_leaves_its_room_to_others() -> None:
    begun = asyncio.Semaphore(0)

    async def work(_key: int, _item: str) -> None:
        begun.release()
        await asyncio.Event().wait()

    def spawn(coroutine: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        return asyncio.create_task(coroutine, name=name)

    queue = KeyedQueue[str](work, spawn, most_waiting=2)
    async with asyncio.timeout(PATIENCE_SECONDS):
        for item in ("in hand", "waiting"):
            await queue.add(1, item)
        await begun.acquire()
        queue.cancel()
        await queue.drained()
        for item in ("in hand again", "waiting again"):
            await queue.add(1, item)
        await begun.acquire()
        depth = queue.depth(1)
        queue.cancel()
        await queue.drained()

    assert (2, 0) == (depth, queue.depth(1))
