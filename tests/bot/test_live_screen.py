"""One live screen in a chat: in place where that works, else at the bottom, and no two that differ.

A picture cannot become a text again: leaving one is a new message, and the old loses its buttons.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from io import BytesIO
from random import Random
from typing import Any

import pytest
from aiogram import Bot
from PIL import Image

from actors.runtime import SystemClock
from bot.telegram.chats import Chats
from bot.telegram.client import make_bot
from bot.telegram.delivery import Delivery
from bot.telegram.pace import Pace
from bot.ui import buttons
from bot.ui.buttons import bare_keyboard, go
from bot.ui.view import Document, Spot, View
from domain.chats import ChatState
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN
from tests.bot.support import CHAT

DRAIN_SECONDS = 10.0
KEYBOARD = bare_keyboard([go("Início", buttons.HOME)])
HOME = View("Início", KEYBOARD)
CARD = View("Ana Souza", KEYBOARD)
Delivered = tuple[str, bool]
"""What a message says, and whether it has buttons."""


def picture(colour: int) -> bytes:
    out = BytesIO()
    Image.new("1", (40, 40), colour).save(out, "PNG")
    return out.getvalue()


BLACK = View("Código preto", KEYBOARD, picture=picture(0))
WHITE = View("Código branco", KEYBOARD, picture=picture(1))
SHEET = View("A sua planilha", KEYBOARD, document=Document("clientes.csv", b"nome;telefone"))


class Chat:
    """One chat with the outgoing side of the bot."""

    def __init__(
        self, stand_in: TelegramStandIn, bot: Bot, delivery: Delivery, chats: Chats
    ) -> None:
        self.stand_in = stand_in
        self.bot = bot
        self.delivery = delivery
        self.chats = chats

    async def answer(self, view: View, at: Spot | None = None) -> None:
        """Answer, and wait until that and what follows from it is done."""
        await (await self.delivery.answer_with(CHAT, view, at))
        await self.delivery.drained(DRAIN_SECONDS)

    async def messages(self) -> list[dict[str, Any]]:
        """The bot's messages, as they look now, from the top."""
        _, seen = await self.stand_in.control.look(CHAT)
        found = [one for one in seen if one["from"] == "bot" and not one["deleted"]]
        return sorted(found, key=lambda one: int(one["message_id"]))

    async def shown(self) -> list[Delivered]:
        """What each of them says, and whether it has buttons."""
        return [
            (one["text"] or one["caption"], bool(one["buttons"])) for one in await self.messages()
        ]

    async def spot(self, number: int) -> Spot:
        """One of them, as a press on it names it."""
        message = (await self.messages())[number]
        return Spot(message["message_id"], 0 if message["photo"] else None)


@pytest.fixture
async def chat(stand_in: TelegramStandIn) -> AsyncIterator[Chat]:
    """A chat whose person has written."""
    stand_in.control.say(CHAT, "/start")
    clock, chats, tasks = SystemClock(), Chats(), set[asyncio.Task[None]]()

    def spawn(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        tasks.add(task)
        return task

    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        pace = Pace(clock, Random(1))  # noqa: S311 - jitter
        delivery = Delivery(bot, pace, chats, clock=clock, spawn=spawn, on_blocked=lambda _: None)
        chats.recall(CHAT, ChatState())
        yield Chat(stand_in, bot, delivery, chats)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_is_typed_is_answered_at_the_bottom_and_the_screen_above_loses_its_buttons(
    chat: Chat,
) -> None:
    await chat.answer(HOME)
    await chat.answer(CARD)

    assert [(HOME.text, False), (CARD.text, True)] == await chat.shown()


async def test_a_press_is_answered_in_place(chat: Chat) -> None:
    await chat.answer(HOME)
    await chat.answer(CARD, await chat.spot(0))

    assert [(CARD.text, True)] == await chat.shown()


async def test_a_press_further_up_makes_that_message_the_live_one(chat: Chat) -> None:
    await chat.answer(HOME)
    await chat.answer(HOME)
    await chat.answer(CARD, await chat.spot(0))

    assert [(CARD.text, True), (HOME.text, False)] == await chat.shown()


async def test_what_comes_by_itself_is_live_once_it_is_pressed(chat: Chat) -> None:
    await chat.answer(HOME)
    await (await chat.delivery.post(CHAT, View("3 venceram", KEYBOARD)))
    before = await chat.shown()
    await chat.answer(CARD, await chat.spot(1))

    assert [(HOME.text, True), ("3 venceram", True)] == before
    assert [(HOME.text, False), (CARD.text, True)] == await chat.shown()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(BLACK, HOME, id="a text over a picture"),
        pytest.param(HOME, BLACK, id="a picture over a text"),
        pytest.param(HOME, SHEET, id="a file"),
        pytest.param(SHEET, HOME, id="a text over a file"),
        pytest.param(SHEET, BLACK, id="a picture over a file"),
    ],
)
async def test_what_cannot_be_drawn_over_loses_its_buttons_to_a_new_message(
    chat: Chat, first: View, second: View
) -> None:
    await chat.answer(first)
    await chat.answer(second, await chat.spot(0))

    assert [(first.text, False), (second.text, True)] == await chat.shown()


async def test_leaving_a_picture_takes_one_new_message_and_one_edit(chat: Chat) -> None:
    await chat.answer(BLACK)
    chat.stand_in.control.order({"kind": "error", "method": "editMessageText"})
    chat.stand_in.control.order({"kind": "error", "method": "deleteMessage"})
    await chat.answer(HOME, await chat.spot(0))

    assert [1, 0] == [message["edits"] for message in await chat.messages()]
    assert 2 == chat.stand_in.faults.pending  # neither was tried


async def test_a_picture_is_replaced_in_place(chat: Chat) -> None:
    await chat.answer(BLACK)
    await chat.answer(WHITE, await chat.spot(0))

    assert [(WHITE.text, True)] == await chat.shown()


async def test_what_is_gone_is_answered_at_the_bottom(chat: Chat) -> None:
    await chat.answer(HOME)
    at = await chat.spot(0)
    chat.stand_in.world.chats[CHAT].entries[at.message_id].deleted = True
    await chat.answer(CARD, at)

    assert [(CARD.text, True)] == await chat.shown()


async def test_a_file_keeps_its_name(chat: Chat) -> None:
    await chat.answer(SHEET)

    assert ["clientes.csv"] == [one["file_name"] for one in await chat.messages()]


async def test_the_live_message_is_what_is_to_be_stored(chat: Chat) -> None:
    await chat.answer(BLACK)
    at = await chat.spot(0)

    assert ChatState(at.message_id, live_has_picture=True) == chat.chats.changed(CHAT, None)


async def flooded(chat: Chat, *views: View) -> list[asyncio.Future[None]]:
    """Answer several times while Telegram wants to be left alone for a second."""
    chat.stand_in.control.order({"kind": "flood", "retry_after": 1, "method": "sendMessage"})
    first = await chat.delivery.answer_with(CHAT, HOME)
    while chat.stand_in.faults.pending:
        await chat.bot.get_me()
    return [first, *[await chat.delivery.answer_with(CHAT, view) for view in views]]


async def test_an_answer_that_waits_gives_its_place_to_the_next_one(chat: Chat) -> None:
    answers = await flooded(chat, View("um"), View("dois"), CARD)
    done = [answer.done() for answer in answers]
    await asyncio.gather(*answers)

    assert [False, True, True, False] == done
    assert [HOME.text, CARD.text] == [words for words, _ in await chat.shown()]


async def test_a_file_that_waits_gives_its_place_to_nobody(chat: Chat) -> None:
    await asyncio.gather(*await flooded(chat, SHEET, CARD))

    assert [HOME.text, SHEET.text, CARD.text] == [words for words, _ in await chat.shown()]


async def test_an_answer_is_taken_back_as_long_as_it_waits(chat: Chat) -> None:
    first, second = await flooded(chat, CARD)
    first.cancel()
    second.cancel()
    await chat.delivery.drained(DRAIN_SECONDS)

    assert [] == await chat.shown()
