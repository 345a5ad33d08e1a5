"""An event loop on which time passes faster: a second of its own is a part of a real one.

Everything that waits by the loop (the bot's pace, deadlines, looks) waits less; what the machine
really does takes as long as ever. Sockets and threads work as on any loop.
"""

import asyncio
import selectors
import time


class HurriedSelector(selectors.DefaultSelector):
    """Waits `speed` times shorter than it is asked to."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait for something to happen, at most `timeout` of the loop's seconds."""
        real = timeout if timeout is None else timeout / self._speed
        return super().select(real)


class FastLoop(asyncio.SelectorEventLoop):
    """A loop whose clock runs `speed` times as fast as the machine's."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        super().__init__(HurriedSelector(speed))

    def time(self) -> float:
        """Return the loop's seconds."""
        return time.monotonic() * self._speed
