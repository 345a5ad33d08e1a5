"""The whole system in this process, between its clouds, under a clock that is moved.

Every part is the real one: the tree of the supervisor, PostgreSQL, the Node worker, the simulator
with its phones. Only the pace is that of the playground.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeVar

import asyncpg

from actors.messages.account import SignUp
from actors.messages.whatsapp import ConnectWhatsApp
from actors.runtime import Actor, ChildSpec, MovableClock, Request, Supervisor, System
from actors.telegram_actor import TelegramActor
from domain import schedule
from domain.jobs import Job
from playground.rig import Rig, read_qr, text_of
from playground.whatsapp import WhatsAppStandIn
from settings import load as load_settings
from storage import schedules
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from supervisor import TENANT, WHATSAPP, tree
from tests.bot.live import AT_ONCE
from tests.virtual_time import seeded
from wiring import Parts

R = TypeVar("R")
OWNER, NUMBER, NAME = 550_011_077, "5521977777777", "Rita"
SECONDS = 30.0
ON_ITS_WAY = """
    SELECT count(*) FROM messages
    WHERE tenant_id = $1 AND (state IN ('sending', 'sent')
        OR state IN ('queued', 'retry', 'unknown') AND not_before <= $2)
"""


class Month(Parts):
    """The parts, with a bot that need not wait for its turn."""

    def telegram(self) -> Actor:
        """The bot."""
        bot = super().telegram()
        assert isinstance(bot, TelegramActor)
        bot._limits = AT_ONCE  # noqa: SLF001 - a month of summaries in a minute
        return bot


class House:
    """What runs, and what a test may ask of it."""

    def __init__(self, rig: Rig, stack: AsyncExitStack) -> None:
        self.rig = rig
        self._stack = stack
        self._parts: Month | None = None
        self.console: asyncpg.Connection

    @property
    def phones(self) -> WhatsAppStandIn:
        """WhatsApp."""
        return self.rig.whatsapp

    async def start(self, now: datetime) -> None:
        """Start the system at `now`, and wait until it works."""
        self.rig.set_clock(now)
        parts = self._parts = Month(load_settings(self.rig.environment), TENANT, WHATSAPP)
        parts.system = System(clock=parts.clock, random=seeded(), on_event=parts.observe)
        await parts.system.start(ChildSpec("emdia", lambda: Supervisor(tree(parts))))
        await self.until(self._works, "o sistema no ar")

    async def stop(self) -> None:
        """End the system; its database stays up for who looks."""
        parts, self._parts = self._parts, None
        if parts is not None and parts.system is not None:
            await parts.system.stop(total_seconds=SECONDS)
            await parts.holder.close(SECONDS)

    async def _works(self) -> bool:
        assert self._parts is not None
        return all((await self._parts.checks()).values())

    async def open(self, server: EmbeddedPostgres) -> None:
        """Sign up, pair, and look at the database."""
        self.console = await asyncpg.connect(server.dsn)
        self._stack.push_async_callback(self.console.close)
        await self.rig.say(OWNER, "/start", NAME)
        await self.ask(SignUp(NAME, phone=f"+{NUMBER}"))
        await self.phones.add_phones([NUMBER])
        await self.ask(ConnectWhatsApp())
        shown = await self.rig.chat_shows(OWNER, 0, lambda one: one["photo"] is not None)
        picture = self.rig.telegram.control.file(shown["photo"]).data
        await self.phones.scan(NUMBER, await asyncio.to_thread(read_qr, picture))
        await self.rig.chat_shows(OWNER, 0, lambda one: "conectado" in text_of(one))

    async def ask(self, message: Request[R]) -> R:
        """Ask the business, as its screens do."""
        assert self._parts is not None
        return await self._parts.directory.ref(OWNER).ask(message, deadline=SECONDS)

    @property
    def database(self) -> Database:
        """The system's own."""
        assert self._parts is not None
        return self._parts.holder.database

    @property
    def clock(self) -> MovableClock:
        """The time."""
        assert self._parts is not None
        assert isinstance(self._parts.clock, MovableClock)
        return self._parts.clock

    def make_it(self, day: date, at: time) -> None:
        """Make it `at` of `day`, local; never earlier than it is."""
        now = schedule.instant(day, at, schedule.DEFAULT_ZONE)
        if now > self.clock.now():
            self.clock.move_to(now)

    @property
    def runs(self) -> bool:
        """Whether the system is up."""
        return self._parts is not None

    async def has_run(self, job: Job) -> None:
        """Wait until the run of `job` that is due by now is over."""
        now = self.clock.now()

        async def done() -> bool:
            async with self.database.tenant(OWNER) as tx:
                return (await schedules.of_tenant(tx))[job] > now

        await self.until(done, f"{job} de {now:%d/%m %H:%M}")

    async def settled(self) -> None:
        """Wait until nothing is on its way any more."""

        async def quiet() -> bool:
            left = await self.console.fetchval(ON_ITS_WAY, OWNER, self.clock.now())
            return bool(left == 0)

        await self.until(quiet, f"fim da fila às {self.clock.now():%d/%m %H:%M}")

    async def rows(self, sql: str, *values: object) -> Sequence[asyncpg.Record]:
        """Look into the database."""
        return await self.console.fetch(sql, OWNER, *values)

    async def until(self, happened: Callable[[], Awaitable[bool]], what: str) -> None:
        """Wait until it `happened`; raises RigFailed."""
        await self.rig.until(happened, SECONDS, what)


@asynccontextmanager
async def moved_in(home: Path, now: datetime) -> AsyncIterator[House]:
    """A business that has just been opened at `now`."""
    async with AsyncExitStack() as stack:
        rig = await stack.enter_async_context(Rig(home, clock=now))
        server = await EmbeddedPostgres.start(load_settings(rig.environment).home)
        stack.push_async_callback(server.stop)
        house = House(rig, stack)
        stack.push_async_callback(house.stop)
        await house.start(now)
        await house.open(server)
        yield house
