"""Where Telegram's updates are kept until they are handled: an inbox for the bot.

Each call is a transaction of its own and may be repeated: a write that seemed to fail may have
been done.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from errors import UpdateSetAside
from storage import telegram_updates, values
from storage.database import Database
from storage.telegram_updates import OpenUpdate


class StoredInbox:
    """The inbox in PostgreSQL."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def store_update(self, update_id: int, chat_id: int, payload: Mapping[str, Any]) -> bool:
        """Keep an update; False when it was kept before.

        Raises Unstorable when PostgreSQL will never take it.
        """
        with values.storable():
            async with self._database.tenant(chat_id) as tx:
                return await telegram_updates.keep(tx, update_id, dict(payload), self._now())

    async def unhandled(self, most: int) -> Sequence[OpenUpdate]:
        """Return the oldest that are still open, in Telegram's order."""
        async with self._database.dispatcher() as connection:
            return await telegram_updates.unhandled_everywhere(connection, most)

    async def begin(self, update_id: int, chat_id: int) -> Mapping[str, Any] | None:
        """Count an attempt, before the work; one too many sets the update aside."""
        async with self._database.tenant(chat_id) as tx:
            begun = await telegram_updates.begin(tx, update_id, self._now())
        if begun is not None and begun.set_aside:
            raise UpdateSetAside(f"update {update_id}")
        return begun.payload if begun is not None else None

    async def close(self, update_id: int, chat_id: int, fault: str | None) -> None:
        """Be done with an update, keeping what was wrong with it if anything was."""
        async with self._database.tenant(chat_id) as tx:
            if fault is not None:
                await telegram_updates.failed(tx, update_id, fault)
            await telegram_updates.handled(tx, update_id, self._now())
