"""Ends the process when its event loop is stuck or its end takes too long: it is started afresh.

Nothing inside a stuck loop can notice it, and the health check is not polled after a deploy went
live. So a thread looks whether the loop still beats, and if not says where every thread stands.
"""

import asyncio
import faulthandler
import os
import threading
import time
from collections.abc import Callable

BEAT_SECONDS = 1.0
STUCK_SECONDS = 60.0
EXIT_STUCK = 70  # EX_SOFTWARE
EXIT_LATE = 75  # EX_TEMPFAIL
STDERR = 2


class Watchdog:
    """Watches the running loop from `start` to `stop`; `on_lag` hears each beat's delay."""

    def __init__(
        self,
        *,
        beat_seconds: float = BEAT_SECONDS,
        stuck_seconds: float = STUCK_SECONDS,
        on_lag: Callable[[float], None] = lambda _: None,
        end: Callable[[int], None] = os._exit,
    ) -> None:
        self._beat_seconds = beat_seconds
        self._stuck_seconds = stuck_seconds
        self._on_lag = on_lag
        self._end = end
        self._stopped = threading.Event()
        self._last_beat = time.monotonic()
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to watch the loop this is called on."""
        self._beat(asyncio.get_running_loop(), None)
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stopped.set()
        if self._timer is not None:
            self._timer.cancel()

    def end_within(self, seconds: float) -> None:
        """End the process if it is still there after so long, whatever holds it (unless `stop`)."""
        threading.Thread(target=self._await_end, args=(seconds,), daemon=True).start()

    def _await_end(self, seconds: float) -> None:
        if not self._stopped.wait(seconds):
            faulthandler.dump_traceback(file=STDERR, all_threads=True)
            self._end(EXIT_LATE)

    def _beat(self, loop: asyncio.AbstractEventLoop, due: float | None) -> None:
        self._last_beat = time.monotonic()
        if due is not None:
            self._on_lag(max(0.0, loop.time() - due))
        due = loop.time() + self._beat_seconds
        self._timer = loop.call_at(due, self._beat, loop, due)

    def _watch(self) -> None:
        while not self._stopped.wait(self._beat_seconds):
            if time.monotonic() - self._last_beat > self._stuck_seconds:
                faulthandler.dump_traceback(file=STDERR, all_threads=True)
                self._end(EXIT_STUCK)
                return
