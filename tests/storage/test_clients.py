"""Clients are kept, found, searched and counted within their tenant (C1–C5, C10, C11, B2)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter

import pytest

from domain.client_list import Figures, Which
from domain.clients import Client, NewClient
from domain.import_preview import client_key
from errors import NotFound
from storage import client_list, clients
from storage.database import Database, TenantConnection
from tests.postgres import NOW, sign_up

TENANT = 7
TODAY = date(2026, 11, 24)
IMPORT_SECONDS = 5.0


@pytest.fixture
async def tenant(database: Database) -> int:
    await sign_up(database, TENANT, TENANT + 1)
    return TENANT


def new(
    name: str = "João da Silva", phone: str = "+5511987654321", days: int = 0, server: str = "Alfa"
) -> NewClient:
    return NewClient(
        name=name,
        phone=phone,
        price=Decimal("35.00"),
        due_on=TODAY + timedelta(days=days),
        plan="30 dias",
        server=server,
        notes="prefere à tarde",
    )


async def test_a_registered_client_is_found_as_typed(database: Database, tenant: int) -> None:
    async with database.tenant(tenant) as tx:
        client_id = await clients.add(tx, new(), NOW)
        found = await clients.find(tx, client_id)

    assert found == Client(
        id=client_id,
        name="João da Silva",
        phone="+5511987654321",
        due_on=TODAY,
        plan="30 dias",
        price=Decimal("35.00"),
        server="Alfa",
        notes="prefere à tarde",
    )


REFUSING = replace(new(), receives_billing=False, receives_notices=False, opted_out=True)


@pytest.mark.parametrize(
    "register",
    [
        pytest.param(lambda tx: clients.add(tx, REFUSING, NOW), id="by itself"),
        pytest.param(lambda tx: clients.register(tx, 1, REFUSING, NOW), id="of a form"),
    ],
)
async def test_what_a_new_client_refused_is_kept(
    database: Database, tenant: int, register: Callable[[TenantConnection], Awaitable[int]]
) -> None:
    async with database.tenant(tenant) as tx:
        found = await clients.find(tx, await register(tx))

    assert (False, False, True) == (
        *(found.receives_billing, found.receives_notices, found.opted_out),
    )


@pytest.mark.parametrize("plan", ["30 dias", None], ids=["with a plan", "without a plan"])
async def test_a_repeated_registration_is_the_same_client(
    database: Database, tenant: int, plan: str | None
) -> None:
    client = replace(new(), plan=plan)
    async with database.tenant(tenant) as tx:
        first = await clients.add(tx, client, NOW)
        again = await clients.add(tx, client, NOW)
        page = await clients.page(tx, TODAY)

    assert (first, 1) == (again, page.total)


@pytest.mark.parametrize("plan", ["30 dias", None], ids=["with a plan", "without a plan"])
async def test_a_repeated_import_adds_only_who_is_not_there(
    database: Database, tenant: int, plan: str | None
) -> None:
    sheet = [replace(new(f"Cliente {letter}"), plan=plan) for letter in "ABC"]
    async with database.tenant(tenant) as tx:
        added = await clients.add_many(tx, sheet[:2], NOW)
    async with database.tenant(tenant) as tx:
        again = await clients.add_many(tx, sheet, NOW)
        total = (await clients.page(tx, TODAY)).total

    assert (2, 1, 3) == (len(added), len(again), total)


async def test_who_is_archived_is_known_to_an_import_as_such(
    database: Database, tenant: int
) -> None:
    async with database.tenant(tenant) as tx:
        client = await clients.find(tx, await clients.add(tx, new(), NOW))
        await clients.save(tx, replace(client, archived=True), NOW)
        known = await clients.identities(tx)

    assert [("João da Silva", True)] == [(key.shown, key.archived) for key in known]


async def test_several_plans_may_share_a_phone(database: Database, tenant: int) -> None:
    async with database.tenant(tenant) as tx:
        await clients.add_many(tx, [new("Ana"), new("Ana", days=30), new("Bia")], NOW)
        sharing = await clients.on_phones(tx, [new().phone])

    assert ["Ana", "Ana", "Bia"] == [client.name for client in sharing]


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(lambda tx, client: clients.find(tx, client.id), id="find"),
        pytest.param(lambda tx, client: clients.save(tx, client, NOW), id="save"),
        pytest.param(lambda tx, client: clients.erase(tx, client.id), id="erase"),
    ],
)
async def test_another_tenants_client_is_not_found(
    database: Database,
    tenant: int,
    operation: Callable[[TenantConnection, Client], Awaitable[object]],
) -> None:
    async with database.tenant(tenant) as tx:
        client = await clients.find(tx, await clients.add(tx, new(), NOW))

    with pytest.raises(NotFound):
        async with database.tenant(tenant + 1) as tx:
            await operation(tx, client)

    async with database.tenant(tenant) as tx:
        assert client == await clients.find(tx, client.id)


async def test_every_field_can_be_edited(database: Database, tenant: int) -> None:
    async with database.tenant(tenant) as tx:
        before = await clients.find(tx, await clients.add(tx, new(), NOW))
        edited = replace(
            before,
            name="Maria",
            phone="+5521912345678",
            due_on=TODAY + timedelta(days=9),
            plan=None,
            price=None,
            server=None,
            notes=None,
            receives_billing=False,
            receives_notices=False,
            preferences={"cobranca": False},
            archived=True,
            opted_out=True,
        )
        await clients.save(tx, edited, NOW)

        assert edited == await clients.find(tx, before.id)


async def test_what_could_not_be_read_is_not_overwritten(database: Database, tenant: int) -> None:
    async with database.tenant(tenant) as tx:
        client_id = await clients.add(tx, new(), NOW)
        await tx.execute("UPDATE clients SET preferences = '[1]' WHERE tenant_id = $1", tenant)
        unreadable = await clients.find(tx, client_id)
        await clients.save(tx, replace(unreadable, name="Outro"), NOW)
        stored = await tx.fetchval("SELECT preferences FROM clients WHERE tenant_id = $1", tenant)

    assert (None, [1]) == (unreadable.preferences, stored)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        pytest.param("joao", ["João da Silva"], id="no accent, no case"),
        pytest.param("SILVA", ["João da Silva", "Zé Silva"], id="part of a name"),
        pytest.param("beta", ["Zé Silva"], id="server"),
        pytest.param("(21) 9999", ["Zé Silva"], id="phone with punctuation"),
        pytest.param("100%", ["Ana 100%"], id="a wildcard is a letter"),
        pytest.param("_", [], id="so is the other one"),
        pytest.param("12", [], id="two digits are too few for a phone"),
        pytest.param("", ["João da Silva", "Ana 100%", "Zé Silva"], id="nothing finds all"),
    ],
)
async def test_search(database: Database, tenant: int, search: str, expected: list[str]) -> None:
    async with database.tenant(tenant) as tx:
        await clients.add_many(
            tx,
            [
                new("Zé Silva", "+5521999991234", days=2, server="Béta"),
                new("João da Silva", "+5511987654321", days=-1),
                new("Ana 100%", "+5511987654322", days=1),
            ],
            NOW,
        )
        page = await clients.page(tx, TODAY, search=search)

    assert (expected, len(expected)) == ([client.name for client in page.clients], page.total)


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        pytest.param(Which.ALL, ["-1", "+0", "+3", "+4"], id="all"),
        pytest.param(Which.OVERDUE, ["-1"], id="overdue"),
        pytest.param(Which.DUE_SOON, ["+0", "+3"], id="due soon"),
        pytest.param(Which.UP_TO_DATE, ["+4"], id="up to date"),
        pytest.param(Which.ARCHIVED, ["gone"], id="archived"),
    ],
)
async def test_filters(database: Database, tenant: int, which: Which, expected: list[str]) -> None:
    async with database.tenant(tenant) as tx:
        await clients.add_many(tx, [new(f"{days:+}", days=days) for days in (4, 3, 0, -1)], NOW)
        gone = await clients.find(tx, await clients.add(tx, new("gone", days=-2), NOW))
        await clients.save(tx, replace(gone, archived=True), NOW)
        page = await clients.page(tx, TODAY, which=which)

    assert expected == [client.name for client in page.clients]


async def test_pages_cut_the_list_and_know_its_length(database: Database, tenant: int) -> None:
    async with database.tenant(tenant) as tx:
        await clients.add_many(tx, [new(f"c{n}", days=n) for n in range(5)], NOW)
        second = await clients.page(tx, TODAY, offset=2, most=2)
        beyond = await clients.page(tx, TODAY, offset=10, most=2)

    assert (["c2", "c3"], 5, (), 5) == (
        [client.name for client in second.clients],
        second.total,
        beyond.clients,
        beyond.total,
    )


async def test_a_new_tenant_counts_zero_everywhere(database: Database, tenant: int) -> None:
    async with database.tenant(tenant) as tx:
        assert Figures(
            month=date(2026, 11, 1),
            up_to_date=0,
            due_soon=0,
            overdue=0,
            overdue_value=Decimal(0),
            to_come=Decimal(0),
            received=Decimal(0),
            archived=0,
        ) == await client_list.figures(tx, TODAY)


async def test_presets_are_what_the_tenant_used_most(database: Database, tenant: int) -> None:
    async with database.tenant(tenant) as tx:
        rare, often = new("a", server="Raro"), [new(f"b{n}", server="Comum") for n in range(2)]
        await clients.add_many(tx, [rare, *often], NOW)

        assert ["Comum", "Raro"] == await clients.servers(tx, 5)


async def test_five_thousand_clients_are_imported_in_one_go(
    database: Database, tenant: int
) -> None:
    batch = [new(f"Cliente {n}", f"+55119{n:08}", days=n % 60) for n in range(5000)]

    began = perf_counter()
    async with database.tenant(tenant) as tx:
        added = await clients.add_many(tx, batch, NOW)
    seconds = perf_counter() - began

    async with database.tenant(tenant) as tx:
        again = await clients.add_many(tx, batch, NOW)
        known = await clients.identities(tx)
    assert (5000, [], 5000, True) == (len(added), again, len(known), seconds < IMPORT_SECONDS)
    assert client_key("+5511900000000", "cliente 0", "30 dias") in known


async def test_an_erased_client_takes_its_messages_along(database: Database, tenant: int) -> None:
    async with database.tenant(tenant) as tx:
        client_id = await clients.add(tx, new(), NOW)
        await clients.erase(tx, client_id)

        with pytest.raises(NotFound):
            await clients.find(tx, client_id)
