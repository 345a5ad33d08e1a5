"""A tree that was started and stopped leaves nothing behind (guarantee 6).

Opening the pools is what costs most of a cycle, so a thousand cycles share one database, and a
hundred more open their own.
"""

import pytest

from tests.faults.house import UNDISTURBED, Watcher, cycle, database_holder, whole_cycle

CYCLES = 1_000
WHOLE_CYCLES = 100


@pytest.mark.timeout(240)
async def test_a_thousand_cycles_leave_nothing_behind(dsn: str, watcher: Watcher) -> None:
    await whole_cycle(dsn)  # what is made once, on first use, is no leak
    before = await watcher.census()

    async with database_holder() as holder:
        seen = [await cycle(dsn, holder) for _ in range(CYCLES)]

    assert [UNDISTURBED] * CYCLES == seen
    assert before == await watcher.census()


@pytest.mark.timeout(240)
async def test_a_hundred_cycles_with_pools_of_their_own_leave_nothing_behind(
    dsn: str, watcher: Watcher
) -> None:
    await whole_cycle(dsn)
    before = await watcher.census()

    seen = [await whole_cycle(dsn) for _ in range(WHOLE_CYCLES)]

    assert [UNDISTURBED] * WHOLE_CYCLES == seen
    assert before == await watcher.census()
