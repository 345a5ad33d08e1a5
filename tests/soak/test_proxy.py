"""The door to PostgreSQL is slammed where it is told to, and what was done before stays done."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.jobs import Job
from errors import StorageUnavailable
from storage import schedules
from storage.database import Database
from tests.postgres import NOW, sign_up
from tests.soak.proxy import At, Proxy, Stage, Trap

TENANT = 11
WRITTEN = {Job.VERIFY: NOW}


@pytest.fixture
async def proxy(dsn: str) -> AsyncIterator[Proxy]:
    """A proxy before the server of this test."""
    sockets = Path(parse_qs(urlsplit(dsn).query)["host"][0])
    async with Proxy(sockets) as made:
        yield made


@pytest.fixture
async def behind(dsn: str, proxy: Proxy) -> AsyncIterator[Database]:
    """The database of this test through the proxy, with a tenant in it."""
    name = urlsplit(dsn).path
    opened = await Database.open(
        f"postgresql://postgres@127.0.0.1:{proxy.port}{name}?sslmode=disable"
    )
    await sign_up(opened, TENANT)
    yield opened
    await opened.close()


async def write(database: Database) -> bool:
    """Whether a write was answered."""
    try:
        async with database.tenant(TENANT) as tx:
            await schedules.set_next(tx, WRITTEN)
    except StorageUnavailable:
        return False
    return True


async def written(database: Database) -> dict[Job, datetime]:
    """What is there."""
    async with database.tenant(TENANT) as tx:
        return await schedules.of_tenant(tx)


@pytest.mark.parametrize(
    ("at", "stage", "expected"),
    [
        pytest.param("statement", "before", {}, id="before the statement"),
        pytest.param("statement", "after", {}, id="after the statement"),
        pytest.param("commit", "before", {}, id="before the commit"),
        pytest.param("commit", "after", WRITTEN, id="after the commit"),
    ],
)
async def test_the_line_ends_where_it_is_told_to(
    behind: Database, proxy: Proxy, at: At, stage: Stage, expected: dict[Job, datetime]
) -> None:
    trap = proxy.arm(Trap("set_next", at, stage))

    answered = await write(behind)

    assert (False, True, TENANT, expected) == (
        answered,
        trap.fired.is_set(),
        trap.tenant_id,
        await written(behind),
    )


async def test_a_trap_lets_pass_whom_it_is_told_to_skip(behind: Database, proxy: Proxy) -> None:
    proxy.arm(Trap("set_next", "commit", "before", skip=1))

    assert [True, False, True] == [await write(behind) for _ in range(3)]


async def test_a_trap_that_was_taken_away_harms_nobody(behind: Database, proxy: Proxy) -> None:
    proxy.disarm(proxy.arm(Trap("set_next", "commit", "before")))

    assert await write(behind)


async def test_a_trap_for_a_statement_nobody_asks_is_refused(proxy: Proxy) -> None:
    with pytest.raises(ValueError, match="no statement"):
        proxy.arm(Trap("nonsense", "commit", "before"))
