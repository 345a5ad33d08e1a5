"""A tenant that is set aside is written down and the admin hears of it (guarantee 4)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from actors.administration.quarantine_actor import QuarantineActor, Recovered, SetAside
from actors.messages.notices import Alert
from actors.runtime import (
    Actor,
    Budget,
    ChildSpec,
    Directory,
    Event,
    EventKind,
    Ref,
    Request,
    Supervisor,
    System,
    SystemClock,
    on,
)
from storage import leases
from storage.database import Database
from tests.postgres import sign_up

TENANT = 41
ADMIN = 7
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Heard(Request[list[Alert]]):
    """What was the admin told?"""


class Telegram(Actor):
    """Takes alerts."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []

    @on(Alert)
    async def alert(self, message: Alert) -> None:
        """Take one."""
        self.alerts.append(message)

    @on(Heard)
    async def heard(self, _message: Heard) -> list[Alert]:
        """Answer."""
        return self.alerts


@dataclass(frozen=True, slots=True)
class Through(Request[None]):
    """Nothing; answered after all that came before."""


class WatchedDesk(QuarantineActor):
    """The desk, which also says when it is through."""

    @on(Through)
    async def through(self, _message: Through) -> None:
        """Answer."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A quarantine desk and what it reaches."""

    desk: Ref
    telegram: Ref
    database: Database

    async def kept(self) -> str | None:
        """The error a quarantine of TENANT was written down with."""
        async with self.database.tenant(TENANT) as tx:
            error: str | None = await tx.fetchval("SELECT quarantine_error FROM tenant_owners")
        return error


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    """The desk, with an owned tenant."""
    await sign_up(database, TENANT)
    replica = uuid4()
    async with database.dispatcher() as connection:
        await leases.renew(connection, replica)
        await leases.take_over(connection, TENANT, replica, NOW)
    tenants = Directory(lambda _: Actor())
    root = Supervisor(
        [
            ChildSpec("telegram", Telegram),
            ChildSpec("desk", lambda: WatchedDesk(database, telegram, tenants, (ADMIN,))),
        ]
    )

    def telegram() -> Ref:
        return root.context.children()["telegram"]

    async with System(clock=SystemClock()) as system:
        await system.start(ChildSpec("root", lambda: root))
        yield Desk(root.context.children()["desk"], telegram(), database)


async def told(desk: Desk, *news: SetAside | Recovered) -> list[Alert]:
    """Tell the desk, wait until it is through, and return what the admin heard."""
    for one in news:
        await desk.desk.tell(one)
    await desk.desk.ask(Through(), deadline=10.0)
    return await desk.telegram.ask(Heard(), deadline=10.0)


async def test_a_tenant_set_aside_is_written_down_and_told(desk: Desk) -> None:
    heard = await told(desk, SetAside(f"tenant {TENANT}", "ValueError"))

    assert "ValueError" == await desk.kept()
    assert [Alert(ADMIN, f"tenant {TENANT}")] == heard


async def test_a_recovered_tenant_is_struck_off(desk: Desk) -> None:
    await told(desk, SetAside(f"whatsapp {TENANT}", "ValueError"), Recovered(f"whatsapp {TENANT}"))

    assert None is await desk.kept()


async def test_a_part_that_is_no_tenant_is_told_all_the_same(desk: Desk) -> None:
    assert [Alert(ADMIN, "sidecar 1")] == await told(desk, SetAside("sidecar 1", "OSError"))


async def test_who_was_set_aside_in_an_earlier_process_is_struck_off_once_it_is_stable(
    desk: Desk,
) -> None:
    await told(desk, SetAside(f"tenant {TENANT}", "ValueError"))
    recovered = asyncio.Event()

    def observe(event: Event) -> None:
        if event.kind is EventKind.RECOVERED:
            root.context.children()["desk"].try_tell(Recovered(event.actor_id))
            recovered.set()

    brief = ChildSpec("tenant", Actor, budget=Budget(seconds=0.01))
    tenants = Directory(lambda _: Actor(), tenant=brief)
    root = Supervisor(
        [
            tenants.spec(),
            ChildSpec(
                "desk", lambda: WatchedDesk(desk.database, lambda: desk.telegram, tenants, ())
            ),
        ]
    )
    async with System(on_event=observe) as system, asyncio.timeout(30.0):
        await system.start(ChildSpec("root", lambda: root))
        known = set(tenants.on_trial), await desk.kept()
        tenants.try_tell(TENANT, Alert(0, "anything wakes it"))
        await recovered.wait()
        await root.context.children()["desk"].ask(Through(), deadline=10.0)

    assert ({TENANT}, "ValueError") == known
    assert (set(), None) == (tenants.on_trial, await desk.kept())
