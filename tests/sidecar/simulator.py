"""A WhatsApp to test against: starts the simulator and speaks to its admin API."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from gateways import node

SIMULATOR = node.WORKER.parent.parent / "simulator" / "main.ts"
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Simulator:
    """A running simulator: where it is, and its admin API."""

    url: str
    root_key: str
    admin: str
    http: aiohttp.ClientSession

    @property
    def environment(self) -> dict[str, str]:
        """What makes a worker speak to it."""
        return {
            "EMDIA_MODE": "playground",
            "EMDIA_WHATSAPP_URL": self.url,
            "EMDIA_WHATSAPP_ROOT_KEY": self.root_key,
        }

    async def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """One admin request; an answer that is no success raises."""
        async with self.http.request(method, self.admin + path, json=body) as response:
            answer = await response.json()
            assert response.ok, answer
            return answer

    async def add_phone(self, number: str, **settings: Any) -> None:
        """A phone that exists on WhatsApp."""
        await self.ask("PUT", f"/phones/{number}", settings)

    async def scan(self, number: str, qr: str) -> None:
        """The owner's phone scans a QR."""
        await self.ask("POST", f"/phones/{number}/scan", {"qr": qr})

    async def reply(self, number: str, to: str, text: str, *, lid_form: bool = False) -> str:
        """A person writes to a linked device; returns the message's id."""
        body = {"to": to, "text": text, "lid_form": lid_form}
        answer = await self.ask("POST", f"/phones/{number}/reply", body)
        return str(answer["id"])

    async def inbox(self, number: str) -> list[tuple[str, str, int]]:
        """What a phone shows: id, text and how often it came."""
        answer = await self.ask("GET", f"/phones/{number}/inbox")
        return [(m["id"], m["text"], m["times_seen"]) for m in answer["messages"]]

    async def stats(self) -> dict[str, int]:
        """The simulator's counters."""
        return dict(await self.ask("GET", "/stats"))


@asynccontextmanager
async def running(state: Path) -> AsyncIterator[Simulator]:
    """A simulator whose state is kept in `state`, for as long as the context lasts."""
    process = await asyncio.create_subprocess_exec(
        node.node_binary(),
        SIMULATOR,
        *("--state", state, "--exit-with-stdin"),
        env={},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        ready = orjson.loads(await process.stdout.readline())
    try:
        async with aiohttp.ClientSession() as http:
            yield Simulator(ready["url"], ready["root_key"], ready["admin"], http)
    finally:
        process.terminate()
        await process.communicate()
