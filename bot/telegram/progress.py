"""One message that says how far a long piece of work is, up to its result."""

import asyncio
from collections.abc import Awaitable, Callable

from actors.runtime import Clock
from bot.telegram.answered import Sheet
from bot.ui.view import Spot, View
from guards.keyed_queue import Spawn

SECONDS_BETWEEN = 2.0
"""Telegram takes about a message a second of a chat: what changes more often is left out."""

Draw = Callable[[View, Sheet], Awaitable["asyncio.Future[None]"]]


class Progress:
    """Views on one message, over `at` or at the bottom, the later in the place of the earlier."""

    def __init__(self, draw: Draw, at: Spot | None, *, clock: Clock, spawn: Spawn) -> None:
        self._draw = draw
        self._sheet = Sheet(at)
        self._clock = clock
        self._spawn = spawn
        self._drawn_at: float | None = None
        self._next: View | None = None
        self._waiting: asyncio.Task[None] | None = None
        self._taken: asyncio.Future[None] | None = None

    @property
    def has_shown(self) -> bool:
        """Whether anything was lined up."""
        return self._taken is not None

    async def show(self, view: View) -> None:
        """Line `view` up, or leave it for when it is time, unless a later one comes before."""
        wait = self._seconds_to_wait()
        if wait <= 0 and self._waiting is None:
            await self._line_up(view)
            return
        self._next = view
        if self._waiting is None:
            self._waiting = self._spawn(self._show_later(wait), "progress")

    async def end(self, view: View | None) -> "asyncio.Future[None] | None":
        """Line the result up, or, without one, what was shown last; when Telegram has that."""
        if self._waiting is not None:
            self._waiting.cancel()
        last, self._next = view or self._next, None
        if last is not None:
            await self._line_up(last)
        return self._taken

    async def _show_later(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._waiting = None
        view, self._next = self._next, None
        if view is not None:
            await self._line_up(view)

    def _seconds_to_wait(self) -> float:
        if self._drawn_at is None:
            return 0.0
        return self._drawn_at + SECONDS_BETWEEN - self._clock.monotonic()

    async def _line_up(self, view: View) -> None:
        self._drawn_at = self._clock.monotonic()
        self._taken = await self._draw(view, self._sheet)
