"""Whatever stands between us and PostgreSQL, row-level security binds every pool (B1)."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from errors import DatabaseRefused
from storage.database import Database, Limits
from storage.proof import READ, Demands
from tests.pooler import Pooler, TransactionPooler
from tests.postgres import Cluster, sign_up

LIMITS = Limits(command_seconds=7.0)
WHO = """
    SELECT current_user::text, session_user::text, current_setting('row_security'),
           current_setting('statement_timeout'), current_setting('search_path')
"""


@pytest.fixture
async def loginless(cluster: Cluster) -> AsyncIterator[None]:
    """A server that knows no user of a pool's own, as a pooler with a list of users would."""
    for role in ("emdia_app", "emdia_dispatcher"):
        await cluster.run(f"ALTER ROLE login_of_{role} NOLOGIN")
    yield
    for role in ("emdia_app", "emdia_dispatcher"):
        await cluster.run(f"ALTER ROLE login_of_{role} LOGIN")


async def who(database: Database) -> list[tuple[object, ...]]:
    """Who each pool is."""
    async with database.tenant(1) as tx:
        app = await tx.fetchrow(WHO)
    async with database.dispatcher() as connection:
        dispatcher = await connection.fetchrow(WHO)
    return [tuple(row or ()) for row in (app, dispatcher)]


def bound(*logins: str) -> list[tuple[object, ...]]:
    """Who they must be, connected as those users."""
    roles = ("emdia_app", "emdia_dispatcher")
    return [(role, login, "on", "7s", "public") for role, login in zip(roles, logins, strict=True)]


async def test_each_pool_has_a_user_of_its_own_who_is_nobody(dsn: str) -> None:
    opened = await Database.open(dsn, limits=LIMITS)
    found = await who(opened)

    async def become_mighty() -> None:
        async with opened.tenant(1) as tx:
            await tx.execute("SET ROLE postgres")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await become_mighty()
    await opened.close()

    assert bound("login_of_emdia_app", "login_of_emdia_dispatcher") == found


@pytest.mark.parametrize("refuses", [False, True], ids=["drops", "refuses"])
@pytest.mark.usefixtures("loginless")
async def test_what_a_pooler_does_not_pass_on_is_asked_for_by_sql(
    dsn: str, database: Database, refuses: bool
) -> None:
    await sign_up(database, 1, 2)
    async with Pooler(dsn, refuses=refuses) as pooler:
        opened = await Database.open(pooler.dsn, limits=LIMITS)
        found = await who(opened)
        async with opened.tenant(1) as tx:
            seen = [row["tenant_id"] for row in await tx.fetch("SELECT tenant_id FROM tenants")]
        await opened.close()

    assert (bound("postgres", "postgres"), [1]) == (found, seen)


@pytest.mark.usefixtures("loginless")
async def test_a_role_that_the_connection_forgets_is_taken_anew_by_every_transaction(
    dsn: str, database: Database
) -> None:
    await sign_up(database, 1, 2)
    opened = await Database.open(dsn, limits=Limits(app_connections=1))
    async with opened.tenant(1) as tx:
        await tx.execute("SET SESSION AUTHORIZATION DEFAULT; SET SESSION ROLE NONE")
    async with opened.tenant(2) as tx:
        seen = [row["tenant_id"] for row in await tx.fetch("SELECT tenant_id FROM tenants")]
    await opened.close()

    assert [2] == seen


@pytest.mark.parametrize("newest_first", [True, False], ids=["newest first", "oldest first"])
@pytest.mark.usefixtures("loginless")
async def test_a_pooler_that_shares_connections_between_transactions_is_refused(
    dsn: str, newest_first: bool
) -> None:
    async with TransactionPooler(dsn, newest_first=newest_first) as pooler:
        with pytest.raises(DatabaseRefused, match="pooler"):
            await Database.open(pooler.dsn, limits=LIMITS)


async def test_a_role_that_row_security_does_not_bind_is_refused(
    dsn: str, cluster: Cluster
) -> None:
    await cluster.run("CREATE ROLE unbound BYPASSRLS")
    connection = await asyncpg.connect(dsn)
    try:
        with pytest.raises(DatabaseRefused, match="unbound"):
            await Demands("unbound", 1.0).prove(connection)
    finally:
        await connection.close()
        await cluster.run("DROP ROLE unbound")


@pytest.mark.parametrize("setting", ["row_security", "search_path", "statement_timeout"])
async def test_each_setting_is_proven(dsn: str, setting: str) -> None:
    demands = Demands("emdia_app", 1.0)
    asked = {name: value for name, value in demands.settings.items() if name != setting}
    other = {"row_security": "off", "search_path": "pg_catalog", "statement_timeout": "0"}
    connection = await asyncpg.connect(dsn, server_settings={**asked, setting: other[setting]})
    before = await connection.fetchrow(READ)
    await demands.prove(connection)
    after = await connection.fetchrow(READ)
    await connection.close()

    assert before is not None
    assert after is not None
    assert (True, True) == (demands.dropped, before[setting] != after[setting])


async def test_who_may_not_take_the_role_is_refused_in_words(dsn: str, cluster: Cluster) -> None:
    await cluster.run("CREATE ROLE stranger LOGIN")
    connection = await asyncpg.connect(dsn.replace("//postgres@", "//stranger@"))
    try:
        with pytest.raises(DatabaseRefused, match="emdia_app"):
            await Demands("emdia_app", 1.0).prove(connection)
    finally:
        await connection.close()
        await cluster.run("DROP ROLE stranger")
