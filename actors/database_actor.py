"""Keeps PostgreSQL there: runs the embedded server where no address was given, opens the pools.

The pools outlive this actor's lives: they find their way back to a restarted server by themselves,
so nobody who holds the `Database` ever holds a dead one.
"""

from pathlib import Path

from actors.runtime import Actor
from errors import StorageUnavailable
from storage.database import Database
from storage.embedded import EmbeddedPostgres


class DatabaseHolder:
    """Where the rest of the tree finds the open database; it is set before anyone else starts."""

    def __init__(self) -> None:
        self._database: Database | None = None

    @property
    def database(self) -> Database:
        """The open database; raises StorageUnavailable before its first opening."""
        if self._database is None:
            raise StorageUnavailable("the database was not opened yet")
        return self._database

    async def open(self, dsn: str) -> None:
        """Migrate and connect, once."""
        if self._database is None:
            self._database = await Database.open(dsn)

    async def close(self) -> None:
        """Close the pools; everyone who used them has stopped."""
        if self._database is not None:
            await self._database.close()


class ServerEnded(Exception):
    """The embedded server ended by itself: a crash of this actor, for the supervisor to mend."""


class DatabaseActor(Actor):
    """Opens `holder`'s database at `dsn`, or at an embedded server of its own below `home`."""

    def __init__(self, holder: DatabaseHolder, *, dsn: str | None, home: Path) -> None:
        self._holder = holder
        self._dsn = dsn
        self._home = home
        self._server: EmbeddedPostgres | None = None

    async def started(self) -> None:
        """Start what must be started; a server that survived our crash is adopted."""
        if self._dsn is None:
            self._server = await EmbeddedPostgres.start(self._home)
            self.context.spawn(self._watch(self._server), name="watch server")
        await self._holder.open(self._dsn or self._server_dsn())

    async def stopping(self) -> None:
        """Let go of the server, which ends with its last user."""
        if self._server is not None:
            await self._server.stop()

    def _server_dsn(self) -> str:
        if self._server is None:
            raise StorageUnavailable("no server was started")
        return self._server.dsn

    async def _watch(self, server: EmbeddedPostgres) -> None:
        await server.wait_gone()
        raise ServerEnded
