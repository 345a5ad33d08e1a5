"""Fixtures of the bot's tests: Telegram on loopback, and a client of it."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from actors.runtime import Ref
from bot.telegram.client import make_bot
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN
from storage.database import Database
from tests.bot.support import Person, Script, WatchedInbox, running_bot


@pytest.fixture
async def stand_in() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn() as telegram:
        yield telegram


@pytest.fixture(scope="module")
async def shared_stand_in() -> AsyncIterator[TelegramStandIn]:
    """One Telegram for a module whose tests each use a chat of their own."""
    async with TelegramStandIn() as telegram:
        yield telegram


@pytest.fixture(scope="module")
async def client(shared_stand_in: TelegramStandIn) -> AsyncIterator[Bot]:
    """An unmodified aiogram client of the shared Telegram."""
    bot = make_bot(PLAYGROUND_TOKEN, shared_stand_in.api)
    yield bot
    await bot.session.close()


@pytest.fixture
def inbox(database: Database) -> WatchedInbox:
    return WatchedInbox(database)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def maria(stand_in: TelegramStandIn) -> Person:
    return Person(stand_in)


@pytest.fixture
async def telegram(
    stand_in: TelegramStandIn, inbox: WatchedInbox, script: Script
) -> AsyncIterator[Ref]:
    """The bot, running."""
    async with running_bot(stand_in, inbox, lambda _: script) as (ref, _):
        yield ref
