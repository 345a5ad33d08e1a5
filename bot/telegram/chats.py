"""How the chats stand, as this process knows better than what is stored.

What an update changed counts at once, for the chat's next one too; it is stored when it is closed.
"""

from dataclasses import dataclass, replace

from cachetools import LRUCache

from bot.ui.view import Spot
from domain.chats import NOTHING_SHOWN, ChatState

CHATS_REMEMBERED = 10_000


@dataclass(slots=True)
class _Known:
    """How a chat stands, and how it stood when it was stored last."""

    now: ChatState
    stored: ChatState


class Chats:
    """The states of the chats that were recalled; of any other nothing is known, or noted."""

    def __init__(self) -> None:
        self._known: LRUCache[int, _Known] = LRUCache(CHATS_REMEMBERED)

    def recall(self, chat_id: int, stored: ChatState) -> None:
        """Hear what is stored of a chat; of one that is known, we know better."""
        if chat_id not in self._known:
            self._known[chat_id] = _Known(stored, stored)

    def forget(self) -> None:
        """Know nothing any more: from now on another process may change what is stored."""
        self._known.clear()

    def asks(self, chat_id: int) -> str | None:
        """The question that typed text answers."""
        return self._state(chat_id).asks

    def ask(self, chat_id: int, asks: str | None) -> None:
        """Have typed text answer another question, or none."""
        if known := self._known.get(chat_id):
            known.now = replace(known.now, asks=asks)

    def live(self, chat_id: int) -> int | None:
        """The message whose buttons count."""
        return self._state(chat_id).live_message_id

    def show(self, chat_id: int, spot: Spot) -> None:
        """Make another message the live one."""
        if known := self._known.get(chat_id):
            known.now = ChatState(spot.message_id, spot.picture is not None, known.now.asks)

    def changed(self, chat_id: int, asks: str | None) -> ChatState | None:
        """How the chat stands, with the question that is to be stored; None when all that is."""
        known = self._known.get(chat_id)
        if known is None:
            return None
        state = replace(known.now, asks=asks)
        return None if state == known.stored else state

    def stored(self, chat_id: int, state: ChatState | None) -> None:
        """Hear that `state` is stored now; None: nothing was."""
        if state is not None and (known := self._known.get(chat_id)):
            known.stored = state

    def _state(self, chat_id: int) -> ChatState:
        known = self._known.get(chat_id)
        return NOTHING_SHOWN if known is None else known.now
