"""Updates in: fetched by long polling, each kept in storage before Telegram may forget it (I4).

An update is confirmed to Telegram only by the next call's offset, and that call comes after the
keeping. So a crash anywhere repeats updates and loses none, and keeping tells which are repeated.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol, TypeVar

from aiogram import Bot
from aiogram.methods.base import TelegramMethod
from aiogram.types import BotCommand

from actors.clock import Clock
from errors import StorageUnavailable
from telemetry import logger

R = TypeVar("R")

LOG = logger("telegram")
POLL_SECONDS = 25
GRACE_SECONDS = 10  # past the poll's own time, before the connection counts as dead
STORAGE_RETRY_SECONDS = 1.0
NO_CHAT = 0  # for what carries no chat: kept all the same


@dataclass(frozen=True, slots=True)
class KeptUpdate:
    """An update in storage, as it came."""

    update_id: int
    chat_id: int
    payload: Mapping[str, Any]


class UpdateInbox(Protocol):
    """Where updates are kept until they are handled. Any call may raise `StorageUnavailable`."""

    async def store_update(self, update_id: int, chat_id: int, payload: Mapping[str, Any]) -> bool:
        """Keep an update; False when it was kept before."""
        ...

    async def unhandled(self, most: int) -> Sequence[KeptUpdate]:
        """Return the oldest updates neither handled nor set aside, in their order."""
        ...

    async def begin_attempt(self, update_id: int, chat_id: int) -> int:
        """Count an attempt, before the work, and return its number from 1."""
        ...

    async def mark_handled(self, update_id: int, chat_id: int) -> None:
        """Close an update."""
        ...

    async def set_aside(self, update_id: int, chat_id: int, error: str) -> None:
        """Close an update that cannot be handled, keeping why."""
        ...


class FetchUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates without reading them: one malformed update must not spoil the others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int = POLL_SECONDS
    allowed_updates: list[str]


class Insist(Protocol):
    """Repeats a call until Telegram takes or refuses it (`Flow.insist`)."""

    async def __call__(self, call: Callable[[], Awaitable[R]]) -> R:
        """Return what `call` returns in the end."""
        ...


async def persist(clock: Clock, random: Random, write: Callable[[], Awaitable[R]]) -> R:
    """Return what `write` returns, repeated while PostgreSQL is away. It must be idempotent."""
    while True:
        try:
            return await write()
        except StorageUnavailable:
            LOG.warning("updates wait for storage")
            await clock.sleep(random.uniform(0.5, 1.5) * STORAGE_RETRY_SECONDS)


class Poller:
    """The one reader of the bot's updates. `dispatch` gets each new one, once it is kept."""

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        bot: Bot,
        inbox: UpdateInbox,
        dispatch: Callable[[KeptUpdate], Awaitable[None]],
        *,
        insist: Insist,
        kinds: Sequence[str],
        commands: Mapping[str, str],
        clock: Clock,
        random: Random,
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._dispatch = dispatch
        self._insist = insist
        self._kinds = list(kinds)
        self._commands = [
            BotCommand(command=name, description=words) for name, words in commands.items()
        ]
        self._clock = clock
        self._random = random
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll for ever. Only a refusal ends it, by an error: a wrong token, say."""
        await self._insist(self._prepare)
        while True:
            for update in await self._insist(self._fetch):
                await self._take(update)

    async def _prepare(self) -> None:
        """Offer the commands (H3), and take the updates away from any webhook."""
        await self._bot.delete_webhook()
        await self._bot.set_my_commands(self._commands)

    async def _fetch(self) -> list[dict[str, Any]]:
        fetch = FetchUpdates(offset=self._offset, allowed_updates=self._kinds)
        return await self._bot(fetch, request_timeout=POLL_SECONDS + GRACE_SECONDS)

    async def _take(self, payload: dict[str, Any]) -> None:
        update_id = payload.get("update_id")
        if not isinstance(update_id, int):
            LOG.error("update without an id")
            return
        kept = KeptUpdate(update_id, chat_of(payload), payload)
        if await self._keep(kept):
            await self._dispatch(kept)
        self._offset = update_id + 1

    async def _keep(self, kept: KeptUpdate) -> bool:
        """Whether the update is new. A write that failed may have been done all the same."""
        failed_before = False

        async def store() -> bool:
            nonlocal failed_before
            try:
                return await self._inbox.store_update(kept.update_id, kept.chat_id, kept.payload)
            except StorageUnavailable:
                failed_before = True
                raise

        return await persist(self._clock, self._random, store) or failed_before


def chat_of(payload: Mapping[str, Any]) -> int:
    """The chat an update belongs to, or who it is from, or `NO_CHAT`."""
    for content in payload.values():
        if not isinstance(content, Mapping):
            continue
        message = content.get("message")
        holder = message if isinstance(message, Mapping) else content
        for place in (holder.get("chat"), content.get("from")):
            if isinstance(place, Mapping) and isinstance(place.get("id"), int):
                return int(place["id"])
    return NO_CHAT
