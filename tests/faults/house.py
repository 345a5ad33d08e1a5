"""A small tree of everything that holds something of the machine or of PostgreSQL, and a census.

The lease is registered, the web server listens and holds a visitor's connection, and the tenants
use the database; one may be in the middle of a transaction, which costs its connection at the end.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Self
from uuid import uuid4

import asyncpg
import psutil

from actors.charge.database_actor import DatabaseActor, DatabaseHolder
from actors.charge.lease_actor import LeaseActor
from actors.charge.standing import Charge
from actors.runtime import Actor, ChildSpec, Directory, Request, Supervisor, System, on
from playground.rig import free_port
from tests.unit.actors.support import outcome
from web.server import WebActor

READER, LISTENER, WRITER = 1, 2, 3
READERS = (READER, LISTENER)
TENANTS = (*READERS, WRITER)
NOTICED_SECONDS = 10.0
ASK_SECONDS = 30.0
OTHERS = """
    SELECT count(DISTINCT pid) AS connections, count(locktype) AS locks
    FROM pg_stat_activity LEFT JOIN pg_locks USING (pid)
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'
"""


@dataclass(frozen=True, slots=True)
class Visit(Request[int]):
    """How many tenants do you see?"""


class Tenant(Actor):
    """Uses the database; one of them listens beside its work, another writes without end."""

    def __init__(self, holder: DatabaseHolder, tenant_id: int) -> None:
        self._holder = holder
        self._tenant_id = tenant_id
        self._writing = asyncio.Event()

    async def started(self) -> None:
        """Set a timer and begin what goes on beside."""
        self.context.after(60.0, Visit())
        if self._tenant_id == LISTENER:
            self.context.spawn(asyncio.Event().wait(), name="listen")
        if self._tenant_id == WRITER:
            self.context.spawn(self._write(), name="write")
            await self._writing.wait()

    @on(Visit)
    async def visit(self, _message: Visit) -> int:
        """Look."""
        async with self._holder.database.tenant(self._tenant_id) as tx:
            return int(await tx.fetchval("SELECT count(*) FROM tenants"))

    async def _write(self) -> None:
        async with self._holder.database.tenant(self._tenant_id) as tx:
            await tx.execute("UPDATE tenants SET name = 'x' WHERE tenant_id = $1", self._tenant_id)
            self._writing.set()
            await asyncio.Event().wait()


class House:
    """One tree with all that holds something of the machine or of PostgreSQL."""

    def __init__(self, dsn: str, holder: DatabaseHolder, neighbours: Sequence[int]) -> None:
        self._holder = holder
        self._neighbours = neighbours
        self.tenants = Directory(lambda tenant_id: Tenant(holder, tenant_id))
        self.port = free_port()
        self._visits = AsyncExitStack()
        self.system = System(on_event=lambda _: None)
        charge = Charge()
        charge.parts_are_up()
        self._children = [
            ChildSpec("database", lambda: DatabaseActor(holder, dsn=dsn, home=Path())),
            ChildSpec("leases", lambda: LeaseActor(holder, uuid4(), charge)),
            self.tenants.spec(),
            ChildSpec("web", lambda: WebActor("127.0.0.1", self.port, self._checks)),
        ]

    async def __aenter__(self) -> Self:
        """Be there; nothing is started."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """See the visitor off."""
        await self._visits.aclose()

    async def open(self) -> list[int]:
        """Start, and ask every neighbour; what they saw."""
        await self.system.start(ChildSpec("root", lambda: Supervisor(self._children)))
        asking = (
            self.tenants.ask(tenant, Visit(), deadline=ASK_SECONDS) for tenant in self._neighbours
        )
        return await asyncio.gather(*asking)

    async def receive(self) -> bytes:
        """Let a visitor in, who stays; what the web server says."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._visits.callback(writer.close)
        writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return await reader.readline()

    async def _checks(self) -> dict[str, bool]:
        async with self._holder.database.dispatcher() as connection:
            return {"database": await connection.fetchval("SELECT true")}


@dataclass(frozen=True, slots=True)
class Census:
    """What there is of all that can be left behind."""

    tasks: int
    threads: int
    processes: int
    descriptors: int
    connections: int
    locks: int


@dataclass(frozen=True, slots=True)
class Watcher:
    """Counts, on a connection of its own."""

    connection: asyncpg.Connection

    async def census(self) -> Census:
        """What there is, once PostgreSQL has noticed who left."""
        with suppress(TimeoutError):
            async with asyncio.timeout(NOTICED_SECONDS):
                while (await self._others())["connections"]:
                    pass
        process, others = psutil.Process(), await self._others()
        return Census(
            tasks=len(asyncio.all_tasks()),
            threads=threading.active_count(),
            processes=len(process.children()),
            descriptors=process.num_fds(),
            connections=others["connections"],
            locks=others["locks"],
        )

    async def _others(self) -> asyncpg.Record:
        (row,) = await self.connection.fetch(OTHERS)
        return row


@asynccontextmanager
async def database_holder() -> AsyncIterator[DatabaseHolder]:
    """Where the tree finds its database, closed after it."""
    holder = DatabaseHolder()
    try:
        yield holder
    finally:
        await holder.close()


Whole = tuple[list[int], bytes, list[str]]
"""What the tenants saw, what the web server said, and which tasks were left behind."""


def undisturbed(neighbours: Sequence[int]) -> Whole:
    """What a cycle is like."""
    return [1 for _ in neighbours], b"HTTP/1.1 200 OK\r\n", []


async def cycle(dsn: str, holder: DatabaseHolder, neighbours: Sequence[int] = READERS) -> Whole:
    """Start a tree, use it, stop it."""
    async with House(dsn, holder, neighbours) as house:
        return await house.open(), await house.receive(), await house.system.stop()


async def whole_cycle(dsn: str) -> Whole:
    """The same, with pools of its own and a transaction that goes on."""
    async with database_holder() as holder:
        return await cycle(dsn, holder, TENANTS)


async def broken_cycle(
    dsn: str, holder: DatabaseHolder, after_seconds: float, neighbours: Sequence[int] = READERS
) -> list[str]:
    """Start a tree and stop it so much later, wherever it is; which tasks were left behind."""
    async with House(dsn, holder, neighbours) as house:
        opening = asyncio.create_task(outcome(house.open()))
        await asyncio.wait({opening}, timeout=after_seconds)
        left = await house.system.stop()
        await opening
        return left


async def broken_whole_cycle(dsn: str, after_seconds: float) -> list[str]:
    """The same, with pools of its own and a transaction that goes on."""
    async with database_holder() as holder:
        return await broken_cycle(dsn, holder, after_seconds, TENANTS)


async def seconds_of(work: Callable[[], Awaitable[object]]) -> float:
    """How long it takes at best."""
    took = []
    for _ in range(5):
        began = perf_counter()
        await work()
        took.append(perf_counter() - began)
    return min(took)
