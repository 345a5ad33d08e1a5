"""Where what a message lacks can be filled in: the button that leads there (D4, E7)."""

from datetime import date

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from actors.messages.clients import ClientRow
from actors.messages.queue import DayMessage
from bot.screens.clients.money_buttons import EditField, ShowEdit
from bot.screens.settings.company import COMPANY
from bot.screens.settings.pix import PIX
from bot.screens.today import words
from bot.ui.buttons import Go, button
from bot.ui.labels import row_label
from domain.clients import ClientField

_FIELDS = {
    "valor": ClientField.PRICE,
    "plano": ClientField.PLAN,
    "servidor": ClientField.SERVER,
    "informacoes": ClientField.NOTES,
}
_PIX = frozenset({"pix_chave", "pix_beneficiario", "pix_copia_e_cola"})
_COMPANY = frozenset({"empresa", "empresa_telefone", "suporte"})


def filling(row: ClientRow, missing: tuple[str, ...], origin: str) -> CallbackData:
    """What the button says that leads to what is missing; the client's data where that is unsure.

    A PIX code lacks the price of the client, where everything else is there.
    """
    name = missing[0] if missing else "informacoes"
    if name in _FIELDS:
        return EditField(client_id=row.client_id, field=_FIELDS[name], origin=origin)
    if name in _PIX:
        return Go(to=PIX)
    if name in _COMPANY:
        return Go(to=COMPANY)
    return ShowEdit(client_id=row.client_id, origin=origin)


def fill_button(
    message: DayMessage, today: date, origin: str, *, style: str | None = None
) -> InlineKeyboardButton:
    """A message that waits, by its client, and what it waits for."""
    row = message.row
    label = row_label("✍️", row.name, row.due_on, today, words.lacks(message))
    return button(label, filling(row, message.missing, origin), style=style)
