"""The platform's own money (A11): by month with a picture, entry by entry, waiting, to come."""

import re
from datetime import date

from actors.messages.admin_money import (
    ChargeLine,
    Forecast,
    GetForecast,
    GetMonthEntries,
    GetRevenue,
    GetWaitingCharges,
    MonthEntries,
    Revenue,
    WaitingCharges,
)
from bot.screens.administration import money_words as words
from bot.screens.administration.buttons import (
    FIND_ACCOUNT,
    FORECAST_OWNER,
    MONEY_OWNER,
    WAITING_OWNER,
    ShowAccount,
    ShowForecast,
    ShowMonth,
    ShowRevenue,
    ShowWaiting,
)
from bot.screens.administration.home import TO_ADMIN
from bot.screens.administration.rows import account_button
from bot.screens.clients.buttons import MOST_PAGE
from bot.ui.bars import Bar, drawn
from bot.ui.buttons import Row, button, in_rows, keyboard, number_in
from bot.ui.labels import row_label
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Audience, Screen
from bot.ui.view import View
from domain.money import format_brl
from domain.months import month_of

SCREEN = Screen(audience=Audience.ADMINS)
MONTHS_A_ROW = 3
WAITING_EMOJI = "⏳"


@SCREEN.press(ShowRevenue)
async def show_revenue(turn: Turn, pressed: ShowRevenue) -> View:
    """What months brought in."""
    return await _revenue_at(turn, pressed.page)


@SCREEN.origin(MONEY_OWNER)
async def back_to_revenue(turn: Turn, page: str) -> View:
    """Voltar to the months."""
    return await _revenue_at(turn, number_in(page))


@SCREEN.press(ShowMonth)
async def show_month(turn: Turn, pressed: ShowMonth) -> View:
    """The entries of a month."""
    month = _month(pressed.month)
    if month is None:
        return await _revenue_at(turn, 1)
    found = await turn.administer(GetMonthEntries(turn.chat_id, month, pressed.page))
    return entries_view(found, pressed)


@SCREEN.press(ShowForecast)
async def show_forecast(turn: Turn, pressed: ShowForecast) -> View:
    """What is to come."""
    return await _forecast_at(turn, pressed.page)


@SCREEN.origin(FORECAST_OWNER)
async def back_to_forecast(turn: Turn, page: str) -> View:
    """Voltar to a page of what is to come."""
    return await _forecast_at(turn, number_in(page))


@SCREEN.press(ShowWaiting)
async def show_waiting(turn: Turn, pressed: ShowWaiting) -> View:
    """What can be paid now."""
    return await _waiting_at(turn, pressed.page)


@SCREEN.origin(WAITING_OWNER)
async def back_to_waiting(turn: Turn, page: str) -> View:
    """Voltar to a page of what can be paid."""
    return await _waiting_at(turn, number_in(page))


async def _revenue_at(turn: Turn, page: int) -> View:
    return await revenue_view(await turn.administer(GetRevenue(turn.chat_id, _page(page))))


async def _forecast_at(turn: Turn, page: int) -> View:
    return forecast_view(await turn.administer(GetForecast(turn.chat_id, _page(page))))


async def _waiting_at(turn: Turn, page: int) -> View:
    return waiting_view(await turn.administer(GetWaitingCharges(turn.chat_id, _page(page))))


async def revenue_view(view: Revenue) -> View:
    """The months as a picture and a table, each with the way to its entries."""
    now = view.drawn[-1].month if view.page == 1 else None
    bars = [
        Bar(words.month_label(one.month), words.figure(one), one.amount, now=one.month == now)
        for one in view.drawn
    ]
    months = [
        button(
            words.month_label(one.month),
            ShowMonth(month=f"{one.month:%Y-%m}", origin=f"{MONEY_OWNER}{view.page}"),
        )
        for one in reversed(view.shown)
    ]
    return View(
        words.revenue(view),
        keyboard(
            *in_rows(months, MONTHS_A_ROW),
            pager_row(view.page, view.pages, lambda page: ShowRevenue(page=page)),
            [button(words.FORECAST_BUTTON, ShowForecast())],
            back=TO_ADMIN,
        ),
        picture=await drawn(bars),
        asks=FIND_ACCOUNT,
    )


def entries_view(view: MonthEntries, pressed: ShowMonth) -> View:
    """The entries of a month."""
    pager = pager_row(view.page, view.pages, lambda page: pressed.model_copy(update={"page": page}))
    ways = keyboard(pager, back=pressed.origin or f"{MONEY_OWNER}1")
    return View(words.entries(view), ways, asks=FIND_ACCOUNT)


def forecast_view(view: Forecast) -> View:
    """Who would pay again."""
    origin = f"{FORECAST_OWNER}{view.page}"
    rows = [[account_button(line, view.today, origin)] for line in view.lines]
    pager = pager_row(view.page, view.pages, lambda page: ShowForecast(page=page))
    ways = keyboard(*rows, pager, back=f"{MONEY_OWNER}1")
    return View(words.forecast(view), ways, asks=FIND_ACCOUNT)


def waiting_view(view: WaitingCharges) -> View:
    """What can be paid now, by account."""
    rows = [_waiting_row(line, view) for line in view.lines]
    pager = pager_row(view.page, view.pages, lambda page: ShowWaiting(page=page))
    return View(words.waiting(view), keyboard(*rows, pager, back=TO_ADMIN), asks=FIND_ACCOUNT)


def _waiting_row(line: ChargeLine, view: WaitingCharges) -> Row:
    made, amount = line.made.date(), format_brl(line.amount)
    label = row_label(WAITING_EMOJI, line.name, made, view.today, amount)
    origin = f"{WAITING_OWNER}{view.page}"
    return [button(label, ShowAccount(tenant_id=line.tenant_id, origin=origin))]


def _page(page: int) -> int:
    return min(max(page, 1), MOST_PAGE)


def _month(text: str) -> date | None:
    """The month that a button carries; None for what is none."""
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text, re.ASCII)
    return month_of(date(int(found[1]), int(found[2]), 1)) if found else None
