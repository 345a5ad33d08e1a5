"""The way to an actor: tell it, ask it, hear of its end. A reference stays good across restarts."""

import asyncio
import contextvars
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from actors.runtime.actor import Request
from actors.runtime.mailbox import Envelope, expire
from errors import AskCycle, AskTimeout, MailboxFull
from telemetry import CORRELATION

if TYPE_CHECKING:
    from actors.runtime.cell import Cell
    from actors.runtime.context import Context

R = TypeVar("R")

TELL_SECONDS = 5.0

CURRENT: contextvars.ContextVar["Context | None"] = contextvars.ContextVar("actor", default=None)
"""The life on whose behalf this code runs; None outside actors and in background tasks."""


class Ref:
    """The address of one actor."""

    __slots__ = ("cell", "id")
    cell: "Cell"

    def __init__(self, actor_id: str) -> None:
        self.id = actor_id

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
        envelope = (message, cell.monotonic(), None, CORRELATION.get())
        if not cell.mailbox.offer(envelope):
            await cell.mailbox.put(envelope, deadline)

    def try_tell(self, message: object) -> None:
        """Leave `message` or raise `MailboxFull` at once."""
        envelope = (message, self.cell.monotonic(), None, CORRELATION.get())
        if not self.cell.mailbox.offer(envelope):
            raise MailboxFull(self.id)

    async def ask(self, message: Request[R], *, deadline: float) -> R:
        """Return the answer to `message`, at most `deadline` seconds from now.

        Raises:
            AskTimeout: no answer in time. A late one is dropped.
            ActorStopped: the actor is gone.
            ActorCrashed: it died before it could answer; StartFailed, it could not start.
            Quarantined: the actor is set aside.
            AskCycle: the actor is waiting, through however many others, for the asker.
            EmDiaError: whatever of these the handler raised.
        """
        cell = self.cell
        asker = CURRENT.get()
        if asker is not None:
            enter_wait(asker, cell)
        reply: asyncio.Future[R] = cell.loop.create_future()
        envelope = (message, cell.monotonic(), reply, CORRELATION.get())
        timer: asyncio.TimerHandle | None = None
        try:
            if not cell.mailbox.offer(envelope):
                deadline -= await _stand_in_line(cell, envelope, deadline)
            timer = cell.loop.call_later(
                deadline, _too_late, reply, self.id, message, context=cell.system.blank
            )
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
        if cell.context is not None and cell.context.asking and cell not in seen:
            seen.add(cell)
            ahead.extend(cell.context.asking)
    asker.asking.append(target)


@dataclass(frozen=True, slots=True)
class Down:
    """The monitored actor's life ended: over `reason`, or None when it stopped normally.

    For one that was stopped for good before it was monitored, `reason` is `ActorStopped`.
    """

    ref: Ref
    reason: BaseException | None


class LateRef:
    """The way to an actor that begins after whoever asks it: looked for at each question."""

    def __init__(self, find: Callable[[], Ref]) -> None:
        self._find = find

    async def ask(self, message: Request[R], *, deadline: float) -> R:
        """Return the answer. Errors are those of `Ref.ask`; ActorStopped: it is not there."""
        return await self._find().ask(message, deadline=deadline)
