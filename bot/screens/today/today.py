"""The day at a glance; each count opens the messages it counts (E7, law 10)."""

from collections.abc import Sequence
from dataclasses import replace

from aiogram.types import InlineKeyboardButton

from actors.messages.queue import (
    DayMessages,
    GetDayMessages,
    GetToday,
    GetUnbilled,
    TodayView,
    UnbilledClient,
)
from bot.screens.by_hand.buttons import SCHEDULED, SCHEDULED_BUTTON
from bot.screens.clients.buttons import ShowCard, ShowList, pack_place
from bot.screens.clients.rows import label_of
from bot.screens.today import words
from bot.screens.today.buttons import (
    DAY_OWNER,
    TODAY,
    UNBILLED,
    Refresh,
    ShowDay,
    pack_day,
    unpack_day,
)
from bot.ui.buttons import HOME, button, go, in_rows, keyboard, place
from bot.ui.labels import row_label
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import REFRESH_BUTTON
from domain.client_list import ROWS, ListPlace, Which
from domain.day_groups import DayGroup, counted
from domain.due_dates import Status

SCREEN = Screen()


@SCREEN.place(TODAY)
async def show_today(turn: Turn) -> View:
    """The day, as it is now."""
    return today_view(await turn.ask(GetToday()))


@SCREEN.press(Refresh)
async def refresh(turn: Turn, _pressed: Refresh) -> View:
    """The day once more; it says so, since nothing may have changed."""
    return replace(await show_today(turn), toast=words.UPDATED)


@SCREEN.command("fila", "hoje", told="Ver a fila de hoje", order=60)
async def today(turn: Turn, _rest: str) -> View:
    """Answer /fila."""
    return await show_today(turn)


@SCREEN.press(ShowDay)
async def show_day(turn: Turn, pressed: ShowDay) -> View:
    """A page of the messages behind a count."""
    asked = GetDayMessages(pressed.group, pressed.page, unpack_day(pressed.day))
    return day_view(await turn.ask(asked))


@SCREEN.origin(DAY_OWNER)
async def back_to_day(turn: Turn, rest: str) -> View:
    """Voltar to such a page."""
    group, _, where = rest.partition(".")
    page, _, day = where.partition(".")
    if group not in {one.value for one in DayGroup} or not page.isdecimal():
        return await show_today(turn)
    asked = GetDayMessages(DayGroup(group), min(int(page), ROWS * 1_000), unpack_day(day))
    return day_view(await turn.ask(asked))


@SCREEN.place(UNBILLED)
async def show_unbilled(turn: Turn) -> View:
    """Who was left without its billing (E3b)."""
    found: tuple[UnbilledClient, ...] = await turn.ask(GetUnbilled())
    return unbilled_view(found)


def today_view(view: TodayView) -> View:
    """The day at a glance."""
    groups = counted(view.by_state)
    people = [
        _list(Status.DUE_SOON, view.due_today, Which.DUE_TODAY),
        _list(Status.OVERDUE, view.overdue, Which.OVERDUE),
    ]
    counts = [
        button(f"{words.emoji(group)} {count}", ShowDay(group=group))
        for group, count in groups.items()
    ]
    return View(
        words.today(view, groups),
        keyboard(
            [one for one in people if one is not None],
            *in_rows(counts, 3),
            [button(REFRESH_BUTTON, Refresh()), go(SCHEDULED_BUTTON, SCHEDULED)],
            back=place(HOME),
        ),
    )


def day_view(view: DayMessages) -> View:
    """A page of messages, each by its client."""
    day = "" if view.day == view.today else pack_day(view.day)
    origin = f"{DAY_OWNER}{view.group.value}.{view.page}" + (f".{day}" if day else "")
    rows = [
        [
            button(
                label_of(one.row, view.today, f"{one.at:%H:%M}"),
                ShowCard(client_id=one.row.client_id, origin=origin),
            )
        ]
        for one in view.messages
    ]
    pager = pager_row(
        view.page, view.pages, lambda page: ShowDay(group=view.group, page=page, day=day)
    )
    return View(words.messages(view), keyboard(*rows, pager, back=place(TODAY)))


def unbilled_view(clients: Sequence[UnbilledClient]) -> View:
    """The first of them, each by its client."""
    rows = [
        [
            button(
                row_label(Status.OVERDUE.emoji, client.name, client.due_on, client.due_on),
                ShowCard(client_id=client.client_id, origin=place(UNBILLED)),
            )
        ]
        for client in clients[:ROWS]
    ]
    return View(words.unbilled(clients), keyboard(*rows, back=place(TODAY)))


def _list(status: Status, count: int, which: Which) -> InlineKeyboardButton | None:
    if not count:
        return None
    return button(f"{status.emoji} {count}", ShowList(place=pack_place(ListPlace(which))))
