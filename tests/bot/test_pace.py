"""How fast and how stubbornly the bot speaks to Telegram: 25 a second, 1 a second to a chat."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetMe

from actors.runtime import SystemClock
from bot.telegram.pace import TELEGRAMS, Pace
from bot.ui import words
from domain.backoff import TELEGRAM
from errors import TokenRefused
from tests.virtual_time import VirtualClock, run_virtual

BURST = int(TELEGRAMS.chat_burst)
PER_SECOND = int(TELEGRAMS.overall_per_second)

SEEDS = range(5)


def make_flow() -> tuple[Pace, Callable[[], float]]:
    clock = VirtualClock()
    return Pace(clock, Random(1)), clock.monotonic  # noqa: S311 - jitter


def failing(times: int, error: Exception) -> Callable[[], Awaitable[str]]:
    """A call that fails so many times, then succeeds."""
    left = iter([error] * times)

    async def call() -> str:
        for failure in left:
            raise failure
        return "ok"

    return call


def noting(when: Callable[[], float], log: list[float]) -> Callable[[], Awaitable[None]]:
    async def call() -> None:
        log.append(when())

    return call


@pytest.mark.parametrize("seed", SEEDS)
def test_one_chat_gets_a_short_burst_then_one_message_a_second(seed: int) -> None:
    async def main() -> list[float]:
        flow, now = make_flow()
        log: list[float] = []
        await asyncio.gather(*(flow.insist(noting(now, log), 1) for _ in range(10)))
        return log

    log = run_virtual(main, seed=seed)

    assert log[:BURST] == [0.0] * BURST
    assert log[BURST:] == pytest.approx([1, 2, 3, 4, 5, 6, 7])


async def test_all_chats_together_get_25_messages_a_second() -> None:
    # In real time: the limiter's rounding and a clock that only jumps do not get along.
    clock = SystemClock()
    flow = Pace(clock, Random(1))  # noqa: S311 - jitter
    began = clock.monotonic()
    log: list[float] = []
    calls = (flow.insist(noting(clock.monotonic, log), chat) for chat in range(40))
    await asyncio.gather(*calls)

    assert log[PER_SECOND - 1] - began < 0.5
    assert log[-1] - began >= 15 / PER_SECOND - 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_a_flood_wait_of_one_chat_stops_every_chat_until_it_is_over(seed: int) -> None:
    async def main() -> list[float]:
        flow, now = make_flow()
        log: list[float] = []
        flood = TelegramRetryAfter(method=GetMe(), message="Too Many Requests", retry_after=7)
        flooded = asyncio.create_task(flow.insist(failing(1, flood), 1))
        await asyncio.sleep(1)
        await asyncio.gather(*(flow.insist(noting(now, log), chat) for chat in range(2, 10)))
        await flooded
        return log

    log = run_virtual(main, seed=seed)

    assert min(log) >= 7.0


@pytest.mark.parametrize(
    "error",
    [
        TelegramNetworkError(method=GetMe(), message="no route"),
        TelegramServerError(method=GetMe(), message="Bad Gateway"),
        TelegramConflictError(method=GetMe(), message="terminated by other getUpdates"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_fails_on_the_way_is_repeated_ever_more_slowly(error: Exception) -> None:
    async def main() -> tuple[str, float]:
        flow, now = make_flow()
        return await flow.insist(failing(20, error), 1), now()

    answer, took = run_virtual(main)

    assert answer == "ok"
    assert took < 20 * TELEGRAM.most_s
    assert took > 10 * TELEGRAM.most_s / 2


@pytest.mark.parametrize(
    "error",
    [
        TelegramBadRequest(method=GetMe(), message="no"),
        TelegramForbiddenError(method=GetMe(), message="no"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_telegram_refuses_is_not_repeated(error: Exception) -> None:
    async def main() -> None:
        flow, _ = make_flow()
        with pytest.raises(type(error)):
            await flow.insist(failing(1, error), 1)

    run_virtual(main)


@pytest.mark.parametrize(
    "error",
    [
        TelegramUnauthorizedError(method=GetMe(), message="Unauthorized"),
        TelegramNotFound(method=GetMe(), message="Not Found"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_bot_telegram_does_not_know_is_a_wrong_setting_in_words(error: Exception) -> None:
    async def main() -> str:
        flow, _ = make_flow()
        with pytest.raises(TokenRefused) as caught:
            await flow.insist(failing(1, error))
        return caught.value.sentence

    assert words.BOT_UNKNOWN == run_virtual(main)


def test_what_another_process_says_at_once_is_waited_for() -> None:
    async def main() -> str:
        flow, _ = make_flow()
        error = TelegramConflictError(method=GetMe(), message="terminated by other setWebhook")
        return await flow.insist(failing(9, error))

    assert "ok" == run_virtual(main)
