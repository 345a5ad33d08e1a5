"""The people's side over HTTP, and a server that ends without losing anybody's socket."""

import asyncio
import gc
import socket
import warnings
from contextlib import ExitStack

import pytest
from aiogram.types import (
    InlineKeyboardButton,
    InlineQueryResultArticle,
    InputTextMessageContent,
)
from aiohttp import ClientSession

from bot.telegram.client import make_bot
from playground.loopback import HOST
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN
from tests.bot.stand_in.support import keys, picture

VISITORS = 8


async def test_the_control_api_does_all_that_over_http(stand_in: TelegramStandIn) -> None:
    base = stand_in.control_address
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot, ClientSession() as http:
        said = await http.post(f"{base}/chats/7/say", json={"text": "oi", "first_name": "Ana"})
        after = (await said.json())["seq"]
        button = InlineKeyboardButton(text="a", callback_data="c")
        await bot.send_photo(7, picture(), caption="um", reply_markup=keys(button))
        look = await http.get(f"{base}/chats/7/messages", params={"after": after, "wait_s": 5})
        [message] = (await look.json())["messages"]
        file = await http.get(f"{base}/files/{message['photo']}")
        press = await http.post(
            f"{base}/chats/7/press", json={"message_id": message["message_id"], "data": "c"}
        )
        sent = await http.post(f"{base}/chats/7/document?name=a.csv", data=b"nome;valor")
        fault = await http.post(f"{base}/faults", json={"kind": "earthquake"})
        updates = await bot.get_updates()

    assert (message["caption"], message["edits"], press.status) == ("um", 0, 200)
    assert await file.read() == picture().data
    assert (sent.status, fault.status) == (200, 400)
    assert [one.event_type for one in updates] == ["message", "callback_query", "message"]
    assert updates[2].message is not None
    assert updates[2].message.document is not None
    assert updates[2].message.document.file_name == "a.csv"


async def test_a_page_can_search_choose_correct_share_and_read_the_chat(
    stand_in: TelegramStandIn,
) -> None:
    chat = f"{stand_in.control_address}/chats/7"
    article = InlineQueryResultArticle(
        id="12", title="Ana", input_message_content=InputTextMessageContent(message_text="/ver_12")
    )
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot, ClientSession() as http:
        said = await (await http.post(f"{chat}/say", json={"text": "io"})).json()
        asked = await (await http.post(f"{chat}/inline", json={"text": "an"})).json()
        await bot.answer_inline_query(asked["query_id"], [article])
        acts = {
            "choose": {"query_id": asked["query_id"], "result_id": "12"},
            "correct": {"message_id": said["message_id"], "text": "oi"},
            "contact": {"phone": "+5511988880000", "first_name": "Bia"},
        }
        for act, order in acts.items():
            assert 200 == (await http.post(f"{chat}/{act}", json=order)).status
        record = await (await http.get(f"{chat}/record")).json()
        waiting = await (await http.get(f"{stand_in.control_address}/unanswered")).json()

    assert ["oi", "/ver_12", ""] == [message["text"] for message in record["messages"]]
    assert "Bia" == record["messages"][-1]["contact"]["first_name"]
    assert ({"presses": []}, None) == (waiting, record["box"]["keyboard"])


@pytest.mark.parametrize("turns", range(4))
async def test_who_comes_as_the_server_ends_is_not_lost(turns: int) -> None:
    # A socket that nobody closes says so as it is collected.
    with warnings.catch_warnings(record=True) as lost, ExitStack() as visitors:
        warnings.simplefilter("always")
        async with TelegramStandIn() as telegram:
            port = int(telegram.api.rpartition(":")[2])
            for _ in range(VISITORS):
                visitor = visitors.enter_context(socket.socket())
                visitor.settimeout(0)
                visitor.connect_ex((HOST, port))
            for _ in range(turns):
                await asyncio.sleep(0)
        gc.collect()

    assert [] == [str(one.message) for one in lost]
