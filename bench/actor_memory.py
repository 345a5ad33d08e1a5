"""What a tenant's actor costs in memory and in the collector's pauses, in a process of its own.

`python -m bench.actor_memory` prints one JSON object. Bytes are the growth of the resident set
divided by the number of tenants, so the allocator's own waste is included.
"""

import asyncio
import gc
import json
from time import perf_counter

import psutil

from actors.runtime import Actor, ChildSpec, Directory, Supervisor, System
from actors.runtime.directory import IDLE_SECONDS
from bench.adder import Add, Adder

PASSIVE = 100_000
ACTIVE = 10_000
ALWAYS_RUNNING = 2  # the root and the tenants' supervisor
COLLECTIONS = 5
DEADLINE_SECONDS = 30.0
MICROSECONDS = 1e6


def resident() -> int:
    """The resident set in bytes, garbage taken out first."""
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def make(_tenant_id: int) -> Actor:
    """Make the actor of one tenant."""
    return Adder()


async def tree(directory: Directory) -> System:
    """A tree with nothing but tenants."""
    system = System(on_event=lambda _: None)
    await system.start(ChildSpec("root", lambda: Supervisor([directory.spec()])))
    return system


async def measure() -> dict[str, float]:
    """Register, wake, freeze, collect, and put to rest again."""
    directory = Directory(make)
    system = await tree(directory)
    empty = resident()
    began = perf_counter()
    for tenant_id in range(PASSIVE):
        directory.ref(tenant_id)
    measures = {"register_100000_seconds": perf_counter() - began}
    registered = resident()
    measures["passive_bytes"] = (registered - empty) / PASSIVE
    await ask_each(directory, range(ACTIVE))
    active = resident()
    measures["active_bytes"] = measures["passive_bytes"] + (active - registered) / ACTIVE
    measures["gc_pause_ms"] = max(collection_ms() for _ in range(COLLECTIONS))
    gc.freeze()
    measures["gc_pause_frozen_ms"] = max(collection_ms() for _ in range(COLLECTIONS))
    await ask_each(directory, range(ACTIVE))
    measures["gc_pause_frozen_worked_ms"] = max(collection_ms() for _ in range(COLLECTIONS))
    gc.unfreeze()
    began = perf_counter()
    for wave in range(ACTIVE, PASSIVE, ACTIVE):
        await rest(directory, system)
        await ask_each(directory, range(wave, wave + ACTIVE))
    measures["wake_and_rest_us"] = (perf_counter() - began) / (PASSIVE - ACTIVE) * MICROSECONDS
    measures["growth_after_waves_bytes"] = (resident() - active) / PASSIVE
    began = perf_counter()
    await system.stop()
    measures["stop_seconds"] = perf_counter() - began
    return measures


async def ask_each(directory: Directory, tenants: range) -> None:
    """Give each of the tenants something to do, and so wake them."""
    message = Add(1)
    for tenant_id in tenants:
        await directory.ask(tenant_id, message, deadline=DEADLINE_SECONDS)


async def rest(directory: Directory, system: System) -> None:
    """Put all tenants to rest."""
    directory.idle_seconds = 0.0
    directory.sweep()
    directory.idle_seconds = IDLE_SECONDS
    async with asyncio.timeout(DEADLINE_SECONDS):
        while system.running > ALWAYS_RUNNING:  # noqa: ASYNC110 -- who rests tells nobody
            await asyncio.sleep(0)


def collection_ms() -> float:
    """A full collection, in milliseconds."""
    began = perf_counter()
    gc.collect()
    return (perf_counter() - began) * 1000.0


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure())))
