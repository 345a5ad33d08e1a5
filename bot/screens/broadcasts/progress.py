"""How a broadcast goes, in one message that is written over; and what owners are shown of it."""

from aiogram.types import InlineKeyboardButton

from bot.screens.broadcasts import words
from bot.screens.broadcasts.buttons import BROADCASTS, Act, OnBroadcast, ShowReached
from bot.ui import measure
from bot.ui.buttons import Row, button, go, in_rows, keyboard, place
from bot.ui.view import View
from domain.broadcasts import Broadcast, BroadcastState, Group

COUNTS_A_ROW = 3


def announcement(body: str) -> View:
    """What an owner is shown; it arrives by itself, so nothing lies behind it."""
    text = words.announcement(body)
    return View(text if measure.fits(text, 1) else words.long_announcement(body), keyboard())


def progress_view(broadcast: Broadcast) -> View:
    """How it goes, to who asked."""
    ways = keyboard(*_counts(broadcast), *_rows(broadcast), back=place(BROADCASTS))
    return View(words.progress(broadcast), ways, slot=_slot(broadcast))


def arriving_view(broadcast: Broadcast, *, final: bool) -> View:
    """The same where nobody asked: before its end not where another screen has its place."""
    to_list = [go(words.LIST_BUTTON, BROADCASTS)]
    ways = keyboard(*_counts(broadcast), *_rows(broadcast), to_list)
    return View(words.progress(broadcast), ways, slot=_slot(broadcast), fleeting=not final)


def _slot(broadcast: Broadcast) -> str:
    return f"aviso {broadcast.broadcast_id}"


def _counts(broadcast: Broadcast) -> list[Row]:
    """Each count as the way to whom it is about (law 10)."""
    counts = [
        button(
            words.count_button(group, broadcast.group(group)),
            ShowReached(broadcast_id=broadcast.broadcast_id, group=group),
        )
        for group in Group
        if broadcast.group(group)
    ]
    return in_rows(counts, COUNTS_A_ROW)


def _rows(broadcast: Broadcast) -> list[Row]:
    doubted = broadcast.group(Group.DOUBTED)
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
