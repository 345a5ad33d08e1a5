"""The one way to a Telegram client: HTML everywhere, no link previews, against a given server."""

import orjson
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    Response,
    SendDocument,
    SendMessage,
    SendPhoto,
)

REQUEST_SECONDS = 15.0
# The model of each kind of answer is kept: pydantic holds them weakly, so that aiogram would have
# it built anew, by a walk through all of Telegram's types, for every single call.
ANSWERS = tuple(
    Response[method.__returning__]  # type: ignore[name-defined]
    for method in (
        AnswerCallbackQuery,
        EditMessageCaption,
        EditMessageMedia,
        EditMessageReplyMarkup,
        EditMessageText,
        SendDocument,
        SendMessage,
        SendPhoto,
    )
)


def make_bot(token: str, api: str) -> Bot:
    """A client of the Bot API at the base address `api`. Close its `session` when done."""
    session = AiohttpSession(
        api=TelegramAPIServer.from_base(api), timeout=REQUEST_SECONDS, json_loads=orjson.loads
    )
    properties = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    return Bot(token, session=session, default=properties)
