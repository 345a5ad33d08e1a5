"""Guarantee 9: a loop that is stuck ends the process; one that is only busy does not."""

import asyncio
import threading

from actors.watchdog import EXIT_STUCK, Watchdog


async def test_a_stuck_loop_ends_the_process() -> None:
    ended = threading.Event()
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    watchdog = Watchdog(beat_seconds=0.01, stuck_seconds=0.05, end=end)
    watchdog.start()
    ended.wait(timeout=30.0)
    watchdog.stop()

    assert codes == [EXIT_STUCK]


async def test_a_loop_that_beats_is_left_alone_and_its_lag_is_told() -> None:
    beaten = asyncio.Event()
    lags: list[float] = []
    codes: list[int] = []

    def hear(lag: float) -> None:
        lags.append(lag)
        beaten.set()

    watchdog = Watchdog(beat_seconds=0.01, stuck_seconds=60.0, on_lag=hear, end=codes.append)
    watchdog.start()
    await asyncio.wait_for(beaten.wait(), timeout=30.0)
    watchdog.stop()

    assert min(lags) >= 0.0
    assert codes == []
