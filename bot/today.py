"""The day at a glance."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import TelegramObject

from actors.messages import GetToday
from bot import texts
from bot.callbacks import Go, Place
from bot.ports import Tenant
from bot.widgets import View, go, keyboard


async def show_today(_event: TelegramObject, tenant: Tenant) -> View:
    """Answer /hoje."""
    view = await tenant.ask(GetToday())
    return View(texts.today(view), keyboard([go(texts.REFRESH_BUTTON, Place.TODAY)]))


def make_router() -> Router:
    """The routes of this screen."""
    router = Router(name="today")
    router.message.register(show_today, Command("hoje"))
    router.callback_query.register(show_today, Go.filter(F.to == Place.TODAY))
    return router
