"""Where Telegram's updates are kept until they are handled: an inbox for the bot.

Each call is one statement and may be repeated: a write that seemed to fail may have
been done.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.chats import ChatState
from errors import UpdateSetAside
from storage import telegram_updates, values
from storage.database import Database
from storage.telegram_updates import OpenUpdate, Turn


class StoredInbox:
    """The inbox in PostgreSQL."""

    def __init__(self, database: Database, now: Callable[[], datetime], replica: UUID) -> None:
        self._database = database
        self._now = now
        self._replica = replica

    async def store_update(self, update_id: int, chat_id: int, payload: Mapping[str, Any]) -> bool:
        """Keep an update; False when it was kept before.

        Raises Unstorable when PostgreSQL will never take it.
        """
        with values.storable():
            async with self._database.alone(chat_id) as tx:
                return await telegram_updates.keep(tx, update_id, dict(payload), self._now())

    async def unhandled(self, most: int) -> Sequence[OpenUpdate]:
        """Return the oldest that are open and in no other process's hand, in Telegram's order."""
        async with self._database.dispatcher() as connection:
            return await telegram_updates.unhandled_everywhere(connection, self._replica, most)

    async def begin(self, chat_id: int, latest: int, in_hand: Sequence[int] = ()) -> Turn | None:
        """Claim the chat's oldest up to `latest`, count an attempt; one too many sets it aside.

        Those `in_hand` are passed over.
        """
        async with self._database.alone(chat_id) as tx:
            turn = await telegram_updates.begin(tx, self._replica, latest, self._now(), in_hand)
        if turn is not None and turn.set_aside:
            raise UpdateSetAside(f"update {turn.update_id}")
        return turn

    async def close(
        self, chat_id: int, faults: Mapping[int, str | None], chat: ChatState | None
    ) -> None:
        """Be done with updates, keeping what was wrong with each, and how the chat stands."""
        async with self._database.alone(chat_id) as tx:
            await telegram_updates.close(tx, faults, chat, self._now())
