"""The button that takes an act back: under whatever did it, until its time is over (law 6)."""

from aiogram.filters.callback_data import CallbackData

from actors.messages.undo import UndoOffer
from bot.ui.buttons import Row, button
from bot.ui.words import undo_until


class PressUndo(CallbackData, prefix="un"):
    """Take an act back; `origin` is where Voltar leads after that."""

    undo_id: int
    origin: str = ""


def undo_row(offer: UndoOffer | None, origin: str = "") -> Row:
    """The row with the button; empty where there is nothing to take back."""
    if offer is None:
        return []
    return [button(undo_until(offer.until), PressUndo(undo_id=offer.undo_id, origin=origin))]
