"""Guarantee 4, child specs: restart kind, strategy and significance decide who comes back."""

import asyncio
from typing import Any

import pytest

from actors.runtime import ChildSpec, Restart, Strategy, Supervisor, System
from errors import BudgetExhausted
from tests.guarantees.support import SEEDS, crash_times
from tests.unit.actors.support import (
    Add,
    Broken,
    Do,
    Stage,
    Tree,
    crash,
    outcome,
    puppet,
    stop_yourself,
)
from tests.virtual_time import VirtualClock, run_virtual, seeded


@pytest.mark.parametrize(
    ("restart", "work", "lives"),
    [
        pytest.param(Restart.PERMANENT, crash, 2, id="permanent comes back after a crash"),
        pytest.param(Restart.PERMANENT, stop_yourself, 2, id="and after a normal end"),
        pytest.param(Restart.TRANSIENT, crash, 2, id="transient comes back after a crash"),
        pytest.param(Restart.TRANSIENT, stop_yourself, 1, id="but not after a normal end"),
        pytest.param(Restart.TEMPORARY, crash, 1, id="temporary never"),
        pytest.param(Restart.TEMPORARY, stop_yourself, 1, id="never ever"),
    ],
)
def test_guarantee_4_the_restart_kind_decides_who_comes_back(
    restart: Restart, work: Any, lives: int
) -> None:
    async def main() -> tuple[int, bool]:
        stage = Stage()
        tree = await Tree().start(puppet("a", stage, restart=restart))
        await outcome(tree["a"].ask(Do(work), deadline=1.0))
        await asyncio.sleep(10.0)
        return stage.lives, "a" in tree.states()

    assert run_virtual(main) == (lives, lives == 2)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("strategy", "lives"),
    [
        pytest.param(Strategy.ONE_FOR_ONE, [1, 2, 1], id="one_for_one"),
        pytest.param(Strategy.ONE_FOR_ALL, [2, 2, 2], id="one_for_all"),
        pytest.param(Strategy.REST_FOR_ONE, [1, 2, 2], id="rest_for_one"),
    ],
)
def test_guarantee_4_the_strategy_decides_whom_a_crash_takes_along(
    strategy: Strategy, lives: list[int], seed: int
) -> None:
    async def main() -> list[int]:
        stages = [Stage(), Stage(), Stage()]
        specs = [puppet(str(number), stage) for number, stage in enumerate(stages)]
        tree = await Tree(seed=seed).start(*specs, strategy=strategy)
        await crash_times(tree, "1", 1)
        await asyncio.sleep(10.0)
        await asyncio.gather(*(tree[str(number)].ask(Add(), deadline=1.0) for number in range(3)))
        return [stage.lives for stage in stages]

    assert lives == run_virtual(main, seed=seed)


@pytest.mark.parametrize(
    ("children", "strategy"),
    [
        pytest.param([puppet("a", significant=True)], Strategy.ONE_FOR_ONE, id="significant"),
        pytest.param([puppet("a"), puppet("b")], Strategy.ONE_FOR_ALL, id="one_for_all"),
        pytest.param([puppet("a"), puppet("b")], Strategy.REST_FOR_ONE, id="rest_for_one"),
    ],
)
def test_guarantee_4_who_shares_the_fate_of_others_takes_the_supervisor_down(
    children: list[ChildSpec], strategy: Strategy
) -> None:
    async def main() -> Any:
        tree = await Tree().start(*children, strategy=strategy)
        for _ in range(6):
            await crash_times(tree, "a", 1)
            await asyncio.sleep(2.0)
        await asyncio.sleep(5.0)
        errors = [type(event.error) for event in tree.events if event.actor_id == "home"]
        return errors, await tree["a"].ask(Add(1), deadline=1.0), tree.quarantined

    assert run_virtual(main) == ([BudgetExhausted], 1, [])


def test_guarantee_4_a_significant_child_that_ends_normally_ends_its_supervisor() -> None:
    async def main() -> float:
        system = System(clock=VirtualClock(), random=seeded())
        child = puppet("a", restart=Restart.TRANSIENT, significant=True)
        supervisor = Supervisor([child])
        await system.start(ChildSpec("root", lambda: supervisor))
        await supervisor.context.children()["a"].tell(Do(stop_yourself))
        await system.wait()
        return system.clock.monotonic()

    assert run_virtual(main) == 0.0


def test_guarantee_4_a_significant_temporary_child_that_crashes_takes_its_supervisor_along() -> (
    None
):
    async def main() -> list[tuple[str, type]]:
        child = puppet("a", restart=Restart.TEMPORARY, significant=True)
        tree = await Tree().start(child)
        await crash_times(tree, "a", 1)
        await asyncio.sleep(1.0)
        return [(event.actor_id, type(event.error)) for event in tree.events]

    assert run_virtual(main) == [("a", Broken), ("home", Broken)]
