"""Guarantee 6, the deadline: a task that ignores its cancellation is left behind and reported.

asyncpg 1326: the cancel request of a connection to a frozen server has no timeout, and closing the
connection waits for it.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from actors.runtime import Actor, ChildSpec, Event, EventKind, Strategy, System, on
from errors import ActorStopped
from tests.guarantees.support import SEEDS, crash_times
from tests.unit.actors.support import (
    Add,
    Do,
    Note,
    Puppet,
    Stage,
    Tree,
    hang,
    ignore_cancellation,
    outcome,
    puppet,
)
from tests.virtual_time import run_virtual

CANCEL_REQUEST = 80877102


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_6_a_stop_keeps_its_total_deadline_whoever_ignores_cancellation(
    seed: int,
) -> None:
    async def main() -> Any:
        tree = await Tree(seed=seed).start(
            *(puppet(str(number), Stage(hang_in_stopping=number % 2 == 0)) for number in range(20))
        )
        await tree["1"].tell(Do(ignore_cancellation))
        await tree["3"].tell(Do(hang))
        await asyncio.sleep(1.0)
        began = tree.system.clock.monotonic()
        left = await tree.system.stop(total_seconds=8.0)
        took = tree.system.clock.monotonic() - began
        return took <= 8.0, set(left) <= {str(number) for number in range(20)}, "0" in left

    assert run_virtual(main, seed=seed) == (True, True, True)


def test_guarantee_6_an_abandoned_task_is_reported_and_its_place_can_live_again() -> None:
    async def main() -> Any:
        stage = Stage()
        tree = await Tree().start(
            puppet("a"), puppet("b", stage, shutdown_seconds=5.0), strategy=Strategy.ONE_FOR_ALL
        )
        zombie = asyncio.create_task(
            outcome(tree["b"].ask(Do(ignore_cancellation), deadline=3000.0))
        )
        await asyncio.sleep(1.0)
        await crash_times(tree, "a", 1)
        answer = await tree["b"].ask(Add(2), deadline=30.0)
        await asyncio.sleep(1200.0)
        await tree["b"].tell(Note("for the living"))
        await tree["b"].ask(Add(), deadline=1.0)
        abandoned = [e.actor_id for e in tree.events if e.kind is EventKind.ABANDONED]
        return abandoned, answer, stage.lives, stage.log[-1], (await zombie).__name__

    assert run_virtual(main) == (["b"], 2, 2, "for the living", "ActorStopped")


def test_guarantee_6_a_background_task_that_ignores_its_cancellation_is_reported_by_name() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))

        async def work(actor: Puppet) -> None:
            actor.context.spawn(ignore_cancellation(actor), name="stubborn")

        await tree["a"].ask(Do(work), deadline=1.0)
        await asyncio.sleep(1.0)
        left = await tree.system.stop(total_seconds=8.0)
        abandoned = [e.actor_id for e in tree.events if e.kind is EventKind.ABANDONED]
        return left, abandoned

    assert run_virtual(main) == (["a: stubborn"], ["a: stubborn"])


@asynccontextmanager
async def frozen_postgres() -> AsyncIterator[tuple[int, asyncio.Event]]:
    """A server that lets one in, and then says nothing; not to a cancel request either.

    Yields its port and what is set once it was asked something.
    """
    held: list[asyncio.StreamWriter] = []
    asked = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        (length, code) = struct.unpack("!II", await reader.readexactly(8))
        await reader.readexactly(length - 8)
        if code != CANCEL_REQUEST:
            writer.write(b"R" + struct.pack("!II", 8, 0))
            for name, value in ((b"client_encoding", b"UTF8"), (b"server_version", b"18.0")):
                body = name + b"\0" + value + b"\0"
                writer.write(b"S" + struct.pack("!I", len(body) + 4) + body)
            writer.write(b"K" + struct.pack("!III", 12, 4242, 9999))
            writer.write(b"Z" + struct.pack("!I", 5) + b"I")
            await reader.read(1)
            asked.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], asked
    finally:
        for writer in held:
            writer.transport.abort()
        server.close()


class Client(Actor):
    """Asks a frozen server something, and would like to part in peace."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def started(self) -> None:
        """Connect."""
        self.connection = await asyncpg.connect(
            host="127.0.0.1",
            port=self.port,
            user="x",
            password="x",  # noqa: S106 -- nobody checks it
            database="x",
            ssl=False,
        )

    @on(Add)
    async def query(self, _message: Add) -> int:
        """Ask."""
        return int(await self.connection.fetchval("SELECT 1"))

    async def stopping(self) -> None:
        """Close in order."""
        await self.connection.close()


async def test_guarantee_6_a_connection_that_hangs_in_its_cancel_holds_nothing_up() -> None:
    # asyncpg 1326, with the frozen server of its reproduction.
    events: list[Event] = []
    async with frozen_postgres() as (port, asked):
        loop = asyncio.get_running_loop()
        system = System(on_event=events.append)
        ref = await system.start(ChildSpec("client", lambda: Client(port)))
        asking = asyncio.create_task(outcome(ref.ask(Add(), deadline=60.0)))
        await asyncio.wait_for(asked.wait(), timeout=30.0)
        began = loop.time()
        await system.stop(total_seconds=1.0)
        took = loop.time() - began

    assert ActorStopped is await asking
    assert EventKind.ABANDONED in [event.kind for event in events]
    assert took < 5.0
