"""What administrators do to an account is done once, noted, and told; and nobody else can (A11)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest

from actors.administration.admin_actor import AdminActor, AdminPorts
from actors.messages.admin import (
    AccountDetail,
    BlockAccount,
    GetAccountDetail,
    GiveDays,
    TakeDaysBack,
    UnblockAccount,
)
from actors.messages.notices import Decision
from actors.messages.subscription import AccessChanged
from actors.runtime import ChildSpec, MovableClock, Ref, Request, System
from domain.administration import MOST_DAYS
from domain.subscription import Standing, Terms
from errors import AlreadyChanged, EmDiaError, InvalidInput, NotFound
from storage import tenants
from storage.database import Database
from tests.bot.live import NOW, SECONDS, figures_of, ready
from tests.postgres import Cluster
from tests.virtual_time import seeded

BOSS, OTHER, STRANGER = 9, 11, 10
TRIAL = timedelta(days=7)
_IDS = count(91_000)
_NUMBERS = count(1)


@dataclass
class Heard:
    """Instead of the tenants: keeps what each is told."""

    told: list[tuple[int, object]] = field(default_factory=list)

    async def tell(self, tenant_id: int, message: object, *, deadline: float = 5.0) -> None:
        """Keep it."""
        del deadline
        self.told.append((tenant_id, message))


@dataclass
class Desk:
    """The administration, an account, and what its tenant hears."""

    ref: Ref
    database: Database
    clock: MovableClock
    heard: Heard

    async def ask(self, request: Request[Any]) -> Any:
        """What it answers."""
        return await self.ref.ask(request, deadline=SECONDS)

    async def account(self) -> int:
        """A new account, on trial for a week."""
        tenant_id = next(_IDS)
        async with self.database.tenant(tenant_id) as tx:
            await tenants.create(tx, name="Ana", now=NOW, trial_ends_at=NOW + TRIAL)
        return tenant_id

    async def decisions(self, tenant_id: int) -> list[tuple[str, str]]:
        """What its owner hears, and under which key."""
        async with self.database.tenant(tenant_id) as tx:
            rows = await tx.fetch(
                """SELECT dedupe_key, payload ->> 'decision' AS decision FROM notices
                   WHERE tenant_id = $1 AND kind = 'access_decided' ORDER BY id""",
                tenant_id,
            )
        return [(row["dedupe_key"], row["decision"]) for row in rows]

    async def noted(self, tenant_id: int) -> list[tuple[str, str]]:
        """Who did what to it, in their order."""
        async with self.database.tenant(tenant_id) as tx:
            rows = await tx.fetch(
                "SELECT actor, action FROM audit_log WHERE tenant_id = $1 ORDER BY id", tenant_id
            )
        return [(row["actor"], row["action"]) for row in rows]


@pytest.fixture(scope="module")
async def module_desk(cluster: Cluster) -> AsyncIterator[Desk]:
    dsn = await cluster.migrated_database()
    database, clock, heard = await Database.open(dsn), MovableClock(), Heard()
    clock.move_to(NOW)
    ports = AdminPorts(
        database=database,
        tenants=heard,
        admins=(BOSS, OTHER),
        terms=Terms(),
        checks=partial(ready, database),
        figures=partial(figures_of, database, clock),
        actors=lambda: (),
        kept_seconds=0.0,
    )
    async with System(clock=clock, random=seeded()) as system:
        ref = await system.start(ChildSpec("admin", lambda: AdminActor(ports)))
        yield Desk(ref, database, clock, heard)
    await database.close()
    await cluster.drop(dsn)


@pytest.fixture
def desk(module_desk: Desk) -> Desk:
    """The desk, at the hour at which every test begins."""
    module_desk.clock.move_to(NOW)
    return module_desk


def ends_in(detail: AccountDetail) -> int:
    """How many days ahead its access ends."""
    return (detail.ends_on - detail.today).days


async def test_an_order_that_is_handled_again_is_done_once(desk: Desk) -> None:
    account, number = await desk.account(), next(_NUMBERS)
    order = GiveDays(BOSS, account, 30, number)

    once, again = await desk.ask(order), await desk.ask(order)

    assert (37, 37) == (ends_in(once), ends_in(again))
    assert [(f"admin {BOSS}", "give days")] == await desk.noted(account)
    assert [(f"give {number}", Decision.GIVEN)] == await desk.decisions(account)


async def test_two_orders_are_two_gifts(desk: Desk) -> None:
    account = await desk.account()
    await desk.ask(GiveDays(BOSS, account, 30, next(_NUMBERS)))

    detail = await desk.ask(GiveDays(OTHER, account, 7, next(_NUMBERS)))

    assert (Standing.ACTIVE, 44) == (detail.standing, ends_in(detail))


async def test_the_tenant_reads_its_access_anew(desk: Desk) -> None:
    account = await desk.account()

    await desk.ask(GiveDays(BOSS, account, 30, next(_NUMBERS)))

    assert (account, AccessChanged()) in desk.heard.told


async def test_days_are_taken_back_once_and_only_these(desk: Desk) -> None:
    account, first, second = await desk.account(), next(_NUMBERS), next(_NUMBERS)
    await desk.ask(GiveDays(BOSS, account, 30, first))
    await desk.ask(GiveDays(BOSS, account, 7, second))

    once = await desk.ask(TakeDaysBack(BOSS, account, first))
    again = await desk.ask(TakeDaysBack(BOSS, account, first))

    assert (14, 14) == (ends_in(once), ends_in(again))
    assert [(f"take back {first}", Decision.TAKEN_BACK)] == (await desk.decisions(account))[2:]


async def test_after_ten_minutes_they_stay(desk: Desk) -> None:
    account, number = await desk.account(), next(_NUMBERS)
    await desk.ask(GiveDays(BOSS, account, 30, number))
    desk.clock.move_to(NOW + timedelta(minutes=11))

    with pytest.raises(AlreadyChanged):
        await desk.ask(TakeDaysBack(BOSS, account, number))

    assert (None, 37) == (
        (detail := await desk.ask(GetAccountDetail(BOSS, account))).given,
        ends_in(detail),
    )


async def test_what_was_never_given_is_not_taken_back(desk: Desk) -> None:
    account = await desk.account()

    with pytest.raises(NotFound):
        await desk.ask(TakeDaysBack(BOSS, account, next(_NUMBERS)))


async def test_a_block_handled_again_after_somebody_undid_it_blocks_nobody(desk: Desk) -> None:
    account = await desk.account()
    order = BlockAccount(BOSS, account, "Contestou o pagamento", next(_NUMBERS))
    blocked = await desk.ask(order)
    await desk.ask(UnblockAccount(OTHER, account, next(_NUMBERS)))

    after = await desk.ask(order)

    assert (Standing.BLOCKED, "Contestou o pagamento") == (blocked.standing, blocked.blocked_why)
    assert (Standing.TRIAL, None) == (after.standing, after.blocked_why)
    assert [(f"admin {BOSS}", "block"), (f"admin {OTHER}", "unblock")] == await desk.noted(account)


async def test_blocking_who_is_blocked_keeps_the_first_reason(desk: Desk) -> None:
    account = await desk.account()
    await desk.ask(BlockAccount(BOSS, account, "Primeiro", next(_NUMBERS)))

    detail = await desk.ask(BlockAccount(OTHER, account, "Segundo", next(_NUMBERS)))

    assert ("Primeiro", 1, 1) == (
        detail.blocked_why,
        len(await desk.noted(account)),
        len(await desk.decisions(account)),
    )


@pytest.mark.parametrize("days", [0, -30, MOST_DAYS + 1])
async def test_no_number_of_days_at_all_is_refused(desk: Desk, days: int) -> None:
    account = await desk.account()

    with pytest.raises(InvalidInput):
        await desk.ask(GiveDays(BOSS, account, days, next(_NUMBERS)))


def orders(by: int, account: int) -> list[Request[AccountDetail]]:
    """All that can be done to an account."""
    return [
        GiveDays(by, account, 30, next(_NUMBERS)),
        TakeDaysBack(by, account, next(_NUMBERS)),
        BlockAccount(by, account, "Motivo", next(_NUMBERS)),
        UnblockAccount(by, account, next(_NUMBERS)),
    ]


async def test_who_does_not_administer_changes_nothing(desk: Desk) -> None:
    account = await desk.account()

    for order in orders(STRANGER, account):
        with pytest.raises(NotFound):
            await desk.ask(order)

    assert ([], []) == (await desk.noted(account), await desk.decisions(account))


async def test_an_account_that_is_not_there_is_not_found(desk: Desk) -> None:
    nobody = next(_IDS)

    for order in orders(BOSS, nobody):
        with pytest.raises(EmDiaError):
            await desk.ask(order)

    assert [] == await desk.noted(nobody)
