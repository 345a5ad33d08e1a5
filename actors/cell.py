"""The place of one actor in the tree: what outlives a restart, and the engine of each life.

A cell keeps the mailbox, the reference and the failure count; each life gets a new actor and a
new `Context`. Nothing here waits for a task that will not end: deadlines are timers, and a task
that outlives its own is abandoned and reported.
"""

import asyncio
import contextvars
from collections.abc import Coroutine
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from actors.events import EventKind
from actors.mailbox import Mailbox, expire
from actors.runtime import CURRENT, Actor, Context, Down, Ref
from actors.specs import ChildSpec, Ledger
from errors import (
    ActorCrashed,
    ActorError,
    ActorStopped,
    EmDiaError,
    Quarantined,
    StartFailed,
    UnhandledMessage,
)

if TYPE_CHECKING:
    from actors.supervision import System

BURST = 64  # messages handled before the event loop gets a turn
GRACE_SECONDS = 1.0  # from cancelling a task to abandoning it
MIN_GRACE_SECONDS = 0.1  # even when there is no time left
PROBE_SECONDS = 300.0  # between attempts at a quarantined actor


class State(Enum):
    """Where in its life an actor is."""

    DOWN = "down"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    BACKOFF = "backoff"
    QUARANTINED = "quarantined"
    STOPPED = "stopped"


class Signal(Enum):
    """What the runtime says to an actor's loop."""

    STOP = "stop"
    REST = "rest"  # stop if there is nothing to do


class Parent(Protocol):
    """Who is told that a life ended."""

    def ended(self, cell: "Cell", error: BaseException | None, lived: float, /) -> None:
        """Decide what becomes of the cell, whose life ended by itself."""

    def forget(self, cell: "Cell", /) -> None:
        """Let go of a cell that is gone for good."""


class Cell:
    """One supervised actor."""

    __slots__ = (
        "busy", "cancel_at", "context", "due", "enders", "id", "idle_since", "last_error", "ledger",
        "loop", "mailbox", "monotonic", "parent", "paused", "probing", "ref", "restarts", "retired",
        "spec", "starters", "state", "system", "task", "timer", "watchers",
    )  # fmt: skip

    def __init__(self, system: "System", spec: ChildSpec, parent: Parent) -> None:
        self.id = spec.id
        self.spec = spec
        self.system = system
        self.parent = parent
        self.loop = system.loop
        self.monotonic = system.clock.monotonic
        self.mailbox = Mailbox(spec.id, spec.mailbox_size)
        self.ref = Ref(self)
        self.ledger = Ledger()
        self.state = State.DOWN
        self.restarts = 0
        self.last_error: BaseException | None = None
        self.context: Context | None = None
        self.task: asyncio.Task[None] | None = None
        self.timer: asyncio.TimerHandle | None = None  # backoff, probe, stability or deadline
        self.starters: list[asyncio.Future[None]] = []  # who waits for the start
        self.enders: list[asyncio.Future[None]] = []  # who waits for the end
        self.watchers: set[Context] = set()
        self.due = 0.0  # when it may start again
        self.cancel_at = 0.0  # when a stopping life is cancelled
        self.busy = 0.0
        self.idle_since = 0.0
        self.retired = False  # stopping for good
        self.paused = False  # stopping, to be started again by its family
        self.probing = False  # out of quarantine, on trial

    # One life

    def start(self) -> None:
        """Begin a life: a new actor, with nothing of the last one but the mailbox."""
        self._disarm()
        self.mailbox.open()
        self.state = State.STARTING
        self.paused = False
        self.busy = 0.0
        self.context = context = Context(self)
        self.task = self.system.task(self._live(context), self.id, self.system.blank.copy())
        self.task.add_done_callback(partial(self._task_done, context))

    async def _live(self, context: Context) -> None:
        CURRENT.set(context)
        try:
            context.actor = actor = self.spec.factory()
            actor.context = context
            await actor.started()
            self._runs(context)
            await self._receive(context, actor)
        except Exception as error:  # noqa: BLE001 -- the supervisor judges every failure
            self._fell(context, error)
        except asyncio.CancelledError as cancelled:
            self._fell(context, context.error or cancelled)
            raise
        finally:
            await self._wind_down(context)

    def _runs(self, context: Context) -> None:
        if context.ending or self.state is not State.STARTING:
            return
        self.state = State.RUNNING
        context.since = self.monotonic()
        self.system.running += 1
        if self.probing:
            self.timer = self.loop.call_later(self.spec.budget.seconds, self._recovered)
        self._settle_starters(None)

    async def _receive(self, context: Context, actor: Actor) -> None:
        mailbox, monotonic, handlers = self.mailbox, self.monotonic, actor.handlers
        woke = monotonic()
        burst = BURST
        while not context.ending:
            envelope = mailbox.take()
            if envelope is None:
                self.idle_since = monotonic()
                self.busy += self.idle_since - woke
                await mailbox.wait()
                woke = monotonic()
                burst = BURST
                continue
            message, _, reply = envelope
            if type(message) is Signal:
                if message is Signal.STOP or self.is_quiet():
                    return
                continue
            if reply is not None and reply.done():
                continue  # nobody waits for it any more
            context.serving = reply
            try:
                kind = type(message)
                handler = handlers.get(kind) or actor.handler_of(self.id, kind)
                answer = await handler(actor, message)
            except EmDiaError as error:
                self._refused(message, reply, error)
            else:
                if reply is not None and not reply.done():
                    reply.set_result(answer)
            context.serving = None
            burst -= 1
            if not burst:
                burst = BURST
                await asyncio.sleep(0)

    def _refused(
        self, message: object, reply: asyncio.Future[Any] | None, error: EmDiaError
    ) -> None:
        if reply is not None:
            error.add_note(f"answered by actor {self.id}")
            expire(reply, error)
        elif not (isinstance(message, Down) and isinstance(error, UnhandledMessage)):
            self.system.report(EventKind.REFUSED, self.id, error)

    def _fell(self, context: Context, error: BaseException) -> None:
        """Answer at once all who wait for this life, which ends over `error`."""
        if context.over:
            return
        context.ending = True
        stopped = self.state is State.STOPPING and isinstance(error, asyncio.CancelledError)
        if not stopped:
            context.error = error
        if context.serving is not None:
            expire(context.serving, self._failure(context))
        if context.error is not None:
            self.mailbox.fail_asks(partial(self._failure, context))
        self._stops(self.spec.shutdown_seconds)

    def _failure(self, context: Context) -> ActorError:
        """Return what those who wait are told."""
        if context.error is None:
            return ActorStopped(self.id)
        kind = StartFailed if context.since is None else ActorCrashed
        failure = kind(self.id, type(context.error).__name__)
        failure.__cause__ = context.error
        return failure

    async def _wind_down(self, context: Context) -> None:
        """Children first, then last words, then background tasks."""
        if context.over:
            return
        context.ending = True
        self._stops(self.spec.shutdown_seconds)
        if context.family is not None:
            await context.family.stop_all(self.cancel_at)
        if context.actor is not None and context.since is not None:
            try:
                await context.actor.stopping()
            except Exception as error:  # noqa: BLE001 -- last words must not hide why it ends
                self.system.report(EventKind.STOPPING_FAILED, self.id, error)
        for task in context.tasks:
            task.cancel()
        if context.tasks:
            await asyncio.wait(context.tasks, timeout=max(0.0, self.cancel_at - self.monotonic()))

    def _task_done(self, context: Context, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            context.error = context.error or error
        self._conclude(context)

    def _conclude(self, context: Context) -> None:
        """Deal, once, with the end of a life: its task is done, or is abandoned."""
        if context.over:
            return
        self._disarm()
        context.drop()
        self.context = self.task = None
        lived = 0.0
        if context.since is not None:
            self.system.running -= 1
            lived = self.monotonic() - context.since
        if context.serving is not None:
            expire(context.serving, self._failure(context))
        self._settle_starters(self._failure(context))
        self.mailbox.forget_signals()
        self._tell_watchers(context.error)
        if context.error is not None:
            self.last_error = context.error
            self.system.report(EventKind.CRASHED, self.id, context.error)
        if self.retired or self.paused:
            self._settled()
        else:
            self.state = State.DOWN
            self.parent.ended(self, context.error, lived)

    # Ending it

    async def stop(self, seconds: float, *, for_good: bool = True) -> None:
        """Stop inside `seconds`: cancelled shortly before, abandoned then."""
        self.begin_stop(seconds, for_good=for_good)
        if self.state is State.STOPPING:
            ended = self.loop.create_future()
            self.enders.append(ended)
            await ended

    def begin_stop(self, seconds: float, *, for_good: bool = True) -> None:
        """Set the stop going; nothing is waited for."""
        self.retired = self.retired or for_good
        self.paused = not self.retired
        if self.retired:
            self.mailbox.close(partial(ActorStopped, self.id))
        if self.state is State.STOPPING:
            self._arm(min(seconds, max(0.0, self.cancel_at - self.monotonic())))
        elif self.context is None:
            self._disarm()
            self._settled()
        else:
            starting = self.state is State.STARTING
            self._stops(seconds)
            self.mailbox.signal(Signal.STOP, self.monotonic())
            if starting and self.task is not None:
                self.task.cancel()

    def finish(self, context: Context) -> None:
        """End `context`'s life normally after the present message."""
        context.signal(Signal.STOP)

    def rest(self) -> None:
        """Ask an idle actor to end until it is needed again."""
        if self.state is State.RUNNING and self.mailbox.is_idle and self.is_quiet():
            self.mailbox.signal(Signal.REST, self.monotonic())

    def is_quiet(self) -> bool:
        """Whether ending now would lose nothing that is under way."""
        context = self.context
        if context is None or context.actor is None or context.timers or context.tasks:
            return False
        relatives = context.family.cells.values() if context.family is not None else ()
        return (
            not len(self.mailbox)
            and context.actor.may_rest()
            and all(cell.is_quiet() and cell.mailbox.is_idle for cell in relatives)
        )

    def fail(self, context: Context, error: BaseException) -> None:
        """End `context`'s life over `error`, interrupting what it does."""
        if context.ending:
            self.system.report(EventKind.STOPPING_FAILED, self.id, error)
        elif self.task is not None:
            context.ending = True
            context.error = error
            self.task.cancel()

    def _stops(self, seconds: float) -> None:
        if self.state is not State.STOPPING:
            self.state = State.STOPPING
            self._arm(seconds)

    def _arm(self, seconds: float) -> None:
        """Cancel the life a little before `seconds` are over, and abandon it then."""
        self._disarm()
        grace = max(MIN_GRACE_SECONDS, min(GRACE_SECONDS, seconds / 5))
        self.cancel_at = self.monotonic() + max(0.0, seconds - grace)
        self.timer = self.loop.call_later(max(0.0, seconds - grace), self._force, grace)

    def _force(self, grace: float) -> None:
        if self.context is not None and self.task is not None:
            self.context.ending = True
            self.task.cancel()
            self.timer = self.loop.call_later(grace, self._abandon, self.context)

    def _abandon(self, context: Context) -> None:
        self.system.report(EventKind.ABANDONED, self.id, None)
        self._conclude(context)

    def _disarm(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    # Between lives: what the family decides

    def back_off(self, seconds: float, *, alone: bool) -> None:
        """Be down for `seconds`; start again by itself if `alone`."""
        self.state = State.BACKOFF
        self.restarts += 1
        self.due = self.monotonic() + seconds
        if alone:
            self.timer = self.loop.call_later(seconds, self.start)

    def quarantine(self, error: BaseException | None) -> None:
        """Refuse all work until a probe, now and then, succeeds."""
        self.state = State.QUARANTINED
        self.mailbox.close(partial(Quarantined, self.id))
        wait = PROBE_SECONDS * self.system.random.uniform(0.5, 1.5)
        self.due = self.monotonic() + wait
        self.timer = self.loop.call_later(wait, self._probe)
        if not self.probing:
            self.system.quarantined(self.id, error)

    def _probe(self) -> None:
        self.probing = True
        self.restarts += 1
        self.system.report(EventKind.PROBED, self.id, None)
        self.start()

    def _recovered(self) -> None:
        self.probing = False
        self.system.report(EventKind.RECOVERED, self.id, None)

    def retire(self) -> None:
        """Be gone for good: its life has ended and there will be no other."""
        self.retired = True
        self.mailbox.close(partial(ActorStopped, self.id))
        self._settled()

    def _settled(self) -> None:
        self.state = State.STOPPED if self.retired else State.DOWN
        self._tell_watchers(None)
        waiters, self.enders = self.enders, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
        if self.retired:
            self._settle_starters(ActorStopped(self.id))
            self.parent.forget(self)

    # Those who wait and watch

    async def until_started(self) -> None:
        """Wait for the outcome of the present or next start; `StartFailed` if it fails."""
        if self.state in {State.STARTING, State.BACKOFF, State.DOWN}:
            started = self.loop.create_future()
            self.starters.append(started)
            await started

    def _settle_starters(self, failure: ActorError | None) -> None:
        waiters, self.starters = self.starters, []
        for waiter in waiters:
            if failure is not None:
                expire(waiter, failure)
            elif not waiter.done():
                waiter.set_result(None)

    def watch(self, watcher: Context) -> None:
        """Give `watcher` one `Down` when the present, or next, life ends."""
        if self.state in {State.STOPPED, State.QUARANTINED}:
            watcher.signal(Down(self.ref, self.last_error))
        else:
            self.watchers.add(watcher)
            watcher.watching.add(self)

    def _tell_watchers(self, error: BaseException | None) -> None:
        watchers, self.watchers = self.watchers, set()
        for watcher in watchers:
            watcher.watching.discard(self)
            watcher.signal(Down(self.ref, error))

    def spawn(
        self, context: Context, coroutine: Coroutine[Any, Any, Any], name: str
    ) -> asyncio.Task[Any]:
        """Run a background task of one life."""
        if context.over:
            coroutine.close()
            raise ActorStopped(self.id)
        surroundings = contextvars.copy_context()
        surroundings.run(CURRENT.set, None)  # it does not block the actor, so it may ask it
        task = self.system.task(coroutine, f"{self.id}: {name}", surroundings)
        context.tasks.add(task)
        task.add_done_callback(partial(self._spawned_done, context))
        return task

    def _spawned_done(self, context: Context, task: asyncio.Task[Any]) -> None:
        context.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.fail(context, error)
