"""What goes out tomorrow, or on any day to come: who, when, which words, and why not (J7)."""

from datetime import date, timedelta

from actors.messages.queue import GetToday
from actors.messages.rehearsal import (
    ForeseenPage,
    ForeseenRow,
    ForeseenText,
    GetForeseen,
    ReadForeseen,
    RehearsalView,
    Rehearse,
)
from bot.screens.clients.buttons import ShowCard
from bot.screens.rehearsal import words
from bot.screens.rehearsal.buttons import (
    OTHER_DAY,
    REHEARSAL_OWNER,
    TOMORROW,
    ReadText,
    ShowForeseen,
    ShowRehearsal,
    day_way,
)
from bot.screens.settings.reminders import REMINDERS
from bot.screens.today.buttons import TODAY, pack_day, unpack_day
from bot.screens.today.filling import filling
from bot.ui import measure
from bot.ui.buttons import Row, button, go, in_rows, keyboard, number_in, place
from bot.ui.labels import row_label
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import TYPE_IT, not_understood, with_notice
from domain.rehearsal import FURTHEST, GOES, Fate
from domain.typed_dates import parse_date
from errors import InvalidInput

SCREEN = Screen()
ONE_DAY = timedelta(days=1)
A_ROW = 4


@SCREEN.place(TOMORROW)
async def tomorrow(turn: Turn) -> View:
    """What goes out tomorrow."""
    return rehearsal_view(await turn.ask(Rehearse()))


@SCREEN.command("amanha")
async def tomorrow_command(turn: Turn, _rest: str) -> View:
    """Answer /amanha."""
    return await tomorrow(turn)


@SCREEN.press(ShowRehearsal)
async def show_rehearsal(turn: Turn, pressed: ShowRehearsal) -> View:
    """The day of a button."""
    return rehearsal_view(await turn.ask(Rehearse(unpack_day(pressed.day))))


@SCREEN.press(ShowForeseen)
async def show_foreseen(turn: Turn, pressed: ShowForeseen) -> View:
    """A page of one of the day's lists."""
    return foreseen_view(
        await turn.ask(GetForeseen(unpack_day(pressed.day), pressed.fate, pressed.page))
    )


@SCREEN.press(ReadText)
async def read_text(turn: Turn, pressed: ReadText) -> View:
    """The words of one of the day's messages."""
    return text_view(await turn.ask(ReadForeseen(unpack_day(pressed.day), pressed.number)))


@SCREEN.origin(REHEARSAL_OWNER)
async def back_to_day(turn: Turn, rest: str) -> View:
    """Voltar to a day, or to a page of one of its lists (law 4)."""
    day, _, where = rest.partition(".")
    fate, _, page = where.partition(".")
    if fate not in {one.value for one in Fate}:
        return rehearsal_view(await turn.ask(Rehearse(unpack_day(day))))
    asked = GetForeseen(unpack_day(day), Fate(fate), number_in(page) or 1)
    return foreseen_view(await turn.ask(asked))


@SCREEN.place(OTHER_DAY)
async def other_day(_turn: Turn) -> View:
    """Ask for another day."""
    return View(words.ASK_DAY, keyboard(back=place(TOMORROW)), asks=OTHER_DAY)


@SCREEN.question(OTHER_DAY)
async def typed_day(turn: Turn) -> View:
    """The day that was typed."""
    said = turn.said.answer
    if said is None:
        return _again(TYPE_IT)
    today = (await turn.ask(GetToday())).day
    try:
        day = parse_date(said, today)
    except InvalidInput as error:
        return _again(not_understood(error.sentence))
    if not today < day <= today + FURTHEST:
        return _again(not_understood(words.NOT_AHEAD))
    return rehearsal_view(await turn.ask(Rehearse(day)))


def _again(notice: str) -> View:
    asked = with_notice(notice, words.ASK_DAY)
    return View(asked, keyboard(back=place(TOMORROW)), asks=OTHER_DAY)


def rehearsal_view(view: RehearsalView) -> View:
    """A day in numbers; each count opens its list."""
    day = pack_day(view.day)
    counts = [
        button(f"{words.MARKS[fate]} {count}", ShowForeseen(fate=fate, day=day))
        for fate in Fate
        if (count := view.counts.get(fate, 0))
    ]
    goes = sum(view.counts.get(fate, 0) for fate in GOES)
    read = [button(words.read_button(goes), ReadText(day=day))] if goes else []
    below = [
        *in_rows(counts, A_ROW),
        [*read, go(words.REMINDERS_BUTTON, REMINDERS)],
        _days(view.day, view.today),
    ]
    lacking = [one for one in view.not_going if one.missing][:1]
    rows = [_fill_row(one, view.today, day_way(day)) for one in lacking]
    text = words.rehearsal(view, len(rows) + len(below) + 1)
    return View(text, keyboard(*rows, *below, back=place(TODAY)))


def foreseen_view(view: ForeseenPage) -> View:
    """A page of one of the day's lists."""
    day = pack_day(view.day)
    way = day_way(day, view.fate, view.page)
    rows = [_client_row(view, one, way) for one in view.rows]
    pager = pager_row(
        view.page, view.pages, lambda page: ShowForeseen(fate=view.fate, page=page, day=day)
    )
    more = [go(words.REMINDERS_BUTTON, REMINDERS)] if view.fate is Fate.OFF else []
    return View(words.foreseen(view), keyboard(*rows, pager, more, back=day_way(day)))


def text_view(view: ForeseenText) -> View:
    """One message of the day, and the ways to the others."""
    day = pack_day(view.day)
    pager = pager_row(view.number, view.total, lambda number: ReadText(number=number, day=day))
    text = words.text(view)
    if not measure.fits(text, bool(pager) + 1, pinned=True):
        text = text.replace("<blockquote>", "<blockquote expandable>")
    return View(text, keyboard(pager, back=day_way(day)))


def _fill_row(one: ForeseenRow, today: date, way: str) -> Row:
    label = row_label("✍️", one.row.name, one.row.due_on, today, words.why_short(one))
    return [button(label, filling(one.row, one.missing, way), style="primary")]


def _client_row(view: ForeseenPage, one: ForeseenRow, way: str) -> Row:
    part = f"umas {one.at:%H:%M}" if one.at else words.why_short(one)
    mark = words.MARKS[view.fate]
    label = row_label(mark, one.row.name, one.row.due_on, view.today, part)
    if one.missing:
        return [button(label, filling(one.row, one.missing, way))]
    return [button(label, ShowCard(client_id=one.row.client_id, origin=way))]


def _days(day: date, today: date) -> Row:
    """The day before, another one, and the day after."""
    before, after = day - ONE_DAY, day + ONE_DAY
    first = (
        go("‹ hoje", TODAY)
        if before == today
        else button(f"‹ {words.day_short(before)}", ShowRehearsal(day=pack_day(before)))
    )
    last = button(f"{words.day_short(after)} ›", ShowRehearsal(day=pack_day(after)))
    return [
        first,
        go(words.OTHER_DAY_BUTTON, OTHER_DAY),
        *([last] if after <= today + FURTHEST else []),
    ]
