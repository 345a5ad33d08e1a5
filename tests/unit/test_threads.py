"""What blocks has few threads, and one that hangs is left behind (I2)."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from prometheus_client import REGISTRY

from guards.threads import Busy, Threads, TooManyHang

LONG = 30.0


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """Set, whoever hangs goes on."""
    made = threading.Event()
    yield made
    made.set()


def nothing() -> None:
    """What a call that cannot be cut does when it is late."""


async def test_what_comes_of_it_is_returned_or_raised() -> None:
    threads = Threads("test", most=1, most_left=1)

    def fall() -> None:
        raise KeyError("x")

    assert 42 == await threads.run(lambda: 42, seconds=LONG, wait_seconds=LONG, on_late=nothing)
    with pytest.raises(KeyError):
        await threads.run(fall, seconds=LONG, wait_seconds=LONG, on_late=nothing)


async def test_who_hangs_is_left_behind_and_others_go_on(release: threading.Event) -> None:
    threads = Threads("test", most=1, most_left=2)
    late: list[str] = []

    with pytest.raises(TimeoutError):
        await threads.run(
            lambda: release.wait(LONG),
            seconds=0.02,
            wait_seconds=LONG,
            on_late=lambda: late.append("late"),
        )

    assert ("goes on", ["late"], 1) == (
        await threads.run(lambda: "goes on", seconds=LONG, wait_seconds=LONG, on_late=nothing),
        late,
        threads.left,
    )


async def test_when_too_many_hang_nothing_is_begun(release: threading.Event) -> None:
    threads = Threads("test", most=1, most_left=1)
    with pytest.raises(TimeoutError):
        await threads.run(
            lambda: release.wait(LONG), seconds=0.02, wait_seconds=LONG, on_late=nothing
        )

    with pytest.raises(TooManyHang):
        await threads.run(lambda: 42, seconds=LONG, wait_seconds=LONG, on_late=nothing)
    gauge = REGISTRY.get_sample_value("emdia_threads_abandoned", {"pool": "test"})
    release.set()
    async with asyncio.timeout(LONG):
        while threads.left:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)

    assert (1.0, 42) == (
        gauge,
        await threads.run(lambda: 42, seconds=LONG, wait_seconds=LONG, on_late=nothing),
    )


async def test_who_finds_no_thread_in_time_is_told(
    release: threading.Event,
) -> None:
    threads = Threads("test", most=1, most_left=5)
    first = asyncio.ensure_future(
        threads.run(lambda: release.wait(LONG), seconds=LONG, wait_seconds=LONG, on_late=nothing)
    )
    await asyncio.sleep(0)

    with pytest.raises(Busy):
        await threads.run(lambda: 42, seconds=LONG, wait_seconds=0.02, on_late=nothing)
    release.set()

    assert (True, 0) == (await first, threads.left)


async def test_who_calls_off_leaves_the_thread_behind(release: threading.Event) -> None:
    threads = Threads("test", most=1, most_left=5)
    call = asyncio.ensure_future(
        threads.run(
            lambda: release.wait(LONG), seconds=LONG, wait_seconds=LONG, on_late=release.set
        )
    )
    await asyncio.sleep(0)
    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call
    async with asyncio.timeout(LONG):
        while threads.left:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def test_a_machine_without_threads_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)

    with pytest.raises(TooManyHang):
        await Threads("test", most=1, most_left=1).run(
            lambda: 1, seconds=LONG, wait_seconds=LONG, on_late=nothing
        )
