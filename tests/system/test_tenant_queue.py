"""The real tenant and the real courier in one process: what a change does to the day's queue.

On a real PostgreSQL, under one clock; only the worker is a stand-in.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from actors.messages.clients import EditClient
from actors.messages.payments import RenewClient
from actors.messages.queue import (
    BillUnbilled,
    CheckSchedule,
    DismissUnbilled,
    GetToday,
    GetUnbilled,
    OutboxChanged,
    PlanNow,
    RunJob,
)
from actors.messages.whatsapp import ConnectWhatsApp, GetWhatsApp, WhatsAppView
from actors.runtime import Actor, ChildSpec, Directory, MovableClock, Ref, Supervisor, System, on
from actors.tenant_actor import TenantActor, TenantPorts
from domain.clients import ClientField
from domain.jobs import Job
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.reminders import Kind
from domain.retention import Retention
from domain.whatsapp import SessionState
from errors import InvalidInput, JobFailed
from storage import clients, outbox, schedules, tenants
from tests.system.office import DAY, FIVE, NINE, TENANT, Office, late, open_office
from tests.virtual_time import seeded

S = MessageState
SECONDS = 10.0
CLIENTS = 3


class Line(Actor):
    """A session whose line is open; what it carries is carried by the office's courier."""

    def __init__(self, looked: asyncio.Event) -> None:
        self._looked = looked

    @on(ConnectWhatsApp)
    async def connect(self, _message: ConnectWhatsApp) -> WhatsAppView:
        """Say that it is open."""
        return WhatsAppView(SessionState.PAIRED, connected=True)

    @on(GetWhatsApp)
    async def view(self, _message: GetWhatsApp) -> WhatsAppView:
        """Say that it is open."""
        return WhatsAppView(SessionState.PAIRED, connected=True)

    @on(OutboxChanged)
    async def look(self, _message: OutboxChanged) -> None:
        """Tell the test, which lets the courier go."""
        self._looked.set()


@dataclass(slots=True)
class House:
    """A tenant's actor, its office, and the clock of both."""

    tenant: Ref
    office: Office
    clock: MovableClock
    looked: asyncio.Event

    def at(self, hours: float) -> None:
        """Move both clocks to so many hours after nine."""
        self.office.clock.instant = NINE + timedelta(hours=hours)
        self.clock.move_to(self.office.clock.instant)

    async def job(self, job: Job) -> None:
        """Let a job run now."""
        due_at = self.office.clock.instant
        async with self.office.database.tenant(TENANT) as tx:
            await schedules.set_next(tx, {job: due_at})
        await self.tenant.ask(RunJob(job, due_at), deadline=SECONDS)

    async def plan(self) -> int:
        """Ask for the plan of this moment."""
        return await self.tenant.ask(PlanNow(), deadline=SECONDS)

    async def unbilled(self) -> list[tuple[int, str]]:
        """Who was left out, and why."""
        found = await self.tenant.ask(GetUnbilled(), deadline=SECONDS)
        return [(client.client_id, client.reason) for client in found]

    async def client_ids(self) -> list[int]:
        """All clients."""
        rows = await self.office.console.fetch("SELECT id FROM clients ORDER BY id")
        return [row["id"] for row in rows]


@pytest.fixture
async def house(dsn: str) -> AsyncIterator[House]:
    """Three clients one day late, planned at five; it is nine o'clock."""
    clock = MovableClock()
    clock.move_to(FIVE)
    looked = asyncio.Event()
    async with (
        open_office(dsn, CLIENTS, trial_ends=NINE + timedelta(days=7)) as office,
        System(clock=clock, random=seeded()) as system,
    ):
        telegram = ChildSpec("telegram", Actor)
        directory = Directory(lambda tenant_id: TenantActor(tenant_id, ports))
        await system.start(ChildSpec("root", lambda: Supervisor([telegram, directory.spec()])))
        ports = TenantPorts(
            database=office.database,
            telegram=system.ref("telegram"),
            session=lambda _tenant, _owner: Line(looked),
            session_spec=ChildSpec("whatsapp", Actor),
            schedules_changed=lambda: None,
            trial=timedelta(days=7),
            retention=Retention(),
            replica=uuid4(),
        )
        made = House(directory.ref(TENANT), office, clock, looked)
        made.at(0)
        yield made


async def test_a_slip_of_a_renewal_is_set_right_and_the_client_hears(house: House) -> None:
    first = (await house.client_ids())[0]
    house.at(-0.5)
    slip = RenewClient(first, DAY - timedelta(days=1), DAY + timedelta(days=29), Decimal(35))
    renewed = await house.tenant.ask(slip, deadline=SECONDS)
    async with house.office.database.tenant(TENANT) as tx:
        found = await clients.find(tx, first)
        await clients.save(tx, replace(found, due_on=DAY - timedelta(days=1)), NINE)
    came_back = await house.plan()
    house.at(0)
    await house.office.steps(house.office.courier())

    assert ([Kind.BILLING], 1) == ([gone.kind for gone in renewed.cancelled], came_back)
    assert [(S.SENT, None, 1)] * CLIENTS == await house.office.stand()


async def test_a_due_date_that_is_set_right_after_a_renewal_plans_by_itself(house: House) -> None:
    first = (await house.client_ids())[0]
    slip = RenewClient(first, DAY - timedelta(days=1), DAY + timedelta(days=29), Decimal(35))
    await house.tenant.ask(slip, deadline=SECONDS)
    await house.tenant.ask(EditClient(first, ClientField.DUE_ON, "23/11/2026"), deadline=SECONDS)

    assert [S.QUEUED] * CLIENTS == [row.state for row in await house.office.rows()]


async def test_a_kind_that_is_off_from_ten_to_nine_until_ten_past_nine_goes(house: House) -> None:
    house.at(-1 / 6)
    async with house.office.database.tenant(TENANT) as tx:
        await tenants.set_automatic_kinds(tx, frozenset())
    await house.plan()
    house.at(0)
    await house.job(Job.SEND)
    off = [row.state for row in await house.office.rows()]
    house.at(1 / 6)
    async with house.office.database.tenant(TENANT) as tx:
        await tenants.set_automatic_kinds(tx, frozenset({Kind.BILLING}))
    await house.plan()
    await house.office.steps(house.office.courier())

    assert [S.CANCELLED] * CLIENTS == off
    assert [(S.SENT, None, 1)] * CLIENTS == await house.office.stand()


async def test_a_client_registered_at_half_past_ten_is_billed_today(house: House) -> None:
    house.at(1.5)
    async with house.office.database.tenant(TENANT) as tx:
        await clients.add(tx, late("+5511990000099"), house.clock.now())

    assert [1, 0] == [await house.plan(), await house.plan()]


async def test_a_pause_stops_everything_and_is_the_reason(house: House) -> None:
    async with house.office.database.tenant(TENANT) as tx:
        await tenants.set_paused(tx, paused=True)
    await house.office.steps(house.office.courier())
    house.at(11)
    await house.job(Job.CLOSE)

    assert [(S.EXPIRED, Reason.PAUSED, 0)] * CLIENTS == await house.office.stand()
    assert [] == house.office.worker.ids


async def test_without_whatsapp_all_day_that_is_what_is_told(house: House) -> None:
    await house.job(Job.SEND)
    house.at(11)
    await house.job(Job.CLOSE)
    ids = await house.client_ids()

    assert [(S.EXPIRED, Reason.NEEDS_QR, 0)] * CLIENTS == await house.office.stand()
    assert [(client_id, Reason.NEEDS_QR) for client_id in ids] == await house.unbilled()


async def test_who_was_left_out_is_billed_the_next_day_at_the_owners_word(house: House) -> None:
    house.at(11)
    await house.job(Job.CLOSE)
    first, second, third = await house.client_ids()
    before = {row.client_id: row.whatsapp_id for row in await house.office.rows()}
    house.at(24)
    billed = await house.tenant.ask(BillUnbilled((first, second)), deadline=SECONDS)
    dismissed = await house.tenant.ask(DismissUnbilled((third,)), deadline=SECONDS)
    house.at(24.1)
    await house.office.steps(house.office.courier())

    rows = await house.office.rows(DAY + timedelta(days=1))
    assert (2, 1, []) == (billed, dismissed, await house.unbilled())
    assert [(first, S.SENT), (second, S.SENT)] == [(row.client_id, row.state) for row in rows]
    assert [before[first], before[second]] == house.office.worker.ids


async def test_after_the_window_the_owner_is_told_to_come_back_tomorrow(house: House) -> None:
    house.at(11)
    await house.job(Job.CLOSE)

    with pytest.raises(InvalidInput, match="amanhã"):
        await house.tenant.ask(BillUnbilled((1,)), deadline=SECONDS)


async def test_a_fault_in_one_client_costs_the_plan_and_the_day_only_that_one(
    house: House,
) -> None:
    first = (await house.client_ids())[0]
    await house.office.console.execute("UPDATE clients SET price = 'NaN' WHERE id = $1", first)
    for _ in range(3):
        await house.plan()
    await house.office.steps(house.office.courier())
    today = await house.tenant.ask(GetToday(), deadline=SECONDS)

    assert {S.FAILED: 1, S.SENT: CLIENTS - 1} == today.by_state


async def test_the_close_ends_what_postgresql_left_on_its_way(house: House) -> None:
    async with house.office.database.tenant(TENANT) as tx:
        found = await outbox.next_ready(tx, NINE)
        assert found is not None
        await outbox.begin_attempt(
            tx, found.message.id, epoch=1, phone="+5511990000000", body="Oi", now=NINE
        )
    house.at(11)
    await house.job(Job.CLOSE)

    assert (S.FAILED, Reason.UNCONFIRMED, 1) == (await house.office.stand())[0]
    assert {S.FAILED, S.EXPIRED} == {state for state, _, _ in await house.office.stand()}


async def test_what_another_process_changed_is_found_within_ten_minutes(house: House) -> None:
    await house.tenant.ask(ConnectWhatsApp(), deadline=SECONDS)
    await house.job(Job.SEND)
    async with house.office.database.tenant(TENANT) as tx:
        await clients.add(tx, late("+5511990000099"), house.clock.now())
    house.looked.clear()
    house.at(0.2)

    async with asyncio.timeout(SECONDS):
        await house.looked.wait()
    # The plan comes before the session is told.
    assert CLIENTS + 1 == len(await house.office.rows())


async def test_between_two_looks_the_plan_is_left_alone(house: House) -> None:
    await house.tenant.ask(ConnectWhatsApp(), deadline=SECONDS)
    await house.job(Job.SEND)
    house.looked.clear()
    house.at(0.1)
    for _ in range(5):
        await house.tenant.ask(GetToday(), deadline=SECONDS)

    assert not house.looked.is_set()


TRIED = {
    S.QUEUED: (0, S.QUEUED),
    S.RETRY: (2, S.QUEUED),
    S.UNKNOWN: (2, S.UNKNOWN),
}


@pytest.mark.parametrize("ahead", [12.0, 24.0 * 200], ids=["twelve hours", "two hundred days"])
@pytest.mark.parametrize("before", sorted(TRIED), ids=str)
async def test_what_a_clock_ahead_ended_goes_once_it_is_right(
    house: House, ahead: float, before: MessageState
) -> None:
    attempt, after = TRIED[before]
    await house.job(Job.SEND)
    await house.office.console.execute(
        "UPDATE messages SET state = $1, attempt = $2", before, attempt
    )
    house.at(ahead)
    await house.job(Job.CLOSE)
    ended = {row.state for row in await house.office.rows()}
    house.at(0.5)
    await house.tenant.ask(CheckSchedule(), deadline=SECONDS)

    assert ended <= {S.EXPIRED, S.FAILED}
    assert [(after, attempt)] * CLIENTS == [
        (row.state, row.attempt) for row in await house.office.rows()
    ]


async def test_a_plan_is_looked_at_also_when_its_window_seems_to_be_closed(house: House) -> None:
    await house.tenant.ask(ConnectWhatsApp(), deadline=SECONDS)
    await house.job(Job.SEND)
    looked = 0
    for hours in (12.0, 13.1, 14.2):
        house.looked.clear()
        house.at(hours)
        async with asyncio.timeout(SECONDS):
            await house.looked.wait()
        looked += 1

    assert 3 == looked


async def test_what_the_close_had_to_leave_is_ended_before_the_morning_is_summed_up(
    house: House,
) -> None:
    house.at(11 - 1 / 60)
    async with house.office.database.tenant(TENANT) as tx:
        found = await outbox.next_ready(tx, house.office.clock.instant)
        assert found is not None
        await outbox.begin_attempt(
            tx, found.message.id, epoch=1, phone="+5511990000000", body="Oi",
            now=house.office.clock.instant,
        )  # fmt: skip
    house.at(11)
    await house.job(Job.CLOSE)
    at_close = (await house.office.rows())[0].state
    house.at(20)
    await house.job(Job.VERIFY)

    assert S.SENDING is at_close
    assert (S.FAILED, Reason.UNCONFIRMED, 1) == (await house.office.stand())[0]
    assert CLIENTS == len(await house.unbilled())


async def test_a_day_whose_close_never_ran_is_ended_in_the_morning(house: House) -> None:
    house.at(20)
    await house.job(Job.VERIFY)

    assert [S.EXPIRED] * CLIENTS == [row.state for row in await house.office.rows()]
    assert CLIENTS == len(await house.unbilled())


async def test_a_plan_that_fails_takes_nothing_else_with_it(house: House) -> None:
    """Neither a renewal that is done, which the owner would do again, nor the actor."""
    first = (await house.client_ids())[0]
    await house.office.console.execute("ALTER TABLE planned_days ADD CHECK (false) NOT VALID")
    order = RenewClient(first, DAY - timedelta(days=1), DAY + timedelta(days=29), Decimal(35))
    renewed = await house.tenant.ask(order, deadline=SECONDS)
    await house.tenant.ask(CheckSchedule(), deadline=SECONDS)
    with pytest.raises(JobFailed, match="CheckViolationError"):
        await house.plan()

    assert [Kind.BILLING] == [gone.kind for gone in renewed.cancelled]
