"""How a broadcast goes, in one message that is written over; and what owners are shown of it."""

from aiogram.types import InlineKeyboardButton

from bot.screens.broadcasts import words
from bot.screens.broadcasts.buttons import BROADCASTS, Act, OnBroadcast
from bot.ui.buttons import Row, button, go, keyboard
from bot.ui.view import View
from domain.broadcasts import Broadcast, BroadcastState, Reach


def announcement(body: str) -> View:
    """What an owner is shown; it arrives by itself, so nothing lies behind it."""
    return View(words.announcement(body), keyboard())


def progress_view(broadcast: Broadcast, *, fleeting: bool = False) -> View:
    """How it goes; `fleeting` where nobody asked, and another screen has taken its place."""
    return View(
        words.progress(broadcast),
        keyboard(*_rows(broadcast), [go(words.LIST_BUTTON, BROADCASTS)]),
        slot=f"aviso {broadcast.broadcast_id}",
        fleeting=fleeting,
    )


def _rows(broadcast: Broadcast) -> list[Row]:
    doubted = broadcast.count(Reach.UNSURE)
    match broadcast.state:
        case BroadcastState.RUNNING:
            return [
                [on(words.PAUSE_BUTTON, Act.PAUSE, broadcast, "primary")],
                [on(words.STOP_BUTTON, Act.ASK_STOP, broadcast, "danger")],
            ]
        case BroadcastState.PAUSED:
            return [
                [on(words.RESUME_BUTTON, Act.RESUME, broadcast, "primary")],
                [on(words.STOP_BUTTON, Act.ASK_STOP, broadcast, "danger")],
            ]
        case BroadcastState.DONE if doubted:
            return [[on(words.tell_doubted_button(doubted), Act.DOUBTED, broadcast)]]
        case _:
            return []


def on(text: str, act: Act, broadcast: Broadcast, style: str | None = None) -> InlineKeyboardButton:
    """A button that does something with a broadcast."""
    return button(text, OnBroadcast(act=act, broadcast_id=broadcast.broadcast_id), style=style)
