"""What the author of an actor writes: messages, and a class with one handler for each."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from errors import UnhandledMessage

if TYPE_CHECKING:
    from actors.runtime.context import Context

R = TypeVar("R")
A = TypeVar("A")
M = TypeVar("M")
Q = TypeVar("Q")
Handler = Callable[[Any, Any], Awaitable[Any]]

HANDLED_KINDS = "handled_kinds"


class Request(Generic[R]):
    """Base of a message that is answered with an R."""

    __slots__ = ()


class Later(Generic[R]):
    """An answer on its way (`Context.later`): its actor takes the next message meanwhile."""

    __slots__ = ("task",)

    def __init__(self, task: "asyncio.Task[R]") -> None:
        self.task = task


@overload
def on(  # type: ignore[overload-overlap]  # a Request is also an M: its own overload goes first
    kind: type[Request[R]],
) -> Callable[
    [Callable[[A, Q], Awaitable[R | Later[R]]]], Callable[[A, Q], Awaitable[R | Later[R]]]
]: ...
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


def _marked(part: type) -> dict[type, Handler]:
    """The handlers that the body of `part` itself marks."""
    return {
        kind: handler
        for handler in vars(part).values()
        for kind in getattr(handler, HANDLED_KINDS, ())
    }


def _replaces(cls: type, handler: Handler, part: type) -> bool:
    """Whether `handler` stands in a class below `part`, and so was meant to take its place."""
    return any(
        handler in _marked(owner).values() and issubclass(owner, part) for owner in cls.__mro__
    )


class Actor:
    """Base of everything that receives messages. A restart makes a new one."""

    context: "Context"
    handlers: ClassVar[dict[type, Handler]] = {}

    def __init_subclass__(cls) -> None:
        """Collect the marked handlers of all bases; a subclass may replace its parent's."""
        super().__init_subclass__()
        cls.handlers = {
            kind: handler
            for part in reversed(cls.__mro__)
            for kind, handler in _marked(part).items()
        }
        for part in cls.__mro__:
            for kind, handler in _marked(part).items():
                taken = cls.handlers[kind]
                if taken is not handler and not _replaces(cls, taken, part):
                    raise TypeError(f"{cls.__name__}: two parts handle {kind.__name__}")

    async def started(self) -> None:
        """Do the start-up work; raising is a failed start."""

    async def stopping(self) -> None:
        """Say last words; called whenever `started` had returned, inside the deadline."""

    def may_rest(self) -> bool:
        """Whether this actor, idle and without timers or tasks, may be passivated."""
        return True

    def standing(self) -> str | None:
        """How it stands, in one word of its own, for whoever looks at the tree."""
        return None

    @classmethod
    def handler_of(cls, actor_id: str, kind: type) -> Handler:
        """Return the handler of `kind` or of its nearest base; `UnhandledMessage` without one."""
        for base in kind.__mro__:
            if base in cls.handlers:
                cls.handlers[kind] = cls.handlers[base]
                return cls.handlers[base]
        raise UnhandledMessage(actor_id, kind.__name__)
