"""Lines by what they deliver, today's messages by account, the system, its troubles (A11)."""

from collections import Counter
from dataclasses import replace

from actors.messages.admin_system import (
    DayOfAll,
    GetDayOfAll,
    GetLines,
    GetSystem,
    GetTroublePage,
    GetTroubles,
    HealthLine,
    Lines,
    SystemView,
    TroublePage,
    TroubleReason,
)
from bot.screens.administration import watch_words as words
from bot.screens.administration.buttons import (
    DAY_OF_ALL_OWNER,
    FIND_ACCOUNT,
    LINES_OWNER,
    SYSTEM,
    SYSTEM_AGAIN,
    TROUBLES,
    ShowAccount,
    ShowDayOfAll,
    ShowLines,
    ShowTroubles,
)
from bot.screens.administration.home import TO_ADMIN
from bot.screens.administration.words import grouped
from bot.screens.clients.buttons import MOST_PAGE
from bot.ui.buttons import PageCount, Row, button, go, keyboard, number_in, place
from bot.ui.labels import cut_name, row_label
from bot.ui.measure import label_width, width
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Audience, Screen
from bot.ui.view import View
from domain.administration import LineHealth, Trouble

SCREEN = Screen(audience=Audience.ADMINS)
DAY_EMOJI = "📤"


@SCREEN.press(ShowLines)
async def show_lines(turn: Turn, pressed: ShowLines) -> View:
    """The lines that do so."""
    return await _lines_at(turn, pressed.which, pressed.page)


@SCREEN.origin(LINES_OWNER)
async def back_to_lines(turn: Turn, rest: str) -> View:
    """Voltar to a page of lines."""
    known = {one.value for one in LineHealth}
    which = LineHealth(rest[:1]) if rest[:1] in known else LineHealth.FAILING
    return await _lines_at(turn, which, number_in(rest[1:]))


@SCREEN.press(ShowDayOfAll)
async def show_day(turn: Turn, pressed: ShowDayOfAll) -> View:
    """Today's messages by account."""
    return await _day_at(turn, pressed.page)


@SCREEN.origin(DAY_OF_ALL_OWNER)
async def back_to_day(turn: Turn, page: str) -> View:
    """Voltar to a page of today's messages."""
    return await _day_at(turn, number_in(page))


@SCREEN.place(SYSTEM)
async def show_system(turn: Turn) -> View:
    """How the system does."""
    return system_view(await turn.administer(GetSystem(turn.chat_id)))


@SCREEN.place(SYSTEM_AGAIN)
async def look_again(turn: Turn) -> View:
    """The same, for who is there already: also what has not changed was looked at (law 5)."""
    return replace(await show_system(turn), toast=words.LOOKED)


@SCREEN.place(TROUBLES)
async def show_troubles(turn: Turn) -> View:
    """What could not be done in a day."""
    return troubles_view(await turn.administer(GetTroubles(turn.chat_id)))


@SCREEN.press(ShowTroubles)
async def show_trouble_page(turn: Turn, pressed: ShowTroubles) -> View:
    """One kind of it."""
    asked = GetTroublePage(turn.chat_id, pressed.what, _page(pressed.page))
    return trouble_view(await turn.administer(asked))


async def _lines_at(turn: Turn, which: LineHealth, page: int) -> View:
    return lines_view(await turn.administer(GetLines(turn.chat_id, which, _page(page))))


async def _day_at(turn: Turn, page: int) -> View:
    return day_view(await turn.administer(GetDayOfAll(turn.chat_id, _page(page))))


def lines_view(view: Lines) -> View:
    """The lines that do so, each by its account; above them the other ways to do."""
    origin = f"{LINES_OWNER}{view.which.value}{view.page}"
    rows = [
        [button(_line_label(one, view), ShowAccount(tenant_id=one.tenant_id, origin=origin))]
        for one in view.lines
    ]
    pager = pager_row(view.page, view.pages, lambda page: ShowLines(which=view.which, page=page))
    ways = keyboard(_filters(view), *rows, pager, back=TO_ADMIN)
    return View(words.lines(view), ways, asks=FIND_ACCOUNT)


def day_view(view: DayOfAll) -> View:
    """Today's messages by account."""
    origin = f"{DAY_OF_ALL_OWNER}{view.page}"
    rows: list[Row] = []
    for one in view.lines:
        counted = words.day_row(one)
        room = label_width(1) - width(f"{DAY_EMOJI} {counted}")
        label = f"{DAY_EMOJI} {cut_name(one.name, room)}{counted}"
        rows.append([button(label, ShowAccount(tenant_id=one.tenant_id, origin=origin))])
    pager = pager_row(view.page, view.pages, lambda page: ShowDayOfAll(page=page))
    return View(words.day(view), keyboard(*rows, pager, back=TO_ADMIN), asks=FIND_ACCOUNT)


def system_view(view: SystemView) -> View:
    """The system at a glance."""
    again = [go(words.AGAIN_BUTTON, SYSTEM_AGAIN)]
    failed = [go(words.TROUBLES_BUTTON, TROUBLES)]
    return View(words.system(view), keyboard(failed, again, back=TO_ADMIN), asks=FIND_ACCOUNT)


def troubles_view(found: tuple[TroubleReason, ...]) -> View:
    """What could not be done, with the way to the list of each kind."""
    counted: Counter[Trouble] = Counter()
    for one in found:
        counted[one.what] += one.times
    rows = [
        [button(words.trouble_button(what, times), ShowTroubles(what=what))]
        for what, times in counted.most_common()
    ]
    ways = keyboard(*rows, back=place(SYSTEM))
    return View(words.troubles(found), ways, asks=FIND_ACCOUNT)


def trouble_view(view: TroublePage) -> View:
    """One kind of it."""
    pager = pager_row(view.page, view.pages, lambda page: ShowTroubles(what=view.what, page=page))
    return View(words.trouble_page(view), keyboard(pager, back=place(TROUBLES)), asks=FIND_ACCOUNT)


def _filters(view: Lines) -> Row:
    """Every way to do, with its count; the one that is shown is marked."""
    row = []
    for which, emoji in words.HEALTH.items():
        if which is view.which:
            # What is shown already says where it is, rather than nothing (law 5).
            here = PageCount(page=view.page, pages=view.pages)
            to = here if view.page == 1 else ShowLines(which=which)
            row.append(button(f"• {emoji}", to))
        else:
            count = grouped(view.counts[which])
            row.append(button(f"{emoji} {count}", ShowLines(which=which)))
    return row


def _line_label(line: HealthLine, view: Lines) -> str:
    emoji = words.HEALTH[line.health]
    if line.last is None:
        return f"{emoji} {cut_name(line.name, label_width(1) - width(f'{emoji} '))}"
    return row_label(emoji, line.name, line.last.date(), view.today, words.line_part(line))


def _page(page: int) -> int:
    return min(max(page, 1), MOST_PAGE)
