"""Real PostgreSQL for tests: one cluster per test process, a fresh migrated database per test."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from settings import Mode
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.migrate import migrate

TEMPLATE = "emdia_template"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Cluster:
    """The embedded server of this test process and the databases made in it."""

    def __init__(self, server: EmbeddedPostgres, home: Path) -> None:
        self.server = server
        self.home = home
        self._numbers = count()

    async def empty_database(self, template: str = "template1") -> str:
        """Make a database from `template` and return its address."""
        # The process is in the name for those that share a server by a fork.
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        await self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.server.dsn_of(name)

    async def migrated_database(self) -> str:
        """Make a database with today's schema and return its address."""
        return await self.empty_database(TEMPLATE)

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


@contextmanager
def walkable_folder() -> Iterator[Path]:
    """A temporary folder that root's server, who runs as another user, can reach."""
    home = Path(tempfile.mkdtemp(prefix="emdia-test-"))
    home.chmod(0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home)


@asynccontextmanager
async def own_cluster() -> AsyncIterator[Cluster]:
    """A cluster for one test that kills it; others never notice."""
    with walkable_folder() as home:
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
