"""However the process is made to end, nothing it started stays behind (I7)."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest

from playground.rig import ROOT, Rig, clean_environment
from storage.guardian import GRACE_SECONDS
from supervisor import STOP_SIGNALS
from tests.postgres import fleeting_folder
from tests.system.business import DAWN

GONE_SECONDS = 30.0
STARTER = """
import subprocess, sys
subprocess.run([sys.executable, "supervisor.py", "--with-parent"])
"""


@pytest.fixture
def heard() -> Iterator[None]:
    """Have children begin with every signal heard, also where these tests run in a background."""
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    for number, handler in before.items():
        if handler is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
async def rig(heard: None) -> AsyncIterator[Rig]:  # noqa: ARG001 - before the start
    """The whole system in a folder of its own, started and ready."""
    with fleeting_folder() as home:
        async with Rig(home, clock=DAWN) as running:
            await running.start()
            await running.ready()
            yield running


def all_of(rig: Rig) -> list[psutil.Process]:
    """The system, its workers and guardian, and the server with its own."""
    assert rig.process is not None
    return family(rig.process.pid, rig.home)


def family(pid: int, home: Path) -> list[psutil.Process]:
    """A process, what it has started, and the server that runs beside it."""
    server = int((home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
    tops = [psutil.Process(pid), psutil.Process(server)]
    return [*tops, *(child for top in tops for child in top.children(recursive=True))]


async def survivors(processes: list[psutil.Process]) -> list[str]:
    """Who of them is still there after a while."""
    _, alive = await asyncio.to_thread(psutil.wait_procs, processes, timeout=GONE_SECONDS)
    return [process.name() for process in alive if process.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("number", [number.name for number in STOP_SIGNALS])
async def test_every_signal_that_means_the_end_is_an_orderly_one(rig: Rig, number: str) -> None:
    everybody = all_of(rig)
    assert rig.process is not None
    rig.process.send_signal(signal.Signals[number])
    # Somebody impatient asks again.
    rig.process.send_signal(signal.Signals[number])
    async with asyncio.timeout(GONE_SECONDS):
        code = await rig.process.wait()

    assert (0, []) == (code, await survivors(everybody))


async def test_a_kill_takes_everybody_along(rig: Rig) -> None:
    everybody = all_of(rig)
    await rig.kill()

    assert [] == await survivors(everybody)
    assert GRACE_SECONDS < GONE_SECONDS


async def test_whoever_started_the_process_takes_it_along_even_killed(rig: Rig) -> None:
    # As `make` does: a shell in between would hide whose child it is.
    await rig.stop()
    starter = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        STARTER,
        cwd=ROOT,
        env=clean_environment() | rig.environment,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    rig.process = starter
    await rig.ready()
    (started,) = psutil.Process(starter.pid).children()
    everybody = family(started.pid, rig.home)
    os.kill(starter.pid, signal.SIGKILL)
    await starter.wait()

    assert [] == await survivors(everybody)
