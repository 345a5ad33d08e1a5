"""A process without a renewal stops by itself, and comes back by itself (I7)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from uuid import UUID, uuid4

import asyncpg
import pytest

from actors.charge.database_actor import DatabaseActor, DatabaseHolder
from actors.charge.lease_actor import LeaseActor
from actors.charge.standing import Charge
from actors.runtime import Actor, ChildSpec, Supervisor, System
from domain.charge import FENCE_SECONDS, LEASE_SECONDS, Standing
from storage import leases
from storage.database import Database
from tests.black_hole import BlackHole

NOTICED_SECONDS = 20.0


@dataclass
class Hands:
    """What a process has in hand: it says what is asked of it."""

    done: list[str] = field(default_factory=list)
    dropped: asyncio.Event = field(default_factory=asyncio.Event)
    may_finish: asyncio.Event = field(default_factory=asyncio.Event)

    async def let_go(self) -> None:
        """Finish, when it may."""
        self.done.append("asked to let go")
        await self.may_finish.wait()
        self.done.append("let go")

    async def drop_lines(self) -> None:
        """Note it."""
        self.done.append("lines dropped")
        self.dropped.set()


class Process:
    """A lease actor, its database through a black hole, and what it holds."""

    def __init__(self, hole: BlackHole) -> None:
        self.replica = uuid4()
        self.charge = Charge(Standing.COMING)
        self.hands = Hands()
        self.holder = DatabaseHolder()
        self.system = System(on_event=lambda _: None)
        self._children = [
            ChildSpec("database", lambda: DatabaseActor(self.holder, dsn=hole.dsn, home=Path())),
            ChildSpec("leases", self._leases),
        ]

    def _leases(self) -> Actor:
        return LeaseActor(self.holder, self.replica, self.charge, self.hands)

    async def start(self, *, all_up: bool = True) -> None:
        """Start."""
        await self.system.start(ChildSpec("root", lambda: Supervisor(self._children)))
        if all_up:
            self.charge.parts_are_up()

    async def stands(self, standing: Standing) -> None:
        """Wait until it stands there."""
        async with asyncio.timeout(NOTICED_SECONDS):
            while self.charge.standing is not standing:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)

    async def end(self) -> None:
        """Stop it in order."""
        await self.system.stop()
        await self.holder.close()


@pytest.fixture
async def process(hole: BlackHole, database: Database) -> AsyncIterator[Process]:
    """A process that is in charge."""
    assert database
    made = Process(hole)
    await made.start()
    await made.stands(Standing.IN_CHARGE)
    yield made
    hole.let_go()
    await made.end()


async def lease_of(console: asyncpg.Connection, replica: UUID) -> float | None:
    """How long its lease goes on, in seconds; None when it is not known."""
    left = await console.fetchval(
        "SELECT extract(epoch FROM lease_until - clock_timestamp()) FROM replicas WHERE id = $1",
        replica,
    )
    return None if left is None else float(left)


async def test_a_process_is_not_known_before_all_of_it_is_up(
    hole: BlackHole, database: Database, dsn: str
) -> None:
    console = await asyncpg.connect(dsn)
    made = Process(hole)
    await made.start(all_up=False)
    async with database.lease() as connection:
        await leases.renew(connection, uuid4())
    before = await lease_of(console, made.replica)
    made.charge.parts_are_up()
    await made.stands(Standing.IN_CHARGE)
    after = await lease_of(console, made.replica) or 0.0
    await made.end()
    released = await lease_of(console, made.replica) or 0.0
    await console.close()

    assert before is None
    assert released <= 0.0 < after <= LEASE_SECONDS


async def test_without_a_renewal_the_lines_are_dropped_and_on_its_return_the_charge_is_back(
    process: Process, hole: BlackHole
) -> None:
    renewed_at = process.charge.renewed_at or 0.0
    hole.swallow()
    await asyncio.wait_for(process.hands.dropped.wait(), NOTICED_SECONDS)
    after = monotonic() - renewed_at
    standing = process.charge.standing
    hole.let_go()
    await process.stands(Standing.IN_CHARGE)

    assert (Standing.LOST, ["lines dropped"]) == (standing, process.hands.done)
    assert FENCE_SECONDS <= after < LEASE_SECONDS


async def test_a_newer_process_waits_until_the_older_has_let_go(
    process: Process, database: Database
) -> None:
    newer = uuid4()
    async with database.lease() as connection:
        first = await leases.renew(connection, newer)
        await process.stands(Standing.SUPERSEDED)
        meanwhile = await leases.look(connection, newer)
        process.hands.may_finish.set()
        async with asyncio.timeout(NOTICED_SECONDS):
            while (await leases.look(connection, newer)).awaits:
                pass
        await leases.release(connection, newer)
    await process.stands(Standing.IN_CHARGE)

    assert [True, True] == [first.awaits, meanwhile.awaits]
    assert ["asked to let go", "let go"] == process.hands.done


async def test_a_life_that_begins_superseded_lets_go_of_what_the_last_one_did_not(
    hole: BlackHole, database: Database
) -> None:
    assert database
    made = Process(hole)
    made.charge.becomes(Standing.SUPERSEDED)
    made.hands.may_finish.set()
    await made.start()
    await made.stands(Standing.IN_CHARGE)  # the newer one is gone by now
    await made.end()

    assert ["asked to let go", "let go"] == made.hands.done


async def test_work_is_led_only_while_in_charge() -> None:
    charge, log = Charge(Standing.COMING), list[str]()
    turned = asyncio.Event()

    async def work() -> None:
        log.append("begun")
        turned.set()
        try:
            await asyncio.Event().wait()
        finally:
            log.append("ended")
            turned.set()

    def spawn(coroutine: object, *, name: str) -> asyncio.Task[None]:
        return asyncio.create_task(coroutine, name=name)  # type: ignore[arg-type]

    leading = asyncio.create_task(charge.lead(work, spawn, name="work"))
    for standing in (Standing.IN_CHARGE, Standing.SUPERSEDED, Standing.IN_CHARGE, Standing.LOST):
        charge.becomes(standing)
        await asyncio.wait_for(turned.wait(), NOTICED_SECONDS)
        turned.clear()
    leading.cancel()
    await asyncio.wait({leading})

    assert ["begun", "ended"] * 2 == log
