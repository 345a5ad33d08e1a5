"""Virtual time in detail; guarantee 10 is proved in tests/guarantees."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest

from tests.unit.actors.support import Add, Broken, Do, Puppet, Stage, Tree, hang, outcome, puppet
from tests.virtual_time import EPOCH, NothingWillHappen, VirtualClock, run_virtual


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
