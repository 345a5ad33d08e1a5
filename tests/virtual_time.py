"""An event loop whose clock jumps, and which runs what is ready in a seeded random order.

A day passes as soon as nobody has anything to do but wait for it. The same seed gives the same
interleaving; another seed gives another one, so a test run over many seeds tries many schedules.
Only for code without threads and sockets: what waits for nothing in this process never comes.
"""

import asyncio
import random
import selectors
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

R = TypeVar("R")

EPOCH = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


class NothingWillHappen(RuntimeError):
    """Everybody waits for somebody: a deadlock."""


class ShuffledReady(deque[Any]):
    """The loop's queue of ready callbacks, served in random order."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._random = rng

    def popleft(self) -> Any:
        """Return any of those that are ready."""
        if len(self) > 1:
            self.rotate(self._random.randrange(len(self)))
        return super().popleft()


class JumpingSelector(selectors.SelectSelector):
    """Waits for nothing: time jumps instead."""

    elapsed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Let `timeout` seconds have passed."""
        events = super().select(0)
        if not events:
            if timeout is None:
                raise NothingWillHappen
            self.elapsed += timeout
        return events


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop that takes no time."""

    def __init__(self, seed: int = 0) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)
        self._ready = ShuffledReady(random.Random(seed))  # noqa: S311 -- a schedule, not a secret

    def time(self) -> float:
        """Return the virtual seconds since the loop was made."""
        return self._jumping.elapsed


class VirtualClock:
    """The wall and monotonic clock that belong to a virtual-time loop."""

    def __init__(self, start: datetime = EPOCH) -> None:
        self._loop = asyncio.get_running_loop()
        self._start = start

    def now(self) -> datetime:
        """Return the aware UTC instant."""
        return self._start + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        """Return the loop's seconds."""
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Wait on the loop's clock."""
        await asyncio.sleep(seconds)

    async def sleep_until(self, instant: datetime) -> None:
        """Wait for `instant`."""
        await asyncio.sleep((instant - self.now()).total_seconds())


def seeded(seed: int = 0) -> random.Random:
    """Randomness that is the same in every run: without it no run can be repeated."""
    return random.Random(seed)  # noqa: S311 -- jitter, not a secret


def run_virtual(main: Callable[[], Coroutine[Any, Any, R]], *, seed: int = 0) -> R:
    """Run `main` to its end under virtual time, in the interleaving of `seed`."""
    with asyncio.Runner(loop_factory=lambda: VirtualTimeLoop(seed)) as runner:
        return runner.run(main())
