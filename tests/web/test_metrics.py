"""Every metric that docs/deploy.md names is in a scrape, and moves with what it tells of (I3)."""

import asyncio
import platform
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import monotonic

import aiohttp
import asyncpg
import orjson
import pytest

import supervisor
from actors.runtime import Actor, ChildSpec, Request, Supervisor, System, on
from domain.charge import Standing
from domain.figures import Figures
from errors import ActorCrashed
from gateways.node import BURST_LINES, forward_logs
from playground.rig import free_port
from settings import Settings
from storage import figures
from storage.database import Database, Limits
from storage.migrate import read as migrations
from telemetry import logger
from tests.postgres import NOW, sign_up
from tests.rows import add_messages, add_the_rest
from tests.system.test_day_seen import MOVED_BY_A_DAY
from tests.web.scrape import Samples, documented, moved, read, told_labels
from web.inspection import FIGURES_SECONDS, KEPT_SECONDS, Kept
from wiring import Parts

TENANT = 7
ASK_SECONDS = 10.0
CROWD = 300  # more than may be connected
TOKEN = "a-token-of-16-characters-or-more"  # noqa: S105 - invented
COMMIT = "0123456789abcdef"
# What no quiet day moves, or not surely.
MOVED_HERE = {
    "emdia_actor_busy_ratio",
    "emdia_actor_crashes_total",
    "emdia_actor_mailbox_messages",
    "emdia_actor_mailbox_oldest_seconds",
    "emdia_actor_restarts",
    "emdia_actors",
    "emdia_database_up",
    "emdia_http_cut_total",
    "emdia_jobs_claimed",
    "emdia_jobs_due",
    "emdia_jobs_oldest_due_seconds",
    "emdia_notices_untold",
    "emdia_outbox_messages",
    "emdia_outbox_oldest_ready_seconds",
    "emdia_pool_connections",
    "emdia_pool_waiting",
    "emdia_replicas_alive",
    "emdia_sidecar_set_aside_total",
    "emdia_standing",
    "emdia_telegram_updates_oldest_seconds",
    "emdia_telegram_updates_open",
    "emdia_tenants_awake",
    "emdia_tenants_known",
    "emdia_tenants_quarantined",
    "emdia_tenants_registered",
}

# By what Telegram brings: tests/bot/test_webhook.py.
MOVED_AT_THE_DOOR = {
    "emdia_telegram_webhook_last_error_timestamp_seconds",
    "emdia_telegram_webhook_pending",
    "emdia_telegram_webhook_requests_total",
}
# Moved by the calls of tests/payments, by tests/money and by tests/storage/test_figures.py.
MOVED_BY_PAYMENTS = {
    "emdia_admin_notices_untold",
    "emdia_breaker_opened_total",
    "emdia_breaker_refused_total",
    "emdia_breaker_state",
    "emdia_charges",
    "emdia_charges_settled_total",
    "emdia_charges_to_check",
    "emdia_payment_calls_total",
    "emdia_payment_events_oldest_seconds",
    "emdia_payment_events_open",
    "emdia_payment_events_total",
    "emdia_payment_looks_total",
    "emdia_payment_webhooks_total",
    "emdia_threads_abandoned",
}


class Crash(Request[None]):
    """Die."""


class Wait(Request[None]):
    """Hold everybody up."""


class Greet(Request[None]):
    """Be there."""


class Frail(Actor):
    """Dies, or stands still, when told to."""

    @on(Crash)
    async def crash(self, _message: Crash) -> None:
        """Die."""
        raise ZeroDivisionError

    @on(Wait)
    async def wait(self, _message: Wait) -> None:
        """Stand still."""
        await asyncio.Event().wait()

    @on(Greet)
    async def greet(self, _message: Greet) -> None:
        """Be there."""


class Site:
    """A system with a web server, and what is in it."""

    def __init__(self, parts: Parts, system: System, http: aiohttp.ClientSession) -> None:
        self.parts = parts
        self.system = system
        self.http = http

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        """The answer to one request."""
        async with self.http.get(path, headers=headers) as response:
            return response.status, await response.text()

    async def scrape(self) -> Samples:
        """What Prometheus gets."""
        status, text = await self.get("/metrics")
        assert 200 == status
        return read(text)


@asynccontextmanager
async def site(home: Path, **environment: str) -> AsyncIterator[Site]:
    """A system of a web server, a frail actor and, where there is an address, the database."""
    port = free_port()
    settings = Settings.model_validate(
        {"EMDIA_HOME": str(home), "PORT": str(port), "EMDIA_COMMIT": COMMIT, **environment}
    )
    parts = Parts(settings, supervisor.TENANT, supervisor.WHATSAPP)
    parts.directory.factory = lambda _tenant: Frail()
    children = [
        *([ChildSpec("database", parts.database)] if settings.address else []),
        ChildSpec("frail", Frail),
        ChildSpec("tenants", parts.directory.supervisor),
        ChildSpec("web", parts.web),
    ]
    async with (
        System(clock=parts.clock, on_event=parts.observe) as system,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
    ):
        parts.system = system
        await system.start(ChildSpec("root", lambda: Supervisor(children)))
        yield Site(parts, system, http)
    await parts.holder.close()


@pytest.fixture
async def console(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's way in."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def trouble(here: Site, console: asyncpg.Connection, stay: AsyncExitStack) -> None:
    """Let everything happen that no quiet day brings."""
    database, now = here.parts.holder.database, here.parts.clock.now()
    await sign_up(database, TENANT)
    await add_messages(console, TENANT, "queued", "waiting", "sending", now=now)
    await add_the_rest(console, TENANT, now)
    here.parts.charge.becomes(Standing.SUPERSEDED)
    frail = here.system.ref("frail")
    with pytest.raises(ActorCrashed):
        await frail.ask(Crash(), deadline=ASK_SECONDS)
    await frail.tell(Wait())
    await frail.tell(Greet())
    await here.parts.directory.ask(TENANT, Greet(), deadline=ASK_SECONDS)
    for _ in range(CROWD):
        _, writer = await asyncio.open_connection("127.0.0.1", here.parts.settings.port)
        stay.callback(writer.close)
    worker = asyncio.StreamReader()
    worker.feed_data(b"{}\n" * (BURST_LINES + 1))
    worker.feed_eof()
    await forward_logs(worker, logger("test"))
    for _ in range(Limits().app_connections):
        await stay.enter_async_context(database.tenant(TENANT))
    stay.callback(asyncio.create_task(stand_in_line(database)).cancel)


async def stand_in_line(database: Database) -> None:
    """Wait for a connection."""
    async with database.tenant(TENANT):
        pass


async def test_every_metric_of_a_bad_day_moves_and_none_names_anybody(
    tmp_path: Path, dsn: str, console: asyncpg.Connection
) -> None:
    async with site(tmp_path) as alone:
        scrapes = [await alone.scrape()]
    async with site(tmp_path, DATABASE_URL=dsn) as quiet:
        scrapes.append(await quiet.scrape())
    async with site(tmp_path, DATABASE_URL=dsn) as here, AsyncExitStack() as stay:
        await trouble(here, console, stay)
        scrapes.append(await here.scrape())

    assert (set(), []) == (
        MOVED_HERE - moved(scrapes),
        [label for scrape in scrapes for label in told_labels(scrape)],
    )


def test_docs_name_every_metric_that_moves_and_no_other() -> None:
    moved_elsewhere = MOVED_BY_A_DAY | MOVED_AT_THE_DOOR | MOVED_BY_PAYMENTS

    assert documented() == MOVED_HERE | moved_elsewhere


async def test_a_process_without_its_database_tells_what_it_knows(tmp_path: Path) -> None:
    async with site(tmp_path) as alone:
        seen = await alone.scrape()
        status, told = await alone.get("/status")
        health, healths = await alone.get("/health")

    assert ({(): 0.0}, False, True) == (
        seen["emdia_database_up"], "emdia_outbox_messages" in seen, "emdia_actors" in seen
    )  # fmt: skip
    assert (200, None) == (status, orjson.loads(told)["everybody"])
    assert (503, True, False, {"database": False}) == (
        health, *(orjson.loads(healths)[name] for name in ("live", "ready", "checks"))
    )  # fmt: skip


async def test_health_tells_both_answers_and_every_version(tmp_path: Path, dsn: str) -> None:
    async with site(tmp_path, DATABASE_URL=dsn) as here:
        status, text = await here.get("/health", **{"X-Forwarded-For": "203.0.113.7"})
    told = orjson.loads(text)

    assert (200, True, True, {"database": True}) == (
        status, told["live"], told["ready"], told["checks"]
    )  # fmt: skip
    versions = told["versions"]
    assert {
        "emdia": COMMIT[:12],
        "python": platform.python_version(),
        "schema": f"{migrations()[-1].number:04}",
    }.items() <= versions.items()
    assert ({"node", "baileys", "postgresql"}, []) == (
        versions.keys() - {"emdia", "python", "schema"},
        [name for name, version in versions.items() if not re.match(r"\d", version)],
    )


async def test_status_shows_the_queue_and_the_machine(
    tmp_path: Path, dsn: str, console: asyncpg.Connection
) -> None:
    async with site(tmp_path, DATABASE_URL=dsn) as here:
        database, now = here.parts.holder.database, here.parts.clock.now()
        await sign_up(database, TENANT)
        await add_messages(console, TENANT, "queued", "queued", "read", now=now)
        status, text = await here.get("/status")
    told = orjson.loads(text)

    assert (200, {"queued": 2}) == (status, told["everybody"]["outbox"])
    assert {"app", "dispatcher", "lease"} == told["pools"].keys()
    assert told["system"]["memory_bytes"]["emdia"] > 0
    assert datetime.fromisoformat(told["system"]["started_at"]) < datetime.now(UTC)


@pytest.mark.parametrize("path", ["/status", "/metrics"])
async def test_whoever_comes_through_a_proxy_needs_the_token(tmp_path: Path, path: str) -> None:
    passed_on = {"X-Forwarded-For": "203.0.113.7"}
    bearing = {**passed_on, "Authorization": f"Bearer {TOKEN}"}
    async with site(tmp_path, EMDIA_STATUS_TOKEN=TOKEN) as here:
        answers = [await here.get(path, **headers) for headers in (passed_on, bearing, {})]
    async with site(tmp_path) as closed:
        answers.append(await closed.get(path, **bearing))

    assert [401, 200, 200, 401] == [status for status, _ in answers]
    assert answers[0] == answers[-1]


async def test_a_database_that_hangs_delays_a_scrape_by_its_deadline_and_once(
    tmp_path: Path, dsn: str, console: asyncpg.Connection
) -> None:
    async with site(tmp_path, DATABASE_URL=dsn) as here, console.transaction():
        await console.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
        began = monotonic()
        scrapes = await asyncio.gather(*(here.scrape() for _ in range(20)))
        seconds = monotonic() - began

    assert [{(): 0.0}] * 20 == [scrape["emdia_database_up"] for scrape in scrapes]
    assert FIGURES_SECONDS <= seconds < 2 * FIGURES_SECONDS


async def test_however_many_look_the_database_is_asked_every_five_seconds(dsn: str) -> None:
    database = await Database.open(dsn)
    asked, clock = count(), [1_000.0]

    async def ask() -> Figures:
        next(asked)
        async with database.dispatcher() as connection:
            return await figures.read(connection, NOW)

    kept = Kept(ask, lambda: clock[0])
    try:
        for seconds in (0.0, KEPT_SECONDS - 0.1, 0.1):
            clock[0] += seconds
            await asyncio.gather(*(kept.latest() for _ in range(50)))
    finally:
        await database.close()

    assert 2 == next(asked)
