"""The machine's clock, and the playground's, which can be moved."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from actors.runtime import MovableClock, SystemClock

FAR = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("clock_type", [SystemClock, MovableClock])
async def test_the_present_is_aware_and_the_past_is_not_waited_for(
    clock_type: type[SystemClock],
) -> None:
    clock = clock_type()

    await clock.sleep_until(clock.now() - timedelta(days=1))

    assert clock.now().tzinfo is UTC


async def test_moving_the_clock_wakes_who_sleeps_until_then() -> None:
    clock = MovableClock()
    before = clock.monotonic()
    sleeping = asyncio.create_task(clock.sleep_until(FAR))
    await asyncio.sleep(0)

    clock.move_to(FAR + timedelta(seconds=1))
    await asyncio.wait_for(sleeping, timeout=5.0)

    assert clock.now() >= FAR
    assert clock.monotonic() - before < 5.0


async def test_a_clock_moved_back_makes_the_sleep_longer_not_shorter() -> None:
    clock = MovableClock()
    clock.move_to(FAR)
    sleeping = asyncio.create_task(clock.sleep_until(FAR + timedelta(days=1)))
    await asyncio.sleep(0)

    clock.move_to(FAR - timedelta(days=1))
    await asyncio.sleep(0)
    awake = sleeping.done()
    sleeping.cancel()
    await asyncio.wait({sleeping})

    assert not awake
