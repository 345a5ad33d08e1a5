"""The durable side of the incoming updates, however they come: each is kept once (I4).

Telegram is told that an update was taken only after it is kept here. So a crash anywhere repeats
updates and loses none, and keeping tells which are repeated.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol, TypeVar

from cachetools import LRUCache

from actors.runtime import Clock
from domain.updates import chat_of, remains_of
from errors import StorageUnavailable, Unstorable
from telemetry import logger

R = TypeVar("R")

LOG = logger("telegram")
STORAGE_RETRY_SECONDS = 1.0
MOST_IN_DOUBT = 10_000


async def persist(clock: Clock, random: Random, write: Callable[[], Awaitable[R]]) -> R:
    """Return what `write` returns, repeated while PostgreSQL is away. It must be idempotent."""
    while True:
        try:
            return await write()
        except StorageUnavailable:
            LOG.warning("updates wait for storage")
            await clock.sleep(random.uniform(0.5, 1.5) * STORAGE_RETRY_SECONDS)


class UpdateInbox(Protocol):
    """Where updates are kept (handling them: `Turns`). Any call may raise `StorageUnavailable`."""

    async def store_update(self, update_id: int, chat_id: int, payload: Mapping[str, Any]) -> bool:
        """Keep an update; False when it was kept before. `Unstorable` for what never can be."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """An update that is safe. `new`: nobody has woken its chat for it yet."""

    update_id: int
    chat_id: int
    new: bool


class Keeper:
    """Keeps updates, each once."""

    def __init__(self, inbox: UpdateInbox) -> None:
        self._inbox = inbox
        # A write that failed, or was given up, may have been done all the same.
        self._in_doubt: LRUCache[int, bool] = LRUCache(MOST_IN_DOUBT)

    async def keep(self, update_id: int, payload: Mapping[str, Any]) -> Kept:
        """Keep an update; what never can be kept leaves its number, and whose it was.

        Raises:
            StorageUnavailable: it may be kept or not; to be repeated.
        """
        chat_id = chat_of(payload)
        try:
            is_new = await self._store(update_id, chat_id, payload)
        except BaseException:
            self._in_doubt[update_id] = True
            raise
        return Kept(update_id, chat_id, is_new or self._in_doubt.pop(update_id, False))

    async def _store(self, update_id: int, chat_id: int, payload: Mapping[str, Any]) -> bool:
        try:
            return await self._inbox.store_update(update_id, chat_id, payload)
        except Unstorable as error:
            # Met again at every repetition, it would stop all that come after it.
            LOG.error("update kept without its content", update_id=update_id, error=str(error))  # noqa: TRY400 - the traceback holds its content
            rest = remains_of(update_id, payload)
            return await self._inbox.store_update(update_id, chat_id, rest)
