"""Whether this process is in charge, for all of its parts to know; its lease actor says so.

A part that works for everybody's sake (fetches updates, claims jobs, wakes tenants) does it by
`lead`: only while this process is in charge.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from domain.charge import Standing


class Spawn(Protocol):
    """Runs a coroutine beside its actor (`Context.spawn`)."""

    def __call__(self, coroutine: Coroutine[Any, Any, Any], *, name: str) -> "asyncio.Task[Any]":
        """Begin it."""
        ...


class Charge:
    """Where this process stands; by itself it is in charge from the first moment."""

    def __init__(self, standing: Standing = Standing.IN_CHARGE) -> None:
        self.standing = standing
        self.renewed_at: float | None = None  # the lease, by the monotonic clock
        self._changed = asyncio.Event()
        self._parts_are_up = asyncio.Event()

    @property
    def is_ours(self) -> bool:
        """Whether this process works for everybody."""
        return self.standing is Standing.IN_CHARGE

    def becomes(self, standing: Standing) -> None:
        """Stand there from now on."""
        if standing is not self.standing:
            self.standing = standing
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()

    def parts_are_up(self) -> None:
        """Say that all is started that will work: an older process need not wait for us."""
        self._parts_are_up.set()

    async def until_parts_are_up(self) -> None:
        """Wait for it; it stays so."""
        await self._parts_are_up.wait()

    async def until(self, *, ours: bool) -> None:
        """Wait until this process is in charge, or until it is not."""
        while self.is_ours is not ours:
            await self._changed.wait()

    async def lead(
        self, work: Callable[[], Coroutine[Any, Any, None]], spawn: Spawn, *, name: str
    ) -> None:
        """Do `work` whenever this process comes in charge; it is cancelled when that is over."""
        while True:
            await self.until(ours=True)
            working = spawn(work(), name=name)
            try:
                await self.until(ours=False)
            finally:
                working.cancel()
            await asyncio.wait({working})
