"""An account as a row of buttons, the same in every list."""

from datetime import date

from aiogram.types import InlineKeyboardButton

from actors.messages.admin import AccountLine
from bot.screens.administration.buttons import ShowAccount
from bot.screens.administration.words import EMOJI
from bot.ui.buttons import button
from bot.ui.labels import row_label


def account_button(line: AccountLine, today: date, origin: str) -> InlineKeyboardButton:
    """An account on a button: "🟢 Conecta Bairro · 10/12"; it leads back to `origin`."""
    label = row_label(EMOJI[line.standing], line.name, line.ends_on, today)
    return button(label, ShowAccount(tenant_id=line.tenant_id, origin=origin))
