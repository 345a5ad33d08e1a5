"""A stop keeps its one total deadline, whoever does not cooperate (I3, guarantee 6)."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import pytest

from actors.charge.database_actor import DatabaseActor, DatabaseHolder
from actors.runtime import Actor, ChildSpec, Directory, Request, Supervisor, System, on
from errors import ActorStopped
from storage.database import Database, Limits
from supervisor import SHUTDOWN_SECONDS
from tests.black_hole import BlackHole
from tests.faults.distant import EXIT_SECONDS, DistantRig
from tests.postgres import fleeting_folder, sign_up
from tests.system.business import FIVE, NINE, Business
from tests.unit.actors.support import Do, Puppet, Stage, hang, ignore_cancellation, outcome, puppet
from tests.virtual_time import VirtualClock, run_virtual, seeded

SEEDS = range(10)

# Under virtual time: the tree alone.

TENANTS = 200
STUBBORN, BLOCKED = 13, 14


class Street:
    """Many tenants, and people who tell and ask them without end."""

    def __init__(self, rng: Random) -> None:
        self.random = rng
        self.stages: dict[int, Stage] = defaultdict(Stage)
        self.tenants = Directory(lambda tenant_id: Puppet(self.stages[tenant_id]))

    async def work(self, _: Puppet) -> int:
        """Take a moment."""
        await asyncio.sleep(self.random.random())
        return 1

    async def bother(self, tenant_id: int) -> Any:
        """Tell and ask until that is refused; the refusal."""
        answer: Any = 0
        while isinstance(answer, int):
            await outcome(self.tenants.tell(tenant_id, Do(self.work)))
            answer = await outcome(self.tenants.ask(tenant_id, Do(self.work), deadline=60.0))
        return answer


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stop_under_load_leaves_only_the_stubborn_behind_and_answers_everybody(seed: int) -> None:
    async def main() -> Any:
        rng = seeded(seed)
        street = Street(rng)
        system = System(clock=VirtualClock(), random=rng, on_event=lambda _: None)
        await system.start(ChildSpec("root", lambda: Supervisor([street.tenants.spec()])))
        asking = [asyncio.create_task(street.bother(tenant)) for tenant in [*range(TENANTS)] * 3]
        asking += [
            asyncio.create_task(outcome(street.tenants.ask(tenant, Do(work), deadline=60.0)))
            for tenant, work in ((STUBBORN, ignore_cancellation), (BLOCKED, hang))
        ]
        await asyncio.sleep(rng.uniform(2.0, 10.0))

        began = system.clock.monotonic()
        left = await system.stop(total_seconds=SHUTDOWN_SECONDS)
        took = system.clock.monotonic() - began

        unanswered = [task for task in asking if not task.done()]
        answers = {task.result() for task in asking if task.done()}
        silent = [tenant for tenant, stage in street.stages.items() if stage.log[-1] != "stopping"]
        return took, left, unanswered, answers, silent

    # A tenant has five seconds; the system then cancels once more what is left.
    expected: Any = (pytest.approx(5.1), [f"tenant {STUBBORN}"], [], {ActorStopped}, [STUBBORN])
    assert expected == run_virtual(main, seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_tree_in_which_nobody_lets_go_ends_at_the_total_deadline(seed: int) -> None:
    names = [f"stubborn {number}" for number in range(10)]

    async def main() -> Any:
        rng = seeded(seed)
        stages = {name: Stage(hang_in_stopping=rng.random() < 0.5) for name in names}
        system = System(clock=VirtualClock(), random=rng, on_event=lambda _: None)
        children = [puppet(name, stages[name]) for name in names]
        await system.start(ChildSpec("root", lambda: Supervisor(children)))
        asking = [
            asyncio.create_task(
                outcome(system.ref(name).ask(Do(ignore_cancellation), deadline=600.0))
            )
            for name in names
        ]
        await asyncio.sleep(1.0)

        began = system.clock.monotonic()
        left = await system.stop(total_seconds=SHUTDOWN_SECONDS)
        took = system.clock.monotonic() - began
        answers = await asyncio.gather(*asking)
        answered_after = system.clock.monotonic() - began
        in_time = [seconds <= SHUTDOWN_SECONDS for seconds in (took, answered_after)]
        return in_time, left, set(answers)

    assert ([True, True], names, {ActorStopped}) == run_virtual(main, seed=seed)


# With PostgreSQL behind a black hole.

WRITERS = Limits().app_connections
IN_LINE = 10


@dataclass(frozen=True, slots=True)
class Rename(Request[None]):
    """Rename the tenant, say so, and go on in the same transaction when it is time."""

    begun: asyncio.Semaphore
    go_on: asyncio.Event


class Writer(Actor):
    """A tenant with a transaction."""

    def __init__(self, holder: DatabaseHolder, tenant_id: int) -> None:
        self._holder = holder
        self._tenant_id = tenant_id

    @on(Rename)
    async def rename(self, message: Rename) -> None:
        """Write twice."""
        async with self._holder.database.tenant(self._tenant_id) as tx:
            await tx.execute("UPDATE tenants SET name = 'x' WHERE tenant_id = $1", self._tenant_id)
            message.begun.release()
            await message.go_on.wait()
            await tx.execute("UPDATE tenants SET name = 'y' WHERE tenant_id = $1", self._tenant_id)


async def test_transactions_in_a_black_hole_do_not_hold_up_the_stop(
    hole: BlackHole, database: Database
) -> None:
    tenant_ids = range(1, WRITERS + IN_LINE + 1)
    await sign_up(database, *tenant_ids)
    holder = DatabaseHolder()
    tenants = Directory(lambda tenant_id: Writer(holder, tenant_id))
    opened = ChildSpec("database", lambda: DatabaseActor(holder, dsn=hole.dsn, home=Path()))
    system = System(on_event=lambda _: None)
    await system.start(ChildSpec("root", lambda: Supervisor([opened, tenants.spec()])))
    order = Rename(asyncio.Semaphore(0), asyncio.Event())
    asking = [
        asyncio.create_task(outcome(tenants.ask(tenant_id, order, deadline=60.0)))
        for tenant_id in tenant_ids
    ]
    for _ in range(WRITERS):
        await order.begun.acquire()
    hole.swallow()
    order.go_on.set()
    await hole.has_caught(WRITERS)

    began = monotonic()
    left = await system.stop(total_seconds=SHUTDOWN_SECONDS)
    await holder.close()
    took = monotonic() - began
    answers = {task.result() if task.done() else None for task in asking}
    hole.let_go()

    assert (True, [], {ActorStopped}) == (took < SHUTDOWN_SECONDS, left, answers)
    assert {"Dona Maria"} == {await name_once_free(database, tenant) for tenant in tenant_ids}


async def name_once_free(database: Database, tenant_id: int) -> str:
    """The tenant's name; waits for whoever still has its row."""
    async with database.tenant(tenant_id) as tx:
        return str(await tx.fetchval("SELECT name FROM tenants FOR UPDATE"))


async def test_a_start_that_waits_in_a_black_hole_is_called_off_at_once(hole: BlackHole) -> None:
    holder = DatabaseHolder()
    opened = ChildSpec("database", lambda: DatabaseActor(holder, dsn=hole.dsn, home=Path()))
    system = System(on_event=lambda _: None)
    hole.swallow()
    starting = asyncio.create_task(
        outcome(system.start(ChildSpec("root", lambda: Supervisor([opened]))))
    )
    await hole.has_caught(1)

    began = monotonic()
    left = await system.stop(total_seconds=SHUTDOWN_SECONDS)
    await holder.close()
    took = monotonic() - began

    assert (True, [], ActorStopped) == (took < 1.0, left, await starting)


# The process itself.

MESSAGES = 100
CHATS = 50
FIRST_CHAT = 700_000_000


@pytest.mark.timeout(180)
async def test_the_busy_process_ends_in_time_though_postgresql_is_a_black_hole(
    hole: BlackHole, database: Database
) -> None:
    with fleeting_folder() as home:
        async with DistantRig(home, hole.dsn) as rig:
            await rig.start()
            await rig.ready()
            business = Business(rig, database)
            await business.open()
            await business.register(business.one_day_late(MESSAGES))
            await rig.move_clock(FIVE)
            await rig.until(lambda: business.has_run("verify", FIVE), 30, "05:00")
            await rig.move_clock(NINE)
            for number in range(CHATS):
                await rig.say(FIRST_CHAT + number, "/start", "Ana")
            await rig.chat_shows(FIRST_CHAT, 0, lambda shown: bool(shown["buttons"]))
            hole.swallow()
            await hole.has_caught(5)

            code, seconds = await rig.end()
            unsent = [row for row in await business.rows() if row.state == "queued"]

    assert (0, True) == (code, seconds < SHUTDOWN_SECONDS + EXIT_SECONDS)
    assert unsent, "the day was over before the stop"
