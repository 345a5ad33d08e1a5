"""The watchdog leaves alone who beats; that it ends who is stuck is proved in tests/guarantees."""

import asyncio

from actors.runtime import Watchdog


async def test_a_loop_that_beats_is_left_alone_and_its_lag_is_told() -> None:
    beaten = asyncio.Event()
    lags: list[float] = []

    def hear(lag: float) -> None:
        lags.append(lag)
        beaten.set()

    watchdog = Watchdog(beat_seconds=0.01, stuck_seconds=60.0, on_lag=hear)
    watchdog.start()
    await asyncio.wait_for(beaten.wait(), timeout=30.0)
    watchdog.stop()

    assert min(lags) >= 0.0
