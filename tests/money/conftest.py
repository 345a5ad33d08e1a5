"""What the tests of money share: a database, a Mercado Pago and a clock for each module."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from actors.runtime import MovableClock
from playground.mercado_pago import MercadoPagoStandIn
from storage.database import Database
from tests.money.house import House, opened
from tests.postgres import NOW, Cluster


@dataclass(frozen=True)
class Ground:
    """What outlives a test."""

    dsn: str
    database: Database
    bank: MercadoPagoStandIn
    clock: MovableClock


@pytest.fixture(scope="module")
async def ground(cluster: Cluster) -> AsyncIterator[Ground]:
    """The ground of a module."""
    dsn = await cluster.migrated_database()
    database = await Database.open(dsn)
    clock = MovableClock()
    clock.move_to(NOW)
    async with MercadoPagoStandIn(clock=clock) as bank:
        yield Ground(dsn, database, bank, clock)
    await database.close()
    await cluster.drop(dsn)


@pytest.fixture
async def house(ground: Ground) -> AsyncIterator[House]:
    """A system of its own; nobody brings webhooks until it is told to."""
    async with opened(ground.database, ground.dsn, ground.bank, ground.clock) as made:
        yield made
