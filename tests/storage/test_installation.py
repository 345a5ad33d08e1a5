"""A database remembers what it is for, and refuses to be anything else."""

from collections.abc import AsyncIterator
from itertools import product

import asyncpg
import pytest

from errors import DatabaseRefused
from settings import Mode
from storage.database import Database
from storage.migrate import migrate, read
from tests.postgres import Cluster, sign_up

ALL = read()
MODES = [Mode.PRODUCTION, Mode.PLAYGROUND]


@pytest.fixture
async def empty(cluster: Cluster) -> AsyncIterator[str]:
    """A database with nothing in it."""
    dsn = await cluster.empty_database()
    yield dsn
    await cluster.drop(dsn)


async def settled(dsn: str, mode: Mode | None, *, own: bool = False) -> bool:
    """Whether the database takes that mode."""
    try:
        await migrate(dsn, mode=mode, own=own)
    except DatabaseRefused:
        return False
    return True


async def kept(dsn: str) -> str | None:
    """The mode that is written down, as the superuser reads it."""
    connection = await asyncpg.connect(dsn)
    try:
        found: str | None = await connection.fetchval("SELECT mode FROM installation")
    finally:
        await connection.close()
    return found


async def of_before(dsn: str, *tenants: int) -> None:
    """Make the database of a version that wrote no mode down."""
    database = await Database.open(dsn)
    await sign_up(database, *tenants)
    await database.close()


@pytest.mark.parametrize(("first", "then"), list(product(MODES, MODES)))
async def test_the_first_opening_decides_for_good(empty: str, first: Mode, then: Mode) -> None:
    decided = await settled(empty, first)

    assert (True, first is then, first) == (decided, await settled(empty, then), await kept(empty))


@pytest.mark.parametrize(
    ("mode", "own", "tenants", "taken"),
    [
        pytest.param(Mode.PRODUCTION, False, (1,), True, id="production goes on"),
        pytest.param(Mode.PLAYGROUND, False, (1,), False, id="somebody's businesses"),
        pytest.param(Mode.PLAYGROUND, True, (1,), True, id="the playground's own"),
        pytest.param(Mode.PLAYGROUND, False, (), True, id="nobody's yet"),
    ],
)
async def test_a_database_that_never_said_is_taken_only_where_nothing_can_be_harmed(
    empty: str, mode: Mode, own: bool, tenants: tuple[int, ...], taken: bool
) -> None:
    await of_before(empty, *tenants)

    assert (taken, mode if taken else None) == (
        await settled(empty, mode, own=own),
        await kept(empty),
    )


async def test_businesses_are_seen_by_an_owner_from_whom_row_security_hides_them(
    cluster: Cluster,
) -> None:
    dsn = await cluster.empty_database()
    name = dsn.partition("@/")[2].partition("?")[0]
    await cluster.run("CREATE ROLE tenant_blind LOGIN")
    await of_before(dsn, 1)
    await cluster.run(f"ALTER DATABASE {name} OWNER TO tenant_blind")
    connection = await asyncpg.connect(dsn)
    await connection.execute("ALTER TABLE schema_migrations OWNER TO tenant_blind")
    await connection.execute("ALTER TABLE installation OWNER TO tenant_blind")
    await connection.execute("GRANT CREATE ON SCHEMA public TO tenant_blind")
    await connection.close()

    taken = await settled(dsn.replace("//postgres@", "//tenant_blind@"), Mode.PLAYGROUND)
    await cluster.drop(dsn)
    await cluster.run("DROP ROLE tenant_blind")

    assert not taken


async def test_a_database_that_refuses_is_left_as_it_was(empty: str) -> None:
    await migrate(empty, ALL[:5], mode=Mode.PRODUCTION)

    refused = await settled(empty, Mode.PLAYGROUND)
    connection = await asyncpg.connect(empty)
    applied = await connection.fetchval("SELECT count(*) FROM schema_migrations")
    await connection.close()

    assert (False, 5) == (refused, applied)


async def test_a_tool_that_was_told_no_mode_neither_asks_nor_tells(empty: str) -> None:
    silent = await settled(empty, None)

    assert (True, None) == (silent, await kept(empty))


async def test_the_pools_can_neither_read_nor_change_the_mode(empty: str) -> None:
    database = await Database.open(empty, mode=Mode.PLAYGROUND)

    async def ask() -> None:
        async with database.tenant(1) as tx:
            await tx.execute("UPDATE installation SET mode = 'production'")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask()
    await database.close()
