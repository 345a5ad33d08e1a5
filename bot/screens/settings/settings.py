"""The settings that there are, in one place (H4)."""

from bot.screens.account.account import ACCOUNT
from bot.screens.replies.buttons import QUIET
from bot.screens.replies.waiting_words import QUIET_BUTTON
from bot.screens.settings import words
from bot.screens.settings.pix import PIX
from bot.screens.settings.reminders import REMINDERS
from bot.ui.buttons import HOME, go, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View

SETTINGS = "settings"
SCREEN = Screen()


@SCREEN.place(SETTINGS)
async def show_settings(_turn: Turn) -> View:
    """Where each setting is."""
    return View(
        words.SETTINGS,
        keyboard(
            [go(words.PIX_BUTTON, PIX)],
            [go(words.REMINDERS_BUTTON, REMINDERS)],
            [go(QUIET_BUTTON, QUIET)],
            [go(words.ACCOUNT_BUTTON, ACCOUNT)],
            back=place(HOME),
        ),
    )
