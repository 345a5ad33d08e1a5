"""Kill -9 while answers wait for Telegram: who wrote or pressed has theirs after all (I4, H2)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.ui.words import HELP_BUTTON
from playground.telegram import TelegramStandIn
from storage.database import Database
from tests.bot.support import CHAT, Person, buttons
from tests.guarantees import deadly_bot
from tests.guarantees.forked import Forked

KILLS = 5
LIFE_SECONDS = 30.0
FLOOD = {"kind": "flood", "method": "sendMessage", "retry_after": 600}
HELP = "Como o EmDia funciona"
_CHATS = count(CHAT)


@dataclass
class House:
    """A bot's database and Telegram, and two people who use it in the same moment."""

    database: Database
    dsn: str
    telegram: TelegramStandIn
    log: Path

    def start(self) -> Forked:
        """Start one life of the bot."""
        return Forked(deadly_bot.main, self.dsn, self.telegram.api, log=self.log)

    async def updates(self, person: Person, where: str) -> int:
        """How many updates of a person there are that are so."""
        async with self.database.tenant(person.chat_id) as tx:
            return int(
                await tx.fetchval(
                    "SELECT count(*) FROM telegram_updates WHERE tenant_id = $1 AND "  # noqa: S608 - ours
                    + where,
                    person.chat_id,
                )
            )

    async def until(self, happened: Callable[[], Awaitable[bool]]) -> None:
        """Look until something has happened."""
        async with asyncio.timeout(LIFE_SECONDS):
            while not await happened():
                pass

    async def words(self, person: Person) -> str:
        """What the newest screen of a chat says."""
        _, seen = await self.telegram.control.look(person.chat_id)
        return str(max(seen, key=lambda one: int(one["message_id"]))["text"])

    async def live_until_answers_wait(self, typing: Person, pressing: Person) -> None:
        """Have both of them do two things each, answer none, and be killed.

        The second is begun only after the first was handled.
        """
        async with self.start() as bot:
            pressing.say("/menu")
            menu = await pressing.read()
            self.telegram.control.order(FLOOD | {"chat_id": typing.chat_id})
            typing.say("/menu")

            async def flooded() -> bool:
                return "flood wait" in await asyncio.to_thread(bot.said)

            await self.until(flooded)
            typing.say("/ajuda")
            self._press(pressing, menu)
            self._press(pressing, menu)

            async def both_begun() -> bool:
                begun = "attempts > 0 AND handled_at IS NULL"
                found = [await self.updates(one, begun) for one in (typing, pressing)]
                return found == [2, 2]

            await self.until(both_begun)

    def _press(self, person: Person, menu: dict[str, Any]) -> None:
        data = buttons(menu)[HELP_BUTTON]
        self.telegram.control.press(person.chat_id, menu["message_id"], data)

    async def answer_all(self, *people: Person) -> list[str]:
        """Start it again, until nothing is open; what each of them sees then."""
        async with self.start():

            async def all_handled() -> bool:
                left = [await self.updates(one, "handled_at IS NULL") for one in people]
                return not any(left)

            await self.until(all_handled)
            return [await self.words(one) for one in people]


@pytest.fixture
async def house(database: Database, dsn: str, tmp_path: Path) -> AsyncIterator[House]:
    """A bot that was not started yet."""
    async with TelegramStandIn() as telegram:
        yield House(database, dsn, telegram, tmp_path / "log")


async def kill_and_answer(house: House) -> list[bool]:
    """Kill it once; whether both have their answers after that."""
    people = [Person(house.telegram, next(_CHATS)) for _ in range(2)]
    await house.live_until_answers_wait(*people)
    return [HELP in words for words in await house.answer_all(*people)]


@pytest.mark.timeout(90)
async def test_what_was_typed_or_pressed_before_a_kill_is_answered_after_it(house: House) -> None:
    assert [True, True] == await kill_and_answer(house)


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_what_was_typed_or_pressed_before_each_of_five_kills_is_answered(
    house: House,
) -> None:
    assert [[True, True]] * KILLS == [await kill_and_answer(house) for _ in range(KILLS)]
