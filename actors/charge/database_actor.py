"""Keeps PostgreSQL there: runs the embedded server where no address was given, opens the pools.

The pools outlive this actor's lives: they find their way back to a restarted server by themselves,
so nobody who holds the `Database` ever holds a dead one.
"""

from pathlib import Path
from random import Random
from typing import TypedDict, Unpack

from actors.runtime import Actor, Clock
from errors import StorageUnavailable
from settings import Mode
from storage.database import CLOSE_SECONDS, Database
from storage.embedded import EmbeddedPostgres
from storage.home import has_keys


class Agreed(TypedDict):
    """What is agreed on with a database before it is used."""

    mode: Mode | None
    own: bool
    keyless: bool


class DatabaseHolder:
    """Where the rest of the tree finds the open database; it is set before anyone else starts.

    It is closed by whoever runs the tree, after the tree: others use the pools until they stop.
    """

    def __init__(self) -> None:
        self._database: Database | None = None
        self._server: EmbeddedPostgres | None = None

    @property
    def database(self) -> Database:
        """The open database; raises StorageUnavailable before its first opening."""
        if self._database is None:
            raise StorageUnavailable("the database was not opened yet")
        return self._database

    async def open(self, dsn: str, clock: Clock, random: Random, **agreed: Unpack[Agreed]) -> None:
        """Migrate and connect, once; see `Database.open`."""
        if self._database is None:
            self._database = await Database.open(dsn, sleep=clock.sleep, random=random, **agreed)

    async def start_server(self, home: Path) -> EmbeddedPostgres:
        """Start the embedded server below `home`, letting go of an earlier one that ended."""
        if self._server is not None:
            await self._server.stop()
        self._server = await EmbeddedPostgres.start(home)
        return self._server

    async def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Close the pools, then let the server go: everyone who used them has stopped."""
        if self._database is not None:
            await self._database.close(seconds / 2)
        if self._server is not None:
            await self._server.stop()


class ServerEnded(Exception):
    """The embedded server ended by itself: a crash of this actor, for the supervisor to mend."""


class DatabaseActor(Actor):
    """Opens `holder`'s database at `dsn`, or at an embedded server of its own below `home`.

    A database for anything but `mode` is refused; None does not ask.
    """

    def __init__(
        self, holder: DatabaseHolder, *, dsn: str | None, home: Path, mode: Mode | None = None
    ) -> None:
        self._holder = holder
        self._dsn = dsn
        self._home = home
        self._mode = mode

    async def started(self) -> None:
        """Start what must be started; a server that survived our crash is adopted."""
        dsn = self._dsn
        if dsn is None:
            server = await self._holder.start_server(self._home)
            self.context.spawn(self._watch(server), name="watch server")
            dsn = server.dsn
        await self._holder.open(
            dsn,
            self.context.clock,
            self.context.random,
            mode=self._mode,
            own=self._dsn is None,
            keyless=self._mode is Mode.PLAYGROUND and not has_keys(self._home),
        )

    async def _watch(self, server: EmbeddedPostgres) -> None:
        await server.wait_gone()
        raise ServerEnded
