"""A circuit breaker: after failures in a row nobody is asked for a while, and then one, to see.

Our own: purgatory reads the machine's wall clock by itself, lets everybody through at once when it
is half open, and cannot be told until when the other side wants to be left alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from telemetry import BREAKER_OPENED, BREAKER_REFUSED, BREAKER_STATE, logger

LOG = logger("breaker")


class BreakerState(StrEnum):
    """Whether calls go through."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"  # one does


class Refused(Exception):
    """No call goes through now; after `seconds` one may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"for {seconds:.0f} s")
        self.seconds = seconds


class Breaker:
    """Opens for `seconds` after `failures` in a row, or for as long as it is told.

    Who calls says how it went, by `worked` or `failed`; who was called off says nothing.
    """

    def __init__(
        self, name: str, *, failures: int, seconds: float, monotonic: Callable[[], float]
    ) -> None:
        self._name, self._most, self._seconds, self._monotonic = name, failures, seconds, monotonic
        self._failures = 0
        self._open_until: float | None = None
        self._probing = False
        for state in BreakerState:  # asked when it is scraped: time alone half opens it
            gauge = BREAKER_STATE.labels(breaker=name, state=state)
            gauge.set_function(lambda state=state: float(self.state is state))  # type: ignore[misc]  # a default that binds the loop variable

    @property
    def state(self) -> BreakerState:
        """Where it stands now."""
        if self._open_until is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self._left > 0 else BreakerState.HALF_OPEN

    @contextmanager
    def call(self) -> Iterator[None]:
        """Be let through; raises Refused."""
        state = self.state
        if state is BreakerState.OPEN or (state is BreakerState.HALF_OPEN and self._probing):
            BREAKER_REFUSED.labels(breaker=self._name).inc()
            raise Refused(max(self._left, 0.0))
        probe = state is BreakerState.HALF_OPEN
        self._probing = self._probing or probe
        try:
            yield
        finally:
            self._probing = self._probing and not probe

    def worked(self) -> None:
        """A call was answered. One from before it opened says nothing of now."""
        if self.state is not BreakerState.OPEN:
            if self._open_until is not None:
                LOG.info("breaker closed", breaker=self._name)
            self._failures, self._open_until = 0, None

    def failed(self, seconds: float | None = None) -> None:
        """A call was not answered, or by a wish to be left alone for `seconds`."""
        state = self.state
        self._failures += 1
        if state is BreakerState.CLOSED and seconds is None and self._failures < self._most:
            return
        if state is BreakerState.OPEN and (seconds is None or seconds <= self._left):
            return
        self._open_until = self._monotonic() + (self._seconds if seconds is None else seconds)
        self._failures = 0
        if state is not BreakerState.OPEN:
            BREAKER_OPENED.labels(breaker=self._name).inc()
            LOG.warning("breaker opened", breaker=self._name, seconds=round(self._left))

    @property
    def _left(self) -> float:
        return (self._open_until or 0.0) - self._monotonic()
