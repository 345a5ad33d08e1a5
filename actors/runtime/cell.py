"""The place of one actor in the tree: what outlives a restart.

A cell keeps the reference, the mailbox and the failure count; it starts lives and sees to their
end. Nothing here waits for a task that will not end: deadlines are timers, and a task that
outlives its own is abandoned and reported.
"""

import asyncio
import math
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from actors.runtime.budget import Ledger
from actors.runtime.context import Context, Signal
from actors.runtime.events import EventKind
from actors.runtime.mailbox import Mailbox, expire
from actors.runtime.ref import Down, Ref
from actors.runtime.specs import ChildSpec
from errors import ActorError, ActorStopped, Quarantined
from telemetry import correlated

if TYPE_CHECKING:
    from actors.runtime.children import Family
    from actors.runtime.supervision import System

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


STARTABLE = frozenset({State.DOWN, State.BACKOFF, State.QUARANTINED})


class Cell:
    """One supervised actor. Its parent lets it start, and hears of its end."""

    __slots__ = (
        "busy", "cancel_at", "context", "due", "enders", "id", "idle_since",
        "last_error", "ledger", "loop", "mailbox", "monotonic", "parent", "paused", "probing",
        "ref", "restarts", "retired", "spec", "starters", "state", "system", "task", "timer",
        "watchers", "woke_at",
    )  # fmt: skip

    def __init__(
        self,
        system: "System",
        spec: ChildSpec,
        parent: "Family | System",
        ref: Ref | None = None,
    ) -> None:
        self.ref = ref or Ref(spec.id)
        self.ref.cell = self
        self.id = self.ref.id
        self.spec = spec
        self.system = system
        self.parent = parent
        self.loop = system.loop
        self.monotonic = system.clock.monotonic
        self.mailbox = Mailbox(self.id, spec.mailbox_size)
        self.ledger: Ledger | None = None  # its failures, once it has failed
        self.state = State.DOWN
        self.restarts = 0
        self.last_error: str | None = None  # the type: the error itself keeps a dead life's state
        self.context: Context | None = None
        self.task: asyncio.Task[None] | None = None
        self.timer: asyncio.TimerHandle | None = None  # backoff, probe, trial or deadline
        self.starters: tuple[asyncio.Future[None], ...] = ()  # who waits for the start
        self.enders: tuple[asyncio.Future[None], ...] = ()  # who waits for the end
        self.watchers: set[Context] | None = None
        self.due = 0.0  # when it may start again
        self.cancel_at = 0.0  # when a stopping life is cancelled
        self.woke_at = self.idle_since = self.busy = 0.0
        self.retired = False  # stopping for good
        self.paused = False  # stopping, to be started again by its family
        self.probing = False  # out of quarantine, on trial

    # A life

    def start(self) -> None:
        """Begin a life, with nothing of the last one but the mailbox; no-op if there is one."""
        if self.state not in STARTABLE:
            return
        self._disarm()
        self.mailbox.open()
        self.state = State.STARTING
        self.paused = False
        self.context = context = Context(self)
        self.task = self.system.task(context.live(), self.id, self.system.blank.copy())
        # Not in the context of whoever had it started: what it was about is long over then.
        done = partial(self._task_done, context)
        self.task.add_done_callback(done, context=self.system.blank)
        if self.spec.start_seconds < math.inf:
            self.timer = self.loop.call_later(self.spec.start_seconds, context.fail, TimeoutError())

    def runs(self, context: Context) -> None:
        """Note that `started` returned."""
        context.since = self.woke_at = self.monotonic()
        self.system.running += 1
        self.busy = 0.0
        if self.state is not State.STARTING:
            return
        self._disarm()
        self.state = State.RUNNING
        self._settle_starters(None)
        if self.probing:
            self.timer = self.loop.call_later(self.spec.budget.seconds, self._recovered)

    def idles(self) -> None:
        """Note that there is nothing to do."""
        self.idle_since = self.monotonic()
        self.busy += self.idle_since - self.woke_at

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
            expire(context.serving, context.failure())
        self._settle_starters(context.failure())
        self.mailbox.forget_signals()
        self._tell_watchers(context.error)
        if context.error is not None:
            self.last_error = type(context.error).__name__
            with correlated(context.fell_over):
                self.system.report(EventKind.CRASHED, self.id, context.error)
        if self.retired or self.paused:
            self._settle()
        else:
            self.state = State.DOWN
            self.parent.ended(self, context.error, lived)

    # Ending it

    @property
    def is_stopping(self) -> bool:
        """Whether its life is on its way out."""
        return self.state is State.STOPPING

    async def stop(self, seconds: float, *, for_good: bool = True) -> None:
        """Stop inside `seconds`: cancelled shortly before, abandoned then."""
        self.begin_stop(seconds, for_good=for_good)
        if self.is_stopping:
            ended = self.loop.create_future()
            self.enders = (*self.enders, ended)
            await ended

    def begin_stop(self, seconds: float, *, for_good: bool = True) -> None:
        """Set the stop going; nothing is waited for."""
        self.retired = self.retired or for_good
        self.paused = not self.retired
        if self.retired:
            self.mailbox.close(self._stopped)
        if self.is_stopping:
            self._arm(min(seconds, max(0.0, self.cancel_at - self.monotonic())))
        elif self.context is None:
            self._disarm()
            self._settle()
        else:
            starting = self.state is State.STARTING
            self.stops(seconds)
            self.context.stop()
            if starting:
                self.interrupt()

    def stops(self, seconds: float) -> None:
        """Note that its life is ending, and see that it does inside `seconds`."""
        if not self.is_stopping:
            self.state = State.STOPPING
            self._arm(seconds)

    def interrupt(self) -> None:
        """Cancel what it is doing."""
        if self.task is not None:
            self.task.cancel()

    def _arm(self, seconds: float) -> None:
        """Cancel the life a little before `seconds` are over, and abandon it then."""
        self._disarm()
        grace = max(MIN_GRACE_SECONDS, min(GRACE_SECONDS, seconds / 5))
        left = max(0.0, seconds - grace)
        self.cancel_at = self.monotonic() + left
        self.timer = self.loop.call_later(left, self._force, grace)

    def _force(self, grace: float) -> None:
        if self.context is not None:
            self.context.ending = True
            self.interrupt()
            self.timer = self.loop.call_later(grace, self._abandon, self.context)

    def _abandon(self, context: Context) -> None:
        self.interrupt()
        self.system.report(EventKind.ABANDONED, self.id, None)
        self._conclude(context)

    def _disarm(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    @property
    def is_idle(self) -> bool:
        """Whether it runs, and ending it now would lose nothing that is under way."""
        return (
            self.state is State.RUNNING
            and self.mailbox.is_idle
            and self.context is not None
            and self.context.is_quiet()
        )

    def rest(self) -> None:
        """Let an idle actor end until it is needed again."""
        if self.is_idle:
            self.mailbox.signal(Signal.REST, self.monotonic())

    # Between lives: what its family decides

    def back_off(self, seconds: float, *, alone: bool) -> None:
        """Be down for `seconds`; start again by itself if `alone`."""
        self.state = State.BACKOFF
        self.restarts += 1
        self.due = self.monotonic() + seconds
        if alone:
            self.timer = self.loop.call_later(seconds, self.parent.admit, self.start)

    def quarantine(self, error: BaseException | None) -> None:
        """Refuse all work until a probe, now and then, succeeds."""
        self.state = State.QUARANTINED
        self.mailbox.close(self._quarantined)
        wait = PROBE_SECONDS * self.system.random.uniform(0.5, 1.5)
        self.timer = self.loop.call_later(wait, self.parent.admit, self._probe)
        if not self.probing:
            self.system.report(EventKind.QUARANTINED, self.id, error)

    def pardon(self) -> None:
        """Forget failures that were not its own."""
        self.ledger = None
        if self.state is State.QUARANTINED:
            self._disarm()
            self.mailbox.open()
            self._recovered()
            self.back_off(0.0, alone=True)

    def retire(self) -> None:
        """Be gone for good: its life has ended and there will be no other."""
        self.retired = True
        self.mailbox.close(self._stopped)
        self._settle()

    def _probe(self) -> None:
        if self.state is State.QUARANTINED:
            self.probing = True
            self.restarts += 1
            self.system.report(EventKind.PROBED, self.id, None)
            self.start()

    def _recovered(self) -> None:
        self.probing = False
        self.system.report(EventKind.RECOVERED, self.id, None)

    def _settle(self) -> None:
        """Be down, for good or until the family says otherwise."""
        self.state = State.STOPPED if self.retired else State.DOWN
        waiters, self.enders = self.enders, ()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
        if self.retired:
            self._tell_watchers(None)
            self._settle_starters(self._stopped())
            self.parent.forget(self)

    def _stopped(self) -> ActorError:
        return ActorStopped(self.id)

    def _quarantined(self) -> ActorError:
        return Quarantined(self.id)

    # Those who wait and watch

    async def until_started(self) -> None:
        """Wait for the outcome of the present or next start; `StartFailed` if it fails."""
        if self.state in {State.STARTING, State.BACKOFF, State.DOWN}:
            started = self.loop.create_future()
            self.starters = (*self.starters, started)
            await started

    def _settle_starters(self, failure: ActorError | None) -> None:
        waiters, self.starters = self.starters, ()
        for waiter in waiters:
            if failure is not None:
                expire(waiter, failure)
            elif not waiter.done():
                waiter.set_result(None)

    def watch(self, watcher: Context) -> None:
        """Give `watcher` one `Down` when the present, or next, life ends."""
        if self.retired:
            watcher.signal(Down(self.ref, self._stopped()))
        else:
            self.watchers = self.watchers or set()
            self.watchers.add(watcher)
            watcher.watching.add(self)

    def _tell_watchers(self, error: BaseException | None) -> None:
        watchers, self.watchers = self.watchers, None
        for watcher in watchers or ():
            watcher.watching.discard(self)
            watcher.signal(Down(self.ref, error))
