"""One thing after another for each tenant, a few tenants at a time.

So two deliveries, a look and a press about one charge are four acts in a row, and each sees what
the one before it wrote.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from errors import ChargeFailed, EmDiaError
from guards.keyed_queue import KeyedQueue, Spawn
from telemetry import logger

LOG = logger("payments")
R = TypeVar("R")
AT_ONCE = 8
"""Tenants whose charges are at work side by side."""


@dataclass(frozen=True, slots=True)
class _Act:
    """Something to do, and who waits for what it comes to."""

    do: Callable[[], Awaitable[Any]]
    answer: asyncio.Future[Any]


class Lines:
    """The tenants' lines; what an act raises reaches whoever asked for it, and nobody else."""

    def __init__(self, spawn: Spawn) -> None:
        self._queue = KeyedQueue[_Act](self._work, spawn)
        self._room = asyncio.Semaphore(AT_ONCE)

    async def run(self, tenant_id: int, do: Callable[[], Awaitable[R]]) -> R:
        """Do it when it is its turn; returns what it comes to.

        Who is cancelled while it waits has not begun it. Raises ChargeFailed for what nobody
        foresaw.
        """
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._queue.put(tenant_id, _Act(do, answer))
        return await answer

    async def _work(self, tenant_id: int, act: _Act) -> None:
        async with self._room:
            if act.answer.done():  # nobody waits any more
                return
            try:
                came_to = await act.do()
            except EmDiaError as error:
                _refuse(act, error)
            except Exception as error:
                # One charge that nobody foresaw must not bring down who works for everybody.
                LOG.exception("act on a charge failed", tenant_id=tenant_id)
                _refuse(act, ChargeFailed(type(error).__name__))
            else:
                if not act.answer.done():
                    act.answer.set_result(came_to)


def _refuse(act: _Act, error: EmDiaError) -> None:
    if not act.answer.done():
        act.answer.set_exception(error)
