"""How far up a message of a chat stands, by what was sent below it in this life of the process."""

from collections import deque

from cachetools import LRUCache

CHATS_REMEMBERED = 10_000
FAR_UP = 3
"""So many messages below it, and it is out of sight."""


class Depth:
    """The last messages of each chat."""

    def __init__(self) -> None:
        self._last: LRUCache[int, deque[int]] = LRUCache(CHATS_REMEMBERED)

    def sent(self, chat_id: int, message_id: int) -> None:
        """A message went to the bottom."""
        self._last.setdefault(chat_id, deque(maxlen=FAR_UP)).append(message_id)

    def is_far_up(self, chat_id: int, message_id: int, live: int | None) -> bool:
        """Whether the screen the person is at stands below it, or many others do.

        Ids grow within a chat.
        """
        last = self._last.get(chat_id, ())
        below = sum(one > message_id for one in last)
        return below >= FAR_UP or (live is not None and live > message_id)
