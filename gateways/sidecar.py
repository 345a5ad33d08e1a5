"""The link to one WhatsApp worker process: orders out, questions and events in.

Owns the process and the meaning of frames; what the orders are about is whatsapp.py's. Replies are
never held back by a slow handler, so a handler may itself give orders. A frame that cannot be
understood costs itself and its call; a worker that does not answer at all is killed.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from errors import (
    SidecarError,
    SidecarFramesLost,
    SidecarGone,
    SidecarProtocolError,
    SidecarRefused,
    SidecarTimeout,
    SidecarUnreadable,
    StaleEpoch,
)
from gateways import frames, node
from gateways.fields import Fields
from gateways.frames import Json, Unreadable
from gateways.lanes import Lanes, OnEvent
from gateways.sidecar_events import Event, read_event
from telemetry import SIDECAR_SET_ASIDE, logger

# The worker answers within the deadline; this is for the answer's way back.
GRACE_SECONDS = 2.0
MAX_ORDERS = 512
MAX_QUESTIONS = 1_024
STREAM_BYTES = 1024 * 1024
MAX_UNREAD_BYTES = 32 * 1024 * 1024
"""A worker that reads nothing at all is no worker; pausing it would not help."""
MILLISECONDS = 1_000
NO_TENANT = 0
NO_EPOCH = 1

OnCall = Callable[[str, int, int, Json], Awaitable[Json]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How a worker that hangs is found: asked every `every` seconds, it has `patience` to answer.

    Once is not enough: this process may have stood still itself, with the answer waiting unread.
    Coming up may take `start` seconds, on a machine where many start at once.
    """

    start: float = 60.0
    every: float = 5.0
    patience: float = 6.0
    misses: int = 2


@dataclass(slots=True)
class _Order:
    """An order on its way; `left` once its bytes were handed over."""

    frame: Mapping[str, Any]
    left: bool = False


class SidecarLink:
    """One worker. `on_call(op, tenant, epoch, args)` answers it.

    It raises StaleEpoch to fence the asking session, and SidecarProtocolError for what can never be
    answered as it was asked: the worker sets that one thing aside.
    """

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        *,
        on_call: OnCall,
        on_event: OnEvent,
        pulse: Pulse,
    ) -> None:
        self._process = process
        self._reader, self._writer = streams
        self._on_call = on_call
        self._log = logger("sidecar").bind(worker=process.pid)
        self._lanes = Lanes(on_event, self._throttle, self._log)
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._room = asyncio.Semaphore(MAX_ORDERS)
        self._pen = asyncio.Lock()
        self._last_id = 0
        self._heard = 0
        self._gone: str | None = None
        self._questions: set[asyncio.Task[None]] = set()
        self._reading = asyncio.create_task(self._read(), name="sidecar frames")
        self._logging = asyncio.create_task(self._forward_logs(), name="sidecar logs")
        self._beating = asyncio.create_task(self._beat(pulse), name="sidecar pulse")

    @classmethod
    async def start(
        cls,
        *,
        environment: Mapping[str, str],
        on_call: OnCall,
        on_event: OnEvent,
        program: Path = node.WORKER,
        pulse: Pulse | None = None,
    ) -> Self:
        """Start a worker with `environment` and nothing else. Raises SidecarGone."""
        process, ours = await node.spawn(environment, program)
        try:
            streams = await asyncio.open_connection(sock=ours, limit=STREAM_BYTES)
        except asyncio.CancelledError:
            ours.close()
            node.signal_to(process, signal.SIGKILL)
            await process.wait()
            raise
        return cls(process, streams, on_call=on_call, on_event=on_event, pulse=pulse or Pulse())

    @property
    def pid(self) -> int:
        """The process id of the worker."""
        return self._process.pid

    @property
    def gone(self) -> bool:
        """Whether the link is over."""
        return self._gone is not None

    async def call(
        self, op: str, *, tenant: int, epoch: int, args: Mapping[str, Any], deadline: float
    ) -> Json:
        """Give an order and wait for its answer, `deadline` seconds at most.

        Raises SidecarRefused (the worker said no), SidecarTimeout, SidecarGone, SidecarUnreadable
        (it answered, nobody knows what), or SidecarProtocolError when the order cannot be sent.
        """
        given = {"op": op, "tenant": tenant, "epoch": epoch, "args": args}
        order = _Order({**given, "deadline_ms": int(deadline * MILLISECONDS)})
        try:
            async with asyncio.timeout(deadline + GRACE_SECONDS), self._room:
                return await self._ask(order)
        except TimeoutError as error:
            raise SidecarTimeout(f"{op}: no answer in {deadline:g} s", asked=order.left) from error

    async def close(self, deadline: float) -> None:
        """End the worker and handle what it still said: SIGTERM, then SIGKILL at the deadline."""
        node.signal_to(self._process, signal.SIGTERM)
        try:
            async with asyncio.timeout(deadline):
                await self._ended()
        except TimeoutError:
            self._log.warning("the worker did not end in time and is killed")
            self._give_up()
            # Whoever inherited its descriptors may hold them open: they are not waited for.
            self._reading.cancel()
            self._logging.cancel()
            await asyncio.wait((self._reading, self._logging))
            node.forget(self._process)
            await self._process.wait()
        finally:
            self._beating.cancel()
            await asyncio.wait((self._beating,))

    async def wait_gone(self) -> str:
        """Wait for the end of the link, however it comes; returns why. `close` is still due."""
        await asyncio.wait((self._reading,))
        return self._gone or ""

    async def _ask(self, order: _Order) -> Json:
        if self._gone is not None:
            raise SidecarGone(self._gone, asked=False)
        self._last_id += 1
        number = self._last_id
        frame = frames.encode({"id": number, **order.frame})
        reply: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        try:
            await self._write(frame)
            order.left = True
            self._waiting[number] = reply
            return await reply
        finally:
            self._waiting.pop(number, None)

    async def _write(self, frame: bytes) -> None:
        """Hand a frame over as soon as those before it are; raises SidecarGone when it never is."""
        async with self._pen:
            with suppress(ConnectionError):
                await self._writer.drain()
            if self._gone is not None:
                raise SidecarGone(self._gone, asked=False)
            self._writer.write(frame)

    def _write_soon(self, frame: bytes) -> None:
        """Hand a frame over now, without waiting; a worker that reads nothing ends by it."""
        if self._writer.transport.get_write_buffer_size() > MAX_UNREAD_BYTES:
            self._abandon("the worker reads nothing")
        if self._gone is None:
            self._writer.write(frame)

    async def _beat(self, pulse: Pulse) -> None:
        loop = asyncio.get_running_loop()
        given_up_at, missed = loop.time() + pulse.start, 0
        while self._gone is None:
            missed = 0 if await self._answers_in(pulse.patience) else missed + 1
            coming_up = self._heard == 0 and loop.time() < given_up_at
            if missed >= pulse.misses and not coming_up and self._gone is None:
                self._abandon("the worker does not answer")
            await asyncio.sleep(pulse.every)

    async def _answers_in(self, seconds: float) -> bool:
        """Whether the worker gives any sign of life: whatever it says proves that it runs."""
        heard = self._heard
        given = {"op": "ping", "tenant": NO_TENANT, "epoch": NO_EPOCH, "args": {}}
        with suppress(TimeoutError, SidecarError):
            async with asyncio.timeout(seconds):
                await self._ask(_Order({**given, "deadline_ms": int(seconds * MILLISECONDS)}))
        return self._heard != heard

    async def _read(self) -> None:
        reason = "the worker ended"
        try:
            while (message := await frames.read(self._reader)) is not None:
                self._heard += 1
                self._take(message)
        except SidecarFramesLost as error:
            reason = f"protocol error: {error}"
            self._log.error("the frames of the worker are lost", error=str(error))
        except ConnectionResetError:
            pass  # it ended without having read all that was on its way
        except OSError:
            reason = "the link broke"
        finally:
            self._finish(reason)

    def _finish(self, reason: str) -> None:
        if self._gone is None:
            self._gone = reason
        # Nobody reads what is still to be written, and whoever waits to write must hear of it.
        self._writer.transport.abort()
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(SidecarGone(self._gone, asked=True))

    def _abandon(self, reason: str) -> None:
        """Give a worker up that is there and is of no use: SIGKILL ends a stopped one too."""
        self._log.error("the worker is killed", reason=reason)
        self._gone = self._gone or reason
        self._kill()
        self._reading.cancel()
        self._finish(reason)

    def _take(self, message: Json | Unreadable) -> None:
        """Route a frame; whatever is wrong with it is wrong with it alone."""
        if isinstance(message, Unreadable):
            self._set_aside("unreadable", message.size, message.id, message.re)
            return
        try:
            self._route(message)
        except SidecarProtocolError as error:
            self._log.error("a frame says something impossible", error=str(error))
            kind = "event" if "event" in message else "call"
            self._set_aside(kind, 0, message.get("id"), None)
        except Exception as error:  # noqa: BLE001 - one frame, even by a fault of ours
            self._log.error("a frame was not handled", error=type(error).__name__)
            self._set_aside("unhandled", 0, message.get("id"), message.get("re"))

    def _route(self, message: Json) -> None:
        if "re" in message:
            self._answered(message)
        elif "event" in message:
            self._lanes.put(read_event(message))
        else:
            self._asked(message)

    def _set_aside(self, kind: str, size: int, asked: object, answered: object) -> None:
        """Count a lost frame, and let nobody wait for it in vain."""
        SIDECAR_SET_ASIDE.labels(kind=kind).inc()
        self._log.error("a frame was set aside", kind=kind, bytes=size)
        if type(asked) is int and asked >= 0:
            self._write_soon(_error(asked, "poison", "this cannot be read or kept as it is"))
        reply = self._waiting.get(answered) if type(answered) is int else None
        if reply is not None and not reply.done():
            reply.set_exception(SidecarUnreadable("the worker's answer cannot be read"))

    def _answered(self, message: Json) -> None:
        # An order that ran out of time is no longer waited for; one never given, by nobody.
        reply = self._waiting.get(message["re"]) if type(message["re"]) is int else None
        if reply is None or reply.done():
            return
        try:
            reply.set_result(_content(Fields(message, "reply")))
        except SidecarRefused as refusal:
            reply.set_exception(refusal)
        except SidecarProtocolError:
            self._set_aside("reply", 0, None, message["re"])

    def _asked(self, message: Json) -> None:
        question = Fields(message, "call")
        number = question.count("id")
        op, tenant, epoch = question.text("op"), question.integer("tenant"), question.count("epoch")
        args = dict(question.record("args").values)
        if len(self._questions) >= MAX_QUESTIONS:
            self._write_soon(_error(number, "busy", "too many calls at once"))
            return
        task = asyncio.create_task(self._answer(number, op, tenant, epoch, args))
        self._questions.add(task)
        task.add_done_callback(self._questions.discard)

    async def _answer(self, number: int, op: str, tenant: int, epoch: int, args: Json) -> None:
        try:
            frame = frames.encode(
                {"re": number, "ok": await self._on_call(op, tenant, epoch, args)}
            )
        except StaleEpoch:
            frame = _error(number, "stale_epoch", "another process owns this tenant")
        except SidecarProtocolError as error:
            SIDECAR_SET_ASIDE.labels(kind="question").inc()
            self._log.error("a question was set aside", tenant_id=tenant, error=str(error))
            frame = _error(number, "poison", "this cannot be read or kept as it is")
        except Exception as error:  # noqa: BLE001 - the worker must hear of any failure
            # Never the error's text: it may quote the keys that could not be stored.
            self._log.error("a question of the worker failed", op=op, error=type(error).__name__)
            frame = _error(number, "internal", type(error).__name__)
        with suppress(SidecarGone):
            await self._write(frame)

    def _throttle(self, name: str, event: Event) -> None:
        told = {"event": name, "tenant": event.tenant_id, "epoch": event.epoch, "data": {}}
        self._write_soon(frames.encode(told))

    async def _forward_logs(self) -> None:
        if self._process.stderr is not None:
            await node.forward_logs(self._process.stderr, self._log)

    async def _ended(self) -> None:
        await asyncio.wait((self._reading, self._logging))
        await self._process.wait()
        await self._lanes.drain()
        while self._questions:
            await asyncio.wait(self._questions)

    def _give_up(self) -> None:
        self._kill()
        self._lanes.cancel()
        for question in self._questions:
            question.cancel()

    def _kill(self) -> None:
        """End the worker and whatever it started: it leads a group of its own."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _content(reply: Fields) -> Json:
    """What a reply says. Raises SidecarRefused, or SidecarProtocolError."""
    if "error" not in reply.values:
        return dict(reply.record("ok").values)
    error = reply.record("error")
    raise SidecarRefused(error.text("code"), error.text("detail"))


def _error(number: int, code: str, detail: str) -> bytes:
    return frames.encode({"re": number, "error": {"code": code, "detail": detail}})
