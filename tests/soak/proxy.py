"""A door between EmDia and PostgreSQL that can be slammed at a chosen statement.

It reads what the client says (frontend/backend protocol 3.0, "Message Formats") only as far as
it takes to know which named block of `storage/queries` is being asked, and its commit.
"""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from storage import sql

FAMILIES = ("outbox", "schedules", "whatsapp_state", "leases")
ANSWER_SECONDS = 5.0
CHUNK_BYTES = 65536
READY_FOR_QUERY = b"Z\x00\x00\x00\x05"
TENANT = re.compile(rb"app\.tenant_id', '(\d+)'")

At = Literal["statement", "commit"]
Stage = Literal["before", "after"]


@dataclass(slots=True, eq=False)
class Trap:
    """What happens when `statement` (or the commit of its transaction) comes by for the nth time.

    `before`: the line is cut and PostgreSQL never hears of it. `after`: PostgreSQL does it, and
    the answer is lost with the line.
    """

    statement: str
    at: At
    stage: Stage
    skip: int = 0
    and_then: Callable[[], Awaitable[None]] | None = None
    springing: asyncio.Event = field(default_factory=asyncio.Event)
    fired: asyncio.Event = field(default_factory=asyncio.Event)
    tenant_id: int | None = None


class _Line:
    """One connection of a client and what is known of its transaction."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.client = client
        self.server = server
        self.prepared: dict[bytes, str] = {}
        self.asked: set[str] = set()
        self.tenant_id: int | None = None
        self.mute = False
        self.answered = asyncio.Event()

    def cut(self) -> None:
        """End both halves at once."""
        for writer in (self.client, self.server):
            writer.transport.abort()


class Proxy:
    """Listens on loopback for PostgreSQL clients and passes them on to the socket in `sockets`."""

    def __init__(self, sockets: Path) -> None:
        self._socket = str(sockets / ".s.PGSQL.5432")
        self._names = {
            statement.text: name
            for family in FAMILIES
            for name, statement in sql.load(family).items()
        }
        self._traps: list[Trap] = []
        self._lines: set[_Line] = set()
        self._open = asyncio.Event()
        self._open.set()
        self._work: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cut everybody off."""
        self._server.close()
        self._open.set()
        self.cut_all()
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    def arm(self, trap: Trap) -> Trap:
        """Wait for `trap`'s statement from now on; raises ValueError when nobody ever asks it."""
        if trap.statement not in self._names.values():
            raise ValueError(f"no statement is called {trap.statement}")
        self._traps.append(trap)
        return trap

    def disarm(self, trap: Trap) -> None:
        """Wait no longer."""
        if trap in self._traps:
            self._traps.remove(trap)

    def cut_all(self) -> None:
        """Cut every connection without a word."""
        for line in tuple(self._lines):
            line.cut()

    def hang(self) -> None:
        """Pass nothing on, either way."""
        self._open.clear()

    def go_on(self) -> None:
        """Pass on what was held, and all that follows."""
        self._open.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._work.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # either side went away, or all is over: the line is cut below
        finally:
            writer.transport.abort()
            self._work.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, server = await asyncio.open_unix_connection(self._socket)
        line = _Line(writer, server)
        self._lines.add(line)
        answers = asyncio.create_task(self._pass_answers(line, from_server))
        try:
            await self._pass_questions(line, reader)
        finally:
            line.cut()
            self._lines.discard(line)
            answers.cancel()
            await asyncio.gather(answers, return_exceptions=True)

    async def _pass_answers(self, line: _Line, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK_BYTES):
                if READY_FOR_QUERY in data:
                    line.answered.set()
                await self._open.wait()
                if not line.mute:
                    line.client.write(data)
                    await line.client.drain()
        line.cut()

    async def _pass_questions(self, line: _Line, reader: asyncio.StreamReader) -> None:
        size = await reader.readexactly(4)
        line.server.write(size + await reader.readexactly(int.from_bytes(size) - 4))
        while True:
            head = await reader.readexactly(5)
            body = await reader.readexactly(int.from_bytes(head[1:]) - 4)
            await self._open.wait()
            trap = self._trap_for(line, head[:1], body)
            if trap is None:
                line.server.write(head + body)
                await line.server.drain()
                continue
            if trap.stage == "after":
                await self._pass_and_lose_the_answer(line, reader, head + body)
            line.cut()
            if trap.and_then is not None:
                await trap.and_then()
            trap.fired.set()
            return

    async def _pass_and_lose_the_answer(
        self, line: _Line, reader: asyncio.StreamReader, question: bytes
    ) -> None:
        line.mute = True
        line.answered.clear()
        line.server.write(question)
        kind = question[:1]
        while kind not in b"QS":  # an extended query ends with Sync
            head = await reader.readexactly(5)
            line.server.write(head + await reader.readexactly(int.from_bytes(head[1:]) - 4))
            kind = head[:1]
        await line.server.drain()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                await line.answered.wait()

    def _trap_for(self, line: _Line, kind: bytes, body: bytes) -> Trap | None:
        at, names = self._understood(line, kind, body)
        for trap in self._traps:
            if trap.at == at and trap.statement in names:
                if trap.skip > 0:
                    trap.skip -= 1
                    continue
                self._traps.remove(trap)
                trap.tenant_id = line.tenant_id
                trap.springing.set()
                return trap
        return None

    def _understood(self, line: _Line, kind: bytes, body: bytes) -> tuple[At, Sequence[str]]:
        if kind == b"P":
            name, text, _ = body.split(b"\0", 2)
            line.prepared[name] = self._names.get(text.decode(), "")
        elif kind == b"B":
            _, name, _ = body.split(b"\0", 2)
            asked = line.prepared.get(name, "")
            line.asked.add(asked)
            return "statement", (asked,)
        elif kind == b"Q" and body.startswith(b"BEGIN"):
            line.asked.clear()
            found = TENANT.search(body)
            line.tenant_id = int(found[1]) if found else None
        elif kind == b"Q" and body.startswith(b"COMMIT"):
            return "commit", tuple(line.asked)
        return "statement", ()
