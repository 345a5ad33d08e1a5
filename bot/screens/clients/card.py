"""A client's card: all about one client, and everything that can be done with it (C4)."""

from aiogram.types import InlineKeyboardButton

from actors.messages.clients import ClientCard, GetClient
from bot.screens.by_hand.buttons import WriteTo
from bot.screens.clients import card_words as words
from bot.screens.clients.buttons import (
    AskDelete,
    PutAway,
    ShowCard,
    ShowClientTags,
    ShowMessages,
    ShowWhy,
)
from bot.screens.clients.hub import or_gone
from bot.screens.clients.money_buttons import ShowEdit, ShowPayments, ShowSwitches, StartRenewal
from bot.ui.buttons import Row, button, keyboard
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View

SCREEN = Screen()
WAYS = 1
"""The row with Voltar and Início."""


@SCREEN.press(ShowCard)
async def show_card(turn: Turn, pressed: ShowCard) -> View:
    """The card, or the list it was in when the client is gone."""
    return await card_at(turn, pressed.client_id, pressed.origin)


async def card_at(turn: Turn, client_id: int, origin: str) -> View:
    """The card of a client; Voltar leads to `origin`."""

    async def show() -> View:
        return card_view(await turn.ask(GetClient(client_id)), origin)

    return await or_gone(turn, origin, show())


def card_view(shown: ClientCard, origin: str) -> View:
    """The card and its buttons."""
    rows = [row for row in _rows(shown, origin) if row]
    return View(words.card(shown, len(rows) + WAYS), keyboard(*rows, back=origin))


def _rows(shown: ClientCard, origin: str) -> list[Row]:
    client_id = shown.client.id
    why = button(words.WHY_BUTTON, ShowWhy(client_id=client_id, origin=origin))
    write = button(words.WRITE_BUTTON, WriteTo(client_id=client_id, origin=origin))
    return [
        [_next_step(shown, origin), *([] if shown.client.archived else [write])],
        [
            button(words.EDIT_BUTTON, ShowEdit(client_id=client_id, origin=origin)),
            button(words.SWITCHES_BUTTON, ShowSwitches(client_id=client_id, origin=origin)),
        ],
        [
            button(words.PAYMENTS_BUTTON, ShowPayments(client_id=client_id, page=1, origin=origin)),
            button(words.TAGS_BUTTON, ShowClientTags(client_id=client_id, origin=origin)),
        ],
        [why] if shown.why_not_today else [],
        _last_row(shown, origin),
    ]


def _next_step(shown: ClientCard, origin: str) -> InlineKeyboardButton:
    client_id = shown.client.id
    if shown.client.archived:
        back_in = PutAway(client_id=client_id, away=False, origin=origin)
        return button(words.BACK_IN_BUTTON, back_in, style="primary")
    renewal = StartRenewal(client_id=client_id, origin=origin)
    return button(words.RENEW_BUTTON, renewal, style="success")


def _last_row(shown: ClientCard, origin: str) -> Row:
    client_id = shown.client.id
    away = button(words.ARCHIVE_BUTTON, PutAway(client_id=client_id, away=True, origin=origin))
    return [
        button(words.MESSAGES_BUTTON, ShowMessages(client_id=client_id, origin=origin)),
        *([] if shown.client.archived else [away]),
        button(words.DELETE_BUTTON, AskDelete(client_id=client_id, origin=origin), style="danger"),
    ]
