"""The help in sections (H4); strangers may read it, too."""

from aiogram.filters.callback_data import CallbackData

from bot.screens.help import words
from bot.ui.buttons import HOME, button, in_rows, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Audience, Screen
from bot.ui.view import View
from domain.subscription import Area

HELP = "help"
SCREEN = Screen(area=Area.HELP, audience=Audience.ANYBODY)


class ShowHelp(CallbackData, prefix="hp"):
    """A section of the help."""

    key: str


@SCREEN.place(HELP)
async def show_help(_turn: Turn) -> View:
    """What EmDia does, and the sections."""
    sections = [button(one.label, ShowHelp(key=one.key)) for one in words.SECTIONS]
    return View(words.WELCOME, keyboard(*in_rows(sections, 2), back=place(HOME)))


@SCREEN.press(ShowHelp)
async def show_section(turn: Turn, pressed: ShowHelp) -> View:
    """One section."""
    found = next((one for one in words.SECTIONS if one.key == pressed.key), None)
    if found is None:
        return await show_help(turn)
    return View(words.text_of(found, turn.terms), keyboard(back=place(HELP)))


@SCREEN.command("ajuda", "help", told="Entender como funciona", order=120)
async def help_(turn: Turn, _rest: str) -> View:
    """Answer /ajuda."""
    return await show_help(turn)
