"""Guarantee 7: what must last is in PostgreSQL, and is counted before it is tried.

An update that kills the process, with no last words, counts too; after three tries it is set aside,
kept and reported, and those behind it are not held up. The same for what is sent:
tests/storage/test_outbox.py and tests/faults.
"""

import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from playground.telegram import TelegramStandIn
from storage import telegram_updates
from storage.database import Database
from storage.telegram_updates import MOST_ATTEMPTS
from tests.bot.support import CHAT, Person
from tests.guarantees import deadly_bot
from tests.guarantees.forked import Forked
from tests.postgres import NOW

DEADLY = "/hoje"
HARMLESS = "/start"


@dataclass
class Bot:
    """A bot's database and Telegram; its process lives as long as its updates let it."""

    database: Database
    dsn: str
    telegram: TelegramStandIn
    log: Path

    def start(self) -> Forked:
        """Start one life of it."""
        return Forked(deadly_bot.main, self.dsn, self.telegram.api, log=self.log)

    async def live_and_die(self) -> int | None:
        """Start it and wait until it has died; how."""
        async with self.start() as process:
            return await process.end()

    async def updates(self, chat_id: int = CHAT) -> list[tuple[str, int, bool, bool]]:
        """Each update of a chat: its text, its attempts, whether handled, whether set aside."""
        async with self.database.tenant(chat_id) as tx:
            rows = await tx.fetch(
                "SELECT payload->'message'->>'text', attempts,"
                " handled_at IS NOT NULL, set_aside_at IS NOT NULL"
                " FROM telegram_updates WHERE tenant_id = $1 ORDER BY update_id",
                chat_id,
            )
        return [tuple(row) for row in rows]


@pytest.fixture
async def bot(database: Database, dsn: str, tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot that was not started yet."""
    async with TelegramStandIn() as telegram:
        yield Bot(database, dsn, telegram, tmp_path / "log")


async def test_guarantee_7_an_attempt_is_counted_before_the_work(database: Database) -> None:
    async with database.tenant(CHAT) as tx:
        await telegram_updates.keep(tx, 1, {"update_id": 1}, NOW)
        before = await telegram_updates.unhandled(tx, 10)
        await telegram_updates.begin(tx, UUID(int=7), 1, NOW)
        after = await telegram_updates.unhandled(tx, 10)

    assert [[0], [1]] == [[update.attempts for update in updates] for updates in (before, after)]


async def test_guarantee_7_an_update_that_kills_the_process_is_set_aside_after_three_tries(
    bot: Bot,
) -> None:
    maria, joana = Person(bot.telegram), Person(bot.telegram, CHAT + 1)
    maria.say(DEADLY)
    lives = []
    for _ in range(MOST_ATTEMPTS):
        code = await bot.live_and_die()
        lives.append((code, await bot.updates()))
    maria.say(HARMLESS)
    joana.say(HARMLESS)
    async with bot.start():
        answers = [await maria.read(), await joana.read()]

    died = [(-signal.SIGKILL, [(DEADLY, tries, False, False)]) for tries in (1, 2, 3)]
    assert died == lives
    assert (DEADLY, MOST_ATTEMPTS, False, True) == (await bot.updates())[0]
    assert ["bot", "bot"] == [answer["from"] for answer in answers]
    async with bot.database.tenant(CHAT) as tx:
        (kept,) = await telegram_updates.set_aside(tx, 10)
    assert DEADLY == kept.payload["message"]["text"]


async def test_guarantee_7_an_update_that_is_set_aside_is_reported(bot: Bot) -> None:
    maria = Person(bot.telegram)
    maria.say(DEADLY)
    for _ in range(MOST_ATTEMPTS):
        await bot.live_and_die()
    maria.say(HARMLESS)
    async with bot.start() as survivor:
        await maria.read()

    assert "set aside" in survivor.said()


async def test_guarantee_7_those_who_were_in_hand_beside_it_are_not_set_aside(bot: Bot) -> None:
    maria = Person(bot.telegram)
    others = [Person(bot.telegram, CHAT + number) for number in range(1, 11)]
    for other in others:
        other.say(HARMLESS)
    maria.say(DEADLY)
    for _ in range(MOST_ATTEMPTS):
        await bot.live_and_die()
    maria.say(HARMLESS)
    async with bot.start():
        await maria.read()
    updates = [await bot.updates(other.chat_id) for other in others]

    assert [] == [update for chat in updates for update in chat if update[3]]
