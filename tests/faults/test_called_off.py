"""A start that is called off, however far it came, leaves nothing behind (guarantee 6)."""

import asyncio

import psutil
import pytest

from actors.runtime import ChildSpec, Supervisor, System
from actors.whatsapp.sidecar_actor import SidecarActor
from storage.database import Database
from storage.vault import Vault, new_key
from tests.faults.house import (
    Watcher,
    broken_cycle,
    broken_whole_cycle,
    cycle,
    database_holder,
    seconds_of,
    whole_cycle,
)
from tests.unit.actors.support import outcome
from tests.virtual_time import seeded

STARTS = 1_000
WHOLE_STARTS = 200
SEED = 20261124
# Turns of the event loop: a start that is called off after so many has come a little further.
MOST_TURNS = 30
PRODUCTION = {"EMDIA_MODE": "production"}


@pytest.mark.timeout(240)
async def test_a_thousand_starts_stopped_at_any_moment_leave_nothing_behind(
    dsn: str, watcher: Watcher
) -> None:
    random = seeded(SEED)
    await whole_cycle(dsn)  # what is made once, on first use, is no leak
    before = await watcher.census()

    async with database_holder() as holder:
        whole = await seconds_of(lambda: cycle(dsn, holder))
        left = [await broken_cycle(dsn, holder, random.uniform(0, whole)) for _ in range(STARTS)]

    assert [[]] * STARTS == left
    assert before == await watcher.census()


@pytest.mark.timeout(240)
async def test_starts_stopped_while_they_open_the_database_leave_nothing_behind(
    dsn: str, watcher: Watcher
) -> None:
    random = seeded(SEED)
    whole = await seconds_of(lambda: whole_cycle(dsn))
    before = await watcher.census()

    left = [await broken_whole_cycle(dsn, random.uniform(0, whole)) for _ in range(WHOLE_STARTS)]

    assert [[]] * WHOLE_STARTS == left
    assert before == await watcher.census()


async def test_a_worker_whose_start_is_called_off_is_gone_with_it(database: Database) -> None:
    us, vault = psutil.Process(), Vault.from_ring(new_key("test"))
    worker = ChildSpec("worker", lambda: SidecarActor(database, vault, PRODUCTION))
    root = ChildSpec("root", lambda: Supervisor([worker]))
    before, others = us.num_fds(), us.children()
    left = []

    for turns in range(1, MOST_TURNS):
        system = System(on_event=lambda _: None)
        starting = asyncio.create_task(outcome(system.start(root)))
        for _ in range(turns):
            await asyncio.sleep(0)
        await system.stop()
        await starting
        left.append((us.children(), us.num_fds() - before))

    assert [(others, 0)] * len(left) == left
