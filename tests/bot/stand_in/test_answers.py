"""A press gets one answer, and what is searched gets results that Telegram would take."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineKeyboardButton,
    InlineQueryResultArticle,
    InputTextMessageContent,
)

from bot.telegram.client import make_bot
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN
from tests.bot.stand_in.support import NOON, Watch, key, keys


def article(number: int | str, text: str = "/ver_12") -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=f"{number}",
        title="🟢 Ana Souza · 10/12",
        input_message_content=InputTextMessageContent(message_text=text),
    )


async def test_a_press_is_answered_once(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    button = InlineKeyboardButton(text="a", callback_data="c")
    sent = await client.send_message(chat, "x", reply_markup=keys(button))
    query = shared_stand_in.control.press(chat, sent.message_id, "c")
    await client.answer_callback_query(query.query_id, text="ok")

    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await client.answer_callback_query(query.query_id)
    assert query.answer == {"text": "ok", "show_alert": False}


async def test_a_button_that_is_not_there_cannot_be_pressed(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    sent = await client.send_message(chat, "x")
    with pytest.raises(ValueError, match="no button"):
        shared_stand_in.control.press(chat, sent.message_id, "c")


async def test_an_answer_in_words_stays_with_the_message(
    timed: TelegramStandIn, timed_client: Bot, watch: Watch
) -> None:
    sent = await timed_client.send_message(1, "x", reply_markup=keys(key()))
    query = timed.control.press(1, sent.message_id, "c")
    watch.move(1)
    await timed_client.answer_callback_query(query.query_id, text="Feito", show_alert=True)

    toast = {"at": NOON.timestamp() + 1, "text": "Feito", "show_alert": True, "data": "c"}
    assert [toast] == timed.control.record(1)[-1]["toasts"]


async def test_a_press_that_nobody_answers_is_told(
    timed: TelegramStandIn, timed_client: Bot, watch: Watch
) -> None:
    sent = await timed_client.send_message(1, "x", reply_markup=keys(key("a"), key("b", "d")))
    at = sent.message_id
    first, second = (timed.control.press(1, at, data) for data in "cd")
    await timed_client.answer_callback_query(first.query_id)
    early = timed.control.unanswered(older_than_seconds=1)
    watch.move(1)

    waits = {"chat_id": 1, "message_id": at, "data": "d", "seconds": 1.0}
    assert ([], [{"query_id": second.query_id, **waits}]) == (
        early,
        timed.control.unanswered(older_than_seconds=1),
    )


async def test_a_button_of_what_is_gone_comes_without_the_message(
    stand_in: TelegramStandIn,
) -> None:
    stand_in.control.say(1, "oi")
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        sent = await bot.send_message(1, "x", reply_markup=keys(key()))
        await bot.delete_message(1, sent.message_id)
        with pytest.raises(ValueError, match="no message"):
            stand_in.control.press(1, sent.message_id, "c")
        stand_in.control.press(1, sent.message_id, "c", force=True)
        [_, update] = await bot.get_updates()

    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert update.callback_query.message.date == 0


async def test_a_search_gets_results_and_the_chosen_one_is_the_persons_message(
    stand_in: TelegramStandIn,
) -> None:
    stand_in.control.say(1, "oi")
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        query = stand_in.control.inline(1, "souz")
        [_, asked] = await bot.get_updates()
        results = [article(1), article(2, "<b>Bia</b>")]
        await bot.answer_inline_query(
            query.query_id, list(results), cache_time=0, is_personal=True, next_offset="6"
        )
        stand_in.control.choose(query, "1")
        [chosen] = await bot.get_updates(offset=asked.update_id + 1)

    assert asked.inline_query is not None
    assert ("souz", "sender") == (asked.inline_query.query, asked.inline_query.chat_type)
    answer = query.answer or {}
    assert (0, True, "6") == tuple(answer[k] for k in ("cache_time", "is_personal", "next_offset"))
    assert chosen.message is not None
    assert chosen.message.via_bot is not None
    assert ("/ver_12", "EmDiaBot") == (chosen.message.text, chosen.message.via_bot.username)
    assert stand_in.control.record(1)[-1]["via_bot"]


@pytest.mark.parametrize(
    ("results", "refusal"),
    [
        pytest.param([article(n) for n in range(51)], "RESULTS_TOO_MUCH", id="51"),
        pytest.param([article(1), article(1)], "RESULT_ID_DUPLICATE", id="the same twice"),
        pytest.param([article("é" * 33)], "RESULT_ID_INVALID", id="66 bytes"),
        pytest.param([article("")], "RESULT_ID_INVALID", id="no id"),
        pytest.param([article(1, "<b>x")], "can't parse entities", id="broken text"),
        pytest.param([article(1, "x" * 4097)], "message is too long", id="long text"),
        pytest.param([article(1, "")], "message text is empty", id="no text"),
    ],
)
async def test_results_telegram_would_refuse_are_refused(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int, results: Any, refusal: str
) -> None:
    query = shared_stand_in.control.inline(chat, "x")
    with pytest.raises(TelegramBadRequest, match=refusal):
        await client.answer_inline_query(query.query_id, results)


async def test_where_the_next_results_begin_is_told_in_64_bytes(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    query = shared_stand_in.control.inline(chat, "x")
    with pytest.raises(TelegramBadRequest, match="NEXT_OFFSET_INVALID"):
        await client.answer_inline_query(query.query_id, [], next_offset="x" * 65)


async def test_a_search_is_answered_once_and_soon(
    timed: TelegramStandIn, timed_client: Bot, watch: Watch
) -> None:
    once, late = timed.control.inline(1, "a"), timed.control.inline(1, "b")
    await timed_client.answer_inline_query(once.query_id, [])
    watch.move(11)
    for query_id in (once.query_id, late.query_id, "i999"):
        with pytest.raises(TelegramBadRequest, match="query is too old"):
            await timed_client.answer_inline_query(query_id, [])


async def test_a_bot_may_be_one_that_takes_no_searches() -> None:
    async with TelegramStandIn(inline=False) as telegram:
        telegram.control.say(1, "oi")
        async with make_bot(PLAYGROUND_TOKEN, telegram.api) as bot:
            assert not (await bot.get_me()).supports_inline_queries
        with pytest.raises(ValueError, match="no inline queries"):
            telegram.control.inline(1, "a")
