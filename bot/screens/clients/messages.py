"""What went to a client and what did not, and why nothing goes today (C4, E8)."""

from collections.abc import Sequence

from actors.messages.clients import (
    ClientCard,
    GetClient,
    GetClientMessages,
    MessagesView,
    WhyNotToday,
)
from bot.screens.by_hand.buttons import SCHEDULED_BUTTON, ShowScheduled, WriteTo
from bot.screens.clients import acts_words
from bot.screens.clients import card_words as words
from bot.screens.clients.buttons import PutAway, ShowMessages, ShowWhy
from bot.screens.clients.hub import or_gone
from bot.screens.clients.money_buttons import ShowSwitches, StartRenewal
from bot.screens.clients.rows import card_keyboard
from bot.screens.whatsapp.buttons import WHATSAPP
from bot.ui.buttons import Row, button, go
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import WHATSAPP_BUTTON
from domain.due_dates import Status

SCREEN = Screen()


@SCREEN.press(ShowMessages)
async def show_messages(turn: Turn, pressed: ShowMessages) -> View:
    """A page of the messages of a client, the latest first."""

    async def work() -> View:
        page = await turn.ask(GetClientMessages(pressed.client_id, pressed.page))
        return messages_view(page, pressed.origin)

    return await or_gone(turn, pressed.origin, work())


@SCREEN.press(ShowWhy)
async def show_why(turn: Turn, pressed: ShowWhy) -> View:
    """Why a client received nothing today, and what can be done about it."""

    async def work() -> View:
        sentences = await turn.ask(WhyNotToday(pressed.client_id))
        return why_view(await turn.ask(GetClient(pressed.client_id)), sentences, pressed.origin)

    return await or_gone(turn, pressed.origin, work())


def messages_view(page: MessagesView, origin: str) -> View:
    """A page of messages, each with its tick."""
    client_id = page.row.client_id

    def to(number: int) -> ShowMessages:
        return ShowMessages(client_id=client_id, page=number, origin=origin)

    to_come = [
        button(words.WRITE_BUTTON, WriteTo(client_id=client_id, origin=origin)),
        button(SCHEDULED_BUTTON, ShowScheduled(client_id=client_id, origin=origin)),
    ]
    return View(
        acts_words.messages(page),
        card_keyboard(
            pager_row(page.page, page.pages, to), to_come, client_id=client_id, origin=origin
        ),
    )


def why_view(shown: ClientCard, sentences: Sequence[str], origin: str) -> View:
    """The reasons, and below them what would change them."""
    steps = [*_steps(shown, origin)]
    return View(
        acts_words.why(shown, sentences),
        card_keyboard(*steps, client_id=shown.client.id, origin=origin),
    )


def _steps(shown: ClientCard, origin: str) -> list[Row]:
    client = shown.client
    if client.archived:
        back_in = PutAway(client_id=client.id, away=False, origin=origin)
        return [[button(words.BACK_IN_BUTTON, back_in, style="primary")]]
    rows: list[Row] = []
    if shown.row.status is Status.OVERDUE:
        renewal = StartRenewal(client_id=client.id, origin=origin)
        rows.append([button(words.RENEW_BUTTON, renewal, style="success")])
    if not (client.receives_billing and client.receives_notices):
        switches = ShowSwitches(client_id=client.id, origin=origin)
        rows.append([button(words.SWITCHES_BUTTON, switches)])
    return [*rows, [go(WHATSAPP_BUTTON, WHATSAPP)]]
