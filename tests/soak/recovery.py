"""How long a business takes to get on again after a fault is over."""

import asyncio
import contextlib
import time

from tests.soak.house import House
from tests.soak.server import AWAY

LOOK_SECONDS = 0.5


class Recovery:
    """Looks at the outbox all the while; one watch for each fault that is over."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._counts: dict[int, tuple[int, int]] = {}
        self._looked = asyncio.Condition()
        self._watches: set[asyncio.Task[None]] = set()
        self.worst_seconds = 0.0
        self.worst_of = ""

    async def look(self) -> None:
        """Look for ever."""
        while True:
            with contextlib.suppress(*AWAY):
                counts = await self._house.counts(self._house.day)
                async with self._looked:
                    self._counts = counts
                    self._looked.notify_all()
            await asyncio.sleep(LOOK_SECONDS)

    def over(self, kind: str, chats: list[int]) -> None:
        """The fault `kind` is over for these businesses: see when each gets on."""
        for chat in chats:
            watch = asyncio.create_task(self._watch(kind, chat, time.monotonic()))
            self._watches.add(watch)
            watch.add_done_callback(self._watches.discard)

    async def forget(self) -> None:
        """The day is over: who has not got on by now is seen as lost, not as slow."""
        for watch in tuple(self._watches):
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)

    async def _watch(self, kind: str, chat: int, since: float) -> None:
        through, left = self._counts.get(chat, (0, 0))
        if left == 0:
            return
        async with self._looked:
            await self._looked.wait_for(lambda: self._got_on(chat, through))
        if self._counts.get(chat, (0, 0))[0] > through:
            seconds = time.monotonic() - since
            if seconds > self.worst_seconds:
                self.worst_seconds, self.worst_of = seconds, kind

    def _got_on(self, chat: int, through: int) -> bool:
        now, left = self._counts.get(chat, (0, 0))
        return now > through or left == 0 or chat in self._house.cut_off
