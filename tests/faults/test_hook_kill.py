"""Kill -9 while Telegram brings an update: it is neither lost nor answered twice (I4)."""

import asyncio
import signal
from pathlib import Path

import pytest
from aiogram import Bot

from bot.telegram.client import make_bot
from playground.rig import free_port
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN
from tests.bot.support import CHAT, Person
from tests.faults import deadly_hook
from tests.faults.deadly_hook import ANSWERED, HANDLED, KEPT
from tests.guarantees.forked import Forked

LIFE_SECONDS = 30.0
HELP = "Como o EmDia funciona"


async def pending(bot: Bot) -> int:
    """How many updates Telegram still has to bring."""
    return (await bot.get_webhook_info()).pending_update_count


async def all_taken(bot: Bot) -> None:
    """Wait until Telegram knows that each of its updates is safe."""
    async with asyncio.timeout(LIFE_SECONDS):
        while await pending(bot):
            pass


@pytest.mark.timeout(60)
async def test_an_update_outlives_two_kills_and_is_answered_once(dsn: str, tmp_path: Path) -> None:
    port = str(free_port())
    async with TelegramStandIn() as telegram, make_bot(PLAYGROUND_TOKEN, telegram.api) as bot:
        environment = {
            "EMDIA_MODE": "playground",
            "EMDIA_LOG": "json",
            "EMDIA_HOME": str(tmp_path / "home"),
            "DATABASE_URL": dsn,
            "PORT": port,
            "EMDIA_TELEGRAM_API": telegram.api,
            "EMDIA_TELEGRAM_UPDATES": "webhook",
            "EMDIA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }

        def life(moment: str) -> Forked:
            log = tmp_path / moment
            return Forked(deadly_hook.main, moment, log=log, environment=environment)

        maria = Person(telegram)
        maria.say("/ajuda")
        async with life(KEPT) as first:
            end = await first.end()
        left = await pending(bot)
        async with life(ANSWERED):
            await all_taken(bot)
        async with life(HANDLED):
            answer = await maria.read()
            maria.say("/menu")
            await maria.read()
        _, shown = await telegram.control.look(CHAT)

    assert (-signal.SIGKILL, 1) == (end, left)
    assert HELP in answer["text"]
    assert 1 == sum(HELP in message["text"] for message in shown)
