"""What is granted and taken back, and the end that is written with it (A5)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import count

import pytest

from errors import NotSignedUp
from storage import subscriptions, tenants
from storage.database import Database
from tests.postgres import NOW, Cluster, sign_up

DAY = timedelta(days=1)
ADMIN = "admin 5"
NUMBERS = count(1)


@pytest.fixture(scope="module")
async def shared(cluster: Cluster) -> AsyncIterator[Database]:
    """One database for all; each test has a tenant of its own."""
    dsn = await cluster.migrated_database()
    database = await Database.open(dsn)
    yield database
    await database.close()
    await cluster.drop(dsn)


@pytest.fixture
async def tenant_id(shared: Database) -> int:
    """One whose trial ends at NOW."""
    number = next(NUMBERS)
    await sign_up(shared, number)
    return number


async def end_of(database: Database, tenant_id: int) -> datetime | None:
    async with database.tenant(tenant_id) as tx:
        tenant = await tenants.find(tx)
    assert tenant is not None
    return tenant.paid_until


async def give(database: Database, tenant_id: int, on_day: int, days: int = 30) -> datetime:
    async with database.tenant(tenant_id) as tx:
        return await subscriptions.grant(
            tx, days=days, starts_at=NOW + on_day * DAY, given_by=ADMIN, now=NOW
        )


async def test_what_an_administrator_gives_is_the_end_that_is_read(
    shared: Database, tenant_id: int
) -> None:
    given = await give(shared, tenant_id, on_day=3, days=10)

    assert (NOW + 13 * DAY, given) == (given, await end_of(shared, tenant_id))


async def test_the_first_of_two_taken_back_leaves_the_second_whole(
    shared: Database, tenant_id: int
) -> None:
    await give(shared, tenant_id, on_day=3)
    await give(shared, tenant_id, on_day=40)
    async with shared.tenant(tenant_id) as tx:
        first, _second = await subscriptions.grants(tx)
        await subscriptions.take_back(tx, grant_id=first.grant_id, now=NOW)

    assert NOW + 70 * DAY == await end_of(shared, tenant_id)


async def test_all_taken_back_leaves_the_trial_alone(shared: Database, tenant_id: int) -> None:
    await give(shared, tenant_id, on_day=0)
    async with shared.tenant(tenant_id) as tx:
        [only] = await subscriptions.grants(tx)
        await subscriptions.take_back(tx, grant_id=only.grant_id, now=NOW)

    assert None is await end_of(shared, tenant_id)


async def test_two_given_at_once_both_count(shared: Database, tenant_id: int) -> None:
    await asyncio.gather(*(give(shared, tenant_id, on_day=0) for _ in range(4)))

    assert NOW + 120 * DAY == await end_of(shared, tenant_id)


async def test_nothing_is_granted_to_who_has_no_account(shared: Database) -> None:
    with pytest.raises(NotSignedUp):
        await give(shared, 10**9, on_day=0)


async def test_another_tenants_grant_cannot_be_taken_back(shared: Database, tenant_id: int) -> None:
    await give(shared, tenant_id, on_day=0)
    async with shared.tenant(tenant_id) as tx:
        [theirs] = await subscriptions.grants(tx)
    stranger = next(NUMBERS)
    await sign_up(shared, stranger)
    async with shared.tenant(stranger) as tx:
        await subscriptions.take_back(tx, grant_id=theirs.grant_id, now=NOW)

    assert NOW + 30 * DAY == await end_of(shared, tenant_id)
