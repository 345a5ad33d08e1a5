"""Owners who do anything in any order: chat, database and model agree after every step."""

from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.play.house import House
from tests.play.machine import Machine
from tests.postgres import Cluster

pytestmark = pytest.mark.usefixtures("anyio_backend")
QUICKLY = settings(
    max_examples=8,
    stateful_step_count=15,
    deadline=None,
    database=None,
    derandomize=True,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
async def dsn(cluster: Cluster) -> AsyncIterator[str]:
    """A database for all of it."""
    made = await cluster.migrated_database()
    yield made
    await cluster.drop(made)


@pytest.fixture
def house(dsn: str) -> Iterator[House]:
    """The bot, running."""
    Machine.house = House(dsn)
    yield Machine.house
    Machine.house.close()


@pytest.mark.usefixtures("house")
def test_whatever_an_owner_does_the_books_are_right() -> None:
    run_state_machine_as_test(Machine, settings=QUICKLY)
