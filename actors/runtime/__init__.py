"""The actor runtime, as its users see it: the one door to the engine in this folder.

An actor is one task and one bounded mailbox; it handles a message to its end before the next, so
its state needs no lock. Handlers fail in two ways. An `EmDiaError` is an answer: it reaches the
asker as it is (a `tell` has none: it is reported), and the actor lives on. Anything else is a
crash: the asker gets `ActorCrashed` from it, and the supervisor starts a fresh actor, which
inherits the mailbox. Whoever waits for an answer is told at once; what was only told is kept.
A handler that only waits for others may return `context.later(...)` instead of an answer.
"""

from actors.runtime.actor import Actor, Later, Request, on
from actors.runtime.budget import Budget
from actors.runtime.clock import Clock, MovableClock, SystemClock
from actors.runtime.context import Context, Timer
from actors.runtime.directory import Directory
from actors.runtime.events import Event, EventKind, log_event
from actors.runtime.ref import Down, LateRef, Ref
from actors.runtime.specs import ChildSpec, Restart, Strategy
from actors.runtime.status import ActorStatus
from actors.runtime.supervision import Supervisor, System
from actors.runtime.watchdog import EXIT_STUCK, Watchdog

__all__ = [
    "EXIT_STUCK",
    "Actor",
    "ActorStatus",
    "Budget",
    "ChildSpec",
    "Clock",
    "Context",
    "Directory",
    "Down",
    "Event",
    "EventKind",
    "LateRef",
    "Later",
    "MovableClock",
    "Ref",
    "Request",
    "Restart",
    "Strategy",
    "Supervisor",
    "System",
    "SystemClock",
    "Timer",
    "Watchdog",
    "log_event",
    "on",
]
