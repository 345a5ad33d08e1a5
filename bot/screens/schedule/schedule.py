"""The Agendador: the day's times, what goes by itself, days of rest; each change told at once (E9).

A switch is turned by its own button, at once: it can be undone (law 6).
"""

from dataclasses import replace
from typing import Any

from aiogram.types import InlineKeyboardButton

from actors.messages.schedule import (
    ChangedMessages,
    GetChangedMessages,
    GetSchedule,
    ScheduleAnswer,
    ScheduleView,
    SetKind,
    SetSchedule,
)
from bot.screens.clients.buttons import ShowCard
from bot.screens.clients.rows import label_of
from bot.screens.schedule import words
from bot.screens.schedule.buttons import (
    HOLIDAYS,
    MORE,
    SCHEDULE,
    WINDOW,
    PutHours,
    ShowChanged,
    ShowTime,
    Switched,
    TurnDial,
    TurnKind,
    minutes_of,
)
from bot.screens.today.buttons import UNBILLED
from bot.ui.buttons import HOME, Row, button, go, in_rows, keyboard, number_in, place
from bot.ui.measure import fits
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import not_understood, toast
from domain.reminders import Kind

SCREEN = Screen()
CHANGED_OWNER = "h"
"""The first letter of a way back to the list of what a change does to today."""
MOST_PAGES = 10_000


@SCREEN.place(SCHEDULE)
async def show_schedule(turn: Turn) -> View:
    """The Agendador as it stands."""
    return schedule_view(await turn.ask(GetSchedule()))


@SCREEN.command("agendador", "horarios", told="Horários e o que sai sozinho", order=95)
async def schedule(turn: Turn, _rest: str) -> View:
    """Answer /agendador."""
    return await show_schedule(turn)


@SCREEN.press(TurnKind)
async def turn_kind(turn: Turn, pressed: TurnKind) -> View:
    """Let a kind go by itself, or not (E4); one that never does changes nothing."""
    if not pressed.kind.automatic:
        return await show_schedule(turn)
    answer = await turn.ask(SetKind(pressed.kind, on=pressed.on))
    silent = pressed.on and pressed.kind in answer.view.without_text
    said = words.KIND_WITHOUT_TEXT if silent else words.kind_toast(pressed.kind, on=pressed.on)
    return answered(answer, said)


@SCREEN.press(TurnDial)
async def turn_dial(turn: Turn, pressed: TurnDial) -> View:
    """Turn a switch, and show it where it stands."""
    setting: dict[str, Any] = {pressed.which.value: pressed.on}
    answer = await turn.ask(SetSchedule(**setting))
    said = words.switch_toast(pressed.which, on=pressed.on)
    effect = answer.view.effect
    if pressed.which in {Switched.SUNDAYS, Switched.HOLIDAYS} or (effect and effect.total):
        return answered(answer, said)
    name = MORE if pressed.which is Switched.SUMMARY else HOLIDAYS
    return replace(await turn.back(place(name)), toast=toast(said))


@SCREEN.press(ShowChanged)
async def show_changed(turn: Turn, pressed: ShowChanged) -> View:
    """A page of what a change does to today."""
    page = min(max(1, pressed.page), MOST_PAGES)
    return changed_view(await turn.ask(GetChangedMessages(pressed.undo_id, page)))


@SCREEN.origin(CHANGED_OWNER)
async def back_to_changed(turn: Turn, rest: str) -> View:
    """Voltar to such a page."""
    undo_id, _, page = rest.partition(".")
    shown = min(max(1, number_in(page)), MOST_PAGES)
    return changed_view(await turn.ask(GetChangedMessages(number_in(undo_id), shown)))


def answered(answer: ScheduleAnswer, said: str) -> View:
    """The Agendador after a change; or why it stays as it was, with what would do."""
    if answer.refused is None:
        return replace(schedule_view(answer.view), toast=toast(said))
    offers = [
        [
            button(
                words.offer_button(offer, answer.view.dials),
                PutHours(
                    opens=minutes_of(offer.opens),
                    closes=minutes_of(offer.closes),
                    send=minutes_of(offer.send_at),
                ),
                style=None if number else "primary",
            )
        ]
        for number, offer in enumerate(answer.refused.offers)
    ]
    return View(not_understood(answer.refused.sentence), keyboard(*offers, back=place(SCHEDULE)))


def schedule_view(view: ScheduleView) -> View:
    """What the last change does to today on top, then every dial."""
    dials = view.dials
    times = [
        button(words.time_button(which, at), ShowTime(which=which))
        for which, at in words.times_of(dials).items()
    ]
    kinds = [_kind_button(view, kind) for kind in words.KINDS]
    rest = [
        button(words.switch_button(which, on=on), TurnDial(which=which, on=not on))
        for which, on in {
            Switched.SUNDAYS: dials.sundays,
            Switched.HOLIDAYS: dials.holidays,
        }.items()
    ]
    board = keyboard(
        _waiting(view),
        times,
        *in_rows(kinds, 2),
        rest,
        [go(words.window_button(dials), WINDOW), go(words.MORE_BUTTON, MORE)],
        undo_row(view.undo, place(SCHEDULE)),
        back=place(HOME),
    )
    whole = words.schedule(view)
    # The times stand on their buttons, too: what a change does to today comes first (law 2).
    is_short = fits(whole, len(board.inline_keyboard), pinned=True)
    return View(whole if is_short else words.schedule(view, times=False), board)


def changed_view(view: ChangedMessages) -> View:
    """A page of messages, each by its client."""
    origin = f"{CHANGED_OWNER}{view.undo_id}.{view.page}"
    rows = [
        [
            button(
                label_of(one.row, view.today, words.change_part(one, view.made_at)),
                ShowCard(client_id=one.row.client_id, origin=origin),
            )
        ]
        for one in view.messages
    ]
    pager = pager_row(
        view.page, view.pages, lambda page: ShowChanged(undo_id=view.undo_id, page=page)
    )
    return View(words.changes(view), keyboard(*rows, pager, back=place(SCHEDULE)))


def _waiting(view: ScheduleView) -> Row:
    """What waits for the owner after a change: decision 2's question, and what to look at."""
    row = []
    if view.unbilled:
        row.append(go(words.unbilled_button(view.unbilled), UNBILLED, style="primary"))
    effect = view.effect
    if effect and view.undo and effect.total:
        style = None if view.unbilled else "primary"
        see = ShowChanged(undo_id=view.undo.undo_id)
        label = words.see_button(effect.total, short=bool(view.unbilled))
        row.append(button(label, see, style=style))
    return row


def _kind_button(view: ScheduleView, kind: Kind) -> InlineKeyboardButton:
    on = kind in view.dials.automatic_kinds and kind not in view.without_text
    return button(words.kind_button(kind, on=on), TurnKind(kind=kind, on=not on))
