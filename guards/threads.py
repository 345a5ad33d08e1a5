"""Threads for what blocks: few, and one that hangs is left behind instead of waited for.

Not the loop's own: what hangs there takes a place from everybody, and holds up the end of the
process. These end with it.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from telemetry import THREADS_ABANDONED

R = TypeVar("R")


class TooManyHang(Exception):
    """As many threads as may be left behind were, so that no other is begun."""


class Busy(Exception):
    """No thread was free in time; nothing was begun, and nothing is known of the other side."""


class Threads:
    """At most `most` pieces of work at a time, and about `most_left` that nobody waits for."""

    def __init__(self, name: str, *, most: int, most_left: int) -> None:
        self._name = name
        self._places = asyncio.Semaphore(most)
        self._most_left = most_left
        self._left: set[asyncio.Future[Any]] = set()

    @property
    def left(self) -> int:
        """How many go on that nobody waits for."""
        return len(self._left)

    async def run(
        self,
        work: Callable[[], R],
        *,
        seconds: float,
        wait_seconds: float,
        on_late: Callable[[], None],
    ) -> R:
        """What `work` returns; it has `seconds`, after `wait_seconds` for a thread at most.

        `on_late` is called in the loop when nobody waits any more: it may make `work` end.

        Raises:
            TimeoutError: it took longer; it may go on.
            Busy, TooManyHang: nothing was begun.
            Exception: what `work` raised.
        """
        self._check()
        try:
            async with asyncio.timeout(wait_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise Busy(self._name) from None
        try:
            self._check()  # others were left behind meanwhile
            async with asyncio.timeout(seconds):
                return await self._outcome(work, on_late)
        finally:
            self._places.release()

    async def _outcome(self, work: Callable[[], R], on_late: Callable[[], None]) -> R:
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[R] = loop.create_future()
        arguments = (work, outcome, loop)
        thread = threading.Thread(
            target=self._carry_out, args=arguments, name=self._name, daemon=True
        )
        try:
            thread.start()
        except RuntimeError as full:  # the machine gives no more of them
            raise TooManyHang(self._name) from full
        try:
            return await outcome
        except asyncio.CancelledError:
            if outcome.cancelled():
                self._left.add(outcome)
                self._count()
            on_late()
            raise

    def _check(self) -> None:
        if self.left >= self._most_left:
            raise TooManyHang(self._name)

    def _carry_out(
        self, work: Callable[[], R], outcome: asyncio.Future[R], loop: asyncio.AbstractEventLoop
    ) -> None:
        """Be the thread."""
        settle: tuple[Callable[[Any], None], Any]
        try:
            settle = (outcome.set_result, work())
        except Exception as error:  # noqa: BLE001 - it belongs to whoever waits
            settle = (outcome.set_exception, error)
        with suppress(RuntimeError):  # the loop is gone, and whoever waited
            loop.call_soon_threadsafe(self._ended, outcome, *settle)

    def _ended(
        self, outcome: asyncio.Future[Any], settle: Callable[[Any], None], what: Any
    ) -> None:
        self._left.discard(outcome)
        self._count()
        if not outcome.done():
            settle(what)

    def _count(self) -> None:
        THREADS_ABANDONED.labels(pool=self._name).set(self.left)
