"""The rig of a system that lives many lives: each is forked where the imports are done.

What it is, and what a kill does to it, is the same; two dozen starts spare a minute of imports.
"""

import asyncio
import os
import signal
from pathlib import Path
from typing import BinaryIO, cast

import supervisor
from playground.rig import Rig, free_port
from tests.guarantees.forked import Forked


class Life:
    """One life, as `Rig` knows a process."""

    def __init__(self, forked: Forked, stderr: asyncio.StreamReader | None) -> None:
        self._forked = forked
        self.stderr = stderr
        self.pid = forked.pid
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[int | None] = self._loop.create_future()
        self._loop.add_reader(forked.sentinel, self._end)

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it lives."""
        return self._ended.result() if self._ended.done() else None

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        if not self._ended.done():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill -9."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int | None:
        """Wait until it has ended."""
        return await asyncio.shield(self._ended)

    def _end(self) -> None:
        self._loop.remove_reader(self._forked.sentinel)
        self._ended.set_result(self._forked.code)


class ForkedRig(Rig):
    """The system's lives; one whose `stderr` is a PIPE says there what it logs."""

    async def start(
        self, *, stderr: int | None = None, stdout: int | None = None
    ) -> asyncio.subprocess.Process:
        """Start a life, without waiting for anything."""
        assert stdout is None, "its stdout is that of the tests"
        self._port = free_port()
        self.set_clock(self._clock)
        log, heard = self.home / "emdia.log", None
        if stderr == asyncio.subprocess.PIPE:
            log = self.home / "said"
            heard = await _reader(_pipe(log))
        forked = Forked(
            supervisor.main, [supervisor.WITH_PARENT], log=log, environment=self.environment
        )
        life = Life(forked, heard)
        self.process = cast("asyncio.subprocess.Process", life)
        return self.process


def _pipe(path: Path) -> BinaryIO:
    """Make a pipe with a name; its end to read from."""
    path.unlink(missing_ok=True)
    os.mkfifo(path, 0o600)
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0)


async def _reader(end: BinaryIO) -> asyncio.StreamReader:
    """What is read there ends when who writes has ended."""
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, end)
    return reader
