"""Actors as their authors see them: a class with typed handlers, a context, and references.

An actor is one task and one bounded mailbox; it handles a message to its end before the next, so
its state needs no lock. Handlers fail in two ways. An `EmDiaError` is an answer: it reaches the
asker as it is (a `tell` has none: it is reported), and the actor lives on. Anything else is a
crash: the asker gets `ActorCrashed` from it, and the supervisor starts a fresh actor.
"""

import asyncio
import contextvars
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from actors.clock import Clock
from actors.mailbox import Envelope, expire
from actors.specs import ChildSpec
from errors import AskCycle, AskTimeout, MailboxFull, UnhandledMessage

if TYPE_CHECKING:
    from actors.cell import Cell
    from actors.family import Family

R = TypeVar("R")
A = TypeVar("A")
M = TypeVar("M")
Q = TypeVar("Q")
Handler = Callable[[Any, Any], Awaitable[Any]]

HANDLED_KINDS = "handled_kinds"
TELL_SECONDS = 5.0

CURRENT: contextvars.ContextVar["Context | None"] = contextvars.ContextVar("actor", default=None)
"""The life on whose behalf this code runs; None outside actors and in background tasks."""


class Request(Generic[R]):
    """Base of a message that is answered with an R."""

    __slots__ = ()


@overload
def on(  # type: ignore[overload-overlap]  # a Request is also an M: its own overload goes first
    kind: type[Request[R]],
) -> Callable[[Callable[[A, Q], Awaitable[R]]], Callable[[A, Q], Awaitable[R]]]: ...
@overload
def on(
    kind: type[M],
) -> Callable[[Callable[[A, M], Awaitable[None]]], Callable[[A, M], Awaitable[None]]]: ...
def on(kind: type[Any]) -> Callable[[Handler], Handler]:
    """Mark the method that handles messages of type `kind`."""

    def mark(handler: Handler) -> Handler:
        setattr(handler, HANDLED_KINDS, (*getattr(handler, HANDLED_KINDS, ()), kind))
        return handler

    return mark


class Actor:
    """Base of everything that receives messages. A restart makes a new one."""

    context: "Context"
    handlers: ClassVar[dict[type, Handler]] = {}

    def __init_subclass__(cls) -> None:
        """Collect the marked handlers; a subclass may replace its parent's."""
        super().__init_subclass__()
        own = {
            kind: handler
            for handler in vars(cls).values()
            for kind in getattr(handler, HANDLED_KINDS, ())
        }
        cls.handlers = {**cls.handlers, **own}

    async def started(self) -> None:
        """Do the start-up work; raising is a failed start."""

    async def stopping(self) -> None:
        """Say last words; called whenever `started` had returned, inside the deadline."""

    def may_rest(self) -> bool:
        """Whether this actor, idle and without timers or tasks, may be passivated."""
        return True

    @classmethod
    def handler_of(cls, actor_id: str, kind: type) -> Handler:
        """Return the handler of `kind` or of its nearest base; `UnhandledMessage` without one."""
        for base in kind.__mro__:
            if base in cls.handlers:
                cls.handlers[kind] = cls.handlers[base]
                return cls.handlers[base]
        raise UnhandledMessage(actor_id, kind.__name__)


class Ref:
    """The way to an actor. It stays good across restarts."""

    __slots__ = ("cell", "id")

    def __init__(self, cell: "Cell") -> None:
        self.cell = cell
        self.id = cell.id

    def __repr__(self) -> str:
        """Return what a log shows."""
        return f"<Ref {self.id}>"

    async def tell(self, message: object, *, deadline: float = TELL_SECONDS) -> None:
        """Leave `message`, waiting for room at most `deadline` seconds.

        Raises:
            MailboxFull: there was no room in time.
            ActorStopped: the actor takes nothing more.
            Quarantined: the actor is set aside.
        """
        cell = self.cell
        envelope = (message, cell.monotonic(), None)
        if not cell.mailbox.offer(envelope):
            await cell.mailbox.put(envelope, deadline)

    def try_tell(self, message: object) -> None:
        """Leave `message` or raise `MailboxFull` at once."""
        if not self.cell.mailbox.offer((message, self.cell.monotonic(), None)):
            raise MailboxFull(self.id)

    async def ask(self, message: Request[R], *, deadline: float) -> R:
        """Return the answer to `message`, at most `deadline` seconds from now.

        Raises:
            AskTimeout: no answer in time. A late one is dropped.
            ActorStopped: the actor is gone. ActorCrashed: it died first, or StartFailed.
            Quarantined: the actor is set aside.
            AskCycle: the actor is waiting, through however many others, for the asker.
            EmDiaError: whatever of these the handler raised.
        """
        cell = self.cell
        asker = CURRENT.get()
        if asker is not None:
            enter_wait(asker, cell)
        reply: asyncio.Future[R] = cell.loop.create_future()
        envelope = (message, cell.monotonic(), reply)
        timer: asyncio.TimerHandle | None = None
        try:
            if not cell.mailbox.offer(envelope):
                deadline -= await _stand_in_line(cell, envelope, deadline)
            timer = cell.loop.call_later(deadline, _too_late, reply, self.id, message)
            return await reply
        finally:
            if timer is not None:
                timer.cancel()
            if asker is not None:
                asker.asking.remove(cell)


def _too_late(reply: asyncio.Future[Any], actor_id: str, message: object) -> None:
    expire(reply, AskTimeout(actor_id, type(message).__name__))


async def _stand_in_line(cell: "Cell", envelope: Envelope, deadline: float) -> float:
    """Wait for room; the seconds it took."""
    began = cell.monotonic()
    try:
        await cell.mailbox.put(envelope, deadline)
    except MailboxFull as full:
        raise AskTimeout(cell.id, "no room in time") from full
    return cell.monotonic() - began


def enter_wait(asker: "Context", target: "Cell") -> None:
    """Note that `asker` waits for `target`; `AskCycle` if that could never end.

    An actor does one thing at a time, so whoever it is asking blocks all its other askers too:
    walking those edges finds every deadlock, also one made of two unrelated calls.
    """
    seen: set[Cell] = set()
    ahead = [target]
    while ahead:
        cell = ahead.pop()
        if cell is asker.cell:
            raise AskCycle(target.id, f"is waiting for {cell.id}")
        if cell not in seen and cell.context is not None:
            seen.add(cell)
            ahead.extend(cell.context.asking)
    asker.asking.append(target)


@dataclass(frozen=True, slots=True)
class Down:
    """The monitored actor's life ended: over `reason`, or None when it stopped normally."""

    ref: Ref
    reason: BaseException | None


class Timer:
    """A message to come. It dies with the actor that set it."""

    __slots__ = ("_context", "_handle")

    def __init__(self, context: "Context", seconds: float, message: object) -> None:
        self._context = context
        self._handle = context.cell.loop.call_later(seconds, self._ring, message)
        context.timers.add(self)

    def cancel(self) -> None:
        """Forget it; harmless when it has already rung."""
        self._handle.cancel()
        self._context.timers.discard(self)

    def _ring(self, message: object) -> None:
        self._context.timers.discard(self)
        self._context.signal(message)


class Context:
    """One life of an actor: all that must end when it ends."""

    __slots__ = (
        "actor", "asking", "cell", "ending", "error", "family", "over", "serving", "since", "tasks",
        "timers", "watching",
    )  # fmt: skip

    def __init__(self, cell: "Cell") -> None:
        self.cell = cell
        self.actor: Actor | None = None
        self.since: float | None = None  # when it began to run
        self.serving: asyncio.Future[Any] | None = None  # the ask being answered
        self.error: BaseException | None = None  # what it dies of
        self.ending = False  # no further message
        self.over = False  # its end has been dealt with
        self.family: Family | None = None
        self.asking: list[Cell] = []  # whom its handler waits for
        self.timers: set[Timer] = set()
        self.tasks: set[asyncio.Task[Any]] = set()
        self.watching: set[Cell] = set()

    @property
    def me(self) -> Ref:
        """The reference others have of this actor."""
        return self.cell.ref

    @property
    def clock(self) -> Clock:
        """The system's clock."""
        return self.cell.system.clock

    @property
    def random(self) -> random.Random:
        """The system's randomness."""
        return self.cell.system.random

    def spawn(
        self, coroutine: Coroutine[Any, Any, Any], *, name: str = "task"
    ) -> asyncio.Task[Any]:
        """Run `coroutine` beside the actor: ended with it, and its crash crashes the actor."""
        return self.cell.spawn(self, coroutine, name)

    def after(self, seconds: float, message: object) -> Timer:
        """Receive `message` after so long, ahead of ordinary ones."""
        return Timer(self, seconds, message)

    def monitor(self, ref: Ref) -> None:
        """Receive exactly one `Down` when the actor's present, or next, life ends."""
        ref.cell.watch(self)

    async def start_child(self, spec: ChildSpec) -> Ref:
        """Start a child that lives at most as long as this actor.

        Raises:
            StartFailed: its first start failed. It is tried again as its budget allows.
        """
        cell = self.cell.system.family_of(self).add(spec)
        cell.start()
        await cell.until_started()
        return cell.ref

    async def stop_child(self, child_id: str) -> None:
        """Stop a child for good, inside its own deadline."""
        if self.family is not None and (cell := self.family.cells.get(child_id)):
            await cell.stop(cell.spec.shutdown_seconds)

    def children(self) -> Mapping[str, Ref]:
        """Return the children by id, in the order they were started."""
        cells = self.family.cells if self.family is not None else {}
        return {child_id: cell.ref for child_id, cell in cells.items()}

    def stop(self) -> None:
        """End this actor normally once the present message is done."""
        self.cell.finish(self)

    def signal(self, message: object) -> None:
        """Put `message` first in line, if this life is still going on."""
        if not self.over:
            self.cell.mailbox.signal(message, self.cell.monotonic())

    def drop(self) -> None:
        """Cut every tie at once, waiting for nothing."""
        self.over = self.ending = True
        for timer in tuple(self.timers):
            timer.cancel()
        for task in self.tasks:
            task.cancel()
        for cell in self.watching:
            cell.watchers.discard(self)
        if self.family is not None:
            self.family.kill()
