"""Room for so many pieces of work at a time; who is slow goes on without keeping a place taken.

So work that hangs costs a task until its own deadline, and nobody's turn.
"""

import asyncio
from collections.abc import Callable


class Slots:
    """`most` places. After `slow_seconds` a place is free again, whoever is still at work.

    `on_free` is called whenever a place becomes free.
    """

    def __init__(self, most: int, *, slow_seconds: float, on_free: Callable[[], None]) -> None:
        self._most = most
        self._slow_seconds = slow_seconds
        self._on_free = on_free
        self._taken: set[Slot] = set()

    @property
    def free(self) -> int:
        """How many places are free."""
        return self._most - len(self._taken)

    def take(self) -> "Slot":
        """Take a place; there may be one more than `most` if nobody looked at `free`."""
        slot = Slot(self)
        self._taken.add(slot)
        loop = asyncio.get_running_loop()
        slot.timer = loop.call_later(self._slow_seconds, self.leave, slot)
        return slot

    def leave(self, slot: "Slot") -> None:
        """Free a place, once."""
        if slot in self._taken:
            self._taken.remove(slot)
            self._on_free()
        if slot.timer is not None:
            slot.timer.cancel()


class Slot:
    """One place, held by a `with` block."""

    __slots__ = ("_slots", "timer")

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self.timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        """Be at work."""

    def __exit__(self, *_exception: object) -> None:
        """Be through."""
        self._slots.leave(self)
