"""How calls are written: what goes as JSON says just what aiogram's own form would."""

from typing import Any

import orjson
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import (
    AnswerCallbackQuery,
    AnswerInlineQuery,
    EditMessageText,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import (
    BufferedInputFile,
    InlineQueryResultArticle,
    InputTextMessageContent,
    ReplyKeyboardRemove,
)
from aiohttp import BytesPayload, FormData

from bot.telegram.client import Session, make_bot
from bot.ui.buttons import go, keyboard
from settings import PLAYGROUND_TOKEN

FOUND = InlineQueryResultArticle(
    id="12",
    title="Ana Souza",
    input_message_content=InputTextMessageContent(message_text="/ver_12", parse_mode=None),
)
CALLS = [
    pytest.param(AnswerCallbackQuery(callback_query_id="1"), id="answer to a press"),
    pytest.param(AnswerCallbackQuery(callback_query_id="1", text="Olá, João!"), id="toast"),
    pytest.param(
        EditMessageText(
            text="👥 <b>Clientes</b>\nção & “aspas”",
            chat_id=2**52,
            message_id=7,
            reply_markup=keyboard([go("➕ Novo", "new", style="primary")], back=""),
        ),
        id="screen in place",
    ),
    pytest.param(
        SendMessage(chat_id=1, text="Oi", reply_markup=ReplyKeyboardRemove(remove_keyboard=True)),
        id="new message",
    ),
    pytest.param(
        AnswerInlineQuery(inline_query_id="1", results=[FOUND], cache_time=0, is_personal=True),
        id="answer to the typing box",
    ),
]


@pytest.fixture
def offline() -> Bot:
    """A client that is never connected."""
    return make_bot(PLAYGROUND_TOKEN, "http://127.0.0.1:9")


def read_form(form: FormData) -> dict[str, Any]:
    """What a form says, the JSON in its values read."""
    return {field["name"]: read(value) for field, _, value in form._fields}


def read(value: Any) -> Any:
    """A value of a form, as JSON where it is that."""
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def read_body(body: BytesPayload) -> dict[str, Any]:
    """What a JSON body says; a form carries plain texts like it carries numbers."""
    given: dict[str, Any] = orjson.loads(body._value)  # noqa: SLF001 - as above
    return {name: read(value) if isinstance(value, str) else value for name, value in given.items()}


@pytest.mark.parametrize("call", CALLS)
def test_what_goes_as_json_says_what_the_form_would(
    call: TelegramMethod[Any], offline: Bot
) -> None:
    form = AiohttpSession().build_form_data(offline, call)
    body = Session().build_form_data(offline, call)

    assert ("application/json", read_form(form)) == (body.content_type, read_body(body))


def test_a_file_goes_in_a_form(offline: Bot) -> None:
    call = SendPhoto(chat_id=1, photo=BufferedInputFile(b"png", "imagem.png"))
    body = Session().build_form_data(offline, call)

    assert isinstance(body, FormData)
