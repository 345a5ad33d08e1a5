"""How a chat with the bot stands: what it shows and what it asks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChatState:
    """The one message of a chat whose buttons count, and the question that typed text answers."""

    live_message_id: int | None = None
    live_has_picture: bool = False
    asks: str | None = None


NOTHING_SHOWN = ChatState()
