"""Supervisors, and the system that owns the whole tree.

A supervisor starts its children in order, restarts the failing as its strategy and their budgets
say, and stops them in reverse. A child over budget is quarantined and its siblings never notice,
unless it is significant, shares its fate with siblings, or belongs to the root: then its
supervisor fails too, and the root's failure ends the system.
"""

import asyncio
import contextvars
import random as random_module
from collections.abc import Callable, Coroutine, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from actors.runtime.actor import Actor
from actors.runtime.cell import MIN_GRACE_SECONDS, Cell
from actors.runtime.children import Family
from actors.runtime.clock import Clock, SystemClock
from actors.runtime.context import Context
from actors.runtime.events import Event, EventKind, log_event
from actors.runtime.ref import Ref
from actors.runtime.specs import ChildSpec, Strategy
from actors.runtime.start_gate import StartGate
from actors.runtime.status import ActorStatus, status_of
from errors import ActorStopped

R = TypeVar("R")

SHUTDOWN_SECONDS = 25.0


class Supervisor(Actor):
    """An actor whose work is its children."""

    def __init__(
        self, children: Sequence[ChildSpec] = (), strategy: Strategy = Strategy.ONE_FOR_ONE
    ) -> None:
        self._children = tuple(children)
        self._strategy = strategy

    async def started(self) -> None:
        """Start the children in order; the first that is given up may fail the start."""
        family = self.context.cell.system.family_of(self.context, self._strategy)
        for spec in self._children:
            family.add(spec)
        await family.boot()


class System:
    """One tree of actors on the running event loop; nothing here may be called from a thread.

    `on_event` hears every event of the tree, and must return at once.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        random: random_module.Random | None = None,
        on_event: Callable[[Event], None] = log_event,
    ) -> None:
        self.clock = clock or SystemClock()
        self.random = random or random_module.Random()  # noqa: S311 -- jitter, not secrets
        self.loop = asyncio.get_running_loop()
        self.blank = contextvars.Context()
        self.gate = StartGate(self)
        self.running = 0
        self.names: dict[str, Cell] = {}
        self.root: Cell | None = None
        self._on_event = on_event
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ended = asyncio.Event()
        self._error: BaseException | None = None

    async def __aenter__(self) -> Self:
        """Own a tree for the length of a block."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the tree."""
        await self.stop()

    async def start(self, spec: ChildSpec) -> Ref:
        """Start the tree; raises `StartFailed` when its root cannot start."""
        self.root = Cell(self, spec, self)
        self.root.start()
        await self.root.until_started()
        return self.root.ref

    async def wait(self) -> None:
        """Wait until the root ends: normally, or raising what it failed of."""
        await self._ended.wait()
        if self._error is not None:
            raise self._error

    async def run(self, spec: ChildSpec, *, total_seconds: float = SHUTDOWN_SECONDS) -> None:
        """Start the tree and stay until it ends; an error is for the process to end with."""
        try:
            await self.start(spec)
            await self.wait()
        finally:
            await self.stop(total_seconds=total_seconds)

    async def stop(self, *, total_seconds: float = SHUTDOWN_SECONDS) -> list[str]:
        """Stop everything inside one total deadline; the names of the tasks left behind."""
        if self.root is not None:
            await self.root.stop(total_seconds - MIN_GRACE_SECONDS)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=MIN_GRACE_SECONDS)
        return sorted(task.get_name() for task in self._tasks if not task.done())

    def ref(self, actor_id: str) -> Ref:
        """Return the actor of that name; `ActorStopped` when there is none."""
        if actor_id not in self.names:
            raise ActorStopped(actor_id, "no such actor")
        return self.names[actor_id].ref

    def snapshot(self) -> list[ActorStatus]:
        """Return how every actor of the tree is, parents before children."""
        return [] if self.root is None else status_of(self.root)

    # What the runtime asks of the system

    def task(
        self, coroutine: Coroutine[Any, Any, R], name: str, context: contextvars.Context
    ) -> asyncio.Task[R]:
        """Start a task that `stop` will account for."""
        task = self.loop.create_task(coroutine, name=name, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def family_of(self, context: Context, strategy: Strategy = Strategy.ONE_FOR_ONE) -> Family:
        """Return the children of one life, none at first."""
        if context.family is None:
            context.family = Family(self, context, strategy)
        return context.family

    def report(self, kind: EventKind, actor_id: str, error: BaseException | None) -> None:
        """Tell whoever listens; a listener that fails must not harm the tree."""
        try:
            self._on_event(Event(kind, actor_id, error))
        except Exception as failed:  # noqa: BLE001 -- handed to the loop, which logs it
            self.loop.call_exception_handler({"message": "listener failed", "exception": failed})

    def admit(self, start: Callable[[], None]) -> None:
        """Let the root start."""
        start()

    def ended(self, cell: Cell, error: BaseException | None, _lived: float) -> None:
        """End with the root."""
        self._error = error
        cell.retire()

    def forget(self, _cell: Cell) -> None:
        """Note that the root is gone."""
        self._ended.set()
