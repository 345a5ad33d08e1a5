"""What happened to WhatsApp, and the messages behind its figures, page by page (F2, law 10)."""

from actors.messages.whatsapp import (
    GetRecent,
    GetWhatsAppLog,
    RecentMessages,
    WhatsAppLog,
)
from bot.screens.clients.buttons import ShowCard
from bot.screens.clients.rows import label_of
from bot.screens.whatsapp import log_words, state_words
from bot.screens.whatsapp.buttons import RECENT_OWNER, WHATSAPP, ShowLog, ShowRecent
from bot.screens.whatsapp.state import show_state
from bot.ui.buttons import Row, button, keyboard, place
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.deliveries import Recent

SCREEN = Screen()
MOST_PAGE = 10_000


@SCREEN.press(ShowLog)
async def show_log(turn: Turn, pressed: ShowLog) -> View:
    """A page of what happened, the latest first."""
    return log_view(await turn.ask(GetWhatsAppLog(pressed.page)))


@SCREEN.press(ShowRecent)
async def show_recent(turn: Turn, pressed: ShowRecent) -> View:
    """A page of the messages behind a figure."""
    return recent_view(await turn.ask(GetRecent(pressed.which, pressed.page)))


@SCREEN.origin(RECENT_OWNER)
async def back_to_recent(turn: Turn, rest: str) -> View:
    """Voltar to such a page."""
    which, _, page = rest.partition(".")
    if which not in {one.value for one in Recent} or not page.isdecimal():
        return await show_state(turn)
    return recent_view(await turn.ask(GetRecent(Recent(which), min(int(page), MOST_PAGE))))


def log_view(page: WhatsAppLog) -> View:
    """A page of what happened."""
    pager = pager_row(page.page, page.pages, lambda number: ShowLog(page=number))
    return View(log_words.log(page), keyboard(pager, back=place(WHATSAPP)))


def recent_view(page: RecentMessages) -> View:
    """A page of messages, each by its client."""
    origin = f"{RECENT_OWNER}{page.which.value}.{page.page}"
    rows: list[Row] = [
        [
            button(
                label_of(one.row, page.today, f"{one.at:%H:%M}"),
                ShowCard(client_id=one.row.client_id, origin=origin),
            )
        ]
        for one in page.messages
    ]
    pager = pager_row(
        page.page, page.pages, lambda number: ShowRecent(which=page.which, page=number)
    )
    return View(state_words.recent(page), keyboard(*rows, pager, back=place(WHATSAPP)))
