"""One life of an actor, from its start to its last word, and all that must end with it.

The author of an actor sees it as `self.context`. Children, timers, background tasks and monitors
belong to the life, never to the place in the tree, so a restart inherits none of them.
"""

import asyncio
import contextlib
import contextvars
import random
from collections.abc import Coroutine, Iterator, Mapping
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from actors.runtime.actor import Actor, Later
from actors.runtime.clock import Clock
from actors.runtime.events import EventKind
from actors.runtime.mailbox import expire
from actors.runtime.ref import CURRENT, Down, Ref, enter_wait
from actors.runtime.specs import ChildSpec
from errors import (
    ActorCrashed,
    ActorError,
    ActorStopped,
    EmDiaError,
    StartFailed,
    UnhandledMessage,
)
from telemetry import CORRELATION

if TYPE_CHECKING:
    from actors.runtime.cell import Cell
    from actors.runtime.children import Family

R = TypeVar("R")

BURST = 64  # messages handled before the event loop gets a turn


class Signal(Enum):
    """What the runtime says to an actor's loop."""

    STOP = "stop"
    REST = "rest"  # stop if there is nothing to do


class Timer:
    """A message to come. It dies with the life that set it."""

    __slots__ = ("_context", "_handle")

    def __init__(self, context: "Context", seconds: float, message: object) -> None:
        self._context = context
        cell = context.cell
        # In no context of its own: one that was cancelled would keep this life until its time.
        self._handle = cell.loop.call_later(seconds, self._ring, message, context=cell.system.blank)
        context.timers.add(self)

    def cancel(self) -> None:
        """Forget it; harmless when it has already rung."""
        self._handle.cancel()
        self._context.timers.discard(self)

    def _ring(self, message: object) -> None:
        self._context.timers.discard(self)
        self._context.signal(message)


class Context:
    """What an actor may do beside answering; `me`, `clock` and `random` are its surroundings."""

    __slots__ = (
        "actor", "asking", "cell", "clock", "ending", "error", "family", "fell_over", "me", "over",
        "random", "serving", "since", "tasks", "timers", "watching",
    )  # fmt: skip

    def __init__(self, cell: "Cell") -> None:
        self.cell = cell
        self.me: Ref = cell.ref
        self.clock: Clock = cell.system.clock
        self.random: random.Random = cell.system.random
        self.actor: Actor | None = None
        self.family: Family | None = None
        self.since: float | None = None  # when it began to run (monotonic seconds)
        self.serving: asyncio.Future[Any] | None = None  # the ask being answered
        self.error: BaseException | None = None  # what it dies of
        self.fell_over: str | None = None  # what it was about
        self.ending = False  # takes no further message
        self.over = False  # its end has been dealt with
        self.asking: list[Cell] = []  # whom its handler waits for
        self.timers: set[Timer] = set()
        self.tasks: set[asyncio.Task[Any]] = set()
        self.watching: set[Cell] = set()

    # For the author of the actor

    def spawn(
        self, coroutine: Coroutine[Any, Any, Any], *, name: str = "task"
    ) -> asyncio.Task[Any]:
        """Run `coroutine` beside the actor: ended with it, and its crash crashes the actor."""
        task = self._begin(coroutine, name)
        task.add_done_callback(self._spawned_done)
        return task

    def later(self, answer: Coroutine[Any, Any, R], *, name: str = "answer") -> Later[R]:
        """Answer the present message with what `answer` comes to, taking others meanwhile.

        For the handler to return. What `answer` raises counts as raised by the handler. The asks
        it makes are outside the search for cycles: only their deadline ends a deadlock.
        """
        return Later(self._begin(answer, name))

    def _begin(self, coroutine: Coroutine[Any, Any, R], name: str) -> asyncio.Task[R]:
        if self.over:
            coroutine.close()
            raise ActorStopped(self.cell.id)
        surroundings = contextvars.copy_context()
        surroundings.run(CURRENT.set, None)  # it does not block the actor, so it may ask it
        task = self.cell.system.task(coroutine, f"{self.cell.id}: {name}", surroundings)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def after(self, seconds: float, message: object) -> Timer:
        """Receive `message` after so long, ahead of ordinary ones."""
        return Timer(self, seconds, message)

    def monitor(self, ref: Ref) -> None:
        """Receive exactly one `Down` when the actor's present, or next, life ends."""
        ref.cell.watch(self)

    async def start_child(self, spec: ChildSpec) -> Ref:
        """Start a child that lives at most as long as this life.

        Raises:
            StartFailed: its first start failed. It is tried again as its budget allows.
        """
        if self.ending:
            raise ActorStopped(self.cell.id)
        cell = self.cell.system.family_of(self).add(spec)
        cell.start()
        with self.waiting_for(cell):
            await cell.until_started()
        return cell.ref

    async def stop_child(self, child_id: str) -> None:
        """Stop a child for good, inside its own deadline."""
        if self.family is not None and (cell := self.family.cells.get(child_id)):
            with self.waiting_for(cell):
                await cell.stop(cell.spec.shutdown_seconds)

    def children(self) -> Mapping[str, Ref]:
        """Return the children by id, in the order they were started."""
        cells = self.family.cells if self.family is not None else {}
        return {child_id: cell.ref for child_id, cell in cells.items()}

    def stop(self) -> None:
        """End this life normally once the present message is done."""
        self.signal(Signal.STOP)

    # For the runtime

    @contextlib.contextmanager
    def waiting_for(self, cell: "Cell") -> Iterator[None]:
        """Let whoever asks this actor meanwhile, and holds it up, be told of the cycle."""
        if CURRENT.get() is not self:
            yield
            return
        enter_wait(self, cell)
        try:
            yield
        finally:
            self.asking.remove(cell)

    async def live(self) -> None:
        """Be the actor, from making it to its last word."""
        CURRENT.set(self)
        try:
            self.actor = self.cell.spec.factory()
            self.actor.context = self
            await self.actor.started()
            self.cell.runs(self)
            await self._receive(self.actor)
        except Exception as error:  # noqa: BLE001 -- the supervisor judges every failure
            self._fell(error)
        except asyncio.CancelledError as cancelled:
            self._fell(cancelled)
            await self._wind_down()
            raise
        await self._wind_down()

    async def _receive(self, actor: Actor) -> None:
        cell, mailbox, handlers = self.cell, self.cell.mailbox, actor.handlers
        burst = BURST
        while not self.ending:
            envelope = mailbox.take()
            if envelope is None:
                message = reply = answer = None  # an idle actor keeps nobody's words
                cell.idles()
                await mailbox.arrival(cell.loop)
                cell.woke_at = cell.monotonic()
                burst = BURST
                continue
            message, _, reply, correlation = envelope
            if type(message) is Signal:
                if message is Signal.STOP or self.is_quiet():
                    return
                continue
            if reply is not None and reply.done():
                continue  # nobody waits for it any more
            self.serving = reply
            CORRELATION.set(correlation)  # this task's own
            try:
                kind = type(message)
                handler = handlers.get(kind) or actor.handler_of(cell.id, kind)
                answer = await handler(actor, message)
            except EmDiaError as error:
                self._refused(message, reply, error)
            else:
                if reply is not None or answer is not None:
                    self._reply(message, reply, answer)
            self.serving = None
            burst -= 1
            if not burst:
                burst = BURST
                await asyncio.sleep(0)

    def _reply(self, message: object, reply: asyncio.Future[Any] | None, answer: object) -> None:
        if isinstance(answer, Later):
            answer.task.add_done_callback(partial(self._answered, message, reply))
        elif reply is not None and not reply.done():
            reply.set_result(answer)

    def _answered(
        self, message: object, reply: asyncio.Future[Any] | None, task: asyncio.Task[Any]
    ) -> None:
        """Pass a later answer on, or what became of it."""
        error = None if task.cancelled() else task.exception()
        if isinstance(error, EmDiaError):
            self._refused(message, reply, error)
        elif error is not None:
            self.fail(error)
        if reply is not None and not reply.done():
            if error is None and not task.cancelled():
                reply.set_result(task.result())
            else:
                reply.set_exception(self.failure())

    def _refused(
        self, message: object, reply: asyncio.Future[Any] | None, error: EmDiaError
    ) -> None:
        if reply is not None:
            error.add_note(f"answered by actor {self.cell.id}")
            expire(reply, error)
        elif not (isinstance(message, Down) and isinstance(error, UnhandledMessage)):
            self.cell.system.report(EventKind.REFUSED, self.cell.id, error)

    def _fell(self, error: BaseException) -> None:
        """Answer at once all who wait for this life, which ends over `error`."""
        if self.over or self.error is not None:
            return
        self.ending = True
        if not (self.cell.is_stopping and isinstance(error, asyncio.CancelledError)):
            self.error = error
            self.fell_over = CORRELATION.get()
            self.cell.mailbox.fail_asks(self.failure)
        if self.serving is not None:
            expire(self.serving, self.failure())
        self.cell.stops(self.cell.spec.shutdown_seconds)

    def failure(self) -> ActorError:
        """Return what those who wait for this life are told."""
        if self.error is None:
            return ActorStopped(self.cell.id)
        kind = StartFailed if self.since is None else ActorCrashed
        failure = kind(self.cell.id, type(self.error).__name__)
        failure.__cause__ = self.error
        return failure

    async def _wind_down(self) -> None:
        """Children first, then last words, then background tasks."""
        if self.over:
            return
        self.ending = True
        CORRELATION.set(self.fell_over)  # the last message may have nothing to do with the end
        self.cell.stops(self.cell.spec.shutdown_seconds)
        if self.family is not None:
            self.cell.mailbox.fail_asks(self.failure)  # a child may be waiting for an answer
            self.asking += self.family.cells.values()  # it waits for them, so not they for it
            await self.family.stop_all(self.cell.cancel_at)
        if self.actor is not None and self.since is not None:
            try:
                await self.actor.stopping()
            except Exception as error:  # noqa: BLE001 -- last words must not hide why it ends
                self.cell.system.report(EventKind.STOPPING_FAILED, self.cell.id, error)
        for task in self.tasks:
            task.cancel()
        if self.tasks:
            left = max(0.0, self.cell.cancel_at - self.cell.monotonic())
            _, stuck = await asyncio.wait(self.tasks, timeout=left / 2)
            for task in stuck:
                self.cell.system.report(EventKind.ABANDONED, task.get_name(), None)

    def fail(self, error: BaseException) -> None:
        """End this life over `error`, interrupting what it does."""
        if self.ending:
            self.cell.system.report(EventKind.STOPPING_FAILED, self.cell.id, error)
        else:
            self._fell(error)
            self.cell.interrupt()

    def signal(self, message: object) -> None:
        """Put `message` first in line, if this life is still going on."""
        if not self.over:
            self.cell.mailbox.signal(message, self.cell.monotonic())

    def is_quiet(self) -> bool:
        """Whether ending now would lose nothing that is under way."""
        if self.timers or self.tasks or len(self.cell.mailbox) or self.actor is None:
            return False
        family = self.family.cells.values() if self.family is not None else ()
        return self.actor.may_rest() and all(cell.is_idle for cell in family)

    def drop(self) -> None:
        """Cut every tie at once, waiting for nothing."""
        self.over = self.ending = True
        self.actor = None  # it knows this life: without the circle both go at once
        for timer in tuple(self.timers):
            timer.cancel()
        for task in self.tasks:
            task.cancel()
        for cell in self.watching:
            if cell.watchers is not None:
                cell.watchers.discard(self)
        if self.family is not None:
            self.family.kill()

    def _spawned_done(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self.fail(error)
