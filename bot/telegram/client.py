"""The one way to a Telegram client: HTML everywhere, no link previews, against a given server."""

from functools import partial
from typing import Any

import orjson
from aiogram import Bot
from aiogram.client.default import Default, DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.methods import (
    AnswerCallbackQuery,
    AnswerInlineQuery,
    DeleteMessage,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    PinChatMessage,
    Response,
    SendDocument,
    SendMessage,
    SendPhoto,
    TelegramMethod,
    UnpinAllChatMessages,
    UnpinChatMessage,
)
from aiohttp import BytesPayload

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
# What can carry no file.
AS_JSON = (
    AnswerCallbackQuery,
    AnswerInlineQuery,
    EditMessageCaption,
    EditMessageReplyMarkup,
    EditMessageText,
    DeleteMessage,
    PinChatMessage,
    SendMessage,
    UnpinAllChatMessages,
    UnpinChatMessage,
)


class Session(AiohttpSession):
    """aiogram's own, but for how a call is written that carries no file: as JSON, in one go.

    In a form each value is walked through, made JSON, and quoted, a keyboard with all its buttons.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._defaults: dict[str, Any] = {}

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        """The body of a call: JSON, or aiogram's form."""
        if not isinstance(method, AS_JSON):
            return super().build_form_data(bot, method)
        resolved = partial(self._resolved, bot)
        given = {
            name: told
            for name, value in method.model_dump(exclude_none=True, warnings=False).items()
            if (told := resolved(value) if isinstance(value, Default) else value) is not None
        }
        body = orjson.dumps(given, default=resolved)
        return BytesPayload(body, content_type="application/json")

    def _resolved(self, bot: Bot, value: Any) -> Any:
        """What the bot says where a call says nothing; a session serves one bot."""
        if not isinstance(value, Default):
            raise TypeError(type(value).__name__)
        if value.name not in self._defaults:
            self._defaults[value.name] = self.prepare_value(value, bot, {}, _dumps_json=False)
        return self._defaults[value.name]


def make_bot(token: str, api: str) -> Bot:
    """A client of the Bot API at the base address `api`. Close its `session` when done."""
    # Read by the standard library: orjson refuses half a letter, and with it all that came along.
    session = Session(api=TelegramAPIServer.from_base(api), timeout=REQUEST_SECONDS)
    properties = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    return Bot(token, session=session, default=properties)
