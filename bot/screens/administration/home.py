"""The administration's first screen: the platform at a glance, and its accounts (A11).

What is typed at it is searched among the accounts (law 12).
"""

from collections.abc import Sequence
from dataclasses import replace

from aiogram.types import InlineKeyboardButton

from actors.messages.admin import Accounts, AdminHome, GetAccounts, GetAdminHome
from bot.screens.administration import words
from bot.screens.administration.buttons import (
    ADMIN,
    ADMIN_ALONE,
    ADMIN_OWNER,
    FIND_ACCOUNT,
    SYSTEM,
    ShowAccounts,
    ShowDayOfAll,
    ShowLines,
    ShowRevenue,
    ShowWaiting,
    accounts_origin,
    pack_accounts,
    unpack_accounts,
)
from bot.screens.administration.rows import account_button
from bot.screens.broadcasts.buttons import BROADCASTS
from bot.screens.clients.buttons import needle
from bot.ui.buttons import HOME, Back, PageCount, Row, bare_keyboard, button, go, keyboard, place
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Audience, Screen
from bot.ui.view import View
from bot.ui.words import BACK_BUTTON, HOME_BUTTON, with_notice
from domain.administration import AccountPlace, LineHealth, Which

SCREEN = Screen(audience=Audience.ADMINS)
MOST_NARROW = 999
"""The largest count that is read whole in a row of five."""
TO_ADMIN = place(ADMIN)


@SCREEN.place(ADMIN)
async def administration(turn: Turn) -> View:
    """The first screen, from the beginning of its list."""
    return await home_at(turn, AccountPlace())


@SCREEN.place(ADMIN_ALONE)
async def administration_alone(turn: Turn) -> View:
    """The same, for who came looking for the home of an account that this chat has not."""
    return replace(await home_at(turn, AccountPlace()), toast=words.NO_ACCOUNT_HERE)


@SCREEN.command("admin", told="Administrar o EmDia", order=5)
async def admin(turn: Turn, _rest: str) -> View:
    """Answer /admin."""
    return await home_at(turn, AccountPlace())


@SCREEN.press(ShowAccounts)
async def show_accounts(turn: Turn, pressed: ShowAccounts) -> View:
    """A page of the list, as its button says."""
    return await home_at(turn, unpack_accounts(pressed.place))


@SCREEN.origin(ADMIN_OWNER)
async def back_to_accounts(turn: Turn, packed: str) -> View:
    """Voltar: the same page, filter or search (law 4)."""
    return await home_at(turn, unpack_accounts(packed))


@SCREEN.place(FIND_ACCOUNT)
async def ask_find(_turn: Turn) -> View:
    """Ask which account is meant."""
    return _question()


@SCREEN.question(FIND_ACCOUNT)
async def look_for(turn: Turn) -> View:
    """Show which account was meant."""
    text = needle(turn.said.answer or "")
    if not text:
        return _question(words.FIND_TEXT_ONLY)
    return await home_at(turn, AccountPlace(search=text))


async def home_at(turn: Turn, at: AccountPlace) -> View:
    """The first screen, or what was searched, at a place or at the nearest that there is."""
    if at.search:
        return found_view(await turn.administer(GetAccounts(turn.chat_id, at)))
    return home_view(await turn.administer(GetAdminHome(turn.chat_id, at)))


def home_view(view: AdminHome) -> View:
    """The platform at a glance, above a page of its accounts."""
    at = view.accounts.place
    rows = [
        _filters(view),
        *_rows(view.accounts),
        pager_row(at.page, view.accounts.pages, lambda page: to_accounts(at.on(page))),
        _figures(view),
        [
            go(words.FIND_BUTTON, FIND_ACCOUNT, style="primary"),
            go(words.TELL_BUTTON, BROADCASTS),
            _today(view),
        ],
    ]
    back = button(BACK_BUTTON, Back(to=place(HOME)))
    ways = [go(words.SYSTEM_BUTTON, SYSTEM), back, go(HOME_BUTTON, HOME)]
    return View(words.home(view), bare_keyboard(*rows, ways), asks=FIND_ACCOUNT)


def found_view(accounts: Accounts) -> View:
    """What was found, in the very same rows."""
    at = accounts.place
    return View(
        words.found(accounts),
        keyboard(
            *_rows(accounts),
            pager_row(at.page, accounts.pages, lambda page: to_accounts(at.on(page))),
            [go(words.FIND_AGAIN_BUTTON, FIND_ACCOUNT)],
            back=TO_ADMIN,
        ),
        asks=FIND_ACCOUNT,
    )


def to_accounts(at: AccountPlace) -> ShowAccounts:
    """What a button to a page of accounts says."""
    return ShowAccounts(place=pack_accounts(at))


def _rows(accounts: Accounts) -> Sequence[Row]:
    origin = accounts_origin(accounts.place)
    return [[account_button(line, accounts.today, origin)] for line in accounts.lines]


def _figures(view: AdminHome) -> Row:
    """The ways to what the figures are made of (law 10)."""
    failing = view.lines[LineHealth.FAILING]
    return [
        button(words.REVENUE_BUTTON, ShowRevenue()),
        button(words.to_pay_button(view), ShowWaiting()),
        button(words.lines_button(failing), ShowLines(which=LineHealth.FAILING)),
    ]


def _today(view: AdminHome) -> InlineKeyboardButton:
    return button(words.today_button(view), ShowDayOfAll())


def _filters(view: AdminHome) -> Row:
    """The filters with their counts; the one that holds is marked, and counted in the title."""
    at, pages = view.accounts.place, view.accounts.pages
    if not sum(view.counts.values()):
        return []

    def filtered(which: Which, held: str, label: str) -> InlineKeyboardButton:
        if at.which is not which:
            return button(label, to_accounts(AccountPlace(which)))
        # What is shown already says where it is, rather than nothing (law 5).
        here = PageCount(page=at.page, pages=pages)
        return button(held, here if at.page == 1 else to_accounts(AccountPlace(which)))

    row = {Which.ALL: filtered(Which.ALL, f"•{words.ALL_BUTTON}", words.ALL_BUTTON)}
    for which in Which:
        if which.standings:
            emoji = words.EMOJI[which.standings[0]]
            count = sum(view.counts[standing] for standing in which.standings)
            row[which] = filtered(which, f"• {emoji}", f"{emoji} {count}")
    if max(view.counts.values()) > MOST_NARROW:
        row.pop(at.which)  # the title says it; four are wide enough for their numbers
    return [*row.values()]


def _question(notice: str | None = None) -> View:
    text = with_notice(notice, words.ASK_FIND) if notice else words.ASK_FIND
    return View(text, keyboard(back=TO_ADMIN), asks=FIND_ACCOUNT)
