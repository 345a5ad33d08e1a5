"""What a tenant set stands until it sets something else."""

from datetime import UTC, datetime

import pytest

from storage import tenants
from storage.database import Database
from storage.tenants import CompanyDetails
from tests.postgres import sign_up

TENANT = 7
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
async def office(database: Database) -> Database:
    """A database with one tenant."""
    await sign_up(database, TENANT)
    return database


COMPANY = {
    "company": ("Rita TV", "Rita Net"),
    "company_phone": ("(11) 3333-4444", "(11) 3333-5555"),
    "support": ("(11) 98765-4321", "(11) 98765-1234"),
    "pix_key": ("rita@tv.example", "nova@tv.example"),
    "pix_beneficiary": ("Rita Lima", "Rita Souza"),
    "pix_city": ("Recife", "Olinda"),
}


@pytest.mark.parametrize("changed", sorted(COMPANY))
async def test_what_is_said_of_the_business_changes_one_field_alone(
    office: Database, changed: str
) -> None:
    async with office.tenant(TENANT) as tx:
        await tenants.create(tx, name="Rita", now=NOW, trial_ends_at=NOW)
        await tenants.set_company(tx, CompanyDetails(**{k: old for k, (old, _) in COMPANY.items()}))
        before = await tx.fetchrow("SELECT * FROM settings WHERE tenant_id = $1", TENANT)
        await tenants.set_company(tx, CompanyDetails(**{changed: COMPANY[changed][1]}))
        after = await tx.fetchrow("SELECT * FROM settings WHERE tenant_id = $1", TENANT)

    assert before is not None
    assert after is not None
    assert {k: old for k, (old, _) in COMPANY.items()} == {k: before[k] for k in COMPANY}
    assert {k: pair[k == changed] for k, pair in COMPANY.items()} == {k: after[k] for k in COMPANY}


async def test_that_the_reminders_were_chosen_stands_in_the_charter(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        before = (await tenants.charter(tx)).settings.reminders_chosen
        await tenants.choose_reminders(tx)
        after = (await tenants.charter(tx)).settings.reminders_chosen

    assert (False, True) == (before, after)
