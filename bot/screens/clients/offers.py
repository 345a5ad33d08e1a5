"""The message that a registration or a renewal offers to send: shown first, then sent (C8)."""

from datetime import datetime

from aiogram.types import InlineKeyboardButton

from actors.messages.clients import GetClient, Queued, SendToClient
from bot.screens.clients.buttons import ShowCard
from bot.screens.clients.money_buttons import SendNow
from bot.ui.buttons import button, keyboard
from bot.ui.labels import bold_row, cut_name
from bot.ui.measure import fits, label_width
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import safe
from domain.names import first_name
from domain.reminders import Kind

SCREEN = Screen()
MOST_CHARACTERS = 1_500
SEND_BUTTON = "💬 Mandar agora"
_LETTERS = {Kind.RENEWAL: "r", Kind.WELCOME: "w"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_SENT = {Kind.RENEWAL: "A mensagem de renovação", Kind.WELCOME: "A mensagem de boas-vindas"}


@SCREEN.press(SendNow)
async def send_now(turn: Turn, pressed: SendNow) -> View:
    """Send it; once, however often that is pressed (E6)."""
    kind = _KINDS.get(pressed.kind, Kind.RENEWAL)
    queued = await turn.ask(SendToClient(pressed.client_id, kind))
    card = await turn.ask(GetClient(pressed.client_id))
    row = card.row
    text = "\n".join(
        [
            bold_row(row.status.emoji, row.name, row.due_on, card.today),
            "",
            sent_words(kind, queued, card.today == queued.at.date()),
        ]
    )
    see = see_button(row.client_id, row.name, pressed.origin)
    return View(text, keyboard([see], back=pressed.origin), toast="💬 Está na fila")


def sent_words(kind: Kind, queued: Queued, today: bool) -> str:
    """When a message goes, and what holds it."""
    if queued.held is not None:
        return f"🕒 <b>{_SENT[kind]} espera.</b>\n{safe(queued.held)}"
    return f"💬 <b>{_SENT[kind]} está na fila</b>, {_when(queued.at, today)}."


def with_offer(text: str, question: str, preview: str, rows: int) -> str:
    """`text`, a question, and below it the message as the client would read it.

    With so many `rows` of buttons, what does not fit on one phone is opened by a touch.
    """
    shown = preview if len(preview) <= MOST_CHARACTERS else f"{preview[:MOST_CHARACTERS]}…"
    asked = f"{text}\n\n<b>{question}</b>\n"
    whole = f"{asked}<blockquote>{safe(shown)}</blockquote>"
    if fits(whole, rows, pinned=True):
        return whole
    return f"{asked}<blockquote expandable>{safe(shown)}</blockquote>"


def send_button(client_id: int, kind: Kind, origin: str) -> InlineKeyboardButton:
    """The button that sends it."""
    pressed = SendNow(client_id=client_id, kind=_LETTERS[kind], origin=origin)
    return button(SEND_BUTTON, pressed, style="primary")


def see_button(client_id: int, name: str, origin: str) -> InlineKeyboardButton:
    """The button that leads to a client's card."""
    label = cut_name(f"👤 Ver {first_name(name)}", label_width(2))
    return button(label, ShowCard(client_id=client_id, origin=origin))


def _when(at: datetime, today: bool) -> str:
    return f"para as {at:%H:%M}" if today else f"para {at:%d/%m} às {at:%H:%M}"
