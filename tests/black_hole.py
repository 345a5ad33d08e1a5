"""A TCP way to PostgreSQL on loopback that can swallow everything, like a host that vanished.

While swallowing, connections stay open and new ones are taken, but nothing goes either way: no
byte, no end of stream, no reset. What was on its way then arrives when the hole is closed again.
"""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

CHUNK_BYTES = 65536
RELAY = "black hole"  # the name of every task of a hole


class BlackHole:
    """Stands before the server of `dsn`, an address with a unix socket's folder."""

    def __init__(self, dsn: str) -> None:
        parts = urlsplit(dsn)
        self._database = parts.path
        self._socket = Path(parse_qs(parts.query)["host"][0], ".s.PGSQL.5432")
        self._passing = asyncio.Event()
        self._passing.set()
        self._caught = asyncio.Semaphore(0)
        self._relays: set[asyncio.Task[None]] = set()
        self._port = 0

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cut every connection."""
        self._server.close()
        for relay in self._relays:
            relay.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)

    @property
    def dsn(self) -> str:
        """The database, through here."""
        # Without TLS: asyncpg leaves a complaint behind when it is cut off while it asks for it.
        return f"postgresql://postgres@127.0.0.1:{self._port}{self._database}?sslmode=disable"

    def swallow(self) -> None:
        """Pass nothing on any more."""
        self._passing.clear()

    async def has_caught(self, count: int) -> None:
        """Wait until so many more statements (or connections to be) are held back in here."""
        for _ in range(count):
            await self._caught.acquire()

    def let_go(self) -> None:
        """Pass on again, what was held back first."""
        self._passing.set()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._keep(self._connect(reader, writer))

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._pass()
            there = await asyncio.open_unix_connection(str(self._socket))
        except (asyncio.CancelledError, OSError):
            writer.close()
            raise
        self._keep(self._pass_on(reader, there[1]))
        self._keep(self._pass_on(there[0], writer))

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(CHUNK_BYTES):
                await self._pass()
                sink.write(data)
                await sink.drain()
            await self._passing.wait()
        except ConnectionError:
            await self._passing.wait()
        finally:
            sink.close()

    async def _pass(self) -> None:
        if not self._passing.is_set():
            self._caught.release()
            await self._passing.wait()

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        relay = asyncio.create_task(work, name=RELAY)
        self._relays.add(relay)
        relay.add_done_callback(self._relays.discard)
