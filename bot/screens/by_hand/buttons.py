"""What the buttons about messages by hand say."""

from aiogram.filters.callback_data import CallbackData

SCHEDULED = "scheduled"
"""All that is scheduled, and what did not go."""
HAND_OWNER = "H"
"""The first letter of a way back into what is scheduled for a client."""
ONE_OWNER = "Q"
"""The first letter of a way back to one message."""
SCHEDULED_BUTTON = "🗓 Agendadas"


class WriteTo(CallbackData, prefix="bw"):
    """Write a message to a client."""

    client_id: int
    origin: str = ""


class ShowScheduled(CallbackData, prefix="bs"):
    """A page of what is scheduled: for a client, for all where that is 0."""

    client_id: int = 0
    page: int = 1
    origin: str = ""


class ShowHand(CallbackData, prefix="bo"):
    """One message by hand; `of_client`: out of that page of the client's list, else of all."""

    message_id: int
    of_client: bool = False
    page: int = 1
    origin: str = ""


class ChangeHand(CallbackData, prefix="be"):
    """Ask for another text (t) or another time (w) of a message."""

    message_id: int
    what: str
    of_client: bool = False
    page: int = 1
    origin: str = ""


class CancelHand(CallbackData, prefix="bx"):
    """Let a message not go."""

    message_id: int
    of_client: bool = False
    page: int = 1
    origin: str = ""
