"""The link to one WhatsApp worker process: orders out, questions and events in.

Owns the process and the meaning of frames; what the orders are about is whatsapp.py's. Replies are
never held back by a slow handler, so a handler may itself give orders.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from errors import (
    SidecarGone,
    SidecarProtocolError,
    SidecarRefused,
    SidecarTimeout,
    StaleEpoch,
)
from gateways import frames, node
from gateways.fields import Fields
from gateways.lanes import Lanes, OnEvent
from gateways.sidecar_events import Event, read_event
from telemetry import logger

# The worker answers within the deadline; this is for the answer's way back.
GRACE_SECONDS = 2.0
MAX_ORDERS = 512
MAX_QUESTIONS = 1_024
STREAM_BYTES = 1024 * 1024
MILLISECONDS = 1_000

Json = dict[str, Any]
OnCall = Callable[[str, int, int, Json], Awaitable[Json]]


class SidecarLink:
    """One worker. `on_call(op, tenant, epoch, args)` answers it; raise StaleEpoch to fence it."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        *,
        on_call: OnCall,
        on_event: OnEvent,
    ) -> None:
        self._process = process
        self._reader, self._writer = streams
        self._on_call = on_call
        self._log = logger("sidecar").bind(worker=process.pid)
        self._lanes = Lanes(on_event, self._throttle, self._log)
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._room = asyncio.Semaphore(MAX_ORDERS)
        self._last_id = 0
        self._gone: str | None = None
        self._questions: set[asyncio.Task[None]] = set()
        self._reading = asyncio.create_task(self._read(), name="sidecar frames")
        self._logging = asyncio.create_task(self._forward_logs(), name="sidecar logs")

    @classmethod
    async def start(
        cls,
        *,
        environment: Mapping[str, str],
        on_call: OnCall,
        on_event: OnEvent,
        program: Path = node.WORKER,
    ) -> Self:
        """Start a worker with `environment` and nothing else. Raises SidecarGone."""
        process, ours = await node.spawn(environment, program)
        try:
            streams = await asyncio.open_connection(sock=ours, limit=STREAM_BYTES)
        except asyncio.CancelledError:
            ours.close()
            process.kill()
            await process.wait()
            raise
        return cls(process, streams, on_call=on_call, on_event=on_event)

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

        Raises SidecarRefused (the worker said no), SidecarTimeout, SidecarGone, or
        SidecarProtocolError when the order is too long to send.
        """
        order = {"op": op, "tenant": tenant, "epoch": epoch, "args": args}
        try:
            async with asyncio.timeout(deadline + GRACE_SECONDS), self._room:
                return await self._ask({**order, "deadline_ms": int(deadline * MILLISECONDS)})
        except TimeoutError as error:
            raise SidecarTimeout(f"{op}: no answer in {deadline:g} s") from error

    async def close(self, deadline: float) -> None:
        """End the worker and handle what it still said: SIGTERM, then SIGKILL at the deadline."""
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(deadline):
                await self._ended()
        except TimeoutError:
            self._log.warning("the worker did not end in time and is killed")
            self._give_up()
            await asyncio.wait((self._reading, self._logging))
            await self._process.wait()

    async def wait_gone(self) -> str:
        """Wait for the end of the link, however it comes; returns why. `close` is still due."""
        await asyncio.wait((self._reading,))
        return self._gone or ""

    async def _ask(self, order: Mapping[str, Any]) -> Json:
        if self._gone is not None:
            raise SidecarGone(self._gone, asked=False)
        self._last_id += 1
        number = self._last_id
        frame = frames.encode({"id": number, **order})
        reply: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        try:
            await self._write(frame)
            return await reply
        finally:
            self._waiting.pop(number, None)

    async def _write(self, frame: bytes) -> None:
        self._writer.write(frame)
        # A broken pipe is told by the reader, which fails every order at once.
        with suppress(ConnectionError):
            await self._writer.drain()

    async def _read(self) -> None:
        reason = "the worker ended"
        try:
            while (message := await frames.read(self._reader)) is not None:
                self._route(message)
        except SidecarProtocolError as error:
            reason = f"protocol error: {error}"
            self._log.exception("the worker broke the protocol")
        except ConnectionError:
            reason = "the link broke"
        finally:
            self._finish(reason)

    def _finish(self, reason: str) -> None:
        if self._gone is None:
            self._gone = reason
        self._writer.close()
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(SidecarGone(self._gone, asked=True))

    def _route(self, message: Json) -> None:
        if "re" in message:
            self._answered(Fields(message, "reply"))
        elif "event" in message:
            self._lanes.put(read_event(message))
        else:
            self._asked(message)

    def _answered(self, message: Fields) -> None:
        number = message.count("re")
        if number > self._last_id:
            raise SidecarProtocolError("a reply to an order never given")
        failed = "error" in message.values
        content = message.record("error" if failed else "ok")
        refusal = SidecarRefused(content.text("code"), content.text("detail")) if failed else None
        # An order that ran out of time is no longer waited for.
        reply = self._waiting.get(number)
        if reply is None or reply.done():
            return
        if refusal is not None:
            reply.set_exception(refusal)
        else:
            reply.set_result(dict(content.values))

    def _asked(self, message: Json) -> None:
        question = Fields(message, "call")
        number = question.count("id")
        op, tenant, epoch = question.text("op"), question.integer("tenant"), question.count("epoch")
        args = dict(question.record("args").values)
        if len(self._questions) >= MAX_QUESTIONS:
            self._writer.write(_error(number, "busy", "too many calls at once"))
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
            self._log.exception("the worker asked something malformed", op=op)
            self._finish(f"protocol error: {error}")
            return
        except Exception as error:  # noqa: BLE001 - the worker must hear of any failure
            # Never the error's text: it may quote the keys that could not be stored.
            self._log.error("a question of the worker failed", op=op, error=type(error).__name__)
            frame = _error(number, "internal", type(error).__name__)
        await self._write(frame)

    def _throttle(self, name: str, event: Event) -> None:
        signal = {"event": name, "tenant": event.tenant_id, "epoch": event.epoch, "data": {}}
        self._writer.write(frames.encode(signal))

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
        with suppress(ProcessLookupError):
            self._process.kill()
        self._lanes.cancel()
        for question in self._questions:
            question.cancel()


def _error(number: int, code: str, detail: str) -> bytes:
    return frames.encode({"re": number, "error": {"code": code, "detail": detail}})
