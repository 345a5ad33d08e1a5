"""The day at a glance."""

from aiogram import F, Router
from aiogram.types import TelegramObject

from actors.messages.queue import GetToday
from bot.screens.today import words
from bot.ui.buttons import Go, Place, go, keyboard
from bot.ui.commands import Said
from bot.ui.ports import Tenant
from bot.ui.view import View
from bot.ui.words import REFRESH_BUTTON

COMMANDS = {"hoje": "Ver como está o dia"}


async def show_today(_event: TelegramObject, tenant: Tenant) -> View:
    """Answer /hoje."""
    view = await tenant.ask(GetToday())
    return View(words.today(view), keyboard([go(REFRESH_BUTTON, Place.TODAY)]))


def make_router() -> Router:
    """The routes of this screen."""
    router = Router(name="today")
    router.message.register(show_today, Said("hoje"))
    router.callback_query.register(show_today, Go.filter(F.to == Place.TODAY))
    return router
