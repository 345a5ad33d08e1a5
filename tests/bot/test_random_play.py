"""Owners who do anything in any order: chat, database and model agree after every step."""

from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.play.dial_machine import DialMachine
from tests.play.house import House
from tests.play.machine import Machine, who_only
from tests.play.planted import (
    FAULTS,
    FAULTS_OF_THE_DAY,
    SUBTLE_FAULTS,
    Fault,
)
from tests.play.queue_machine import QueueMachine
from tests.postgres import Cluster

pytestmark = pytest.mark.usefixtures("anyio_backend", "house")
QUICKLY = settings(
    max_examples=6,
    stateful_step_count=12,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
THOROUGHLY = settings(QUICKLY, max_examples=150, stateful_step_count=50, derandomize=False)
UNTIL_FOUND = settings(
    QUICKLY, max_examples=300, stateful_step_count=25, phases=[Phase.generate], print_blob=False
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


def test_whatever_an_owner_does_the_books_are_right() -> None:
    run_state_machine_as_test(Machine, settings=settings(QUICKLY, max_examples=3))


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_however_long_it_goes_on_the_books_are_right() -> None:
    run_state_machine_as_test(Machine, settings=THOROUGHLY)


def test_whatever_an_owner_does_the_day_is_what_the_rules_say() -> None:
    run_state_machine_as_test(DialMachine, settings=QUICKLY)


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_however_long_it_goes_on_the_day_is_what_the_rules_say() -> None:
    run_state_machine_as_test(DialMachine, settings=settings(THOROUGHLY, max_examples=60))


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    found_by_playing(who_only("renew", "undo_the_last"), fault, monkeypatch)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("fault", FAULTS_OF_THE_DAY.values(), ids=FAULTS_OF_THE_DAY)
def test_a_subtle_fault_of_the_day_is_found(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    acts = ("act_on_one", "schedule_a_message", "renew", "undo_the_last")
    found_by_playing(who_only(*acts, of=QueueMachine), fault, monkeypatch)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("fault", SUBTLE_FAULTS.values(), ids=SUBTLE_FAULTS)
def test_a_subtle_fault_is_found(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    found_by_playing(Machine, fault, monkeypatch)


def found_by_playing(owner: type[Machine], fault: Fault, patch: pytest.MonkeyPatch) -> None:
    """Play until the model disagrees."""
    fault.plant(patch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(owner, settings=UNTIL_FOUND)
