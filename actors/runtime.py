"""The actor runtime, as its users see it.

An actor is one task and one bounded mailbox; it handles a message to its end before the next, so
its state needs no lock. Handlers fail in two ways. An `EmDiaError` is an answer: it reaches the
asker as it is (a `tell` has none: it is reported), and the actor lives on. Anything else is a
crash: the asker gets `ActorCrashed` from it, and the supervisor starts a fresh actor, which
inherits the mailbox. Whoever waits for an answer is told at once; what was only told is kept.
A handler that only waits for others may return `context.later(...)` instead of an answer.
"""

from actors.actor import Actor, Later, Request, on
from actors.life import Context, Timer
from actors.ref import Down, Ref

__all__ = ["Actor", "Context", "Down", "Later", "Ref", "Request", "Timer", "on"]
