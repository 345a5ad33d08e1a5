"""`make bench-herd`: everybody at once, some of them failing, one of them stuck.

The real system in a process of its own starts with TENANTS paired tenants; then the jobs of all
fall due in the same second, FAILING of them failing (a trigger of PostgreSQL raises) and one stuck
for a minute. A few dozen owners go on writing to the bot all the while, over HTTP, and their
waiting is measured: at rest, at the start, and under the herd.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import asyncpg

import telemetry
from playground.rig import clean_environment, free_port
from playground.telegram import TelegramStandIn
from storage.embedded import EmbeddedPostgres
from storage.migrate import migrate
from storage.vault import Label, Vault, new_key
from tests.postgres import walkable_folder

ROOT = Path(__file__).resolve().parent.parent
TENANTS = int(os.environ.get("TENANTS", "10000"))
FAILING = min(500, TENANTS // 20)
CLIENTS_EACH = 20
DUE_EACH = 2
WRITERS = 20
STUCK = FAILING + 1
FIRST_WRITER = FAILING + 2  # neither failing nor stuck
PAUSE_SECONDS = 1.5  # between two messages of one writer
REST_SECONDS = 15.0
LONGEST_SECONDS = 600.0
BEFORE_FIVE = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
FIVE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MILLISECONDS = 1000.0

# $1 tenants, $2 clients of each, $3 of them due, $4 the job's due time.
SEED = (
    """INSERT INTO tenants (tenant_id, name, created_at, trial_ends_at)
    SELECT t, 'Negócio ' || t, '2026-11-23', '2026-12-01' FROM generate_series(1, $1) t""",
    """INSERT INTO settings (tenant_id, pix_key, pix_beneficiary)
    SELECT t, 'pix@negocio.example', 'Rita' FROM generate_series(1, $1) t""",
    """INSERT INTO clients (tenant_id, name, phone, price, due_on, created_at, updated_at)
    SELECT t, 'Cliente ' || c, '+55119' || (90000000 + c), 35,
           CASE WHEN c <= $3::int THEN DATE '2026-11-23' ELSE DATE '2026-12-01' + c END,
           '2026-11-23', '2026-11-23'
    FROM generate_series(1, $1) t, generate_series(1, $2::int) c""",
    """INSERT INTO schedules (tenant_id, job, next_due_at)
    SELECT t, j.job, '2026-11-24 08:00Z'::timestamptz + j.later
    FROM generate_series(1, $1) t, (VALUES
        ('verify', interval '0'), ('summary', interval '3 hours'), ('send', interval '4 hours'),
        ('close', interval '15 hours'), ('clean', interval '21 hours')) AS j (job, later)""",
)
FAIL = (
    """CREATE FUNCTION fail_some() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.tenant_id <= {failing} AND NEW.last_due_at IS DISTINCT FROM OLD.last_due_at THEN
            RAISE EXCEPTION 'this one fails';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER fail_some BEFORE UPDATE ON schedules
    FOR EACH ROW EXECUTE FUNCTION fail_some()""",
    "ANALYZE",
)


class Bot:
    """People who write to the bot, and how long each waits for the answer."""

    def __init__(self, stand_in: TelegramStandIn) -> None:
        self._control = stand_in.control
        self.waits: list[float] = []
        self._read: dict[int, int] = {}
        self._enough = asyncio.Event()

    @asynccontextmanager
    async def used(self) -> AsyncIterator[list[float]]:
        """Everybody writes, over and over; yields the waits, in seconds, as they come."""
        self.waits = []
        self._enough = asyncio.Event()
        async with asyncio.TaskGroup() as writing:
            for number in range(WRITERS):
                writing.create_task(self._write(number))
            try:
                yield self.waits
            finally:
                self._enough.set()  # each still waits for the answer to what it wrote

    async def _write(self, number: int) -> None:
        chat_id = FIRST_WRITER + number
        await asyncio.sleep(PAUSE_SECONDS * number / WRITERS)
        while not self._enough.is_set():
            began = time.perf_counter()
            self._control.say(chat_id, "/hoje", "Rita")
            await self._answer(chat_id)
            self.waits.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _answer(self, chat_id: int) -> None:
        """Wait for the next thing that the bot writes in the chat."""
        while True:
            read = self._read.get(chat_id, 0)
            _, messages = await self._control.look(chat_id, read, LONGEST_SECONDS)
            if not messages:
                raise SystemExit("the bot said nothing more")
            self._read[chat_id] = messages[0]["seq"]
            if messages[0]["from"] == "bot":
                return


class System:
    """The process under measure and what it wrote."""

    def __init__(self, home: Path, telegram: TelegramStandIn) -> None:
        self._home = home
        self._port = free_port()
        self._environment = {
            "EMDIA_HOME": str(home),
            "EMDIA_TELEGRAM_API": telegram.api,
            "EMDIA_WHATSAPP_URL": "ws://127.0.0.1:9/ws/chat",
            "EMDIA_WHATSAPP_ROOT_KEY": b64encode(bytes(32)).decode(),
            "EMDIA_CLOCK": BEFORE_FIVE.isoformat(),
            "EMDIA_MODE": "playground",
            "EMDIA_LOG": "json",
            "EMDIA_LOG_LEVEL": "warning",
            "STUCK": str(STUCK),
            "PORT": str(self._port),
        }
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, without waiting."""
        log = await asyncio.to_thread(open, self._home / "herd.log", "wb")
        with log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bench.herd_system",
                cwd=ROOT, env=clean_environment() | self._environment, stderr=log,
            )  # fmt: skip

    async def move_clock(self, to: datetime) -> None:
        """Make it `to`."""
        async with (
            aiohttp.ClientSession() as http,
            http.put(
                f"http://127.0.0.1:{self._port}/playground/clock", json={"now": to.isoformat()}
            ) as answer,
        ):
            answer.raise_for_status()

    async def stop(self) -> None:
        """End it in order."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()

    def crashes(self) -> int:
        """How many lives of actors ended over an error, so far."""
        lines = (self._home / "herd.log").read_text(encoding="utf-8").splitlines()
        return sum('"kind":"crashed"' in line for line in lines)


async def seed(admin: asyncpg.Connection, vault: Vault) -> None:
    """TENANTS tenants with clients, jobs at five, and a paired WhatsApp."""
    for statement in SEED:
        used = [TENANTS, CLIENTS_EACH, DUE_EACH][: statement.count("$")]
        await admin.execute(statement, *used)
    creds = [
        (tenant, vault.seal(b"{}", Label(tenant, "whatsapp_sessions", "creds")), BEFORE_FIVE)
        for tenant in range(1, TENANTS + 1)
    ]
    await admin.executemany(
        "INSERT INTO whatsapp_sessions (tenant_id, state, jid, creds, epoch, paired_at, updated_at)"
        " VALUES ($1, 'paired', '5511990000000:1@s.whatsapp.net', $2, 0, $3, $3)",
        creds,
    )
    for statement in FAIL:
        await admin.execute(statement.replace("{failing}", str(FAILING)))


async def counted(admin: asyncpg.Connection, sql: str, wanted: int) -> float:
    """Seconds until `sql` counts `wanted`."""
    began = time.perf_counter()
    while (found := await admin.fetchval(sql)) < wanted:
        if time.perf_counter() - began > LONGEST_SECONDS:
            raise SystemExit(f"only {found} of {wanted}: {sql}")
        await asyncio.sleep(0.25)
    return time.perf_counter() - began


def p99_ms(waits: list[float]) -> float:
    """The wait that one message in a hundred exceeds, in milliseconds."""
    return statistics.quantiles(waits, n=100)[98] * MILLISECONDS


async def measure(home: Path) -> dict[str, float]:
    """The start, a rest, the herd."""
    key = new_key("playground")
    (home / "vault.keys").write_text(key, encoding="utf-8")
    (home / "vault.keys").chmod(0o600)
    server = await EmbeddedPostgres.start(home)
    try:
        await migrate(server.dsn)
        admin = await asyncpg.connect(server.dsn)
        await seed(admin, Vault.from_ring(key))
        async with TelegramStandIn() as telegram:
            system, bot = System(home, telegram), Bot(telegram)
            try:
                began = time.perf_counter()
                await system.start()
                await telegram.until_polled(LONGEST_SECONDS)
                async with bot.used() as at_start:
                    await counted(admin, "SELECT count(*) FROM tenant_owners", TENANTS)
                    taken = time.perf_counter() - began
                crashes = system.crashes()
                async with bot.used() as at_rest:
                    await asyncio.sleep(REST_SECONDS)
                await system.move_clock(FIVE)
                async with bot.used() as under_herd:
                    done = await counted(
                        admin,
                        "SELECT count(*) FROM schedules WHERE job = 'verify'"  # noqa: S608 - constants
                        " AND last_due_at IS NOT NULL"
                        f" AND tenant_id > {FAILING} AND tenant_id <> {STUCK}",
                        TENANTS - FAILING - 1,
                    )
            finally:
                await system.stop()
        await admin.close()
    finally:
        await server.stop()
    return {
        "tenants": TENANTS,
        "failing": FAILING,
        "stuck": 1,
        "others_done_s": done,
        "bot_p99_ms": p99_ms(under_herd),
        "bot_p99_start_ms": p99_ms(at_start),
        "bot_p99_rest_ms": p99_ms(at_rest),
        "bot_answers": len(under_herd),
        "start_crashes": crashes,
        "start_taken_s": taken,
    }


def report(measures: dict[str, float]) -> None:
    """A table for people, then one JSON object for everybody else."""
    print(f"{TENANTS} negócios com o WhatsApp pareado, na partida")
    print(f"  todos assumidos em                   {measures['start_taken_s']:8.1f} s")
    print(f"  atores que caíram                    {measures['start_crashes']:8.0f}")
    print(f"  o bot responde (p99)                 {measures['bot_p99_start_ms']:8.0f} ms")
    print(f"a tarefa de todos no mesmo segundo, {FAILING} falhando e 1 travado por um minuto")
    print(f"  todos os outros feitos em            {measures['others_done_s']:8.1f} s")
    print(f"  o bot responde (p99)                 {measures['bot_p99_ms']:8.0f} ms")
    print(f"  o mesmo, em repouso                  {measures['bot_p99_rest_ms']:8.0f} ms")
    print(json.dumps({name: round(value, 3) for name, value in measures.items()}))


async def main() -> None:
    """Measure on a fresh server and print."""
    telemetry.configure("error")
    with walkable_folder() as home:
        report(await measure(home))


if __name__ == "__main__":
    asyncio.run(main())
