"""What there is once trial or plan is over: to pay, the account, the data, the help (A6)."""

from actors.messages.account import AccountView, GetAccount
from bot.screens.account.account import ACCOUNT
from bot.screens.help.sections import HELP
from bot.screens.home import words
from bot.screens.sheets.buttons import EXPORT
from bot.screens.subscription.buttons import subscribe_button
from bot.ui.buttons import Row, bare_keyboard, go, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import HELP_BUTTON
from domain.subscription import Area, Standing

ENDED = "ended"
SCREEN = Screen(area=Area.ACCOUNT)


@SCREEN.place(ENDED)
async def ended(turn: Turn) -> View:
    """Where everything else leads to."""
    return ended_view(await turn.ask(GetAccount()))


def ended_view(view: AccountView) -> View:
    """The way back in, and what is open without it; who is blocked may not pay its way in."""
    account = [go(words.ACCOUNT_BUTTON, ACCOUNT)]
    rows: list[Row] = [[subscribe_button(words.COME_BACK_BUTTON, place(ENDED), style="success")]]
    if view.standing is Standing.BLOCKED:
        rows = []
    return View(
        words.ended(view),
        bare_keyboard(*rows, account, [go(words.EXPORT_BUTTON, EXPORT), go(HELP_BUTTON, HELP)]),
    )
