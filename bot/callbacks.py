"""What a button says when it is pressed, typed.

A button lives as long as its message, so what was once emitted stays readable: a class may gain
places but never loses one, and a field never changes its meaning (H2).
"""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


class Place(StrEnum):
    """The screens that need no more than their name."""

    HOME = "home"
    WHATSAPP = "wa"
    CONNECT = "wa_connect"
    TODAY = "today"
    HELP = "help"


class Go(CallbackData, prefix="go"):
    """Show `to` in the place of the message with the button."""

    to: Place
