"""Guarantee 10: time and chance are injected, so a day passes in no time and can be repeated.

The same seed gives the same interleaving; two hundred seeds give two hundred of them.
"""

import ast
import asyncio
import time
from collections.abc import Iterator

import pytest

from actors.runtime import ChildSpec, Directory, Supervisor, System
from playground.rig import ROOT
from tests.unit.actors.support import Add, Broken, Do, Note, Puppet, Stage, Tree, outcome, puppet
from tests.virtual_time import VirtualClock, run_virtual, seeded

DAY_SECONDS = 86_400
TENANTS = 50
MOST_CPU_SECONDS = 1.0
# Where time comes from, and what watches a loop that has stopped.
MAY_ASK_THE_TIME = {
    "actors/runtime/clock.py",
    "actors/runtime/watchdog.py",
    "storage/guardian.py",  # a process of its own, of no actor and no loop
}
OF_THE_MACHINE = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.monotonic",
    "time.perf_counter",
    "time.time",
}
PRODUCT = ("actors", "bot", "domain", "gateways", "guards", "storage", "web")


def history(seed: int) -> list[str]:
    """What happened in a tree of five, in order, in an unruly time."""
    stage = Stage()

    async def main() -> list[str]:
        rng = seeded(seed)
        tree = await Tree(seed=seed).start(*(puppet(str(n), stage) for n in range(5)))

        async def unruly(_: Puppet) -> None:
            await asyncio.sleep(1.0)
            if rng.random() < 0.1:
                raise Broken

        async def bother(name: str) -> None:
            for number in range(3):
                await outcome(tree[name].tell(Note(f"{name}: {number}")))
                await outcome(tree[name].ask(Do(unruly), deadline=5.0))

        await asyncio.gather(*(bother(str(n)) for n in range(5)))
        return list(stage.log)

    return run_virtual(main, seed=seed)


def test_guarantee_10_two_hundred_seeds_give_as_many_interleavings_each_repeatable() -> None:
    first = [history(seed) for seed in range(200)]
    second = [history(seed) for seed in range(200)]

    assert 200 == len({tuple(log) for log in first})
    assert first == second


class Cron(Puppet):
    """Does something every minute."""

    async def started(self) -> None:
        """Set the clock."""
        self.context.after(60.0, Do(tick))


async def tick(actor: Puppet) -> None:
    """Do the minute's work."""
    actor.stage.log.append("tick")
    actor.context.after(60.0, Do(tick))


def test_guarantee_10_a_day_of_cron_passes_in_well_under_a_second() -> None:
    stage = Stage()

    async def main() -> tuple[int, float]:
        rng = seeded(1)
        system = System(clock=VirtualClock(), random=rng, on_event=lambda _: None)
        tenants = Directory(lambda _: Puppet(Stage()))
        cron = ChildSpec("cron", lambda: Cron(stage))
        await system.start(ChildSpec("root", lambda: Supervisor([tenants.spec(), cron])))
        answers = 0
        for _ in range(DAY_SECONDS // 60):
            await asyncio.sleep(60.0)
            answers += await tenants.ask(rng.randrange(TENANTS), Add(), deadline=1.0) > 0
        await system.stop()
        return answers, round(system.clock.monotonic())

    began = time.process_time()
    answers, elapsed = run_virtual(main)
    took = time.process_time() - began

    assert (1440, DAY_SECONDS) == (answers, elapsed)
    assert stage.log.count("tick") in {1439, 1440}
    assert took < MOST_CPU_SECONDS


def uninjected(source: str) -> Iterator[str]:
    """The calls that ask the machine for the time."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in OF_THE_MACHINE:
                yield name


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("x = datetime.now(UTC)", ["datetime.now"], id="now"),
        pytest.param("x = time.monotonic()", ["time.monotonic"], id="monotonic"),
        pytest.param("x = clock.now()", [], id="an injected clock"),
    ],
)
def test_guarantee_10_time_that_is_not_injected_is_found(source: str, expected: list[str]) -> None:
    assert expected == list(uninjected(source))


def test_guarantee_10_nobody_asks_the_machine_what_time_it_is() -> None:
    files = [file for folder in PRODUCT for file in (ROOT / folder).rglob("*.py")]
    found = {
        str(file.relative_to(ROOT))
        for file in files
        for _ in uninjected(file.read_text(encoding="utf-8"))
    }

    assert set() == found - MAY_ASK_THE_TIME
