"""Where a soak lives: the real system as a process, its PostgreSQL behind a proxy, its clouds.

The system is started again whenever it has ended, as a platform would; an end that nobody
ordered is remembered.
"""

import asyncio
import contextlib
import signal
import time as stopwatch
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, datetime, time
from pathlib import Path

import aiohttp
import psutil

import settings
from domain import schedule
from playground.rig import Rig, RigFailed
from tests.postgres import walkable_folder
from tests.soak.log import unhandled
from tests.soak.people import Cast, Excuses
from tests.soak.proxy import Proxy
from tests.soak.server import AWAY, OwnPostgres

DAWN = time(4, 55)
COMMAND_SECONDS = 60.0
KEEP_SECONDS = 0.2
WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.1
GONE_SECONDS = 10.0
# Told to the system when it knows them: it refuses variables it does not know.
WHERE_KNOWN = {"EMDIA_MODE": "playground", "EMDIA_LOG": "json"}


class SoakRig(Rig):
    """The rig with a database of ours, which the system does not manage itself."""

    dsn = ""

    @property
    def environment(self) -> dict[str, str]:
        """What the system is told."""
        known = {name: to for name, to in WHERE_KNOWN.items() if name in settings.KNOWN_VARIABLES}
        ours = {"DATABASE_URL": self.dsn, "EMDIA_TRIAL_DAYS": "90", "EMDIA_SIDECAR_WORKERS": "2"}
        return super().environment | ours | known


class House:
    """One system under test and everything around it."""

    def __init__(self, rig: SoakRig, postgres: OwnPostgres, proxy: Proxy, cast: Cast) -> None:
        self.rig = rig
        self.postgres = postgres
        self.proxy = proxy
        self.cast = cast
        self.day = cast.days[0]
        self.unhandled: list[str] = []  # ends that nobody ordered, lines that nobody expects
        self.excuses = Excuses()
        self.cut_off: set[int] = set()  # lines that only their owner can bring back
        self._stopped: list[psutil.Process] = []
        self._ordered_end = False
        self._starting = asyncio.Lock()
        self._told = datetime.combine(self.day, DAWN, schedule.DEFAULT_ZONE)
        self._set_at = stopwatch.monotonic()

    # The clock of the story

    def now(self) -> datetime:
        """The instant of the story."""
        return datetime.fromtimestamp(
            self._told.timestamp() + stopwatch.monotonic() - self._set_at, tz=schedule.DEFAULT_ZONE
        )

    async def make_it(self, instant: datetime) -> None:
        """Move the clock, also of a system that is away."""
        self._told, self._set_at = instant, stopwatch.monotonic()
        self.rig.set_clock(instant)

        async def moved() -> bool:
            try:
                await self.rig.move_clock(self.now())
            except (RigFailed, aiohttp.ClientError, TimeoutError):
                return False
            return True

        await self.until(moved, "o relógio andar")

    # The system

    async def start(self) -> None:
        """Start the system at the story's time, and wait until it is ready."""
        async with self._starting:
            self.rig.set_clock(self.now())
            await self.rig.start()
            self._ordered_end = False
        await self.until(self._is_ready, "o sistema ficar pronto")

    async def end(self, how: signal.Signals, away_seconds: float) -> None:
        """End the system and start it again so much later."""
        process = self.rig.process
        self._ordered_end = True
        if process is not None and process.returncode is None:
            process.send_signal(how)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GONE_SECONDS * 4):
                    await process.wait()
            if process.returncode is None:
                self.unhandled.append("não terminou a tempo depois do SIGTERM")
                process.kill()
                await process.wait()
        await asyncio.sleep(away_seconds)
        await self.start()

    async def keep_alive(self) -> None:
        """Start the system again whenever it ended by itself."""
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            process = self.rig.process
            if process is None or process.returncode is None or self._ordered_end:
                continue
            self.unhandled.append(f"terminou sozinho com código {process.returncode}")
            with contextlib.suppress(RigFailed):
                await self.start()

    def workers(self) -> list[psutil.Process]:
        """The Node workers of the system."""
        process = self.rig.process
        if process is None or process.returncode is not None:
            return []
        with contextlib.suppress(psutil.NoSuchProcess):
            children = psutil.Process(process.pid).children()
            return [one for one in children if any("main.ts" in part for part in one.cmdline())]
        return []

    def itself(self) -> list[psutil.Process]:
        """The process of the system."""
        process = self.rig.process
        alive = process is not None and process.returncode is None
        return [psutil.Process(process.pid)] if process is not None and alive else []

    def stop_process(self, process: psutil.Process) -> None:
        """SIGSTOP, to be undone at the latest when all ends."""
        self._stopped.append(process)
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGSTOP)

    def resume_process(self, process: psutil.Process) -> None:
        """SIGCONT."""
        if process in self._stopped:
            self._stopped.remove(process)
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGCONT)

    def resume_all(self) -> None:
        """Leave nothing stopped behind."""
        for process in tuple(self._stopped):
            self.resume_process(process)
        self.postgres.resume()
        self.proxy.go_on()

    async def until(
        self, happened: Callable[[], Awaitable[bool]], what: str, seconds: float = WAIT_SECONDS
    ) -> None:
        """Look until it happened, whatever falls meanwhile; raises RigFailed."""
        try:
            async with asyncio.timeout(seconds):
                while not await happened():  # noqa: ASYNC110 - other processes tell nothing
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise RigFailed(f"esperei {seconds:g} s por: {what}") from None

    async def _is_ready(self) -> bool:
        try:
            await self.rig.http("GET", "/readyz")
        except (RigFailed, aiohttp.ClientError, TimeoutError):
            return False
        return True

    # What the database says

    async def counts(self, day: date) -> dict[int, tuple[int, int]]:
        """For each business, how many of the day's messages are through and how many are not."""
        rows = await self.postgres.ask(
            """SELECT tenant_id,
                      count(*) FILTER (WHERE state IN ('sent', 'delivered', 'read')) AS through,
                      count(*) FILTER (
                          WHERE state IN ('queued', 'sending', 'retry', 'unknown')) AS left_over
               FROM messages WHERE day = $1 GROUP BY tenant_id""",
            day,
        )
        return {row["tenant_id"]: (row["through"], row["left_over"]) for row in rows}

    async def jobs_done(self, job: str, instant: datetime) -> bool:
        """Whether `job` of `instant` was carried out for everybody."""
        with contextlib.suppress(*AWAY):
            (row,) = await self.postgres.ask(
                "SELECT count(*) AS due FROM schedules WHERE job = $1 AND next_due_at <= $2",
                job,
                instant,
            )
            return bool(row["due"] == 0)
        return False


@asynccontextmanager
async def moved_in(cast: Cast, gap_seconds: str, keep: Path | None) -> AsyncIterator[House]:
    """A house whose system runs, everybody paired; whatever happens, nothing is left behind."""
    async with AsyncExitStack() as stack:
        home = keep or stack.enter_context(walkable_folder())
        postgres = await stack.enter_async_context(OwnPostgres(home / "server"))
        proxy = await stack.enter_async_context(Proxy(postgres.sockets))
        clock = datetime.combine(cast.days[0], DAWN, schedule.DEFAULT_ZONE)
        rig = SoakRig(home / "emdia", clock=clock, gap_seconds=gap_seconds)
        rig.dsn = f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres?sslmode=disable"
        await stack.enter_async_context(rig)
        house = House(rig, postgres, proxy, cast)
        stack.push_async_callback(_leave, house)
        yield house


async def _leave(house: House) -> None:
    house.resume_all()
    try:
        await house.rig.stop()
    except TimeoutError:
        house.unhandled.append("não terminou a tempo no fim")
        await house.rig.kill()
    house.unhandled += unhandled(house.rig.home / "emdia.log")
