"""A pooler as operators meet them: between us and PostgreSQL, with a mind of its own.

It stands before a server on a unix socket. It drops what a connection asks for at its start, or
refuses it, or lets connections take turns at a few of its own, one transaction each.
"""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

CHUNK_BYTES = 65536
LENGTH_BYTES = 4
VERSION_BYTES = 4
READY_FOR_QUERY = b"Z"
IDLE = b"I"
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
KEPT = ("user", "database")


class Pooler:
    """Stands before the server of `dsn`. `refuses` answers the unknown instead of dropping it."""

    def __init__(self, dsn: str, *, refuses: bool = False) -> None:
        parts = urlsplit(dsn)
        self._database = parts.path
        self._socket = Path(parse_qs(parts.query)["host"][0], ".s.PGSQL.5432")
        self._refuses = refuses
        self._relays: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
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
        for writer in self._writers:
            writer.close()
        await asyncio.sleep(0)  # a transport closes in the next turn of the loop

    @property
    def dsn(self) -> str:
        """The database, through here."""
        return f"postgresql://postgres@127.0.0.1:{self._port}{self._database}?sslmode=disable"

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relay = asyncio.create_task(self._serve(reader, writer))
        self._relays.add(relay)
        relay.add_done_callback(self._relays.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            try:
                asked = await read_startup(reader)
                if self._refuses and asked.keys() - set(KEPT) - {"client_encoding"}:
                    writer.write(fatal("08P01", "unsupported startup parameter"))
                    await writer.drain()
                    return
                await self.relay({name: asked[name] for name in KEPT}, reader, writer)
            finally:
                writer.close()

    async def relay(
        self, asked: dict[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Join the client to a connection of its own."""
        there = await self.reach(asked)
        ways = [
            asyncio.ensure_future(pass_on(reader, there[1])),
            asyncio.ensure_future(pass_on(there[0], writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            there[1].close()

    async def reach(self, asked: dict[str, str]) -> Ends:
        """Open a connection to PostgreSQL."""
        there = await asyncio.open_unix_connection(str(self._socket))
        self._writers.append(there[1])
        there[1].write(startup(asked))
        return there


class TransactionPooler(Pooler):
    """Lets its clients take turns, a transaction each; `newest_first` as pgbouncer does."""

    def __init__(self, dsn: str, *, newest_first: bool = True) -> None:
        super().__init__(dsn)
        self._newest_first = newest_first
        self._idle: list[Ends] = []

    async def relay(
        self, asked: dict[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Give each transaction of the client whatever connection is free, or a new one."""
        there = await self._connect(asked, writer)
        self._idle.append(there)
        while first := await reader.read(CHUNK_BYTES):
            there = (
                self._idle.pop(-1 if self._newest_first else 0)
                if self._idle
                else await self._connect(asked, None)
            )
            await self._carry(first, reader, writer, there)
            self._idle.append(there)

    async def _carry(
        self,
        first: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: Ends,
    ) -> None:
        there[1].write(first)
        going = asyncio.ensure_future(pass_on(reader, there[1]))
        try:
            while not await answered(there[0], writer):
                pass
        finally:
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)

    async def _connect(self, asked: dict[str, str], writer: asyncio.StreamWriter | None) -> Ends:
        there = await self.reach(asked)
        while not await answered(there[0], writer):
            pass
        return there


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter | None) -> bool:
    """Pass one message of the server on; whether it says that no transaction is open."""
    head = await reader.readexactly(1 + LENGTH_BYTES)
    body = await reader.readexactly(int.from_bytes(head[1:], "big") - LENGTH_BYTES)
    if writer is not None:
        writer.write(head + body)
    return (READY_FOR_QUERY, IDLE) == (head[:1], body[:1])


async def read_startup(reader: asyncio.StreamReader) -> dict[str, str]:
    """What a connection asks for at its start."""
    length = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
    words = (await reader.readexactly(length - LENGTH_BYTES))[VERSION_BYTES:].split(b"\0")
    pairs = zip(words[::2], words[1::2], strict=False)
    return {name.decode(): value.decode() for name, value in pairs if name}


def startup(asked: dict[str, str]) -> bytes:
    """The first message of protocol 3.0."""
    body = (3 << 16).to_bytes(4, "big")
    body += b"".join(f"{name}\0{value}\0".encode() for name, value in asked.items()) + b"\0"
    return (len(body) + LENGTH_BYTES).to_bytes(LENGTH_BYTES, "big") + body


def fatal(code: str, text: str) -> bytes:
    """An error that ends the connection."""
    body = f"SFATAL\0VFATAL\0C{code}\0M{text}\0\0".encode()
    return b"E" + (len(body) + LENGTH_BYTES).to_bytes(LENGTH_BYTES, "big") + body


async def pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Carry one way until it ends."""
    while data := await source.read(CHUNK_BYTES):
        sink.write(data)
        await sink.drain()
