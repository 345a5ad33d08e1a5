"""`make bench-bot`: what a press costs, beside an aiogram bot that answers everything the same.

Both are processes of their own behind real HTTP: Telegram brings the updates to a webhook, and the
answers go to a Bot API. Rounds of the two are interleaved. Ours keeps each update, claims it, asks
the tenant's actor, reads PostgreSQL, draws the list and closes the update once its answer is taken.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
from aiohttp import web

from bench.bot_cloud import Cloud
from playground.rig import clean_environment, free_port
from settings import PLAYGROUND_TOKEN, Mode
from storage.embedded import EmbeddedPostgres
from storage.migrate import migrate
from tests.postgres import walkable_folder

ROOT = Path(__file__).resolve().parent.parent
TENANTS = int(os.environ.get("TENANTS", "200"))
BIG = 1
CLIENTS_BIG, CLIENTS_EACH = 5_000, 60
PRESSES = int(os.environ.get("PRESSES", "2000"))
AT_ONCE = 64
ROUNDS = 5
SEARCHES = 30
SECRET = "bench-secret"  # noqa: S105 - of a process that lives for a minute
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
OPEN_LIST = "go:clients"
START_SECONDS = 60.0
IDLE_SECONDS = 2.0
MILLISECONDS = 1000.0

SEED = (
    """INSERT INTO tenants (tenant_id, name, created_at, trial_ends_at)
    SELECT t, 'Negócio ' || t, now(), now() + interval '7 days'
    FROM generate_series(1, $1::int) t""",
    "INSERT INTO settings (tenant_id) SELECT t FROM generate_series(1, $1::int) t",
    """INSERT INTO clients (
        tenant_id, name, phone, price, server, due_on, created_at, updated_at)
    SELECT t, (ARRAY['Ana', 'Bruno', 'Carla', 'Diego', 'Elaine'])[1 + c % 5] || ' '
              || (ARRAY['Souza', 'Alves', 'Dias', 'Ramos', 'Costa'])[1 + c % 7 % 5] || ' ' || c,
           '+55119' || (90000000 + c), 35, 'Torre ' || c % 7,
           current_date - 5 + c % 40, now(), now()
    FROM generate_series(1, $1::int) t,
         generate_series(1, CASE WHEN t = 1 THEN $2::int ELSE $3::int END) c""",
)


@dataclass
class Peer:
    """One of the two bots: where it listens, what it cost, and how fast it was in each round."""

    name: str
    port: int
    bench_port: int
    cloud: Cloud
    update_id: int = 1_000_000
    rates: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def update(self, chat_id: int) -> dict[str, Any]:
        """A press of "Gestão de Clientes" in the chat."""
        self.update_id += 1
        person = {"id": chat_id, "is_bot": False, "first_name": "Rita"}
        message = {
            "message_id": 7,
            "date": 1_796_000_000,
            "chat": {"id": chat_id, "type": "private"},
            "from": {"id": 1, "is_bot": True, "first_name": "EmDia"},
            "text": "🏪",
        }
        return {
            "update_id": self.update_id,
            "callback_query": {
                "id": str(self.update_id),
                "from": person,
                "chat_instance": "1",
                "message": message,
                "data": OPEN_LIST,
            },
        }


async def press(peer: Peer, http: aiohttp.ClientSession, chat_id: int) -> float:
    """Press, and wait for the list: seconds."""
    before = len(peer.cloud.times[chat_id])
    began = time.perf_counter()
    async with http.post(
        f"http://127.0.0.1:{peer.port}/webhooks/telegram",
        json=peer.update(chat_id),
        headers={SECRET_HEADER: SECRET},
    ) as answer:
        answer.raise_for_status()
    return await peer.cloud.seen(chat_id, before + 1) - began


async def one_round(peer: Peer, http: aiohttp.ClientSession, presses: int) -> None:
    """AT_ONCE people press over and over, each waiting for the answer to the last."""
    left = iter(range(presses))

    async def person(number: int) -> None:
        chat_id = BIG + 1 + number
        for _ in left:
            await press(peer, http, chat_id)

    began = time.perf_counter()
    await asyncio.gather(*(person(number) for number in range(AT_ONCE)))
    peer.rates.append(presses / (time.perf_counter() - began))


async def everybody(peer: Peer, http: aiohttp.ClientSession) -> None:
    """All tenants open the list in the same moment."""
    peer.waits += await asyncio.gather(
        *(press(peer, http, chat_id) for chat_id in range(BIG, TENANTS + 1))
    )


async def figures(peer: Peer, http: aiohttp.ClientSession) -> dict[str, float]:
    """What it cost so far."""
    async with http.get(f"http://127.0.0.1:{peer.bench_port}/bench") as answer:
        told: dict[str, float] = await answer.json()
    return told


async def searches(peer: Peer, http: aiohttp.ClientSession) -> list[float]:
    """How long the tenant with 5,000 clients takes over a search, in seconds."""
    times = []
    for number in range(SEARCHES):
        params = {"tenant": str(BIG), "text": ("souz", "99000", "torre 3", "ana")[number % 4]}
        url = f"http://127.0.0.1:{peer.bench_port}/search"
        async with http.get(url, params=params) as answer:
            told = await answer.json()
        if not told["total"]:
            raise SystemExit("nobody was found")
        times.append(told["s"])
    return times


async def measure(ours: Peer, bare: Peer) -> dict[str, float]:
    """Rounds of both, interleaved; then what only ours can be asked."""
    # What stands idle while the other has its round is dropped here, before the door does it.
    connector = aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS)
    async with aiohttp.ClientSession(connector=connector) as http:
        for peer in (ours, bare):
            await one_round(peer, http, PRESSES // 4)
            peer.rates.clear()
        spent = {"cpu_s": 0.0, "statements": 0.0}
        for _ in range(ROUNDS):
            await one_round(bare, http, PRESSES)
            before = await figures(ours, http)
            await one_round(ours, http, PRESSES)
            after = await figures(ours, http)
            spent = {name: spent[name] + after[name] - before[name] for name in spent}
        await everybody(ours, http)
        ours.waits.clear()
        for _ in range(ROUNDS):
            await everybody(ours, http)
        found = await searches(ours, http)
    presses = ROUNDS * PRESSES
    ratios = [own / other for own, other in zip(ours.rates, bare.rates, strict=True)]
    return {
        "updates_ratio": round(statistics.median(ratios), 3),
        "list_p99_ms": round(_p99(ours.waits) * MILLISECONDS, 1),
        "cpu_ms_per_press": round(spent["cpu_s"] / presses * MILLISECONDS, 2),
        "statements_per_press": round(spent["statements"] / presses, 2),
        "search_ms": round(statistics.median(found) * MILLISECONDS, 1),
    }


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.99) - 1)]


@asynccontextmanager
async def running(module: str, dsn: str) -> AsyncIterator[Peer]:
    """A bot in a process of its own, and the Bot API it speaks to."""
    cloud = Cloud()
    runner = web.AppRunner(cloud.app())
    await runner.setup()
    api_port, port, bench_port = free_port(), free_port(), free_port()
    await web.TCPSite(runner, "127.0.0.1", api_port).start()
    bench_port = port if module == "bench.bare_bot" else bench_port
    given = {
        "API": f"http://127.0.0.1:{api_port}",
        "TOKEN": PLAYGROUND_TOKEN,
        "PORT": str(port),
        "BENCH_PORT": str(bench_port),
        "SECRET": SECRET,
        "DSN": dsn,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, cwd=ROOT, env=clean_environment() | given,
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    peer = Peer(module, port, bench_port, cloud)
    try:
        await _ready(peer, process)
        yield peer
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await runner.cleanup()


async def _ready(peer: Peer, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as http:
        while process.returncode is None:
            try:
                await figures(peer, http)
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
            else:
                return
    raise SystemExit(f"{peer.name} ended before it began")


async def seed(dsn: str) -> None:
    """All the tenants and their clients."""
    await migrate(dsn, mode=Mode.PLAYGROUND)
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(SEED[0], TENANTS)
        await connection.execute(SEED[1], TENANTS)
        await connection.execute(SEED[2], TENANTS, CLIENTS_BIG, CLIENTS_EACH)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def main() -> None:
    """Measure, and tell."""
    with walkable_folder() as home:
        server = await EmbeddedPostgres.start(home)
        try:
            await seed(server.dsn)
            async with (
                running("bench.bot_system", server.dsn) as ours,
                running("bench.bare_bot", server.dsn) as bare,
            ):
                measured = await measure(ours, bare)
            for peer in (ours, bare):
                rate = statistics.median(peer.rates)
                print(f"{peer.name:<18}{rate:>8.0f} toques por segundo")
            print(
                f"abrir a lista, {TENANTS} ao mesmo tempo, p99 {measured['list_p99_ms']} ms; "
                f"busca em {CLIENTS_BIG} clientes {measured['search_ms']} ms"
            )
            print(json.dumps(measured))
        finally:
            await server.stop()


if __name__ == "__main__":
    asyncio.run(main())
