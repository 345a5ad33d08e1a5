"""What is turned less often: the summary, the zone, decision 2's setting, the holidays."""

from dataclasses import replace

from actors.messages.schedule import (
    AddHoliday,
    DropHoliday,
    GetHolidays,
    GetSchedule,
    HolidaysView,
    ScheduleView,
    SetSchedule,
)
from bot.screens.schedule import words
from bot.screens.schedule.buttons import (
    HOLIDAYS,
    MORE,
    SCHEDULE,
    ZONE,
    DropOwnHoliday,
    PutOverdue,
    ShowOwnHolidays,
    ShowTime,
    Switched,
    Timed,
    TurnDial,
)
from bot.screens.schedule.schedule import show_schedule
from bot.screens.texts.buttons import TEXTS
from bot.ui.buttons import button, go, keyboard, place
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import not_understood, with_notice
from domain.client_list import clamped, pages_of
from domain.dials import Overdue
from errors import InvalidInput

SCREEN = Screen()
ASKS_HOLIDAY = "sched:holiday"
OWN_ROWS = 3


@SCREEN.place(MORE)
async def show_more(turn: Turn) -> View:
    """The other dials."""
    return more_view(await turn.ask(GetSchedule()))


@SCREEN.press(PutOverdue)
async def put_overdue(turn: Turn, pressed: PutOverdue) -> View:
    """Choose what a change does to who was left unbilled (decision 2)."""
    answer = await turn.ask(SetSchedule(overdue_on_reschedule=pressed.choice))
    return replace(more_view(answer.view), toast=words.OVERDUES[pressed.choice])


@SCREEN.place(HOLIDAYS)
async def show_holidays(turn: Turn) -> View:
    """The holidays, and the owner's own."""
    return holidays_view(await turn.ask(GetHolidays()))


@SCREEN.press(ShowOwnHolidays)
async def show_own(turn: Turn, pressed: ShowOwnHolidays) -> View:
    """A page of the owner's own."""
    return holidays_view(await turn.ask(GetHolidays()), pressed.page)


@SCREEN.press(DropOwnHoliday)
async def drop_holiday(turn: Turn, pressed: DropOwnHoliday) -> View:
    """Take one away: it can be undone."""
    view = await turn.ask(DropHoliday(pressed.holiday_id))
    return replace(await _with_today(turn, view), toast=words.HOLIDAY_DROPPED)


@SCREEN.question(ASKS_HOLIDAY)
async def typed_holiday(turn: Turn) -> View:
    """A date of the owner's own, as it was typed."""
    try:
        return await _with_today(turn, await turn.ask(AddHoliday(turn.said.answer or "")))
    except InvalidInput as error:
        view = await show_holidays(turn)
        return replace(view, text=with_notice(not_understood(error.sentence), view.text))


async def _with_today(turn: Turn, view: HolidaysView) -> View:
    """The holidays after a change; the Agendador, where that changes today."""
    return await show_schedule(turn) if view.changes_today else holidays_view(view)


def more_view(view: ScheduleView) -> View:
    """The other dials, each its own button."""
    dials = view.dials
    on = dials.summary_on
    summary = [
        button(
            words.switch_button(Switched.SUMMARY, on=on),
            TurnDial(which=Switched.SUMMARY, on=not on),
        ),
        button(words.summary_button(dials), ShowTime(which=Timed.SUMMARY)),
    ]
    choices = [
        [
            button(
                words.overdue_button(choice, chosen=choice is dials.overdue_on_reschedule),
                PutOverdue(choice=choice),
            )
        ]
        for choice in Overdue
    ]
    return View(
        words.more(dials),
        keyboard(
            *choices,
            summary,
            [go(words.HOLIDAYS_BUTTON, HOLIDAYS), go(words.zone_button(dials), ZONE)],
            [go(words.TEXTS_BUTTON, TEXTS)],
            undo_row(view.undo, place(MORE)),
            back=place(SCHEDULE),
        ),
    )


def holidays_view(view: HolidaysView, page: int = 1) -> View:
    """What comes, the switches, and the owner's own with what takes each away."""
    pages = pages_of(len(view.own), OWN_ROWS)
    page = clamped(page, pages)
    shown = view.own[(page - 1) * OWN_ROWS : page * OWN_ROWS]
    goes = button(
        words.switch_button(Switched.HOLIDAYS, on=view.on),
        TurnDial(which=Switched.HOLIDAYS, on=not view.on),
    )
    # Like its neighbour: green where messages go on these days.
    facultative = button(
        words.switch_button(Switched.OPTIONAL, on=not view.optional),
        TurnDial(which=Switched.OPTIONAL, on=not view.optional),
    )
    switches = [[goes]] if view.on else [[goes], [facultative]]
    return View(
        words.holidays(view),
        keyboard(
            *switches,
            *([button(words.own_button(one), DropOwnHoliday(holiday_id=one.holiday_id))]
              for one in shown),
            pager_row(page, pages, lambda number: ShowOwnHolidays(page=number)),
            undo_row(view.undo, place(HOLIDAYS)),
            back=place(MORE),
        ),
        asks=ASKS_HOLIDAY,
    )  # fmt: skip
