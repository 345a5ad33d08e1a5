"""The one door all restarts and activations go through, shut while many actors fail together.

When more than a fifth of the actors fail within ten seconds it is not them (PostgreSQL is gone,
say): restarts pause and nobody's budget is charged. Afterwards starts are let through one by one,
ever faster, and the pause grows if they fail again. The ramp is the probe: no health check needed.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from actors.runtime.events import EventKind

if TYPE_CHECKING:
    from actors.runtime.cell import Cell
    from actors.runtime.supervision import System

WINDOW_SECONDS = 10.0
FAILED_SHARE = 0.2
FEWEST_FAILED = 20  # below this it is bad luck, not a pattern
FEWEST_FAILED_AGAIN = 5  # among the first let in after a pause
PAUSE_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 60.0
RAMP_SECONDS = 30.0
RAMP_START_PER_SECOND = 5.0
RAMP_DOUBLES_SECONDS = 5.0


class StartGate:
    """Open until failures are correlated; then a pause, then a ramp."""

    def __init__(self, system: "System") -> None:
        self._system = system
        self._failed: dict[Cell, float] = {}  # the latest failure of each, oldest first
        self._line: deque[Callable[[], None]] = deque()
        self._pump: asyncio.TimerHandle | None = None
        self._pause = PAUSE_SECONDS
        self._resumes_at: float | None = None  # None: open

    def failed(self, cell: "Cell") -> bool:
        """Take note of a failure; whether it is the actor's own."""
        now = self._system.loop.time()
        self._failed.pop(cell, None)
        self._failed[cell] = now
        while now - next(iter(self._failed.values())) > WINDOW_SECONDS:
            self._failed.pop(next(iter(self._failed)))
        count = len(self._failed)
        fewest = FEWEST_FAILED if self._resumes_at is None else FEWEST_FAILED_AGAIN
        together = count >= fewest and count > FAILED_SHARE * (count + self._system.running)
        if together and not self._is_paused(now):
            self._shut(now)
        return self._resumes_at is None

    def admit(self, start: Callable[[], None]) -> None:
        """Call `start` now, or when it is its turn."""
        self._maybe_open(self._system.loop.time())
        if self._resumes_at is None and not self._line:
            start()
        else:
            self._line.append(start)
            self._pump_later()

    @property
    def is_shut(self) -> bool:
        """Whether starts wait for their turn."""
        self._maybe_open(self._system.loop.time())
        return self._resumes_at is not None

    def _is_paused(self, now: float) -> bool:
        self._maybe_open(now)
        return self._resumes_at is not None and now < self._resumes_at

    def _maybe_open(self, now: float) -> None:
        if self._resumes_at is not None and now >= self._resumes_at + RAMP_SECONDS:
            self._resumes_at = None
            self._pause = PAUSE_SECONDS
            self._system.report(EventKind.RESUMED, "system", None)

    def _shut(self, now: float) -> None:
        if self._resumes_at is not None:
            self._pause = min(LONGEST_PAUSE_SECONDS, self._pause * 2)
        self._resumes_at = now + self._pause
        self._system.report(EventKind.PAUSED, "system", None)
        fallen, self._failed = self._failed, {}
        for cell in fallen:
            cell.pardon()
        if self._pump is not None:
            self._pump.cancel()
            self._pump = None
        self._pump_later()

    def _pump_later(self) -> None:
        if self._pump is None and self._line:
            now = self._system.loop.time()
            resumes_at = now if self._resumes_at is None else self._resumes_at
            doublings = min(RAMP_SECONDS, max(0.0, now - resumes_at)) / RAMP_DOUBLES_SECONDS
            gap = 1.0 / (RAMP_START_PER_SECOND * 2.0**doublings)
            self._pump = self._system.loop.call_at(max(now, resumes_at) + gap, self._let_one_in)

    def _let_one_in(self) -> None:
        self._pump = None
        self._maybe_open(self._system.loop.time())
        if self._line:
            self._line.popleft()()
        self._pump_later()
