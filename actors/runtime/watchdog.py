"""Ends the process when its event loop is stuck, or when its end takes too long.

Nothing inside a stuck loop can notice it, and the health check is not polled after a deploy went
live. The timer is the interpreter's own (faulthandler), in a thread that is not Python's: it goes
off also while something never lets go of the interpreter, and says where every thread stands.
"""

import asyncio
import faulthandler
from collections.abc import Callable

BEAT_SECONDS = 1.0
STUCK_SECONDS = 60.0
EXIT_STUCK = 1  # what faulthandler ends a process with
STDERR = 2
AT_ONCE_SECONDS = 0.001


class Watchdog:
    """Watches the running loop from `start` to `stop`; `on_lag` hears each beat's delay.

    One to a process, as the interpreter has one such timer.
    """

    def __init__(
        self,
        *,
        beat_seconds: float = BEAT_SECONDS,
        stuck_seconds: float = STUCK_SECONDS,
        on_lag: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._beat_seconds = beat_seconds
        self._stuck_seconds = stuck_seconds
        self._on_lag = on_lag
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to watch the loop this is called on."""
        self._beat(asyncio.get_running_loop(), None)

    def stop(self) -> None:
        """Watch no longer."""
        self._rest()
        faulthandler.cancel_dump_traceback_later()

    def end_within(self, seconds: float) -> None:
        """End the process if it is still there after so long, whatever holds it (unless `stop`)."""
        self._rest()
        _end_in(max(AT_ONCE_SECONDS, seconds))

    def _beat(self, loop: asyncio.AbstractEventLoop, due: float | None) -> None:
        _end_in(self._stuck_seconds)
        if due is not None:
            self._on_lag(max(0.0, loop.time() - due))
        due = loop.time() + self._beat_seconds
        self._timer = loop.call_at(due, self._beat, loop, due)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _end_in(seconds: float) -> None:
    faulthandler.dump_traceback_later(seconds, exit=True, file=STDERR)
