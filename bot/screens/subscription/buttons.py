"""What the buttons about the subscription say, and the place they lead to.

`origin` is the way back; empty, it is the account.
"""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.ui.buttons import button

SUBSCRIBE = "subscribe"
"""The PIX to pay: the one that waits, or a new one (A3)."""
SLOT = "subscription"
"""Where the PIX stands, and then what became of it."""


class Subscribe(CallbackData, prefix="pq"):
    """The PIX to pay, from a place that is not the account."""

    origin: str = ""


class CheckPaid(CallbackData, prefix="pk"):
    """Look what became of a charge."""

    charge_id: int
    origin: str = ""


class ShowPaid(CallbackData, prefix="ph"):
    """A page of the payments."""

    page: int = 1
    origin: str = ""


class ShowReceipt(CallbackData, prefix="pg"):
    """The receipt of a charge, opened from a page of the payments."""

    charge_id: int
    page: int = 1
    origin: str = ""


class TakeReceipt(CallbackData, prefix="pd"):
    """The same receipt as a file."""

    charge_id: int
    page: int = 1
    origin: str = ""


def subscribe_button(
    label: str, origin: str = "", *, style: str | None = None
) -> InlineKeyboardButton:
    """The way to the PIX from another screen, and back there."""
    return button(label, Subscribe(origin=origin), style=style)
