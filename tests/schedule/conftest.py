"""A database for each module; every business in it is of one test."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from storage.database import Database
from tests.postgres import Cluster
from tests.schedule.business import Business, open_business

_TENANTS = count(31_001)


@pytest.fixture(scope="module")
async def ground(cluster: Cluster) -> AsyncIterator[Database]:
    """The database of a module."""
    dsn = await cluster.migrated_database()
    database = await Database.open(dsn)
    yield database
    await database.close()
    await cluster.drop(dsn)


@pytest.fixture
async def business(ground: Database) -> Business:
    """A business that signed up yesterday, with a client who is one day late."""
    return await open_business(ground, next(_TENANTS))
