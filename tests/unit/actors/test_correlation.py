"""What is being handled is known wherever it leads: through actors, their tasks and queues (I1)."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from actors.runtime import Event, Later
from guards.keyed_queue import KeyedQueue
from telemetry import CORRELATION, correlated
from tests.unit.actors.support import Do, Puppet, Tree, crash, outcome, puppet
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


def test_a_crash_is_told_with_what_it_was_about_and_an_orderly_end_with_nothing() -> None:
    async def main() -> Any:
        seen: list[tuple[str, str | None]] = []

        def hear(event: Event) -> None:
            seen.append((event.kind.value, CORRELATION.get()))

        tree = Tree()
        tree.system._on_event = hear  # noqa: SLF001 - whoever listens
        with correlated("telegram-1"):
            await tree.start(puppet("a"))
        with correlated("telegram-2"):
            await outcome(tree["a"].ask(Do(crash), deadline=5.0))
        await asyncio.sleep(60.0)
        with correlated("telegram-3"):
            await tree["a"].tell(Do(last_words(seen)))
            await tree["a"].ask(Do(known), deadline=5.0)
        await tree.system.stop()
        return seen

    assert [("crashed", "telegram-2"), ("stopping", None)] == run_virtual(main)


def last_words(seen: list[tuple[str, str | None]]) -> Callable[[Puppet], Awaitable[None]]:
    """Have the actor note what it is about when it stops."""

    async def prepare(actor: Puppet) -> None:
        async def stopping() -> None:
            seen.append(("stopping", CORRELATION.get()))

        actor.stopping = stopping  # type: ignore[method-assign]  # this one life's

    return prepare


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
