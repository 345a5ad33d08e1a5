"""The same sheet through the chat, below the screens: how long each step takes, and what it holds.

A business that imports must not be felt by the others of its process: what counts is for how long
the event loop could do nothing else, next to the same while nothing is done.
"""

import asyncio
import gc
import json
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

import telemetry
from actors.messages.sheets import ConfirmImport, ExportClients, PreviewImport, UndoImport
from bench.sheet import ROWS, as_csv, as_xlsx
from domain.import_decision import Doubles
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from tests.postgres import walkable_folder
from tests.system.sheets import SECONDS, open_shop

LOOK_EVERY_SECONDS = 0.001
IDLE_SECONDS = 2.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Taken:
    """How long a step took, and the longest pause of the loop meanwhile."""

    seconds: float
    longest_pause: float


async def watched(step: Awaitable[T]) -> tuple[T, Taken]:
    """Carry out `step`, looking at the loop all the while."""
    pauses = [0.0]

    async def look() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            pauses.append(time.perf_counter() - before - LOOK_EVERY_SECONDS)

    looking = asyncio.create_task(look())
    await asyncio.sleep(0)
    started = time.perf_counter()
    result = await step
    seconds = time.perf_counter() - started
    looking.cancel()
    return result, Taken(seconds, max(pauses))


async def measure(dsn: str, database: Database) -> dict[str, Taken]:
    """Every step, once."""
    taken: dict[str, Taken] = {}
    # As a process that has started does: what stays for ever is not looked through again.
    gc.collect()
    gc.freeze()
    _, taken["nada"] = await watched(asyncio.sleep(IDLE_SECONDS))
    async with open_shop(dsn, database) as shop:
        for name, data in (("csv", as_csv()), ("xlsx", as_xlsx())):
            look = PreviewImport(f"a.{name}", data)
            review, taken[f"conferir {name}"] = await watched(
                shop.tenant.ask(look, deadline=SECONDS)
            )
        order = ConfirmImport(review.import_id)
        done, taken["gravar"] = await watched(shop.tenant.ask(order, deadline=SECONDS))
        if done.added != ROWS:
            raise SystemExit(f"{done.added} of {ROWS} rows imported")
        file, taken["exportar"] = await watched(shop.tenant.ask(ExportClients(), deadline=SECONDS))
        again = PreviewImport(file.name, file.data)
        review, taken["conferir de volta"] = await watched(shop.tenant.ask(again, deadline=SECONDS))
        await shop.console.execute("UPDATE clients SET price = 1 WHERE tenant_id = 41")
        order = ConfirmImport(review.import_id, Doubles.UPDATE)
        done, taken["atualizar"] = await watched(shop.tenant.ask(order, deadline=SECONDS))
        if done.updated != ROWS:
            raise SystemExit(f"{done.updated} of {ROWS} rows updated")
        undo = UndoImport(done.import_id)
        _, taken["desfazer"] = await watched(shop.tenant.ask(undo, deadline=SECONDS))
    return taken


async def run() -> dict[str, Taken]:
    """On a database of one's own."""
    with walkable_folder() as home:
        server = await EmbeddedPostgres.start(home)
        try:
            database = await Database.open(server.dsn)
            try:
                return await measure(server.dsn, database)
            finally:
                await database.close()
        finally:
            await server.stop()


def main() -> None:
    """Measure and print."""
    telemetry.configure("error")
    measures = asyncio.run(run())
    print(f"{ROWS} linhas pela conversa: segundos, e a maior pausa do processo em ms")
    for name, taken in measures.items():
        print(f"  {name:20} {taken.seconds:6.2f} s  {taken.longest_pause * 1000:7.1f} ms")
    print(
        json.dumps(
            {name: [round(t.seconds, 3), round(t.longest_pause, 4)] for name, t in measures.items()}
        )
    )


if __name__ == "__main__":
    main()
