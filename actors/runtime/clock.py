"""Where time comes from. Nobody else asks the operating system what time it is.

`monotonic` measures, `now` dates. The playground's clock can be moved: its wall time jumps and
wakes whoever sleeps until an instant, while monotonic time, and so every deadline, is untouched.
"""

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

WALL_CHECK_SECONDS = 30.0


class Clock(Protocol):
    """Wall time, monotonic time, and sleeping on either."""

    def now(self) -> datetime:
        """Return the aware UTC instant."""
        ...

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start, never going back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait on the monotonic clock."""
        ...

    async def sleep_until(self, instant: datetime) -> None:
        """Wait on the wall clock; at once when `instant` has passed."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the aware UTC instant."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the operating system's monotonic seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop's clock."""
        await asyncio.sleep(seconds)

    async def sleep_until(self, instant: datetime) -> None:
        """Wait in short stretches, since a wall clock may be corrected meanwhile."""
        while (left := (instant - self.now()).total_seconds()) > 0:
            await self._doze(min(left, WALL_CHECK_SECONDS))

    async def _doze(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class MovableClock(SystemClock):
    """A wall clock that can be moved, forwards or back (playground)."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Return the moved instant; it runs on at normal speed."""
        return super().now() + self._offset

    def move_to(self, instant: datetime) -> None:
        """Make it `instant` now and wake every `sleep_until` to look again."""
        self._offset = instant - super().now()
        self._moved.set()
        self._moved = asyncio.Event()

    async def _doze(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._moved.wait()
