"""Numbered, repeatable, all or nothing, one at a time (I5)."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from errors import MigrationRefused
from storage.database import Database
from storage.embedded_place import find
from storage.migrate import Migration, migrate, read
from tests.postgres import Cluster, own_cluster, sign_up

ALL = read()
ROOT = Path(__file__).parents[2]
FINE = Migration(len(ALL) + 1, "fine", "CREATE TABLE fine (id integer)")
BROKEN = Migration(len(ALL) + 2, "broken", "CREATE TABLE broken (id nonsense)")


@pytest.fixture
async def empty(cluster: Cluster) -> AsyncIterator[str]:
    """A database with nothing in it."""
    dsn = await cluster.empty_database()
    yield dsn
    await cluster.drop(dsn)


async def schema(cluster: Cluster, dsn: str) -> str:
    """The whole schema as pg_dump writes it."""
    programs = find(cluster.home).programs
    process = await asyncio.create_subprocess_exec(
        str(programs / "pg_dump"), "--schema-only", "--restrict-key=test", dsn,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await process.communicate()
    return output.decode()


async def tables(dsn: str) -> set[str]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch("SELECT tablename::text FROM pg_tables WHERE schemaname='public'")
    await connection.close()
    return {row["tablename"] for row in rows}


async def test_an_empty_database_gets_everything_once(empty: str) -> None:
    assert (ALL, []) == (await migrate(empty), await migrate(empty))


@pytest.mark.parametrize("age", [1, 3, len(ALL) - 1])
async def test_an_older_database_ends_up_equal(
    cluster: Cluster, dsn: str, empty: str, age: int
) -> None:
    await migrate(empty, ALL[:age])
    newly = await migrate(empty)

    upgraded = await schema(cluster, empty)
    assert (ALL[age:], True) == (newly, "CREATE TABLE public.clients" in upgraded)
    assert await schema(cluster, dsn) == upgraded


async def test_an_upgrade_keeps_what_is_there(empty: str) -> None:
    await migrate(empty, ALL[:10])
    connection = await asyncpg.connect(empty)
    await connection.execute(
        "INSERT INTO tenants (tenant_id, name, created_at, trial_ends_at) "
        "VALUES (1, 'Ana', now(), now())"
    )
    await connection.execute(
        "INSERT INTO clients (tenant_id, name, phone, due_on, created_at, updated_at) "
        "VALUES (1, 'José Ávila', '+5511987654321', '2026-11-24', now(), now())"
    )
    await migrate(empty)
    found = await connection.fetch("SELECT folded_name, agreed_day FROM clients")
    await connection.close()

    assert [("jose avila", 24)] == [tuple(row) for row in found]


async def test_migrators_that_meet_take_turns(empty: str) -> None:
    applied = await asyncio.gather(*(migrate(empty) for _ in range(4)))

    assert [0, 0, 0, len(ALL)] == sorted(len(one) for one in applied)


async def test_a_changed_file_is_refused_before_anything_is_done(empty: str) -> None:
    await migrate(empty)
    changed = Migration(3, ALL[2].name, ALL[2].sql + "-- one more comment\n")

    with pytest.raises(MigrationRefused, match="0003_clients"):
        await migrate(empty, [*ALL[:2], changed, *ALL[3:], FINE])

    assert "fine" not in await tables(empty)


async def test_a_failing_file_takes_the_others_back_with_it(empty: str) -> None:
    await migrate(empty)

    with pytest.raises(asyncpg.PostgresError):
        await migrate(empty, [*ALL, FINE, BROKEN])

    assert ("fine" in await tables(empty), [FINE]) == (False, await migrate(empty, [*ALL, FINE]))


async def test_an_older_program_leaves_a_newer_schema_alone(empty: str) -> None:
    await migrate(empty, [*ALL, FINE])

    assert [] == await migrate(empty, ALL)


async def test_the_owner_of_the_database_need_not_be_a_superuser() -> None:
    async with own_cluster() as fresh:
        await fresh.run("CREATE ROLE landlord LOGIN CREATEROLE")
        await fresh.run("CREATE DATABASE house OWNER landlord")
        dsn = fresh.server.dsn_of("house").replace("//postgres@", "//landlord@")

        applied = await migrate(dsn)
        database = await Database.open(dsn)
        await sign_up(database, 1)
        await database.close()

    assert ALL == applied


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        pytest.param(["0001_a.sql", "0003_b.sql"], "gap", id="a number is missing"),
        pytest.param(["0001_a.sql", "0001_b.sql"], "gap", id="a number is there twice"),
        pytest.param(["1_a.sql"], "named", id="a strange name"),
    ],
)
def test_files_that_are_not_in_order_are_refused(
    tmp_path: Path, files: list[str], fault: str
) -> None:
    for name in files:
        (tmp_path / name).write_text("SELECT 1;", encoding="utf-8")

    with pytest.raises(MigrationRefused, match=fault):
        read(tmp_path)


async def test_by_hand_it_tells_what_it_did(empty: str) -> None:
    def by_hand() -> str:
        return subprocess.run(
            [sys.executable, "-m", "storage.migrate"],
            cwd=ROOT,
            env={"DATABASE_URL": empty},
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    first, second = await asyncio.to_thread(by_hand), await asyncio.to_thread(by_hand)

    assert (f"aplicada: {ALL[-1].number:04}_{ALL[-1].name}", "nada a fazer") == (
        first.splitlines()[-1],
        second.partition(":")[0],
    )
