"""What the buttons about the owner's data say."""

from aiogram.filters.callback_data import CallbackData

from actors.messages.data import Format

DATA = "data"
"""The screen of everything about the owner's data."""
ERASE = "erase"
"""The screen that asks before the account is deleted."""


class TakeAll(CallbackData, prefix="da"):
    """Hand everything over."""

    format: Format


class ShowTrail(CallbackData, prefix="dt"):
    """Who did what."""

    page: int = 1
