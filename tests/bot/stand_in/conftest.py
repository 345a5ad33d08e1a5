"""Fixtures of the stand-in's own tests: a chat that is open, and one whose clock stands."""

import itertools
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.telegram.client import make_bot
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN
from tests.bot.stand_in.support import Watch

_CHATS = itertools.count(1_000)


@pytest.fixture
def chat(shared_stand_in: TelegramStandIn) -> int:
    """A chat whose person has written, so that the bot may."""
    chat_id = next(_CHATS)
    shared_stand_in.control.say(chat_id, "/start")
    return chat_id


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def timed(watch: Watch) -> AsyncIterator[TelegramStandIn]:
    """A Telegram that goes by the watch, where chat 1 is open."""
    async with TelegramStandIn(now=watch.now) as telegram:
        telegram.control.say(1, "/start")
        yield telegram


@pytest.fixture
async def timed_client(timed: TelegramStandIn) -> AsyncIterator[Bot]:
    async with make_bot(PLAYGROUND_TOKEN, timed.api) as bot:
        yield bot
