"""Whole processes for a test to lose, forked where the imports are done: aiogram's take seconds."""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from playground.rig import clean_environment

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["supervisor", "tests.guarantees.deadly_bot", "tests.guarantees.stuck"]
)
PATIENCE_SECONDS = 60.0
STDERR = 2


class Forked:
    """A process that runs `work(*arguments)` for its exit code; `log` gets its stderr."""

    def __init__(
        self,
        work: Callable[..., int],
        *arguments: Any,
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._log = log
        full = clean_environment() | dict(environment or {})
        self._process = CONTEXT.Process(target=_run, args=(work, arguments, full, log), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def sentinel(self) -> int:
        """A descriptor to read from once it has ended."""
        return self._process.sentinel

    @property
    def code(self) -> int | None:
        """Its exit code, as `end` gives it, without waiting."""
        return self._process.exitcode

    async def __aenter__(self) -> Self:
        """Have it for the length of a block."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave nothing behind."""
        await self.kill()

    async def end(self, seconds: float = PATIENCE_SECONDS) -> int | None:
        """Wait until it has ended; its exit code, negative for a signal, None if it lives on."""
        await asyncio.to_thread(self._process.join, seconds)
        return self._process.exitcode

    async def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        await self.end()

    def said(self) -> str:
        """All it said so far."""
        return self._log.read_text(encoding="utf-8")


def _run(
    work: Callable[..., int],
    arguments: tuple[Any, ...],
    environment: Mapping[str, str],
    log: Path,
) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, STDERR)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [work.__module__]
    sys.exit(work(*arguments))
