"""The day at a glance."""

from actors.messages.queue import GetToday
from bot.screens.today import words
from bot.ui.buttons import HOME, go, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import REFRESH_BUTTON

TODAY = "today"
SCREEN = Screen()


@SCREEN.place(TODAY)
async def show_today(turn: Turn) -> View:
    """The day, as it is now."""
    view = await turn.ask(GetToday())
    return View(words.today(view), keyboard([go(REFRESH_BUTTON, TODAY)], back=place(HOME)))


@SCREEN.command("hoje", told="Ver como está o dia", order=60)
async def today(turn: Turn, _rest: str) -> View:
    """Answer /hoje."""
    return await show_today(turn)
