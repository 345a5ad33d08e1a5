"""A bot with one deadly command, as a process of its own: `/hoje` is its end, all else is answered.

It takes updates from PostgreSQL and the Telegram stand-in as the product does; only what its
tenants do is different.
"""

import asyncio
import os
import signal
from uuid import uuid4

import telemetry
from actors.messages.account import Access, GetAccess
from actors.messages.home import GetHome, HomeView
from actors.messages.queue import GetToday, TodayView
from actors.runtime import Actor, ChildSpec, Directory, Supervisor, System, SystemClock, on
from actors.telegram_actor import TelegramActor
from bot.telegram.client import make_bot
from domain.subscription import Standing
from settings import PLAYGROUND_TOKEN
from storage.database import Database
from storage.telegram_inbox import StoredInbox
from tests.bot.support import Script

WORK_SECONDS = 0.2  # what an ordinary answer takes


class Deadly(Actor):
    """A tenant whose day is the end of the process."""

    @on(GetToday)
    async def get_today(self, _message: GetToday) -> TodayView:
        """Die as a process dies that the kernel kills: no last words."""
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    @on(GetAccess)
    async def get_access(self, _message: GetAccess) -> Access:
        """Let everybody in."""
        return Access(Standing.TRIAL)

    @on(GetHome)
    async def get_home(self, _message: GetHome) -> HomeView:
        """Work for a moment and answer."""
        await self.context.clock.sleep(WORK_SECONDS)
        return Script().home


def main(dsn: str, telegram: str) -> int:
    """Run until killed."""
    telemetry.configure("info")
    asyncio.run(_run(dsn, telegram))
    return 0


async def _run(dsn: str, telegram: str) -> None:
    database = await Database.open(dsn)
    tenants = Directory(lambda _: Deadly())
    bot = ChildSpec(
        "telegram",
        lambda: TelegramActor(
            lambda: make_bot(PLAYGROUND_TOKEN, telegram),
            StoredInbox(database, SystemClock().now, uuid4()),
            tenants,
        ),
    )
    await System().run(ChildSpec("root", lambda: Supervisor([tenants.spec(), bot])))
