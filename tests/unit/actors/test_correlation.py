"""What is being handled is known wherever it leads: through actors, their tasks and queues (I1)."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from actors.runtime import Later
from guards.keyed_queue import KeyedQueue
from telemetry import CORRELATION, correlated
from tests.unit.actors.support import Do, Puppet, Tree, puppet
from tests.virtual_time import run_virtual


async def known(_: Puppet) -> str | None:
    """What the actor believes to handle."""
    return CORRELATION.get()


async def known_later(actor: Puppet) -> Later[str | None]:
    """What it believes once it answers later."""

    async def answer() -> str | None:
        await asyncio.sleep(1.0)
        return CORRELATION.get()

    return actor.context.later(answer())


def test_whoever_is_asked_knows_what_it_is_about() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"), puppet("b"))

        async def ask_on(_: Puppet) -> list[str | None]:
            asked = [Do(known), Do(known_later)]
            return [await tree["b"].ask(message, deadline=5.0) for message in asked]

        with correlated("telegram-7"):
            told = [CORRELATION.get(), *await tree["a"].ask(Do(ask_on), deadline=20.0)]
        return told, await tree["b"].ask(Do(known), deadline=5.0)

    assert (["telegram-7"] * 3, None) == run_virtual(main)


def test_whoever_is_told_knows_what_it_is_about_and_forgets_it_with_the_next() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))
        seen: list[str | None] = []

        async def look(_: Puppet) -> None:
            seen.append(CORRELATION.get())

        for name in ("m-1", "m-2"):
            with correlated(name):
                await tree["a"].tell(Do(look))
                tree["a"].try_tell(Do(look))
        await tree["a"].ask(Do(look), deadline=5.0)
        return seen

    assert ["m-1", "m-1", "m-2", "m-2", None] == run_virtual(main)


def test_a_line_knows_of_each_item_what_it_is_about() -> None:
    async def main() -> Any:
        seen: list[tuple[int, str | None]] = []

        async def look(_key: int, item: int) -> None:
            await asyncio.sleep(1.0)
            seen.append((item, CORRELATION.get()))

        def spawn(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
            return asyncio.create_task(work, name=name)

        queue = KeyedQueue(look, spawn, most_waiting=5)
        for item in (1, 2):
            with correlated(f"telegram-{item}"):
                await queue.add(7, item)
        queue.put(7, 3)
        await queue.drained()
        return seen

    assert [(1, "telegram-1"), (2, "telegram-2"), (3, None)] == run_virtual(main)
