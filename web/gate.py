"""How many may be connected, and how long anybody may take: nobody's half a request costs others.

Who has not said what they want is cut when their time is up, or when the house is full and
somebody new comes, the longest waiting first. Who is being answered is never put out for another.
"""

import asyncio
import logging
import resource
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.log import server_logger

import telemetry

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Patience:
    """The limits of one server."""

    connections: int = 256
    head_seconds: float = 10.0  # for a request to be said, also until the next one
    answer_seconds: float = 30.0  # from there until it is answered


def affordable(patience: Patience) -> Patience:
    """`patience` with no more connections than a quarter of what this process may have open."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return replace(patience, connections=max(1, min(patience.connections, most // 4)))


def is_of_ours(record: logging.LogRecord) -> bool:
    """Whether an error of the server's is a fault; what strangers send, or leave unsaid, is not.

    Its words would be quoted in the log, too.
    """
    error = record.exc_info[1] if record.exc_info else None
    theirs = (HttpProcessingError, ConnectionError)
    gone = isinstance(error, RuntimeError) and str(error) == "Connection closed."
    return not (gone or isinstance(error, theirs))


class Gate:
    """The connections of one server. `guard` what it makes for each, and `watch` its requests."""

    def __init__(self, patience: Patience) -> None:
        # Added once, however many gates there are.
        server_logger.addFilter(is_of_ours)
        self.patience = patience
        self.waiting: dict[Guarded, None] = {}  # the longest waiting first
        self.open: dict[asyncio.BaseTransport, Guarded] = {}

    def guard(self, inner: asyncio.Protocol) -> "Guarded":
        """Put a connection to be under the limits."""
        return Guarded(self, inner)

    def make_room(self) -> bool:
        """Whether one more may come in, for which somebody who waits may have to go."""
        if len(self.open) < self.patience.connections:
            return True
        for longest in self.waiting:
            longest.cut("full")
            return True
        return False

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let whoever is being answered have their own time."""
        guarded = self.open.get(request.transport) if request.transport is not None else None
        if guarded is None:
            return await handler(request)
        if request.can_read_body and not request.content.is_eof():
            # Half a body is half a request: whoever is new comes first.
            guarded.says_more()
            request.content.on_eof(guarded.said_all)
        else:
            guarded.is_answered()
        try:
            return await handler(request)
        finally:
            guarded.waits()


class Guarded(asyncio.Protocol):
    """One connection: passes everything on to `inner`, and ends when its time is up."""

    def __init__(self, gate: Gate, inner: asyncio.Protocol) -> None:
        self._gate = gate
        self._inner = inner
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._asks = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Come in, if there is room."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a TCP server makes
        if not self._gate.make_room():
            telemetry.HTTP_CUT.labels(why="full").inc()
            transport.abort()
            return
        self._transport = transport
        self._gate.open[transport] = self
        self.waits()
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Pass it on."""
        if self._transport is not None:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """Pass it on."""
        return self._inner.eof_received() if self._transport is not None else None

    def pause_writing(self) -> None:
        """Pass it on."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass it on."""
        self._inner.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        """Leave."""
        if self._transport is None:
            return
        self._leave(self._transport)
        self._inner.connection_lost(error)

    def waits(self) -> None:
        """Begin to wait for the next request, if still connected."""
        self._asks = False
        if self._transport in self._gate.open:
            self._gate.waiting.pop(self, None)
            self._gate.waiting[self] = None
            self._set(self._gate.patience.head_seconds, "head")

    def says_more(self) -> None:
        """The body of a request is still to come; until then its turn to go is what it was."""
        self._asks = True
        self._set(self._gate.patience.answer_seconds, "body")

    def is_answered(self) -> None:
        """A request was said in full."""
        self._gate.waiting.pop(self, None)
        self._set(self._gate.patience.answer_seconds, "answer")

    def said_all(self) -> None:
        """The body came, unless the answer went out without it."""
        if self._asks and self._transport in self._gate.open:
            self.is_answered()

    def cut(self, why: str) -> None:
        """End it at once."""
        if self._transport is not None and self._transport in self._gate.open:
            telemetry.HTTP_CUT.labels(why=why).inc()
            self._leave(self._transport)
            self._transport.abort()

    def _set(self, seconds: float, why: str) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.cut, why)

    def _leave(self, transport: asyncio.BaseTransport) -> None:
        self._gate.open.pop(transport, None)
        self._gate.waiting.pop(self, None)
        if self._timer is not None:
            self._timer.cancel()
