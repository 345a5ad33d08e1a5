"""What there is once trial or plan is over: the account, the data, the help (A6)."""

from bot.screens.account.account import ACCOUNT
from bot.screens.help.sections import HELP
from bot.screens.home import words
from bot.screens.sheets.buttons import EXPORT
from bot.ui.buttons import bare_keyboard, go
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import HELP_BUTTON
from domain.subscription import Area

ENDED = "ended"
SCREEN = Screen(area=Area.ACCOUNT)


@SCREEN.place(ENDED)
async def ended(_turn: Turn) -> View:
    """Where everything else leads to."""
    return View(
        words.ENDED,
        bare_keyboard(
            [go(words.ACCOUNT_BUTTON, ACCOUNT, style="primary")],
            [go(words.EXPORT_BUTTON, EXPORT), go(HELP_BUTTON, HELP)],
        ),
    )
