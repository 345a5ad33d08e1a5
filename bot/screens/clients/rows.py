"""A client as a row of buttons, the same in every list (C3), and the ways back from its screens."""

from collections.abc import Iterable
from datetime import date

from aiogram.types import InlineKeyboardMarkup

from actors.messages.clients import ClientRow
from bot.screens.clients.buttons import ShowCard
from bot.ui.buttons import HOME, Row, bare_keyboard, button, go
from bot.ui.labels import bold_row, row_label
from bot.ui.words import BACK_BUTTON, HOME_BUTTON

ARCHIVED = "🗂"


def emoji_of(row: ClientRow) -> str:
    """How it stands, at a glance; nobody waits for an archived one."""
    return ARCHIVED if row.archived else row.status.emoji


def label_of(row: ClientRow, today: date, part: str = "") -> str:
    """The client on a button: "🟢 Ana Souza · 10/12"."""
    return row_label(emoji_of(row), row.name, row.due_on, today, part)


def title_of(row: ClientRow, today: date, *, before: str = "") -> str:
    """The client in bold in one line, safe for HTML."""
    return bold_row(emoji_of(row), row.name, row.due_on, today, before=before)


def full_title(row: ClientRow, *, before: str = "") -> str:
    """The client in bold on top of a screen of its own, the date in full."""
    return bold_row(emoji_of(row), row.name, row.due_on, row.due_on, before=before, full=True)


def client_rows(rows: Iterable[ClientRow], today: date, origin: str) -> list[Row]:
    """A row for each client; its card leads back to `origin`."""
    return [
        [button(label_of(row, today), ShowCard(client_id=row.client_id, origin=origin))]
        for row in rows
    ]


def card_keyboard(*rows: Row, client_id: int, origin: str) -> InlineKeyboardMarkup:
    """`rows`, and below them the way back to a client's card, beside the way home."""
    back = button(BACK_BUTTON, ShowCard(client_id=client_id, origin=origin))
    return bare_keyboard(*rows, [back, go(HOME_BUTTON, HOME)])
