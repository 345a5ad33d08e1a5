"""Whoever presses what is another's, builds buttons by hand or types what nobody should (B2, H2).

Each act gets an answer; nothing changes that should not; nothing of another is ever shown.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator

import asyncpg
import pytest

from playground.telegram import TelegramStandIn
from storage.database import Database
from tests.bot.live import Live, living
from tests.crawl.trouble import heard
from tests.play.crime import TALKING, Mark, open_shop, print_of
from tests.play.hostile import theirs
from tests.postgres import Cluster

ATTACKERS = 6


@pytest.fixture(scope="module")
async def dsn(cluster: Cluster) -> AsyncIterator[str]:
    """A database for all of it."""
    made = await cluster.migrated_database()
    yield made
    await cluster.drop(made)


@pytest.fixture(scope="module")
async def live(shared_stand_in: TelegramStandIn, dsn: str) -> AsyncIterator[Live]:
    """The bot, running."""
    database = await Database.open(dsn)
    async with living(shared_stand_in, database) as running:
        yield running
    await database.close()


@pytest.fixture(scope="module")
async def console(dsn: str) -> AsyncIterator[asyncpg.Pool]:
    """A look at all rows that no tenant has."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=2) as pool:
        yield pool


@pytest.fixture(scope="module")
async def victim(live: Live) -> Mark:
    """Whose things are wanted."""
    return await open_shop(live, "Zebedeu")


@pytest.fixture
def errors() -> Iterator[list[str]]:
    """What the log says that is an error."""
    found: list[str] = []
    with heard(found.append):
        yield found


async def attackers(live: Live, count: int = ATTACKERS) -> list[Mark]:
    """Other shops, each with a chat of its own."""
    return [await open_shop(live, f"Quirino{n}") for n in range(count)]


async def press_all(marks: list[Mark], buttons: Iterable[str]) -> list[str]:
    """Press everything, all at it at once; the buttons that got no answer, or no way on."""
    left = iter(buttons)
    dead: list[str] = []

    async def work(mark: Mark) -> None:
        for data in left:
            screen, toast = await mark.talk.pressed(data)
            if toast is None or not screen.buttons:
                dead.append(data)

    async with asyncio.TaskGroup() as group:
        for mark in marks:
            group.create_task(work(mark))
    return dead


def shown_of(mark: Mark, word: str) -> list[str]:
    """What was ever in the chat that has `word` in it, which is another's."""
    chat = mark.talk.live.stand_in.control.record(mark.talk.chat_id)
    texts = [
        str(form)
        for message in chat
        if message["from"] == "bot"
        for form in (message, *message["past"])
    ]
    return [text for text in texts if word in text]


async def test_what_is_anothers_is_not_found_whatever_is_pressed(
    live: Live, victim: Mark, console: asyncpg.Pool, errors: list[str]
) -> None:
    marks = await attackers(live)
    chats = [victim.talk.chat_id, *(mark.talk.chat_id for mark in marks)]
    before = [await print_of(console, chat, TALKING) for chat in chats]
    dead = await press_all(marks, theirs(victim.ids))

    assert ([], [], []) == (dead, errors, [t for m in marks for t in shown_of(m, victim.word)])
    assert before == [await print_of(console, chat, TALKING) for chat in chats]
