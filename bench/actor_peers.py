"""The contenders of `make bench-actors`: each can be told and asked many times in a row.

All do the same work, adding up numbers, and are counted until the last one is added. What a
contender lacks by itself (a deadline, say) is added the way its own documentation does.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, Protocol

import pykka
import xoscar

from actors.runtime import Ref
from bench.adder import Add, Adder

QUEUE_SIZE = 1000
DEADLINE_SECONDS = 5.0


class Contender(Protocol):
    """Something that takes messages; both methods return seconds."""

    name: str

    def tell(self, times: int) -> float:
        """Send so many messages and see the last one handled."""
        ...

    def ask(self, times: int) -> float:
        """Ask so many times, each answer awaited before the next question."""
        ...


class EmDia:
    """The runtime under test, at its defaults."""

    name = "EmDia"

    def __init__(self, runner: asyncio.Runner, ref: Ref, actor: Adder) -> None:
        self._runner, self._ref, self._actor = runner, ref, actor

    def tell(self, times: int) -> float:
        """Tell with back-pressure: the mailbox takes a thousand."""
        return self._runner.run(self._tell(times))

    async def _tell(self, times: int) -> float:
        actor, ref, message = self._actor, self._ref, Add(1)
        actor.goal = actor.sum + times
        actor.reached.clear()
        began = perf_counter()
        for _ in range(times):
            await ref.tell(message)
        await actor.reached.wait()
        return perf_counter() - began

    def ask(self, times: int) -> float:
        """Ask with a deadline."""
        return self._runner.run(self._ask(times))

    async def _ask(self, times: int) -> float:
        ref, message = self._ref, Add(1)
        began = perf_counter()
        for _ in range(times):
            await ref.ask(message, deadline=DEADLINE_SECONDS)
        return perf_counter() - began


class BareQueue:
    """The least that can be written by hand: a queue, a task, a future, a timeout."""

    name = "asyncio.Queue"

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._sum = 0

    def tell(self, times: int) -> float:
        """Put, bounded; the reader adds up."""
        return self._runner.run(self._with_reader(self._read_tells, self._tell, times))

    def ask(self, times: int) -> float:
        """Put the question with a future and wait for it inside a timeout."""
        return self._runner.run(self._with_reader(self._read_asks, self._ask, times))

    async def _with_reader(
        self,
        read: Callable[["asyncio.Queue[Any]"], Awaitable[None]],
        send: Callable[["asyncio.Queue[Any]", int], Awaitable[float]],
        times: int,
    ) -> float:
        queue: asyncio.Queue[Any] = asyncio.Queue(QUEUE_SIZE)
        reader = asyncio.ensure_future(read(queue))
        took = await send(queue, times)
        reader.cancel()
        await asyncio.wait({reader})
        return took

    async def _read_tells(self, queue: "asyncio.Queue[Any]") -> None:
        while True:
            message = await queue.get()
            self._sum += message.amount
            queue.task_done()

    async def _tell(self, queue: "asyncio.Queue[Any]", times: int) -> float:
        message = Add(1)
        began = perf_counter()
        for _ in range(times):
            await queue.put(message)
        await queue.join()
        return perf_counter() - began

    async def _read_asks(self, queue: "asyncio.Queue[Any]") -> None:
        while True:
            message, reply = await queue.get()
            self._sum += message.amount
            if not reply.done():
                reply.set_result(self._sum)

    async def _ask(self, queue: "asyncio.Queue[Any]", times: int) -> float:
        loop = asyncio.get_running_loop()
        message = Add(1)
        began = perf_counter()
        for _ in range(times):
            reply = loop.create_future()
            async with asyncio.timeout(DEADLINE_SECONDS):
                await queue.put((message, reply))
                await reply
        return perf_counter() - began


class PykkaAdder(pykka.ThreadingActor):
    """Pykka's actor: a thread and an unbounded queue."""

    def __init__(self, goal: "PykkaGoal") -> None:
        super().__init__()
        self.sum = 0
        self.goal = goal

    def on_receive(self, message: Add) -> int:
        """Add up."""
        self.sum += message.amount
        if self.sum == self.goal.sum:
            self.goal.reached.set()
        return self.sum


class PykkaGoal:
    """What the sender waits for; the actor itself is out of reach, as it should be."""

    def __init__(self) -> None:
        self.sum = 0
        self.reached = threading.Event()


class Pykka:
    """Pykka, the model of clarity among Python's actor libraries."""

    name = "pykka"

    def __init__(self) -> None:
        self._goal = PykkaGoal()
        self._ref = PykkaAdder.start(self._goal)

    def tell(self, times: int) -> float:
        """Tell; its queue has no bound, so nothing ever waits."""
        goal, message = self._goal, Add(1)
        goal.sum = int(self._ref.ask(Add(0), block=True)) + times
        goal.reached.clear()
        began = perf_counter()
        for _ in range(times):
            self._ref.tell(message)
        goal.reached.wait()
        return perf_counter() - began

    def ask(self, times: int) -> float:
        """Ask with a timeout, from another thread, as pykka is used."""
        message = Add(1)
        began = perf_counter()
        for _ in range(times):
            self._ref.ask(message, timeout=DEADLINE_SECONDS)
        return perf_counter() - began

    def close(self) -> None:
        """End the thread."""
        self._ref.stop()


class XoscarAdder(xoscar.Actor):  # type: ignore[misc]  # xoscar has no types
    """Xoscar's actor: a coroutine method behind a reference."""

    def __init__(self) -> None:
        self.sum = 0

    async def add(self, message: Add) -> int:
        """Add up."""
        self.sum += message.amount
        return self.sum


class Xoscar:
    """Xoscar, the actors of Xorbits, inside one process."""

    name = "xoscar"

    def __init__(self, runner: asyncio.Runner, pool: Any, ref: Any) -> None:
        self._runner, self._pool, self._ref = runner, pool, ref

    @classmethod
    def start(cls, runner: asyncio.Runner) -> "Xoscar":
        """Start a pool without further processes and one actor in it."""

        async def make() -> tuple[Any, Any]:
            pool = await xoscar.create_actor_pool("127.0.0.1", n_process=0)
            await pool.start()
            address = pool.external_address
            return pool, await xoscar.create_actor(XoscarAdder, address=address, uid="adder")

        return cls(runner, *runner.run(make()))

    def tell(self, times: int) -> float:
        """Call and wait for the answer: without one it makes a task for each message."""
        return self.ask(times)

    def ask(self, times: int) -> float:
        """Call inside a timeout."""
        return self._runner.run(self._ask(times))

    async def _ask(self, times: int) -> float:
        ref, message = self._ref, Add(1)
        began = perf_counter()
        for _ in range(times):
            async with asyncio.timeout(DEADLINE_SECONDS):
                await ref.add(message)
        return perf_counter() - began

    def close(self) -> None:
        """End the pool."""
        self._runner.run(self._pool.stop())
