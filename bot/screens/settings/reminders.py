"""Which kinds go out by themselves, each with the preview of its text (E4, decision 3)."""

from collections.abc import Sequence
from dataclasses import replace

from aiogram.filters.callback_data import CallbackData

from actors.messages.account import ChooseReminders, GetReminders, Reminder, SetReminder
from actors.messages.undo import UndoOffer
from bot.screens.settings import words
from bot.ui.buttons import HOME, Row, button, go, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from domain.reminders import Kind

REMINDERS = "reminders"
CHOSEN = "reminders_ok"
SCREEN = Screen()


class ShowReminder(CallbackData, prefix="rk"):
    """One kind and its text."""

    kind: Kind


class SwitchReminder(CallbackData, prefix="rs"):
    """Let a kind go by itself, or not: to what is said, however often it is pressed."""

    kind: Kind
    on: bool


@SCREEN.place(REMINDERS)
async def show_reminders(turn: Turn) -> View:
    """All of them."""
    found: tuple[Reminder, ...] = await turn.ask(GetReminders())
    return reminders_view(found)


@SCREEN.press(ShowReminder)
async def show_reminder(turn: Turn, pressed: ShowReminder) -> View:
    """One, as a client would read it."""
    reminders = await turn.ask(GetReminders())
    found = [one for one in reminders if one.kind is pressed.kind]
    return reminder_view(found[0]) if found else reminders_view(reminders)


@SCREEN.press(SwitchReminder)
async def switch(turn: Turn, pressed: SwitchReminder) -> View:
    """Set it, and say what that does to today."""
    changed = await turn.ask(SetReminder(pressed.kind, on=pressed.on))
    view = reminders_view(changed.reminders, changed.undo)
    return replace(view, toast=words.planned(changed.planned))


@SCREEN.place(CHOSEN)
async def chosen(turn: Turn) -> View:
    """Leave them as they are, and go on."""
    await turn.ask(ChooseReminders())
    return await turn.back(place(HOME))


def reminders_view(reminders: Sequence[Reminder], undo: UndoOffer | None = None) -> View:
    """A switch for each kind, and the way to its text."""
    done = [go(words.CHOSEN_BUTTON, CHOSEN, style="primary")]
    rows = (*map(_row, reminders), done, undo_row(undo, place(REMINDERS)))
    return View(words.REMINDERS, keyboard(*rows, back=place(HOME)))


def reminder_view(shown: Reminder) -> View:
    """The text of one kind."""
    label = words.TURN_OFF if shown.on else words.TURN_ON
    turn = button(label, SwitchReminder(kind=shown.kind, on=not shown.on), style="primary")
    return View(words.reminder(shown), keyboard([turn], back=place(REMINDERS)))


def _row(shown: Reminder) -> Row:
    mark = "🟢" if shown.on else "⚪"
    name = words.KIND_NAMES[shown.kind]
    return [
        button(f"{mark} {name}", SwitchReminder(kind=shown.kind, on=not shown.on)),
        button(words.SEE_TEXT, ShowReminder(kind=shown.kind)),
    ]
