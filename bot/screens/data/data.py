"""The owner's data, also once access is over: take it out, see who did what, delete it (I9, A6)."""

from actors.messages.data import GetTrail, TakeOut, Trail
from bot.screens.data import words
from bot.screens.data.buttons import DATA, ERASE, ShowTrail, TakeAll
from bot.ui.buttons import HOME, button, go, keyboard, place
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import Document, View
from domain.subscription import Area

SCREEN = Screen(area=Area.EXPORT)


@SCREEN.place(DATA)
async def show_data(_turn: Turn) -> View:
    """What can be done with it."""
    takes = [[button(label, TakeAll(format=form))] for form, label in words.FORMATS.items()]
    return View(
        words.DATA,
        keyboard(
            *takes,
            [button(words.TRAIL_BUTTON, ShowTrail())],
            [go(words.ERASE_BUTTON, ERASE, style="danger")],
            back=place(HOME),
        ),
    )


@SCREEN.press(TakeAll)
async def take_all(turn: Turn, pressed: TakeAll) -> View:
    """Hand everything over."""
    file = await turn.ask(TakeOut(pressed.format))
    return View(
        words.taken_out(file, pressed.format),
        keyboard(back=place(DATA)),
        document=Document(file.name, file.data),
    )


@SCREEN.press(ShowTrail)
async def show_trail(turn: Turn, pressed: ShowTrail) -> View:
    """Who did what, the latest first."""
    return trail_view(await turn.ask(GetTrail(pressed.page)))


def trail_view(trail: Trail) -> View:
    """One page of it."""
    ways = pager_row(trail.page, trail.pages, lambda page: ShowTrail(page=page))
    return View(words.trail(trail), keyboard(ways, back=place(DATA)))
