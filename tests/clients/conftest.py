"""What the tests of a business's clients share: a database for each module, a business for each."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.clients.shop import Shop, open_shop
from tests.postgres import Cluster


@pytest.fixture(scope="module")
async def ground(cluster: Cluster) -> AsyncIterator[Database]:
    """The database of a module."""
    dsn = await cluster.migrated_database()
    database = await Database.open(dsn)
    yield database
    await database.close()
    await cluster.drop(dsn)


@pytest.fixture
async def shop(ground: Database) -> AsyncIterator[Shop]:
    """Two businesses; it is nine o'clock."""
    async with open_shop(ground) as made:
        yield made
