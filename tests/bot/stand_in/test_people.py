"""Whatever a person can send reaches the bot in a form that aiogram understands."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiogram import Bot
from aiogram.enums import ContentType
from aiogram.types import (
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
)

from bot.telegram.client import make_bot
from playground.telegram import TelegramStandIn
from playground.telegram_control import Control
from playground.telegram_entries import FILE_KINDS, Entry
from settings import PLAYGROUND_TOKEN
from tests.bot.stand_in.support import key, picture
from tests.bot.support import Person

Heard = Callable[[], Awaitable[Message]]
BOLD = {"type": "bold", "offset": 0, "length": 2}


@pytest.fixture
async def bot(stand_in: TelegramStandIn) -> AsyncIterator[Bot]:
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        stand_in.control.say(1, "oi")
        yield bot


@pytest.fixture
def heard(bot: Bot) -> Heard:
    """What the bot hears last."""

    async def hear() -> Message:
        last = (await bot.get_updates())[-1]
        message = last.message or last.edited_message
        assert message is not None
        return message

    return hear


@pytest.mark.parametrize("kind", FILE_KINDS)
async def test_each_kind_of_file_is_one_that_can_be_fetched(
    stand_in: TelegramStandIn, bot: Bot, heard: Heard, kind: str
) -> None:
    sent = stand_in.control.send_file(1, picture().data, kind=kind, caption="oi", entities=[BOLD])
    message = await heard()
    assert sent.file is not None
    fetched = await bot.get_file(sent.file.file_id)

    assert (kind, "oi") == (message.content_type, message.caption)
    assert ["bold"] == [one.type for one in message.caption_entities or ()]
    assert len(picture().data) == fetched.file_size


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda people: people.share_contact(1, "+5511988880000", "Bia"), ContentType.CONTACT),
        (lambda people: people.send_location(1, -23.5, -46.6), ContentType.LOCATION),
        (lambda people: people.send_dice(1), ContentType.DICE),
        (lambda people: people.send_poll(1, "Quando?", ["Hoje", "Amanhã"]), ContentType.POLL),
    ],
    ids=["contact", "location", "dice", "poll"],
)
async def test_what_is_no_file_is_understood_too(
    stand_in: TelegramStandIn,
    heard: Heard,
    act: Callable[[Control], Entry],
    expected: ContentType,
) -> None:
    act(stand_in.control)

    assert expected == (await heard()).content_type


async def test_a_contact_carries_what_the_address_book_knows(
    stand_in: TelegramStandIn, heard: Heard
) -> None:
    stand_in.control.share_contact(1, "+5511988880000", "Bia", "Lima", 77)
    contact = (await heard()).contact
    assert contact is not None

    assert ("+5511988880000", "Bia", "Lima", 77) == (
        contact.phone_number,
        contact.first_name,
        contact.last_name,
        contact.user_id,
    )


async def test_a_number_that_nobody_asks_for_is_not_shared(stand_in: TelegramStandIn) -> None:
    stand_in.control.say(1, "oi")
    with pytest.raises(ValueError, match="no button"):
        stand_in.control.share_own_number(1, "+5511999990000")


async def test_what_is_passed_on_says_from_whom(stand_in: TelegramStandIn, heard: Heard) -> None:
    stand_in.control.say(1, "paguei", forwarded_from="Ana Souza")
    origin = (await heard()).forward_origin

    assert origin is not None
    assert "Ana Souza" == getattr(origin, "sender_user_name", None)


async def test_what_is_corrected_comes_once_more_as_it_is_now(
    stand_in: TelegramStandIn, heard: Heard
) -> None:
    first = stand_in.control.say(1, "/mneu")
    stand_in.control.correct(1, first.message_id, "/menu agora")
    message = await heard()

    assert (first.message_id, "/menu agora") == (message.message_id, message.text)
    assert [("bot_command", 5)] == [(one.type, one.length) for one in message.entities or ()]
    assert message.edit_date is not None


async def test_what_the_person_takes_away_is_gone_for_the_bot(
    stand_in: TelegramStandIn, bot: Bot
) -> None:
    sent = await bot.send_message(1, "um")
    stand_in.control.take_away(1, sent.message_id)

    assert sent.message_id not in {one["message_id"] for one in stand_in.control.record(1)}


async def test_a_person_of_the_bots_tests_searches_chooses_and_answers(
    stand_in: TelegramStandIn, bot: Bot
) -> None:
    ana = Person(stand_in, 1)
    force = InlineKeyboardMarkup(inline_keyboard=[[key("Voltar")]], force_reply=True)
    asked = await bot.send_message(1, "Quem?", reply_markup=force)
    search = asyncio.create_task(ana.search("souz"))
    [*_, update] = await bot.get_updates(offset=-1, timeout=5, allowed_updates=["inline_query"])
    assert update.inline_query is not None
    article = InlineQueryResultArticle(
        id="12", title="Ana", input_message_content=InputTextMessageContent(message_text="/ver_12")
    )
    await bot.answer_inline_query(update.inline_query.id, [article])
    [result] = (await search)["results"]
    box = ana.typing_box()
    ana.choose(result)
    ana.share("+5511988880000", "Bia")
    ana.send_file(b"nome;valor", "clientes.csv")

    assert asked.message_id == box["reply_to"]
    assert ["oi", "Quem?", "/ver_12", "", ""] == [message["text"] for message in ana.sees()]
    assert "clientes.csv" == ana.sees()[-1]["file_name"]
