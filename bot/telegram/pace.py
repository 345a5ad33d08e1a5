"""How fast and how stubbornly the bot speaks to Telegram.

At most 25 calls a second over all and one a second to a chat, with the short bursts Telegram
allows (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). A flood
wait stops everything until it is over. What fails on the way is repeated; what Telegram refuses
is not.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import TypeVar

import structlog
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError
from aiolimiter import AsyncLimiter
from cachetools import TTLCache

from actors.runtime import Clock
from bot.ui import words
from domain.backoff import TELEGRAM
from errors import TelegramAway, TokenRefused
from telemetry import logger

T = TypeVar("T")

CHATS_REMEMBERED = 10_000
# A lost answer may hide a message that was taken; asking again can double it, never lose it.
# A conflict is another process that says the same, as in every rolling deploy: it will go.
PASSING = (
    TelegramNetworkError,
    TelegramServerError,
    TelegramConflictError,
    ClientDecodeError,
)
LOG: structlog.typing.FilteringBoundLogger = logger("telegram")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceLimits:
    """How much Telegram takes: calls a second, and in one chat `chat_burst` in that many seconds.

    Notices get a part only of all: whoever presses a button waits for no herd of summaries.
    """

    overall_per_second: float = 25
    notices_per_second: float = 10
    chat_burst: float = 3
    chat_burst_seconds: float = 3.0


TELEGRAMS = PaceLimits()


class Pace:
    """Turns at speaking."""

    def __init__(self, clock: Clock, random: Random, limits: PaceLimits = TELEGRAMS) -> None:
        self._clock = clock
        self._random = random
        self._limits = limits
        self._overall = AsyncLimiter(limits.overall_per_second, 1.0)
        self._notices = AsyncLimiter(limits.notices_per_second, 1.0)
        self._chats: TTLCache[int, AsyncLimiter] = TTLCache(
            CHATS_REMEMBERED, ttl=10 * limits.chat_burst_seconds, timer=clock.monotonic
        )
        self._open_at = clock.monotonic()

    async def insist(self, call: Callable[[], Awaitable[T]], chat_id: int | None = None) -> T:
        """Return what `call` returns, repeated until Telegram takes or refuses it.

        Calls that name a chat take turns in it. Raises what Telegram refuses with, and
        TokenRefused when it does not know the bot.
        """
        failures = 0
        while True:
            await self._turn(chat_id)
            try:
                return await call()
            except TelegramRetryAfter as flood:
                self._wait_out(flood)
            except (TelegramUnauthorizedError, TelegramNotFound):
                raise TokenRefused(words.BOT_UNKNOWN) from None
            except PASSING as error:
                failures += 1
                LOG.info("telegram away", error=type(error).__name__, failures=failures)
                await self._clock.sleep(TELEGRAM.delay(failures, self._random))

    async def once(self, call: Callable[[], Awaitable[T]], chat_id: int, turn_seconds: float) -> T:
        """Return what `call` returns, which is made once or not at all.

        Raises:
            TelegramAway: it was not made, or Telegram has certainly not heard it: no turn came
                within `turn_seconds`, a flood wait, no connection.
            TokenRefused: Telegram does not know the bot.
            TelegramAPIError: what Telegram refuses with; one of `PASSING`, it may have heard it.
        """
        try:
            async with asyncio.timeout(turn_seconds):
                await self.turn_of_notice()
                await self._turn(chat_id)
        except TimeoutError:
            raise TelegramAway(f"chat {chat_id}: no turn in time") from None
        try:
            return await call()
        except TelegramRetryAfter as flood:
            self._wait_out(flood)
            raise TelegramAway(f"chat {chat_id}: flood wait") from None
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise TokenRefused(words.BOT_UNKNOWN) from None
        except TelegramNetworkError as error:
            if isinstance(error.__context__, ClientConnectorError):
                raise TelegramAway(f"chat {chat_id}: no connection") from None
            raise

    async def turn_of_notice(self) -> None:
        """Wait until something may be said that nobody sits there waiting for."""
        await self._notices.acquire()

    def _wait_out(self, flood: TelegramRetryAfter) -> None:
        LOG.warning("flood wait", seconds=flood.retry_after)
        self._open_at = max(self._open_at, self._clock.monotonic() + flood.retry_after)

    async def _turn(self, chat_id: int | None) -> None:
        if chat_id is not None:
            await self._limiter(chat_id).acquire()
        while True:
            await self._overall.acquire()
            closed_for = self._open_at - self._clock.monotonic()
            if closed_for <= 0:
                return
            await self._clock.sleep(closed_for)

    def _limiter(self, chat_id: int) -> AsyncLimiter:
        limiter = self._chats.get(chat_id)
        if limiter is None:
            limiter = AsyncLimiter(self._limits.chat_burst, self._limits.chat_burst_seconds)
        self._chats[chat_id] = limiter  # written again: its time to live starts anew
        return limiter
