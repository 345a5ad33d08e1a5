"""The lines of all accounts, looked at once and kept for a moment, however many screens want them.

A look takes a second where there are thousands of accounts; a page, a filter and the way back want
the same one.
"""

import asyncio
from datetime import datetime

from actors.runtime import Clock
from storage import administration
from storage.administration import LineRow
from storage.database import DispatcherConnection


class LinesKept:
    """What a look saw, so many seconds old at most."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._lines: list[LineRow] = []
        self._seen_at: float | None = None
        self._turn = asyncio.Lock()

    async def latest(self, connection: DispatcherConnection, now: datetime) -> list[LineRow]:
        """The lines; who comes while somebody looks waits for the same look."""
        async with self._turn:
            asked_at = self._clock.monotonic()
            if self._seen_at is None or asked_at - self._seen_at >= self._seconds:
                self._lines = await administration.lines(connection, now)
                self._seen_at = asked_at
            return self._lines
