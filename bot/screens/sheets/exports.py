"""Everything as a sheet, and the sheet to fill in; the data also once access is over (A6, I9)."""

from actors.messages.sheets import ExportClients, GetTemplateSheet, SheetFile
from bot.screens.sheets import words
from bot.screens.sheets.buttons import EXPORT, SEND_SHEET, TEMPLATE
from bot.ui.buttons import HOME, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import Document, View
from domain.subscription import Area

SCREEN = Screen(area=Area.EXPORT)


@SCREEN.place(EXPORT)
async def export(turn: Turn) -> View:
    """Hand everything over."""
    file = await turn.ask(ExportClients())
    return View(
        words.exported(file),
        keyboard(back=place(HOME)),
        document=Document(file.name, file.data),
    )


@SCREEN.place(TEMPLATE)
async def template(turn: Turn) -> View:
    """Hand the sheet to fill in over."""
    file: SheetFile = await turn.ask(GetTemplateSheet())
    return View(
        words.TEMPLATE,
        keyboard(back=place(SEND_SHEET)),
        document=Document(file.name, file.data),
    )
