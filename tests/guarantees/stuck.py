"""A process whose event loop gets stuck, with a watchdog that looks often."""

import asyncio
import re
import threading
from collections.abc import Callable

from actors.runtime import Watchdog

BEAT_SECONDS = 0.05
STUCK_SECONDS = 0.3


def block() -> None:
    """Wait in the loop's own thread for what never comes."""
    threading.Event().wait()


def compute() -> None:
    """Hold the interpreter itself: no other thread of Python runs until this ends, in ages."""
    re.match(r"(a+)+$", "a" * 60 + "b")


def main(stick: Callable[[], None]) -> int:
    """Get stuck inside a callback."""

    async def run() -> None:
        watchdog = Watchdog(beat_seconds=BEAT_SECONDS, stuck_seconds=STUCK_SECONDS)
        watchdog.start()
        await asyncio.sleep(BEAT_SECONDS)
        stick()

    asyncio.run(run())
    return 0
