"""Guarantee 10: a day passes in no time, in an order that the seed decides and repeats."""

import asyncio
import random
import time
from datetime import timedelta
from typing import Any

import pytest

from actors.directory import Directory
from actors.supervision import ChildSpec, Supervisor, System
from tests.unit.actors.support import Add, Broken, Do, Puppet, Stage, Tree, hang, outcome, puppet
from tests.virtual_time import EPOCH, NothingWillHappen, VirtualClock, run_virtual


def interleaving(seed: int) -> list[int]:
    """Return the order in which ten tasks, ready together, were run."""

    async def main() -> list[int]:
        order: list[int] = []

        async def run(number: int) -> None:
            for _ in range(3):
                await asyncio.sleep(1.0)
                order.append(number)

        await asyncio.gather(*(run(number) for number in range(10)))
        return order

    return run_virtual(main, seed=seed)


def test_the_same_seed_gives_the_same_interleaving() -> None:
    assert interleaving(7) == interleaving(7)


def test_two_hundred_seeds_give_two_hundred_interleavings() -> None:
    assert len({tuple(interleaving(seed)) for seed in range(200)}) == 200


def test_wall_and_monotonic_time_agree() -> None:
    async def main() -> Any:
        clock = VirtualClock()
        await clock.sleep_until(EPOCH + timedelta(hours=3))
        await clock.sleep(60.0)
        return clock.now() - EPOCH, clock.monotonic()

    assert run_virtual(main) == (timedelta(hours=3, minutes=1), pytest.approx(10860.0))


def test_a_deadlock_is_an_error_not_a_wait() -> None:
    with pytest.raises(NothingWillHappen):
        run_virtual(lambda: hang(Puppet(Stage())))


def test_a_day_of_a_whole_tree_passes_in_well_under_a_second() -> None:
    async def main() -> int:
        rng = random.Random(1)  # noqa: S311 -- a schedule, not a secret
        system = System(clock=VirtualClock(), random=rng, on_event=lambda _: None)
        tenants = Directory(lambda _: Puppet(Stage()))
        await system.start(ChildSpec("root", lambda: Supervisor([tenants.spec()])))
        answers = 0
        for _ in range(24 * 60):
            await asyncio.sleep(60.0)
            answers += await tenants.ask(rng.randrange(50), Add(), deadline=1.0) > 0
        await system.stop()
        return answers

    began = time.perf_counter()
    answers = run_virtual(main)
    took = time.perf_counter() - began

    assert answers == 1440
    assert took < 1.0


@pytest.mark.parametrize("seed", range(200))
def test_a_turbulent_hour_ends_in_a_tree_that_answers(seed: int) -> None:
    async def main() -> Any:
        rng = random.Random(seed)  # noqa: S311 -- a schedule, not a secret
        tree = await Tree(seed=seed).start(*(puppet(str(number)) for number in range(4)))

        async def maybe_crash(_: Puppet) -> None:
            await asyncio.sleep(rng.random())
            if rng.random() < 0.1:
                raise Broken

        for _ in range(60):
            await outcome(tree[str(rng.randrange(4))].ask(Do(maybe_crash), deadline=5.0))
            await asyncio.sleep(60.0)
        sums = [await tree[str(number)].ask(Add(0), deadline=60.0) for number in range(4)]
        left = await tree.system.stop()
        return sums, left, len(asyncio.all_tasks())

    assert run_virtual(main, seed=seed) == ([0, 0, 0, 0], [], 1)
