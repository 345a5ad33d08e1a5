"""Updates reach the bot by long polling or by webhook, until it has taken them."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramConflictError,
)
from aiohttp import web

from bot.telegram.client import make_bot
from playground.rig import free_port
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN
from tests.bot.stand_in.support import PATIENCE_SECONDS

HOOK_NAME = "of-the-webhook"


async def test_updates_stay_until_an_offset_confirms_them(stand_in: TelegramStandIn) -> None:
    for text in ("um", "dois", "três"):
        stand_in.control.say(1, text)
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        first = await bot.get_updates(limit=2)
        again = await bot.get_updates(offset=first[1].update_id)
        rest = await bot.get_updates(offset=again[-1].update_id + 1)

    assert [one.message.text for one in again if one.message] == ["dois", "três"]
    assert rest == []


async def test_a_long_poll_ends_when_something_comes(stand_in: TelegramStandIn) -> None:
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await until_polled(stand_in)
        stand_in.control.say(1, "oi")
        [update] = await asyncio.wait_for(poll, PATIENCE_SECONDS)

    assert update.message is not None
    assert update.message.text == "oi"


async def test_the_second_poller_ends_the_first(stand_in: TelegramStandIn) -> None:
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        first = asyncio.create_task(bot.get_updates(timeout=30))
        await until_polled(stand_in)
        await bot.get_updates(timeout=0)
        with pytest.raises(TelegramConflictError, match="terminated by other getUpdates"):
            await asyncio.wait_for(first, PATIENCE_SECONDS)


async def test_only_wanted_kinds_of_updates_come(stand_in: TelegramStandIn) -> None:
    stand_in.control.say(1, "oi")
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        assert await bot.get_updates(allowed_updates=["callback_query"]) == []


async def test_a_webhook_gets_each_update_until_it_takes_it(stand_in: TelegramStandIn) -> None:
    received: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
    answers = iter([500, 200, 200])

    async def hook(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        await received.put((secret, await request.json()))
        return web.Response(status=next(answers))

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    stand_in.control.say(1, "um")
    stand_in.control.say(1, "dois")
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        await bot.set_webhook(url, secret_token=HOOK_NAME)
        with pytest.raises(TelegramConflictError, match="webhook is active"):
            await bot.get_updates()
        got = [await asyncio.wait_for(received.get(), PATIENCE_SECONDS) for _ in range(3)]
        await bot.delete_webhook()
    await runner.cleanup()

    assert [update["message"]["text"] for _, update in got] == ["um", "um", "dois"]
    assert {secret for secret, _ in got} == {HOOK_NAME}


async def test_a_webhook_ends_a_long_poll_and_tells_how_it_goes(stand_in: TelegramStandIn) -> None:
    stand_in.control.say(1, "oi")
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        unwanted = bot.get_updates(timeout=30, allowed_updates=["callback_query"])
        poll = asyncio.create_task(unwanted)
        await until_polled(stand_in)
        await bot.set_webhook(
            f"http://127.0.0.1:{free_port()}/x",
            max_connections=1000,
            allowed_updates=["message"],
        )
        with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
            await asyncio.wait_for(poll, PATIENCE_SECONDS)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (info := await bot.get_webhook_info()).last_error_date:
                pass

    assert (100, ["message"], 1, "Connection refused") == (
        info.max_connections,
        info.allowed_updates,
        info.pending_update_count,
        info.last_error_message,
    )


async def until_polled(stand_in: TelegramStandIn) -> None:
    """Wait until a long poll is being served."""
    assert await stand_in.until_polled(PATIENCE_SECONDS)
