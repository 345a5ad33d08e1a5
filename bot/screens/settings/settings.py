"""The settings that there are, in one place (H4)."""

from dataclasses import replace

from aiogram.filters.callback_data import CallbackData

from actors.messages.scoreboard import GetBoard, SetBoard
from bot.screens.account.account import ACCOUNT
from bot.screens.data.buttons import DATA
from bot.screens.replies.buttons import QUIET
from bot.screens.replies.waiting_words import QUIET_BUTTON
from bot.screens.schedule.buttons import SCHEDULE
from bot.screens.settings import words
from bot.screens.settings.company import COMPANY
from bot.screens.settings.pix import PIX
from bot.screens.settings.reminders import REMINDERS
from bot.screens.texts.buttons import TEXTS
from bot.ui.buttons import HOME, button, go, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View

SETTINGS = "settings"
SCREEN = Screen()


class PinBoard(CallbackData, prefix="pb"):
    """Pin the day's board, or take it away."""

    on: bool


@SCREEN.place(SETTINGS)
async def show_settings(turn: Turn) -> View:
    """Where each setting is."""
    return settings_view(board=await turn.ask(GetBoard()))


@SCREEN.press(PinBoard)
async def pin_board(turn: Turn, pressed: PinBoard) -> View:
    """Turn the switch at once: it is undone by turning it back (law 6)."""
    board = await turn.ask(SetBoard(on=pressed.on))
    return replace(settings_view(board=board), toast=words.BOARD_SAID[board])


def settings_view(*, board: bool) -> View:
    """All of them; `board`: the day's board is pinned."""
    return View(
        words.SETTINGS,
        keyboard(
            [go(words.PIX_BUTTON, PIX)],
            [go(words.REMINDERS_BUTTON, REMINDERS)],
            [go(words.SCHEDULE_BUTTON, SCHEDULE), go(words.TEXTS_BUTTON, TEXTS)],
            [go(words.COMPANY_BUTTON, COMPANY), go(QUIET_BUTTON, QUIET)],
            [button(words.BOARD_BUTTONS[board], PinBoard(on=not board))],
            [go(words.ACCOUNT_BUTTON, ACCOUNT), go(words.DATA_BUTTON, DATA)],
            back=place(HOME),
        ),
    )
