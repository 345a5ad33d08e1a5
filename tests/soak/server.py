"""A PostgreSQL of the soak's own, that can be killed, stopped, stormed and started again."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psutil

from storage.embedded import EmbeddedPostgres

APPLICATION = "soak"
ASK_SECONDS = 10.0
# The client's own error is what it makes of a line that ends between two of its steps.
AWAY = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    TimeoutError,
)
STORM_PAUSE_SECONDS = 0.2
TERMINATE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND application_name <> 'soak'
"""


class OwnPostgres:
    """The server in `home`; whoever kills it starts it again."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._server: EmbeddedPostgres | None = None
        self._changing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Start it."""
        self._server = await EmbeddedPostgres.start(self._home, durable=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop it, whatever state it was left in."""
        self.resume()
        await self.server.stop()

    @property
    def server(self) -> EmbeddedPostgres:
        """The running server."""
        assert self._server is not None
        return self._server

    @property
    def sockets(self) -> Path:
        """The folder of its socket."""
        return Path(parse_qs(urlsplit(self.server.dsn).query)["host"][0])

    async def kill(self, away_seconds: float) -> None:
        """Kill -9 of the postmaster, and a new start so much later."""
        async with self._changing:
            with contextlib.suppress(psutil.NoSuchProcess):
                psutil.Process(self.server.pid).kill()
            await self.server.wait_gone()
            await asyncio.sleep(away_seconds)
            await self.server.stop()
            self._server = await EmbeddedPostgres.start(self._home, durable=False)

    def stop(self) -> None:
        """SIGSTOP of every process of the server: connections stay open and nothing answers."""
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)

    async def storm(self, seconds: float) -> None:
        """Terminate every backend but ours, again and again."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    with contextlib.suppress(*AWAY):
                        await self.ask(TERMINATE)
                    await asyncio.sleep(STORM_PAUSE_SECONDS)

    async def ask(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """What the superuser is answered; raises one of AWAY."""
        async with self._console() as console:
            rows: list[asyncpg.Record] = await console.fetch(statement, *arguments)
            return rows

    async def write_many(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        """One statement for each of `rows`."""
        async with self._console() as console:
            await console.executemany(statement, rows)

    @asynccontextmanager
    async def _console(self) -> AsyncIterator[asyncpg.Connection]:
        settings = {"application_name": APPLICATION}
        console = await asyncpg.connect(
            self.server.dsn,
            timeout=ASK_SECONDS,
            command_timeout=ASK_SECONDS,
            server_settings=settings,
        )
        try:
            yield console
        finally:
            console.terminate()

    def _processes(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            postmaster = psutil.Process(self.server.pid)
            return [postmaster, *postmaster.children(recursive=True)]
        return []
