"""Updates in: fetched by long polling, each kept in storage before Telegram may forget it (I4).

An update is confirmed to Telegram only by the next call's offset, and that call comes after the
keeping. So a crash anywhere repeats updates and loses none, and keeping tells which are repeated.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from random import Random
from typing import Any, Protocol, TypeGuard, TypeVar

from aiogram import Bot
from aiogram.methods.base import TelegramMethod
from aiogram.types import BotCommand

from actors.runtime import Clock
from errors import StorageUnavailable
from telemetry import logger

R = TypeVar("R")

LOG = logger("telegram")
POLL_SECONDS = 25
GRACE_SECONDS = 10  # past the poll's own time, before the connection counts as dead
STORAGE_RETRY_SECONDS = 1.0
NO_CHAT = 0  # for what carries no chat: kept all the same


class FetchUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates without reading them: one malformed update must not spoil the others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int = POLL_SECONDS
    allowed_updates: list[str]


class Insist(Protocol):
    """Repeats a call until Telegram takes or refuses it (`Pace.insist`)."""

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


class UpdateInbox(Protocol):
    """Where updates are kept (handling them: `Turns`). Any call may raise `StorageUnavailable`."""

    async def store_update(self, update_id: int, chat_id: int, payload: Mapping[str, Any]) -> bool:
        """Keep an update; False when it was kept before."""
        ...


class Poller:
    """The one reader of the bot's updates. `dispatch(chat, update)` hears of each new one kept."""

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        bot: Bot,
        inbox: UpdateInbox,
        dispatch: Callable[[int, int], Awaitable[None]],
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
        if not is_id(update_id):
            LOG.error("update without an id")
            return
        chat_id = chat_of(payload)
        if await self._keep(update_id, chat_id, payload):
            await self._dispatch(chat_id, update_id)
        self._offset = update_id + 1

    async def _keep(self, update_id: int, chat_id: int, payload: dict[str, Any]) -> bool:
        """Whether the update is new. A write that failed may have been done all the same."""
        failed_before = False

        async def store() -> bool:
            nonlocal failed_before
            try:
                return await self._inbox.store_update(update_id, chat_id, payload)
            except StorageUnavailable:
                failed_before = True
                raise

        return await persist(self._clock, self._random, store) or failed_before


def is_id(value: object) -> TypeGuard[int]:
    """Whether `value` can be an id of Telegram's: a whole number that fits a bigint."""
    return type(value) is int and -(2**63) <= value < 2**63


def chat_of(payload: Mapping[str, Any]) -> int:
    """The chat an update belongs to, or who it is from, or `NO_CHAT`."""
    for content in payload.values():
        if not isinstance(content, Mapping):
            continue
        message = content.get("message")
        holder = message if isinstance(message, Mapping) else content
        for place in (holder.get("chat"), content.get("from")):
            if isinstance(place, Mapping) and is_id(chat_id := place.get("id")):
                return chat_id
    return NO_CHAT
