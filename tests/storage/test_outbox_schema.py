"""What the schema itself refuses and finds fast, and what it set right in older databases."""

from datetime import time, timedelta
from pathlib import Path

import asyncpg
import pytest

from domain.outbox import MessageState
from storage.database import Database
from storage.migrate import MIGRATIONS
from tests.postgres import NOW, Cluster, sign_up

TENANT = 7
NEW = "nobody_left_behind"


@pytest.fixture
async def console(dsn: str, database: Database) -> asyncpg.Connection:
    await sign_up(database, TENANT)
    return await asyncpg.connect(dsn)


async def test_the_table_knows_exactly_the_states_of_the_rules(console: asyncpg.Connection) -> None:
    check = await console.fetchval(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'messages_state_check'"
    )
    await console.close()

    assert {f"'{state}'::text" for state in MessageState} == {
        part.strip(" ()[]") for part in check.partition("ARRAY")[2].split(",")
    }


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("send_at = '20:00'", id="sending begins when the window ends"),
        pytest.param("send_at = '21:30'", id="sending begins after the window"),
        pytest.param("window_closes = '09:00'", id="the window ends before sending begins"),
        pytest.param("window_opens = '21:00'", id="the window opens after its end"),
        pytest.param("gap_max_seconds = 3601", id="an hour and more between two messages"),
        pytest.param("gap_min_seconds = 40", id="the shortest gap above the longest"),
    ],
)
async def test_hours_in_which_nothing_could_go_are_refused(
    console: asyncpg.Connection, change: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await console.execute(f"UPDATE settings SET {change}")  # noqa: S608 - a constant
    await console.close()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("send_at = '19:59'", id="a minute before the end"),
        pytest.param("send_at = '07:00'", id="before the window opens"),
        pytest.param("send_at = '21:00', window_closes = '22:00'", id="both later"),
    ],
)
async def test_hours_in_which_something_can_go_are_kept(
    console: asyncpg.Connection, change: str
) -> None:
    assert "UPDATE 1" == await console.execute(f"UPDATE settings SET {change}")  # noqa: S608 - a constant
    await console.close()


async def test_an_older_database_is_set_right_before_it_is_strict(cluster: Cluster) -> None:
    dsn = await cluster.empty_database()
    console = await asyncpg.connect(dsn)
    older = [path for path in sorted(MIGRATIONS.glob("*.sql")) if path.stem[:4] < number(NEW)]
    for path in [*older]:
        async with console.transaction():
            await console.execute(path.read_text(encoding="utf-8"))
    await console.execute(
        "INSERT INTO tenants (tenant_id, name, created_at, trial_ends_at) VALUES ($1, 'T', $2, $2)",
        TENANT,
        NOW,
    )
    await console.execute(
        "INSERT INTO settings (tenant_id, send_at, gap_max_seconds) VALUES ($1, '21:00', 90000)",
        TENANT,
    )
    async with console.transaction():
        await console.execute(newest().read_text(encoding="utf-8"))
    row = await console.fetchrow("SELECT send_at, sundays, gap_max_seconds FROM settings")
    await console.close()
    await cluster.drop(dsn)

    assert row is not None
    assert (time(8), True, 3600) == tuple(row)


def newest() -> Path:
    """The migration that made all this."""
    (path,) = MIGRATIONS.glob(f"*_{NEW}.sql")
    return path


def number(name: str) -> str:
    """The number of a migration, as its file has it."""
    (path,) = MIGRATIONS.glob(f"*_{name}.sql")
    return path.stem[:4]


async def test_the_header_of_the_list_reads_payments_by_their_due_date(
    console: asyncpg.Connection,
) -> None:
    await console.execute(
        """INSERT INTO client_payments
               (tenant_id, amount, paid_on, due_on_before, due_on_after, recorded_at)
           SELECT $1, 1, $2::date - n % 900, $2::date - n % 900, $2::date - n % 900 + 30, now()
           FROM generate_series(1, 5000) AS n""",
        TENANT,
        NOW.date(),
    )
    await console.execute("ANALYZE client_payments")
    plan = await console.fetch(
        """EXPLAIN SELECT coalesce(sum(amount), 0) FROM client_payments
           WHERE tenant_id = $1 AND due_on_before BETWEEN $2 AND $3 AND due_on_after > $3
             AND voided_at IS NULL""",
        TENANT,
        NOW.date() - timedelta(days=10),
        NOW.date(),
    )
    await console.close()

    assert "client_payments_by_due_date" in "\n".join(line[0] for line in plan)
