"""What is around one business: time that can be moved, a worker that does as told, a chat."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from actors.messages.notices import Notice, Notify
from actors.runtime import Actor, SystemClock, on
from actors.whatsapp.sidecar_actor import SidecarActor
from errors import EmDiaError
from gateways.sidecar import SidecarLink
from storage.database import Database
from storage.vault import Vault

SCRIPTED = Path(__file__).parent.parent / "sidecar" / "workers" / "scripted.mjs"
NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WORK = frozenset({"carry", "open", "close", "tell owner"})


class ShiftedClock(SystemClock):
    """Wall time that stands where it is put, and goes on with the loop's."""

    def __init__(self) -> None:
        self.start = NINE
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()

    def now(self) -> datetime:
        """Return the instant."""
        return self.start + timedelta(seconds=self._loop.time() - self._since)

    def monotonic(self) -> float:
        """Return the loop's seconds."""
        return self._loop.time()


def is_busy() -> bool:
    """Whether an actor does something beside that waits for more than time."""
    return any(task.get_name().rpartition(": ")[2] in WORK for task in asyncio.all_tasks())


@contextmanager
def shifted_time() -> Iterator[Callable[[float], None]]:
    """Let the running loop's time be moved on: what is due by then is done at once."""
    loop = asyncio.get_running_loop()
    true_time, shift = loop.time, 0.0

    def move(seconds: float) -> None:
        nonlocal shift
        shift += seconds

    loop.time = lambda: true_time() + shift  # type: ignore[method-assign]  # that is the purpose
    try:
        yield move
    finally:
        loop.time = true_time  # type: ignore[method-assign]  # as it was


class ScriptedSidecar(SidecarActor):
    """The real actor over a worker program that does what the test says."""

    def __init__(self, database: Database, vault: Vault) -> None:
        super().__init__(database, vault, {}, SCRIPTED)

    @property
    def runs(self) -> bool:
        """Whether there is a program."""
        return self._link is not None

    @property
    def link(self) -> SidecarLink:
        """The way to the program."""
        assert self._link is not None
        return self._link


class Chat(Actor):
    """The owner's chat: once its faults are used up, it keeps what it is told."""

    def __init__(self, told: list[Notice], faults: list[EmDiaError]) -> None:
        self._told = told
        self._faults = faults

    @on(Notify)
    async def notify(self, message: Notify) -> None:
        """Take it, or fail."""
        if self._faults:
            raise self._faults.pop(0)
        self._told.append(message.notice)
