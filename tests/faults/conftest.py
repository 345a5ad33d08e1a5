"""Ways to PostgreSQL that fail, and somebody who counts what is left."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from storage.database import Database
from tests.black_hole import BlackHole
from tests.faults.house import TENANTS, Watcher
from tests.postgres import sign_up


@pytest.fixture
async def hole(dsn: str) -> AsyncIterator[BlackHole]:
    """The test's own database, through a black hole."""
    async with BlackHole(dsn) as opened:
        yield opened


@pytest.fixture
async def watcher(dsn: str, database: Database) -> AsyncIterator[Watcher]:
    """Counts the connections to the test's own database, which has the tenants of the house."""
    await sign_up(database, *TENANTS)
    await database.close()
    connection = await asyncpg.connect(dsn)
    yield Watcher(connection)
    await connection.close()
