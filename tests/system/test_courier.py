"""The courier keeps the charter of its tenant, and no change of it ever goes unnoticed (C5, E2).

On a real PostgreSQL, through the statements themselves; only the worker is a stand-in.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import asyncpg
import pytest
from prometheus_client import REGISTRY

from actors.runtime import SystemClock
from actors.tenant.day import run_job
from actors.whatsapp.courier import CHARTER_SECONDS, Courier, Set, Step, Tried
from domain.clients import NewClient
from domain.jobs import Job
from domain.pacing import PacingRules
from domain.reasons import Reason
from domain.rulebook import Held
from gateways.whatsapp import WhatsAppLine
from storage import clients, outbox, schedules, tenants, whatsapp_numbers
from storage.database import Database, Limits
from storage.tenants import CompanyDetails

TENANT = 11
DAY = date(2026, 11, 24)
# São Paulo is three hours behind UTC.
FIVE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TRIAL_ENDS = NINE + timedelta(hours=1)
REPLICA = "00000000-0000-4000-8000-000000000001"
STATEMENTS = {
    statement.text: name
    for family in (outbox.SQL, tenants.SQL)
    for name, statement in family.items()
}
WITH_CHARTER = ["next_ready", "charter", "begin_attempt", "settle"]
WITHOUT = ["next_ready", "begin_attempt", "settle"]


class StillClock(SystemClock):
    """Both kinds of time stand still until they are set."""

    def __init__(self) -> None:
        self.instant = NINE
        self.seconds = 0.0

    def now(self) -> datetime:
        """Return the set instant."""
        return self.instant

    def monotonic(self) -> float:
        """Return the set seconds."""
        return self.seconds


class Worker:
    """Takes every message at once and keeps its words."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def call(
        self, op: str, *, tenant: int, epoch: int, args: Mapping[str, Any], deadline: float
    ) -> dict[str, Any]:
        """Say that WhatsApp has it."""
        del op, tenant, epoch, deadline
        self.texts.append(args["text"])
        return {"outcome": "acked", "at_ms": 1_795_000_000_000}


@dataclass(slots=True)
class Office:
    """A business with a queue, and what can be seen of it from outside."""

    database: Database
    console: asyncpg.Connection
    clock: StillClock = field(default_factory=StillClock)
    worker: Worker = field(default_factory=Worker)
    statements: list[str] = field(default_factory=list)

    def courier(self, epoch: int = 1) -> Courier:
        """A new one, as every connection has."""
        return Courier(
            tenant_id=TENANT,
            epoch=epoch,
            database=self.database,
            line=WhatsAppLine(self.worker, TENANT, epoch),
            pacing=PacingRules(),
            clock=self.clock,
            random=Random(1),  # noqa: S311 - spreads retries, guards nothing
        )

    async def step(self, courier: Courier) -> tuple[Step, list[str]]:
        """Let `courier` take a step; returns it with the names of its statements."""
        self.statements.clear()
        step = await courier.deliver_next()
        return step, [STATEMENTS[text] for text in self.statements if text in STATEMENTS]

    async def asked(self, courier: Courier) -> list[str]:
        """The names of the statements of a step of `courier`."""
        return (await self.step(courier))[1]

    async def take_over(self) -> None:
        """Raise the epoch."""
        async with self.database.dispatcher() as connection:
            await connection.execute("SELECT dispatch.take_over($1, $2, $3)", TENANT, REPLICA, NINE)


@pytest.fixture
async def office(dsn: str) -> AsyncIterator[Office]:
    """Five clients one day late, all with WhatsApp, their messages queued; the epoch is 1."""
    database = await Database.open(dsn, limits=Limits(app_connections=1))
    console = await asyncpg.connect(dsn)
    made = Office(database, console)
    await console.execute("SELECT dispatch.renew_lease($1, $2, $3)", REPLICA, FIVE, NINE)
    async with database.tenant(TENANT) as tx:
        await tenants.create(tx, name="TV da Rita", now=FIVE, trial_ends_at=TRIAL_ENDS)
        await tenants.set_company(
            tx, CompanyDetails(company="TV", pix_key="rita@tv.example", pix_beneficiary="Rita")
        )
        for number in range(5):
            phone = f"+55119{90_000_000 + number}"
            await clients.add(tx, late(phone), FIVE)
            await whatsapp_numbers.keep(tx, phone, jid=f"{phone[1:]}@lid", lid=None, now=FIVE)
        await schedules.set_next(tx, {Job.VERIFY: FIVE})
        await run_job(tx, "verify", FIVE, FIVE)
        # The one connection that every statement of the tenant goes through.
        tx._raw.add_query_logger(lambda record: made.statements.append(record.query))  # noqa: SLF001 - no other way to hear what is really asked
    await made.take_over()
    yield made
    await console.close()
    await database.close()


def late(phone: str) -> NewClient:
    """A client one day late."""
    return NewClient(
        name="Ana", phone=phone, plan="Mensal", price=Decimal(35), due_on=DAY - timedelta(days=1)
    )


def counted(outcome: str) -> float:
    """How often charters were found kept, or not."""
    labels = {"cache": "charter", "outcome": outcome}
    return REGISTRY.get_sample_value("emdia_cache_total", labels) or 0.0


async def test_the_charter_is_read_once_for_many_messages(office: Office) -> None:
    courier = office.courier()

    assert [WITH_CHARTER, WITHOUT, WITHOUT] == [await office.asked(courier) for _ in range(3)]


async def test_hits_and_misses_are_counted(office: Office) -> None:
    before = counted("hit"), counted("miss")
    courier = office.courier()
    for _ in range(3):
        await office.asked(courier)

    assert (before[0] + 2, before[1] + 1) == (counted("hit"), counted("miss"))


async def test_a_new_courier_begins_with_nothing(office: Office) -> None:
    await office.asked(office.courier())

    assert WITH_CHARTER == await office.asked(office.courier())


async def test_a_new_epoch_begins_with_nothing(office: Office) -> None:
    await office.asked(office.courier())
    await office.take_over()

    assert WITH_CHARTER == await office.asked(office.courier(epoch=2))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param("UPDATE settings SET queue_paused = true", Held(Reason.PAUSED), id="a switch"),
        pytest.param(
            "UPDATE tenants SET blocked_at = now()", Held(Reason.ACCESS_ENDED), id="blocked"
        ),
        pytest.param(
            "UPDATE settings SET pix_key = NULL",
            Set(("pix_chave", "pix_beneficiario")),
            id="the PIX key taken away",
        ),
        pytest.param("UPDATE settings SET automatic_kinds = '{}'", Set(), id="the kind off"),
        pytest.param(
            """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
               VALUES (11, 'cobranca', 'minha', 'Oi', false, now(), now())""",
            Set(),
            id="the text off",
        ),
    ],
)
async def test_what_was_changed_at_a_console_counts_for_the_next_message(
    office: Office, change: str, expected: Step
) -> None:
    courier = office.courier()
    first, _ = await office.step(courier)
    await office.console.execute(change)
    second, asked = await office.step(courier)

    assert (Tried("sent"), expected, ["next_ready", "charter"]) == (first, second, asked[:2])


async def test_the_next_message_asks_for_the_new_pix_key(office: Office) -> None:
    courier = office.courier()
    await office.step(courier)
    await office.console.execute("UPDATE settings SET pix_key = 'nova@tv.example'")
    await office.step(courier)

    old, new = (
        [key for key in ("rita@tv.example", "nova@tv.example") if key in text]
        for text in office.worker.texts
    )
    assert (["rita@tv.example"], ["nova@tv.example"]) == (old, new)


async def test_the_next_message_says_the_new_words(office: Office) -> None:
    courier = office.courier()
    await office.step(courier)
    await office.console.execute(
        """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
           VALUES (11, 'cobranca', 'minha', 'Oi, {nome}!', true, now(), now())"""
    )
    await office.step(courier)
    await office.console.execute("UPDATE templates SET body = 'Ei, {nome}!'")
    await office.step(courier)

    assert ["Oi, Ana!", "Ei, Ana!"] == office.worker.texts[1:]


async def test_a_change_that_was_undone_changes_nothing(office: Office) -> None:
    courier = office.courier()
    await office.step(courier)
    undone = office.console.transaction()
    await undone.start()
    await office.console.execute("UPDATE settings SET queue_paused = true")
    await undone.rollback()

    assert (Tried("sent"), WITHOUT) == await office.step(courier)


async def test_the_end_of_the_trial_counts_without_any_change(office: Office) -> None:
    courier = office.courier()
    await office.step(courier)
    office.clock.instant = TRIAL_ENDS

    assert (Held(Reason.ACCESS_ENDED), ["next_ready"]) == await office.step(courier)


async def test_a_charter_is_read_again_after_a_while_in_any_case(office: Office) -> None:
    courier = office.courier()
    await office.step(courier)
    await office.console.execute("SET session_replication_role = replica")  # no trigger runs
    await office.console.execute("UPDATE settings SET queue_paused = true")
    unnoticed, _ = await office.step(courier)
    office.clock.seconds += CHARTER_SECONDS

    assert (Tried("sent"), Held(Reason.PAUSED)) == (unnoticed, (await office.step(courier))[0])
