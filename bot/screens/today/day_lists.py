"""The lists behind the counts of a day, page by page; each row leads to its message (law 10)."""

from actors.messages.queue import DayMessage, DayMessages, GetDayMessages
from bot.screens.today import words
from bot.screens.today.buttons import (
    DAY_OWNER,
    TODAY,
    ShowDay,
    ShowMessage,
    day_origin,
    pack_day,
    unpack_day,
)
from bot.screens.today.filling import fill_button
from bot.screens.today.today import show_today
from bot.ui.buttons import Row, button, keyboard, place
from bot.ui.labels import row_label
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.client_list import ROWS
from domain.day_groups import DayGroup

SCREEN = Screen()


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


def day_view(view: DayMessages) -> View:
    """A page of messages, each by its client."""
    day = "" if view.day == view.today else pack_day(view.day)
    origin = day_origin(view.group, view.page, day)
    pager = pager_row(
        view.page, view.pages, lambda page: ShowDay(group=view.group, page=page, day=day)
    )
    rows = [_row(view, one, origin) for one in view.messages]
    return View(words.messages(view), keyboard(*rows, pager, back=place(TODAY)))


def _row(view: DayMessages, one: DayMessage, origin: str) -> Row:
    if view.group is DayGroup.HELD and view.day == view.today:
        return [fill_button(one, view.today, origin)]
    mark, at = words.MARKS[one.state], f"{one.at:%H:%M}"
    label = row_label(mark, one.row.name, one.row.due_on, view.today, at)
    return [button(label, ShowMessage(message_id=one.message_id, origin=origin))]
