"""Updates in, by long polling: fetched one batch after another, in Telegram's own order.

An update is confirmed to Telegram only by the next call's offset, and that call comes after the
keeping.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol, TypeVar

from aiogram import Bot
from aiogram.exceptions import TelegramConflictError
from aiogram.methods.base import TelegramMethod
from aiogram.types import BotCommand

from actors.runtime import Clock
from bot.telegram.keeping import Keeper, persist
from bot.ui import words
from domain.backoff import TELEGRAM
from domain.updates import is_id
from telemetry import logger

R = TypeVar("R")

LOG = logger("telegram")
POLL_SECONDS = 25
GRACE_SECONDS = 10  # past the poll's own time, before the connection counts as dead
# A webhook that is still on after so long is nobody's who is about to go: it may lead nowhere.
WEBHOOK_PATIENCE_SECONDS = 90.0
QUIET_SECONDS = 600.0  # after so long without one, the next conflict is news again
BY_WEBHOOK = "webhook"  # in Telegram's words, where it is not another who polls

Dispatch = Callable[[int, int], Awaitable[None]]
"""`dispatch(chat, update)` wakes the chat for a new update that is kept."""


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


@dataclass(frozen=True, slots=True)
class Telegram:
    """The bot as Telegram is told of it, and how stubbornly."""

    bot: Bot
    insist: Insist
    kinds: Sequence[str]
    commands: Mapping[str, str]

    async def offer_commands(self) -> None:
        """Offer the commands (H3)."""
        await self.bot.set_my_commands(listed(self.commands))


def listed(commands: Mapping[str, str]) -> list[BotCommand]:
    """Commands, and what is told of them, as Telegram takes them."""
    return [BotCommand(command=name, description=told) for name, told in commands.items()]


class Source(Protocol):
    """Where updates come from."""

    async def run(self) -> None:
        """Bring them in for ever. Only a refusal ends it, by an error: a wrong token, say."""
        ...


class Poller:
    """The one reader of the bot's updates."""

    def __init__(
        self,
        telegram: Telegram,
        keeper: Keeper,
        dispatch: Dispatch,
        *,
        clock: Clock,
        random: Random,
    ) -> None:
        self._telegram = telegram
        self._keeper = keeper
        self._dispatch = dispatch
        self._clock = clock
        self._random = random
        self._offset: int | None = None
        self._conflicts = 0
        self._conflict_since = 0.0
        self._last_conflict: float | None = None

    async def run(self) -> None:
        """Poll for ever."""
        await self._telegram.insist(self._prepare)
        while True:
            for update in await self._fetch():
                await self._take(update)

    async def _prepare(self) -> None:
        """Take the updates away from any webhook, those that wait included."""
        await self._telegram.bot.delete_webhook(drop_pending_updates=False)
        await self._telegram.offer_commands()

    async def _fetch(self) -> list[dict[str, Any]]:
        while True:
            found = await self._telegram.insist(self._ask)
            if not isinstance(found, TelegramConflictError):
                self._conflicts = 0
                return found
            await self._give_way(found)

    async def _ask(self) -> list[dict[str, Any]] | TelegramConflictError:
        fetch = FetchUpdates(offset=self._offset, allowed_updates=list(self._telegram.kinds))
        try:
            return await self._telegram.bot(fetch, request_timeout=POLL_SECONDS + GRACE_SECONDS)
        except TelegramConflictError as conflict:
            return conflict

    async def _give_way(self, conflict: TelegramConflictError) -> None:
        """Somebody else gets the updates, as in every change of version: say so once, and wait."""
        now = self._clock.monotonic()
        by_webhook = BY_WEBHOOK in conflict.message.lower()
        if self._last_conflict is None or now - self._last_conflict > QUIET_SECONDS:
            LOG.warning(words.WEBHOOK_IS_ON if by_webhook else words.ANOTHER_POLLS)
        if not self._conflicts:
            self._conflict_since = now
        self._conflicts += 1
        self._last_conflict = now
        if by_webhook and now - self._conflict_since >= WEBHOOK_PATIENCE_SECONDS:
            await self._telegram.insist(self._prepare)
            self._conflict_since = now
        await self._clock.sleep(TELEGRAM.delay(self._conflicts, self._random))

    async def _take(self, payload: dict[str, Any]) -> None:
        update_id = payload.get("update_id")
        if not is_id(update_id):
            LOG.error("update without an id")
            return

        kept = await persist(
            self._clock, self._random, lambda: self._keeper.keep(update_id, payload)
        )
        if kept.new:
            await self._dispatch(kept.chat_id, update_id)
        self._offset = update_id + 1
