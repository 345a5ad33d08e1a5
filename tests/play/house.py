"""The running bot for machines that are not async: started, restarted, under a moved clock."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

from playground.telegram import TelegramStandIn
from storage.database import Database
from tests.bot.live import NOW, Live, living

R = TypeVar("R")
FOREVER = timedelta(days=36_500)


class House:
    """One bot on one database; what is to be awaited runs on a loop of its own."""

    live: Live

    def __init__(self, dsn: str) -> None:
        self._runner = asyncio.Runner()
        self._up = asyncio.Event()
        self._move = asyncio.Event()
        self._goes_on = True
        self._life = self._runner.get_loop().create_task(self._live_on(dsn))
        self.run(self._waited())

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        """Have it done."""
        return self._runner.run(work)

    def restart(self) -> None:
        """End the bot and its tenants, and start them on what is in the database."""
        self.run(self._moved())

    def set_clock(self, now: datetime) -> None:
        """Make it `now`."""
        self.live.clock.move_to(now)

    def close(self) -> None:
        """End it for good."""
        self._goes_on = False
        self.run(self._ended())
        self._runner.close()

    async def _live_on(self, dsn: str) -> None:
        now = NOW
        database = await Database.open(dsn)
        async with TelegramStandIn() as stand_in:
            while self._goes_on:
                async with living(stand_in, database, now=now, trial=FOREVER) as self.live:
                    self._up.set()
                    await self._move.wait()
                    now = self.live.clock.now()
                self._move.clear()
        await database.close()

    async def _waited(self) -> None:
        up = asyncio.ensure_future(self._up.wait())
        await asyncio.wait({up, self._life}, return_when=asyncio.FIRST_COMPLETED)
        if self._life.done():
            up.cancel()
            await self._life
        self._up.clear()

    async def _moved(self) -> None:
        self._move.set()
        await self._waited()

    async def _ended(self) -> None:
        self._move.set()
        await self._life
