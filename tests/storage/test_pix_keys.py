"""A PIX key is stored with its kind, and read without being parsed again (D4, D5)."""

from datetime import timedelta

import asyncpg
import pytest

from domain.pix import PixKey, PixKeyKind, is_cpf, parse_pix_key
from domain.rulebook import rulebook
from errors import InvalidInput
from storage import tenants
from storage.database import Database
from storage.migrate import migrate, read
from storage.tenants import CompanyDetails
from tests.postgres import NOW, Cluster

TENANT = 7
KEYS = {
    "439.150.008-68": PixKeyKind.CPF,
    "12.ABC.345/01DE-35": PixKeyKind.CNPJ,
    "Loja@Exemplo.com": PixKeyKind.EMAIL,
    "(11) 98765-4321": PixKeyKind.PHONE,
    "123E4567-E12B-12D1-A456-426655440000": PixKeyKind.RANDOM,
}
BEFORE_KINDS = next(one.number for one in read() if one.name == "pix_key_kind") - 1


@pytest.fixture
async def office(database: Database) -> Database:
    """A database with one tenant."""
    async with database.tenant(TENANT) as tx:
        await tenants.create(tx, name="Rita", now=NOW, trial_ends_at=NOW + timedelta(days=7))
    return database


@pytest.mark.parametrize("typed", KEYS)
async def test_a_key_comes_back_as_it_was_parsed(office: Database, typed: str) -> None:
    key = parse_pix_key(typed)
    async with office.tenant(TENANT) as tx:
        await tenants.set_company(tx, CompanyDetails(pix_key=key.value, pix_beneficiary="Rita"))
        charter = await tenants.charter(tx)
        plain = (await tenants.settings(tx)).pix_key

    receiver = rulebook(charter, NOW).pix
    assert receiver is not None
    assert (KEYS[typed], key, key) == (key.kind, plain, receiver.key)


async def test_the_database_knows_every_cpf(dsn: str) -> None:
    cpfs = [f"{start * 7919 % 10**9:09d}{end:02d}" for start in range(60) for end in range(100)]
    connection = await asyncpg.connect(dsn)
    kinds = await connection.fetch(
        "SELECT pix_key_kind(key) AS kind FROM unnest($1::text[]) WITH ORDINALITY AS k (key, at) "
        "ORDER BY at",
        cpfs,
    )
    await connection.close()

    assert [is_cpf(cpf) for cpf in cpfs] == [row["kind"] == "cpf" for row in kinds]


@pytest.mark.parametrize("odd", ["11987654321", "minha chave", "439.150.008-69", "", "+55"])
async def test_a_key_of_no_kind_counts_as_none(office: Database, odd: str) -> None:
    async with office.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE settings SET pix_key = $2, pix_beneficiary = 'Rita' WHERE tenant_id = $1",
            TENANT,
            odd,
        )
        charter = await tenants.charter(tx)

    assert (None, None) == (charter.settings.pix_key, rulebook(charter, NOW).pix)


async def test_a_kind_follows_its_key_whoever_writes_it(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await tenants.set_company(tx, CompanyDetails(pix_key="43915000868"))
        await tx.execute(
            "UPDATE settings SET pix_key = 'a@b.example', pix_key_kind = 'cpf' "
            "WHERE tenant_id = $1",
            TENANT,
        )
        changed = (await tenants.settings(tx)).pix_key
        await tx.execute("UPDATE settings SET pix_key = NULL WHERE tenant_id = $1", TENANT)
        gone = (await tenants.settings(tx)).pix_key

    assert (PixKey(PixKeyKind.EMAIL, "a@b.example"), None) == (changed, gone)


@pytest.mark.parametrize(
    "details", [CompanyDetails(pix_city="東京"), CompanyDetails(pix_beneficiary="😀")]
)
async def test_what_no_code_can_carry_is_refused_when_set(
    office: Database, details: CompanyDetails
) -> None:
    with pytest.raises(InvalidInput, match="precisam ter letras"):
        async with office.tenant(TENANT) as tx:
            await tenants.set_company(tx, details)


async def test_what_was_stored_before_kinds_gets_one(empty: str) -> None:
    stored = {
        1: ("43915000868", "43915000868", "cpf"),
        2: ("439.150.008-68", "43915000868", "cpf"),
        3: ("12abc34501de35", "12ABC34501DE35", "cnpj"),
        4: ("Loja@Exemplo.com ", "loja@exemplo.com", "email"),
        5: ("+5511987654321", "+5511987654321", "phone"),
        6: ("11987654321", "11987654321", None),
        7: (None, None, None),
    }
    await migrate(empty, read()[:BEFORE_KINDS])
    connection = await asyncpg.connect(empty)
    for tenant_id, (before, _, _) in stored.items():
        await connection.execute(
            "INSERT INTO tenants (tenant_id, name, created_at, trial_ends_at) "
            "VALUES ($1, 'Ana', now(), now())",
            tenant_id,
        )
        await connection.execute(
            "INSERT INTO settings (tenant_id, pix_key) VALUES ($1, $2)", tenant_id, before
        )
    await migrate(empty)
    rows = await connection.fetch("SELECT tenant_id, pix_key, pix_key_kind FROM settings")
    await connection.close()

    assert {key: after for key, (_, *after) in stored.items()} == {
        row["tenant_id"]: [row["pix_key"], row["pix_key_kind"]] for row in rows
    }


@pytest.fixture
async def empty(cluster: Cluster) -> str:
    """A database with nothing in it."""
    return await cluster.empty_database()
