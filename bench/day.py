"""`make bench-day`: planning a day and draining the outbox, each next to a limit or a peer.

Planning runs the tenants' own morning job (rules read, planned, checked, due time moved on), one
transaction a tenant, and is set against one raw INSERT … SELECT that writes the same rows. Draining
runs the real courier without a network and is set against PgQueuer on the same server. The two
sides take turns; figures are medians.
"""

import asyncio
import gc
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.models import Job
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode

import telemetry
from actors.runtime import MovableClock
from actors.tenant.day import run_job
from actors.whatsapp.courier import Courier
from actors.whatsapp.steps import Idle
from domain.pacing import PacingRules
from gateways.whatsapp import WhatsAppLine
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.migrate import migrate
from tests.postgres import walkable_folder

TENANTS = 1_000
CLIENTS_EACH = 200
DUE_EACH = CLIENTS_EACH // 10
PLAN_ROUNDS = 3
DRAIN_ROUNDS = 3
DRAIN_TENANTS = 200
DRAIN_MESSAGES = DRAIN_TENANTS * DUE_EACH
AT_ONCE = 10
DAY = date(2026, 11, 24)
FIVE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PACING = PacingRules(min_gap_s=0, max_gap_s=0, typing_chars_per_s=1e9)

# $1 tenants, $2 clients of each, $3 of them due.
SEED = (
    """INSERT INTO tenants (tenant_id, name, created_at, trial_ends_at)
    SELECT t, 'Negócio ' || t, '2026-11-23', '2026-12-01' FROM generate_series(1, $1) t""",
    """INSERT INTO settings (tenant_id, pix_key, pix_beneficiary)
    SELECT t, 'pix@negocio.example', 'Rita' FROM generate_series(1, $1) t""",
    """INSERT INTO clients (tenant_id, name, phone, price, due_on, created_at, updated_at)
    SELECT t, 'Cliente ' || c, '+55119' || (90000000 + c), 35,
           CASE WHEN c <= $3 THEN DATE '2026-11-23' ELSE DATE '2026-12-01' + c END,
           '2026-11-23', '2026-11-23'
    FROM generate_series(1, $1) t, generate_series(1, $2::int) c""",
    """INSERT INTO whatsapp_numbers (tenant_id, phone, jid, checked_at)
    SELECT tenant_id, phone, substr(phone, 2) || '@s.whatsapp.net', '2026-11-24' FROM clients""",
    """INSERT INTO replicas
    VALUES ('00000000-0000-4000-8000-000000000001', '2026-11-23', '2026-11-25')""",
    """INSERT INTO tenant_owners (tenant_id, replica_id, epoch, since)
    SELECT t, '00000000-0000-4000-8000-000000000001', 1, '2026-11-23'
    FROM generate_series(1, $1) t""",
    "ANALYZE",
)
RAW_INSERT = """
INSERT INTO messages (
    tenant_id, client_id, kind, due_on, day, state, phone, whatsapp_id, correlation_id,
    not_before, expires_at, created_at)
SELECT c.tenant_id, c.id, 'cobranca', c.due_on, $1, 'queued', c.phone,
       whatsapp_message_id(t.message_salt, c.id, 'cobranca', c.due_on),
       'm-' || left(replace(gen_random_uuid()::text, '-', ''), 16), $2, $3, $2
FROM clients c JOIN tenants t USING (tenant_id)
WHERE c.due_on = DATE '2026-11-23'
"""


class NoNetwork:
    """A worker that acknowledges at once: what is left is the outbox."""

    async def call(
        self, op: str, *, tenant: int, epoch: int, args: Mapping[str, Any], deadline: float
    ) -> dict[str, Any]:
        """Say yes."""
        del op, tenant, epoch, args, deadline
        return {"outcome": "acked", "at_ms": 1_795_000_000_000}


async def seed(admin: asyncpg.Connection) -> None:
    """Fill an empty database."""
    for statement in SEED:
        used = [TENANTS, CLIENTS_EACH, DUE_EACH][: statement.count("$")]
        await admin.execute(statement, *used)


async def clear(admin: asyncpg.Connection) -> None:
    """Nothing planned, every tenant's morning job due, nothing left for PostgreSQL to write."""
    await admin.execute("TRUNCATE messages, message_events")
    await admin.execute("DELETE FROM schedules")
    await admin.execute(
        "INSERT INTO schedules (tenant_id, job, next_due_at) "
        "SELECT t, 'verify', $2 FROM generate_series(1, $1) t",
        TENANTS,
        FIVE,
    )
    await admin.execute("CHECKPOINT")


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds `work` takes."""
    gc.collect()
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


async def plan_everyone(database: Database) -> None:
    """The morning job of every tenant, a few at once."""
    waiting = iter(range(1, TENANTS + 1))

    async def work() -> None:
        for tenant_id in waiting:
            async with database.tenant(tenant_id) as tx:
                await run_job(tx, "verify", FIVE, FIVE)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def drain(database: Database) -> None:
    """Every message of DRAIN_TENANTS tenants from queued to sent, a few tenants at once."""
    clock = MovableClock()
    clock.move_to(NINE)
    waiting = iter(range(1, DRAIN_TENANTS + 1))

    async def work() -> None:
        for tenant_id in waiting:
            courier = Courier(
                tenant_id=tenant_id,
                epoch=1,
                database=database,
                line=WhatsAppLine(NoNetwork(), tenant_id, 1),
                pacing=PACING,
                clock=clock,
                random=Random(1),  # noqa: S311 - a benchmark
            )
            while not isinstance(await courier.deliver_next(), Idle):
                pass

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def drain_pgqueuer(pool: asyncpg.Pool) -> None:
    """As many jobs through PgQueuer, with its own batching and a handler that does nothing."""
    manager = QueueManager(Queries(AsyncpgPoolDriver(pool)))

    @manager.entrypoint("send")
    async def send(job: Job) -> None:
        del job

    await manager.run(batch_size=AT_ONCE, mode=QueueExecutionMode.drain)


async def measure_planning(admin: asyncpg.Connection, database: Database) -> dict[str, float]:
    """Both ways to write the day's rows, in turns."""
    ours, raw = [], []
    for _ in range(PLAN_ROUNDS):
        await clear(admin)
        raw.append(await timed(lambda: admin.execute(RAW_INSERT, DAY, NINE, NINE)))
        written = await admin.fetchval("SELECT count(*) FROM messages")
        await clear(admin)
        ours.append(await timed(lambda: plan_everyone(database)))
        planned = await admin.fetchval("SELECT count(*) FROM messages")
        if written != planned or planned != TENANTS * DUE_EACH:
            raise SystemExit(f"not the same rows: {written} and {planned}")
    return {
        "plan_seconds": statistics.median(ours),
        "raw_insert_seconds": statistics.median(raw),
        "plan_ratio": statistics.median(a / b for a, b in zip(ours, raw, strict=True)),
    }


async def measure_draining(
    admin: asyncpg.Connection, database: Database, pool: asyncpg.Pool
) -> dict[str, float]:
    """Both queues emptied, in turns."""
    ours, peer = [], []
    queries = Queries(AsyncpgPoolDriver(pool))
    for _ in range(DRAIN_ROUNDS):
        await clear(admin)
        await plan_everyone(database)
        ours.append(DRAIN_MESSAGES / await timed(lambda: drain(database)))
        sent = await admin.fetchval("SELECT count(*) FROM messages WHERE state = 'sent'")
        if sent != DRAIN_MESSAGES:
            raise SystemExit(f"{sent} of {DRAIN_MESSAGES} sent")
        await queries.enqueue(
            ["send"] * DRAIN_MESSAGES, [b"{}"] * DRAIN_MESSAGES, [0] * DRAIN_MESSAGES
        )
        await admin.execute("CHECKPOINT")
        peer.append(DRAIN_MESSAGES / await timed(lambda: drain_pgqueuer(pool)))
    return {
        "drain_messages_per_second": statistics.median(ours),
        "pgqueuer_jobs_per_second": statistics.median(peer),
        "drain_ratio": statistics.median(a / b for a, b in zip(ours, peer, strict=True)),
    }


async def main() -> None:
    """Measure on a fresh server and print."""
    telemetry.configure("error")
    with walkable_folder() as home:
        report(await measure(home))


async def measure(home: Path) -> dict[str, float]:
    """All measures, on a server of their own below `home`."""
    server = await EmbeddedPostgres.start(home)
    try:
        await migrate(server.dsn)
        admin = await asyncpg.connect(server.dsn)
        await seed(admin)
        pool = await asyncpg.create_pool(server.dsn, min_size=AT_ONCE, max_size=AT_ONCE)
        await Queries(AsyncpgPoolDriver(pool)).install()
        database = await Database.open(server.dsn)
        measures = await measure_planning(admin, database)
        measures |= await measure_draining(admin, database, pool)
        await database.close()
        await pool.close()
        await admin.close()
    finally:
        await server.stop()
    return measures


def report(measures: dict[str, float]) -> None:
    """A table for people, then one JSON object for everybody else."""
    rows = TENANTS * DUE_EACH
    print(f"planejar {TENANTS} negócios × {CLIENTS_EACH} clientes ({rows} mensagens)")
    print(f"  trabalho das 05:00, um por negócio   {measures['plan_seconds']:8.2f} s")
    print(f"  um só INSERT … SELECT                {measures['raw_insert_seconds']:8.2f} s")
    print(f"  razão                                {measures['plan_ratio']:8.2f}")
    print(f"esvaziar a fila sem rede ({DRAIN_MESSAGES} mensagens)")
    print(f"  EmDia                                {measures['drain_messages_per_second']:8.0f} /s")
    print(f"  PgQueuer                             {measures['pgqueuer_jobs_per_second']:8.0f} /s")
    print(f"  razão                                {measures['drain_ratio']:8.2f}")
    print(json.dumps({name: round(value, 3) for name, value in measures.items()}))


if __name__ == "__main__":
    asyncio.run(main())
