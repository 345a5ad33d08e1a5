"""A tree that was started and stopped leaves nothing behind (guarantee 6).

Connecting is what costs most of a cycle. So a thousand cycles share one pair of pools, and a
hundred more open their own and are stopped in the middle of a transaction.
"""

import pytest

from tests.faults.house import (
    READERS,
    TENANTS,
    Watcher,
    cycle,
    database_holder,
    undisturbed,
    whole_cycle,
)

CYCLES = 1_000
WHOLE_CYCLES = 100


@pytest.mark.timeout(240)
async def test_a_thousand_cycles_leave_nothing_behind(dsn: str, watcher: Watcher) -> None:
    await whole_cycle(dsn)  # what is made once, on first use, is no leak
    before = await watcher.census()

    async with database_holder() as holder:
        seen = [await cycle(dsn, holder) for _ in range(CYCLES)]

    assert [undisturbed(READERS)] * CYCLES == seen
    assert before == await watcher.census()


@pytest.mark.timeout(240)
async def test_a_hundred_cycles_with_pools_of_their_own_leave_nothing_behind(
    dsn: str, watcher: Watcher
) -> None:
    await whole_cycle(dsn)
    before = await watcher.census()

    seen = [await whole_cycle(dsn) for _ in range(WHOLE_CYCLES)]

    assert [undisturbed(TENANTS)] * WHOLE_CYCLES == seen
    assert before == await watcher.census()
