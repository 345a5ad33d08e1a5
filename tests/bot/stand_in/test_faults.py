"""Whatever can go wrong with Telegram goes wrong when it is ordered."""

from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot.telegram.client import make_bot
from playground.telegram import TelegramStandIn
from playground.telegram_faults import Fault
from settings import PLAYGROUND_TOKEN
from tests.bot.stand_in.support import seen


@pytest.mark.parametrize(
    ("order", "error"),
    [
        pytest.param({"kind": "flood", "retry_after": 3}, TelegramRetryAfter, id="flood wait"),
        pytest.param({"kind": "error"}, TelegramServerError, id="bad gateway"),
        pytest.param({"kind": "error", "code": 404}, TelegramNotFound, id="not found"),
        pytest.param({"kind": "drop"}, TelegramNetworkError, id="connection cut"),
    ],
)
async def test_an_ordered_fault_happens_once_and_nothing_is_sent(
    stand_in: TelegramStandIn, order: dict[str, Any], error: type[Exception]
) -> None:
    stand_in.control.say(1, "oi")
    stand_in.control.order({**order, "method": "sendMessage"})
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        with pytest.raises(error):
            await bot.send_message(1, "um")
        await bot.send_message(1, "dois")

    assert [message["text"] for message in await seen(stand_in, 1)] == ["dois"]


async def test_a_lost_answer_hides_a_message_that_was_taken(stand_in: TelegramStandIn) -> None:
    stand_in.control.say(1, "oi")
    stand_in.control.order({"kind": "lose_answer", "method": "sendMessage"})
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(1, "um")

    assert [message["text"] for message in await seen(stand_in, 1)] == ["um"]


async def test_speed_limits_refuse_a_burst_to_one_chat(stand_in: TelegramStandIn) -> None:
    stand_in.control.say(1, "oi")
    stand_in.control.order({"kind": "limits"})
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        for number in range(5):
            await bot.send_message(1, str(number))
        with pytest.raises(TelegramRetryAfter):
            await bot.send_message(1, "one too many")


def test_only_what_can_go_wrong_on_the_way_is_ordered_for_a_webhook() -> None:
    with pytest.raises(ValueError, match="no fault 'flood' of a webhook"):
        Fault("flood", method="webhook")
