"""What the buttons about WhatsApp say, and the places they lead to."""

from aiogram.filters.callback_data import CallbackData

from domain.deliveries import Recent

WHATSAPP = "wa"
"""How it stands."""
CONNECT = "wa_connect"
"""A QR, or the line with the device there is."""
RECONNECT = "wa_again"
NEW_QR = "wa_new"
"""Another QR although a device is linked: asks once where one is."""
PAIR_ANEW = "wa_pair"
BY_CODE = "wa_code"
"""Which number the code is for."""
TROUBLE = "wa_trouble"
ASK_DISCONNECT = "wa_off"
DISCONNECT = "wa_unlink"
TRY_OUT = "wa_test"
TRY_OTHER = "wa_test_other"
RECENT_OWNER = "w"
"""The first letter of a way back into a list of the last 24 hours."""


class AskCode(CallbackData, prefix="wc"):
    """Have a code follow for this number (E.164)."""

    phone: str


def code_for(phone: str) -> AskCode:
    """The button of a number (E.164): digits are enough."""
    return AskCode(phone=phone.removeprefix("+"))


class ShowRecent(CallbackData, prefix="wr"):
    """The messages behind a figure of the last 24 hours."""

    which: Recent
    page: int = 1


class ShowLog(CallbackData, prefix="wl"):
    """A page of what happened."""

    page: int = 1


class ShowTest(CallbackData, prefix="wt"):
    """How a test stands."""

    nonce: int
