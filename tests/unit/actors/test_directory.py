"""The directory in detail; guarantee 8 is proved in tests/guarantees."""

import asyncio
from typing import Any

import pytest

from errors import ActorStopped, Quarantined, StartFailed
from tests.guarantees.support import House, Slow
from tests.unit.actors.support import (
    Add,
    Broken,
    Do,
    Puppet,
    Stage,
    crash,
    outcome,
)
from tests.virtual_time import run_virtual

SEEDS = range(30)


def test_a_failed_start_reaches_all_who_wait_and_the_next_one_may_succeed() -> None:
    async def main() -> Any:
        house = await House(Slow).start()
        house.stages[1] = Stage(failing_starts=1)
        asks = [outcome(house.tenants.ask(1, Add(), deadline=60.0)) for _ in range(3)]
        failed = await asyncio.gather(*asks)
        return failed, house.system.clock.monotonic(), await house.tenants.ask(1, Add(), deadline=9)

    assert run_virtual(main) == ([StartFailed] * 3, pytest.approx(1.0), 1)


def test_a_tenant_that_cannot_live_is_quarantined_and_its_neighbour_never_notices() -> None:
    async def main() -> Any:
        house = await House().start()
        for _ in range(6):
            await outcome(house.tenants.ask(1, Do(crash), deadline=60.0))
        return (
            await outcome(house.tenants.ask(1, Add(), deadline=60.0)),
            await house.tenants.ask(2, Add(), deadline=1.0),
        )

    assert run_virtual(main) == (Quarantined, 1)


def test_a_stopped_tenant_is_woken_by_the_next_message() -> None:
    async def main() -> Any:
        house = await House().start()
        await house.tenants.ask(1, Add(5), deadline=1.0)
        await house.tenants.stop(1)
        return house.awake(), await house.tenants.ask(1, Add(1), deadline=1.0)

    assert run_virtual(main) == ([], 1)


def test_tenants_stop_all_at_once() -> None:
    async def main() -> Any:
        house = await House(Slow).start()
        await asyncio.gather(*(house.tenants.ask(t, Add(), deadline=5.0) for t in range(100)))
        began = house.system.clock.monotonic()
        left = await house.system.stop(total_seconds=10.0)
        refused = await outcome(house.tenants.ask(1, Add(), deadline=5.0))
        return house.system.clock.monotonic() - began, left, refused

    assert run_virtual(main) == (pytest.approx(1.0), [], ActorStopped)


def test_a_crash_in_the_last_words_loses_nothing() -> None:
    class BadEnd(Puppet):
        async def stopping(self) -> None:
            raise Broken

    async def main() -> Any:
        house = await House(BadEnd, idle_seconds=10.0).start()
        await house.tenants.ask(1, Add(), deadline=1.0)
        await asyncio.sleep(100.0)
        return house.awake(), await house.tenants.ask(1, Add(), deadline=1.0)

    assert run_virtual(main) == ([], 1)
