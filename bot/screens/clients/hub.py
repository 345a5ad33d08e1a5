"""The list of clients: money on top, filters, six rows a page, and what else can be done (C3)."""

from collections.abc import Awaitable
from dataclasses import replace

from aiogram.types import InlineKeyboardButton

from actors.messages.account import AddSamples
from actors.messages.clients import ClientsView, GetClients
from bot.screens.clients import words
from bot.screens.clients.buttons import (
    CLIENTS,
    FIND,
    LIST_OWNER,
    MORE,
    NEW_CLIENT,
    OWN_FIELDS,
    SAMPLES,
    TAGS,
    ShowList,
    ShowTag,
    list_origin,
    pack_place,
    unpack_place,
)
from bot.screens.clients.money_buttons import ShowMonthPayments, StartNew
from bot.screens.clients.rows import client_rows
from bot.screens.sheets.buttons import EXPORT, SEND_SHEET, TEMPLATE
from bot.ui.buttons import PageCount, Row, button, go, keyboard, place
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.client_list import FIRST_PLACE, Figures, ListPlace, Which
from domain.due_dates import Status
from errors import NotFound

SCREEN = Screen()
MOST_NARROW = 999
"""The largest count that is read whole in a row of five: beyond it, the tags are under ⋯ Mais."""
TO_LIST = list_origin(FIRST_PLACE)


@SCREEN.place(CLIENTS)
async def clients(turn: Turn) -> View:
    """The list, from its beginning."""
    return await list_at(turn, FIRST_PLACE)


@SCREEN.command("clientes", told="Ver seus clientes", order=30)
async def clients_command(turn: Turn, _rest: str) -> View:
    """Answer /clientes."""
    return await list_at(turn, FIRST_PLACE)


@SCREEN.press(ShowList)
async def show_list(turn: Turn, pressed: ShowList) -> View:
    """A page of the list, as its button says."""
    return await list_at(turn, unpack_place(pressed.place))


@SCREEN.origin(LIST_OWNER)
async def back_to_list(turn: Turn, packed: str) -> View:
    """Voltar: the same page, filter, tag or search (law 4)."""
    return await list_at(turn, unpack_place(packed))


@SCREEN.place(MORE)
async def more(turn: Turn) -> View:
    """What the list's own buttons have no room for."""
    return more_view((await turn.ask(GetClients())).figures)


@SCREEN.place(SAMPLES)
async def samples(turn: Turn) -> View:
    """Put invented clients into the list, to look around."""
    added = await turn.ask(AddSamples())
    return replace(await list_at(turn, FIRST_PLACE), toast=words.samples_added(added))


async def list_at(turn: Turn, at: ListPlace) -> View:
    """The list at a place, or at the nearest that there is."""
    return list_view(await turn.ask(GetClients(at)), inline=turn.inline)


async def or_gone(turn: Turn, origin: str, work: Awaitable[View]) -> View:
    """What `work` shows; where its client is no more, what lies behind, as it is now (law 5)."""
    try:
        return await work
    except NotFound:
        return replace(await turn.back(origin or TO_LIST), toast=words.GONE)


def list_view(view: ClientsView, *, inline: bool) -> View:
    """One page of the list, or what teaches how to begin it (law 11)."""
    at = view.place
    if at == replace(FIRST_PLACE, page=at.page) and not view.figures.active:
        return _empty_view(view.figures)
    rows = [
        [] if at.search else _filters(view),
        *client_rows(view.rows, view.today, list_origin(at)),
        pager_row(at.page, view.pages, lambda page: to_list(replace(at, page=page))),
        *_ways_on(view, inline=inline),
    ]
    return View(words.header(view), keyboard(*rows, back=_behind(at)))


def more_view(figures: Figures) -> View:
    """What else there is about clients."""
    away = to_list(ListPlace(Which.ARCHIVED))
    return View(
        words.MORE,
        keyboard(
            [go(words.SHEET_BUTTON, SEND_SHEET), go(words.EXPORT_BUTTON, EXPORT)],
            [go(words.TAGS_BUTTON, TAGS), go(words.FIELDS_BUTTON, OWN_FIELDS)],
            [button(words.archived_button(figures.archived), away)],
            back=TO_LIST,
        ),
    )


def find_button(label: str, *, inline: bool) -> InlineKeyboardButton:
    """The way to search: in the typing box where the bot may be asked there, else by a question."""
    if inline:
        return InlineKeyboardButton(text=label, switch_inline_query_current_chat="")
    return go(label, FIND)


def to_list(at: ListPlace) -> ShowList:
    """What a button to a place in the list says."""
    return ShowList(place=pack_place(at))


def _filters(view: ClientsView) -> Row:
    """The filters with their counts; the one that holds is marked, and counted in the title."""
    at, figures = view.place, view.figures
    counts = (
        (Which.OVERDUE, Status.OVERDUE, figures.overdue),
        (Which.DUE_SOON, Status.DUE_SOON, figures.due_soon),
        (Which.UP_TO_DATE, Status.UP_TO_DATE, figures.up_to_date),
    )

    def filtered(which: Which, held: str, label: str) -> InlineKeyboardButton:
        if at.tag is not None or at.which is not which:
            return button(label, to_list(ListPlace(which)))
        # What is shown already says where it is, rather than nothing (law 5).
        here = PageCount(page=at.page, pages=view.pages)
        return button(held, here if at.page == 1 else to_list(ListPlace(which)))

    row = [
        # Of five in a row the widest: with a space more its end would be cut.
        filtered(Which.ALL, "•Todos", "Todos"),
        *(
            filtered(which, f"• {one.emoji}", f"{one.emoji} {count}")
            for which, one, count in counts
        ),
    ]
    if max(count for _, _, count in counts) > MOST_NARROW:
        return row
    return [*row, go("🏷" if at.tag is None else "• 🏷", TAGS)]


def _ways_on(view: ClientsView, *, inline: bool) -> list[Row]:
    new = StartNew(origin=list_origin(view.place))
    if view.place.search:
        again = find_button(words.FIND_AGAIN_BUTTON, inline=inline)
        return [[button(words.NEW_CLIENT_BUTTON, new), again]]
    if view.place.which is Which.ARCHIVED:
        return [[find_button(words.FIND_BUTTON, inline=inline)]]
    return [
        [
            button(words.NEW_BUTTON, new, style="primary"),
            find_button(words.FIND_BUTTON, inline=inline),
        ],
        [_about_these(view), go(words.MORE_BUTTON, MORE)],
    ]


def _about_these(view: ClientsView) -> InlineKeyboardButton:
    """The payments behind the figure on top; for a tag, what it is."""
    if view.place.tag is not None:
        return button(words.TAG_BUTTON, ShowTag(tag_id=view.place.tag))
    received = ShowMonthPayments(origin=list_origin(view.place))
    return button(words.received_button(view.figures), received)


def _behind(at: ListPlace) -> str:
    """What lies behind the list: what narrows it leads back to where that was chosen."""
    if at.search:
        return TO_LIST
    if at.tag is not None:
        return place(TAGS)
    return place(MORE) if at.which is Which.ARCHIVED else ""


def _empty_view(figures: Figures) -> View:
    away = button(words.archived_button(figures.archived), to_list(ListPlace(Which.ARCHIVED)))
    return View(
        words.ALL_AWAY if figures.archived else words.NOBODY,
        keyboard(
            [go(words.FIRST_BUTTON, NEW_CLIENT, style="primary")],
            [go(words.SHEET_BUTTON, SEND_SHEET), go(words.TEMPLATE_BUTTON, TEMPLATE)],
            [away] if figures.archived else [go(words.SAMPLES_BUTTON, SAMPLES)],
            [go(words.MORE_BUTTON, MORE)],
            back="",
        ),
    )
