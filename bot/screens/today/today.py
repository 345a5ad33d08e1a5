"""The queue of today: what holds it, what waits and until when, and what became of the rest (E7).

What waits is a row each; what is over is a count that opens its list (law 10).
"""

from dataclasses import replace

from aiogram.types import InlineKeyboardButton

from actors.messages.queue import DayMessage, GetToday, Hold, TodayView
from actors.messages.queue_acts import PauseQueue
from bot.screens.by_hand.buttons import SCHEDULED
from bot.screens.rehearsal.buttons import TOMORROW
from bot.screens.today import words
from bot.screens.today.buttons import (
    TODAY,
    UNBILLED,
    PausePress,
    Refresh,
    ShowDay,
    ShowMessage,
)
from bot.screens.today.filling import fill_button
from bot.screens.whatsapp.buttons import CONNECT, WHATSAPP
from bot.ui import measure
from bot.ui.buttons import HOME, Row, button, go, in_rows, keyboard, place
from bot.ui.labels import row_label
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import CONNECT_BUTTON, WHATSAPP_BUTTON
from domain.day_groups import counted
from domain.reasons import Reason

SCREEN = Screen()
A_ROW = 4
ACTS_A_ROW = 3
_LINE = frozenset({Reason.NOT_CONNECTED, Reason.BANNED, Reason.RESTRICTED})


@SCREEN.place(TODAY)
async def show_today(turn: Turn) -> View:
    """The queue, as it is now."""
    return today_view(await turn.ask(GetToday()))


@SCREEN.press(Refresh)
async def refresh(turn: Turn, _pressed: Refresh) -> View:
    """The queue once more; it says so, since nothing may have changed."""
    return replace(await show_today(turn), toast=words.UPDATED)


@SCREEN.command("fila", "hoje", told="Ver a fila de hoje", order=60)
async def today(turn: Turn, _rest: str) -> View:
    """Answer /fila."""
    return await show_today(turn)


@SCREEN.press(PausePress)
async def pause(turn: Turn, pressed: PausePress) -> View:
    """Stop all, or let it go on; undone by the button that takes its place."""
    view = today_view(await turn.ask(PauseQueue(pressed.paused)))
    return replace(view, toast=words.STOPPED if pressed.paused else words.GOES_ON)


def today_view(view: TodayView) -> View:
    """The queue, with as many rows of what waits as one phone has room for."""
    groups = counted(view.by_state)
    text = words.queue(view, groups)
    lead = _next_step(view)
    counts = [
        button(f"{words.emoji(group)} {count}", ShowDay(group=group))
        for group, count in groups.items()
    ]
    held = view.held
    if not lead and held:
        lead = [fill_button(held[0], view.day, place(TODAY), style="primary")]
        held = held[1:]
    if view.unbilled and lead:
        counts.append(go(f"⚠️ {view.unbilled}", UNBILLED))
    elif view.unbilled:
        lead = [go(words.see_unbilled(view.unbilled), UNBILLED, style="primary")]
    counts.append(button(words.REFRESH_BUTTON, Refresh()))
    below = [*in_rows(counts, A_ROW), *in_rows(_acts(view), ACTS_A_ROW)]
    rows = [
        *([fill_button(one, view.day, place(TODAY))] for one in held),
        *([_row(view, one)] for one in view.coming),
    ]
    around = len(below) + 1 + bool(lead)
    while rows and not measure.fits(text, len(rows) + around, pinned=True):
        rows.pop()
    return View(text, keyboard(lead, *rows, *below, back=place(HOME)))


def _next_step(view: TodayView) -> Row:
    """The way out of what holds everything; nothing where nothing does."""
    match view.hold:
        case None:
            return []
        case Hold(reason=Reason.PAUSED):
            return [button(words.GO_ON_BUTTON, PausePress(paused=False), style="primary")]
        case Hold(reason=Reason.NEEDS_QR):
            return [go(CONNECT_BUTTON, CONNECT, style="primary")]
        case Hold(reason=reason) if reason in _LINE:
            return [go(WHATSAPP_BUTTON, WHATSAPP, style="primary")]
        case _:
            return []


def _acts(view: TodayView) -> list[InlineKeyboardButton]:
    ways = [
        go(words.TOMORROW_BUTTON, TOMORROW),
        go(words.SCHEDULED_BUTTON, SCHEDULED),
    ]
    if view.hold is not None and view.hold.reason is Reason.PAUSED:
        return ways
    return [button(words.STOP_BUTTON, PausePress(paused=True), style="danger"), *ways]


def _row(view: TodayView, one: DayMessage) -> InlineKeyboardButton:
    """A message by its client, with when its turn comes."""
    part = "" if view.hold else f"às {one.at:%H:%M}"
    label = row_label(words.MARKS[one.state], one.row.name, one.row.due_on, view.day, part)
    return button(label, ShowMessage(message_id=one.message_id, origin=place(TODAY)))
