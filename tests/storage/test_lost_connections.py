"""PostgreSQL dies, hangs or is cut off: told as such within the limit, and the pools recover."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from time import perf_counter
from urllib.parse import parse_qs, urlsplit

import pytest

from errors import DatabaseRefused, StorageUnavailable
from storage.database import Database, Limits
from storage.embedded import EmbeddedPostgres
from tests.black_hole import BlackHole
from tests.postgres import TEMPLATE, Cluster, own_cluster, sign_up

TENANT = 7
COMMAND_SECONDS = 0.4
HASTY = Limits(command_seconds=COMMAND_SECONDS, acquire_seconds=2.0, connect_seconds=2.0)
# What a loaded machine may add on top.
SLACK_SECONDS = 5.0


@pytest.fixture
async def proxy(dsn: str) -> AsyncIterator[BlackHole]:
    async with BlackHole(dsn) as hole:
        yield hole


@pytest.fixture
async def remote(proxy: BlackHole) -> AsyncIterator[Database]:
    """A database reached through the proxy, with little patience."""
    opened = await Database.open(proxy.dsn, limits=HASTY)
    yield opened
    await opened.close()


@pytest.fixture
async def doomed() -> AsyncIterator[Cluster]:
    async with own_cluster() as cluster:
        await cluster.run(f"CREATE DATABASE {TEMPLATE}")
        yield cluster


async def answer(database: Database) -> int:
    async with database.tenant(TENANT) as tx:
        return int(await tx.fetchval("SELECT 42"))


async def backend(database: Database) -> int:
    async with database.tenant(TENANT) as tx:
        return int(await tx.fetchval("SELECT pg_backend_pid()"))


async def test_a_black_hole_ends_within_the_limit(remote: Database, proxy: BlackHole) -> None:
    await sign_up(remote, TENANT)
    began = perf_counter()

    async def speak_into_the_void() -> None:
        async with remote.tenant(TENANT) as tx:
            proxy.swallow()
            await tx.execute("UPDATE tenants SET name = 'x' WHERE tenant_id = $1", TENANT)

    with pytest.raises(StorageUnavailable):
        await speak_into_the_void()
    seconds = perf_counter() - began

    proxy.let_go()
    assert (True, 42) == (seconds < COMMAND_SECONDS + SLACK_SECONDS, await answer(remote))


async def test_a_black_hole_at_the_commit_ends_within_the_limit(
    remote: Database, proxy: BlackHole
) -> None:
    async def fall_silent_before_the_end() -> None:
        async with remote.tenant(TENANT) as tx:
            await tx.execute("SELECT 1")
            proxy.swallow()

    with pytest.raises(StorageUnavailable):
        await fall_silent_before_the_end()


async def test_cancelling_in_a_black_hole_returns_at_once(
    remote: Database, proxy: BlackHole
) -> None:
    sent = asyncio.Event()

    async def wait_for_ever() -> None:
        async with remote.tenant(TENANT) as tx:
            proxy.swallow()
            sent.set()
            await tx.execute("SELECT 1")

    task = asyncio.create_task(wait_for_ever())
    await sent.wait()
    began = perf_counter()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    seconds = perf_counter() - began

    proxy.let_go()
    assert (True, 42) == (seconds < COMMAND_SECONDS, await answer(remote))


async def test_a_cancelled_write_is_undone(database: Database) -> None:
    await sign_up(database, TENANT)
    written = asyncio.Event()

    async def rename() -> None:
        async with database.tenant(TENANT) as tx:
            await tx.execute("UPDATE tenants SET name = 'x' WHERE tenant_id = $1", TENANT)
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(rename())
    await written.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    async with database.tenant(TENANT) as tx:
        # The row's lock is free: PostgreSQL has let the cut connection go.
        name = await tx.fetchval("SELECT name FROM tenants WHERE tenant_id = $1 FOR UPDATE", TENANT)
    assert "Dona Maria" == name


async def test_a_statement_that_takes_too_long_is_ended(dsn: str) -> None:
    database = await Database.open(dsn, limits=HASTY)

    async def take_too_long() -> None:
        async with database.tenant(TENANT) as tx:
            await tx.execute("SELECT pg_sleep(60)")

    with pytest.raises(StorageUnavailable):
        await take_too_long()
    await database.close()


async def test_a_pool_that_is_used_up_says_so(dsn: str) -> None:
    limits = Limits(app_connections=1, acquire_seconds=0.05)
    database = await Database.open(dsn, limits=limits)

    async with database.tenant(TENANT):
        with pytest.raises(StorageUnavailable):
            await answer(database)
    await database.close()


async def test_a_terminated_connection_is_replaced(database: Database, cluster: Cluster) -> None:
    async def lose_the_connection() -> None:
        async with database.tenant(TENANT) as tx:
            pid = await tx.fetchval("SELECT pg_backend_pid()")
            await cluster.run(f"SELECT pg_terminate_backend({pid}, 5000)")
            await tx.execute("SELECT 1")

    with pytest.raises(StorageUnavailable):
        await lose_the_connection()

    assert 42 == await answer(database)


async def test_the_pool_survives_the_kill_of_a_backend(doomed: Cluster) -> None:
    database = await Database.open(doomed.server.dsn_of(TEMPLATE))
    victim = await backend(database)
    os.kill(victim, signal.SIGKILL)

    # PostgreSQL now drops everybody and recovers; the same opening waits for that.
    again = await Database.open(doomed.server.dsn_of(TEMPLATE))
    answers = [await answer(again), await answer_after_losses(database)]
    await database.close()
    await again.close()

    assert [42, 42] == answers


async def test_the_pool_survives_the_kill_of_the_server(doomed: Cluster) -> None:
    database = await Database.open(doomed.server.dsn_of(TEMPLATE))
    await sign_up(database, TENANT)

    os.kill(doomed.server.pid, signal.SIGKILL)
    await doomed.server.wait_gone()
    with pytest.raises(StorageUnavailable):
        await answer(database)

    restarted = await EmbeddedPostgres.start(doomed.home, durable=False)
    async with database.tenant(TENANT) as tx:
        names = [row["name"] for row in await tx.fetch("SELECT name FROM tenants")]
    await database.close()
    await restarted.stop()

    assert ["Dona Maria"] == names


async def answer_after_losses(database: Database) -> int:
    """The answer once the connections that died unnoticed are used up."""
    async with asyncio.timeout(SLACK_SECONDS):
        while True:
            try:
                return await answer(database)
            except StorageUnavailable:
                pass


async def test_opening_waits_longer_and_longer_then_gives_up(tmp_path: Path) -> None:
    waited: list[float] = []

    async def note(seconds: float) -> None:
        waited.append(seconds)

    with pytest.raises(StorageUnavailable):
        await Database.open(
            f"postgresql://postgres@/x?host={tmp_path}",
            give_up_seconds=30,
            sleep=note,
            random=random.Random(1),  # noqa: S311 - spreads retries
        )

    assert (True, True, True) == (sum(waited) >= 30, waited[0] < 1, max(waited) <= 15)


async def test_opening_goes_on_when_postgresql_comes(dsn: str, tmp_path: Path) -> None:
    name, folder = urlsplit(dsn).path, parse_qs(urlsplit(dsn).query)["host"][0]
    coming = tmp_path / "s"
    waits = 0

    async def come(_seconds: float) -> None:
        nonlocal waits
        waits += 1
        coming.symlink_to(folder)

    database = await Database.open(f"postgresql://postgres@{name}?host={coming}", sleep=come)
    found = await answer(database)
    await database.close()

    assert (1, 42) == (waits, found)


async def test_opening_what_does_not_exist_is_not_waited_for(cluster: Cluster) -> None:
    with pytest.raises(DatabaseRefused, match="não existe nesse servidor"):
        await Database.open(cluster.server.dsn_of("nowhere"))
