"""A worker that died is buried once, by asyncio, whatever is done to it meanwhile."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gateways import node
from tests.sidecar.conftest import MADE_UP
from tests.sidecar.support import PATIENCE_SECONDS


class LateWatcher(asyncio.ThreadedChildWatcher):
    """Hears of a death only once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may_hear = threading.Event()

    def _do_waitpid(self, *args: Any) -> None:
        self.may_hear.wait(PATIENCE_SECONDS)
        super()._do_waitpid(*args)  # type: ignore[misc] # typeshed leaves it out


@pytest.fixture
def late_watcher() -> Iterator[LateWatcher]:
    usual = asyncio.get_child_watcher()
    late = LateWatcher()
    asyncio.set_child_watcher(late)
    yield late
    late.may_hear.set()
    asyncio.set_child_watcher(usual)


def end(process: asyncio.subprocess.Process) -> None:
    node.signal_to(process, signal.SIGTERM)


@pytest.mark.parametrize(
    "what",
    [pytest.param(end, id="told to end"), pytest.param(node.forget, id="given up")],
)
async def test_a_dead_worker_is_not_reaped_from_under_its_watcher(
    late_watcher: LateWatcher, what: Callable[[asyncio.subprocess.Process], None]
) -> None:
    process, link = await node.spawn({}, MADE_UP / "silent.mjs")
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.to_thread(os.waitid, os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    what(process)
    late_watcher.may_hear.set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        code = await process.wait()
    link.close()

    assert -signal.SIGKILL == code


async def test_a_buried_worker_is_sent_nothing() -> None:
    process, link = await node.spawn({}, MADE_UP / "silent.mjs")
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    link.close()

    end(process)

    assert -signal.SIGKILL == process.returncode
