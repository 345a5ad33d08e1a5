"""The one way to a Telegram client: HTML everywhere, no link previews, against a given server."""

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode

REQUEST_SECONDS = 15.0


def make_bot(token: str, api: str) -> Bot:
    """A client of the Bot API at the base address `api`. Close its `session` when done."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api), timeout=REQUEST_SECONDS)
    properties = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    return Bot(token, session=session, default=properties)
