"""Real PostgreSQL for tests: one cluster per test process, a fresh migrated database per test."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from threading import Semaphore, Thread

import asyncpg
import psutil
import pytest

from settings import Mode
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.migrate import migrate

TEMPLATE = "emdia_template"
MADE_AHEAD = 3
# Copying the files of a small template costs a quarter of writing every page of it to the journal.
COPIED = "STRATEGY FILE_COPY"
PREFIX = "emdia-test-"
MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there has a random name and is ours alone
ROOM_BYTES = 4 * 1024**3
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Stock:
    """Migrated databases made ahead, by a thread of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._ready: SimpleQueue[str | BaseException] = SimpleQueue()
        self._room = Semaphore(MADE_AHEAD)
        self._ended = False
        self._owner = os.getpid()
        self._maker = Thread(target=asyncio.run, args=(self._make(),), daemon=True)
        self._maker.start()

    @property
    def is_ours(self) -> bool:
        """Whether its thread is of this process: a fork has none."""
        return self._owner == os.getpid()

    async def take(self) -> str:
        """The name of the next one."""
        made = await asyncio.to_thread(self._ready.get)
        self._room.release()
        if isinstance(made, BaseException):
            raise made
        return made

    def end(self) -> None:
        """Make no more."""
        self._ended = True
        self._room.release()
        self._maker.join()

    async def _make(self) -> None:
        connection = await asyncpg.connect(self._dsn)
        for number in count():
            self._room.acquire()
            if self._ended:
                break
            name = f"test_{self._owner}_ahead_{number}"
            try:
                await connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} {COPIED}")
            except asyncpg.PostgresError as error:
                self._ready.put(error)
            else:
                self._ready.put(name)
        await connection.close()


class Cluster:
    """The embedded server of this test process and the databases made in it."""

    def __init__(self, server: EmbeddedPostgres, home: Path) -> None:
        self.server = server
        self.home = home
        self._numbers = count()
        self._stock: Stock | None = None

    async def empty_database(self, template: str = "template1") -> str:
        """Make a database from `template` and return its address."""
        # The process is in the name for those that share a server by a fork.
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        await self.run(f"CREATE DATABASE {name} TEMPLATE {template} {COPIED}")
        return self.server.dsn_of(name)

    async def migrated_database(self) -> str:
        """Make a database with today's schema and return its address."""
        if self._stock is not None and self._stock.is_ours:
            return self.server.dsn_of(await self._stock.take())
        return await self.empty_database(TEMPLATE)

    @contextmanager
    def stocked(self) -> Iterator[None]:
        """Have the next databases made while a test still runs: each costs a tenth of a second."""
        self._stock = Stock(self.server.dsn)
        try:
            yield
        finally:
            self._stock.end()
            self._stock = None

    async def drop(self, dsn: str) -> None:
        """Drop a database, whoever is still connected."""
        name = dsn.partition("@/")[2].partition("?")[0]
        await self.run(f"DROP DATABASE {name} WITH (FORCE)")

    async def run(self, sql: str) -> None:
        """Run one statement as the superuser."""
        connection = await asyncpg.connect(self.server.dsn)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


def roomy_memory() -> Path | None:
    """The machine's folder in memory, if it has room for the servers of a run."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        return MEMORY
    return None


def sweep(folder: Path) -> None:
    """Remove what killed test processes left: memory does not forget by itself."""
    for left in folder.glob(f"{PREFIX}*-*"):
        if not psutil.pid_exists(int(left.name.removeprefix(PREFIX).partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def fleeting_folder() -> Iterator[Path]:
    """A walkable folder for what need not outlive the machine's power, in memory if there is room.

    PostgreSQL makes three hundred files for a database; on a disk's file system that may take it a
    third of a second.
    """
    if (memory := roomy_memory()) is not None:
        sweep(memory)
    with walkable_folder(memory) as home:
        yield home


@contextmanager
def walkable_folder(within: Path | None = None) -> Iterator[Path]:
    """A temporary folder that root's server, who runs as another user, can reach."""
    home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=within))
    home.chmod(0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home)


@asynccontextmanager
async def own_cluster() -> AsyncIterator[Cluster]:
    """A cluster for one test that kills it; others never notice."""
    with fleeting_folder() as home:
        server = await EmbeddedPostgres.start(home, durable=False)
        try:
            yield Cluster(server, home)
        finally:
            await server.stop()


async def sign_up(database: Database, *tenant_ids: int) -> None:
    """Make tenants, for tests about something else."""
    for tenant_id in tenant_ids:
        async with database.tenant(tenant_id) as tx:
            await tx.execute(
                "INSERT INTO tenants (tenant_id, name, created_at, trial_ends_at) "
                "VALUES ($1, 'Dona Maria', $2, $2)",
                tenant_id,
                NOW,
            )
            await tx.execute("INSERT INTO settings (tenant_id) VALUES ($1)", tenant_id)


@pytest.fixture(scope="session")
async def cluster() -> AsyncIterator[Cluster]:
    """The server shared by the tests of this process, holding a migrated template."""
    async with own_cluster() as made:
        await made.run(f"CREATE DATABASE {TEMPLATE}")
        await migrate(made.server.dsn_of(TEMPLATE), mode=Mode.PLAYGROUND)
        with made.stocked():
            yield made


@pytest.fixture
async def dsn(cluster: Cluster) -> AsyncIterator[str]:
    """The address of a fresh migrated database, as the superuser."""
    address = await cluster.migrated_database()
    yield address
    await cluster.drop(address)


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    """A fresh migrated database, opened."""
    opened = await Database.open(dsn)
    yield opened
    await opened.close()
