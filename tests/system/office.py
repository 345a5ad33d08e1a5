"""A business with a queue on a real PostgreSQL, its courier, and a worker that answers as told."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import asyncpg

from actors.runtime import SystemClock
from actors.tenant.day import run_job
from actors.whatsapp.courier import Courier
from actors.whatsapp.steps import Idle, Step
from actors.whatsapp.unsettled import Unsettled
from domain.clients import NewClient
from domain.jobs import Job
from domain.outbox import MessageState
from domain.pacing import PacingRules
from domain.rulebook import Held
from errors import SidecarError, StorageUnavailable
from gateways.whatsapp import WhatsAppLine
from storage import clients, outbox, schedules, tenants, whatsapp_numbers
from storage.database import Database, Limits, TenantConnection
from storage.outbox import DayRow
from storage.tenants import CompanyDetails

TENANT = 11
DAY = date(2026, 11, 24)
# São Paulo is three hours behind UTC.
FIVE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TRIAL_ENDS = NINE + timedelta(hours=1)
REPLICA = "00000000-0000-4000-8000-000000000001"
# What each message costs; what a new courier does once, before its first, is told elsewhere.
EACH = frozenset({"next_ready", "charter", "begin_attempt", "settle"})
STATEMENTS = {
    statement.text: name
    for family in (outbox.SQL, tenants.SQL)
    for name, statement in family.items()
    if name in EACH
}


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


ACKED: dict[str, Any] = {"outcome": "acked", "at_ms": 1_795_000_000_000}
REFUSED: dict[str, Any] = {"outcome": "refused", "error": 479}
UNKNOWN: dict[str, Any] = {"outcome": "unknown", "reason": "timeout"}


class Worker:
    """Takes every message and keeps its words and ids; answers what it is told to.

    `answers` are used up one by one, an error among them is raised; after them WhatsApp has it.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.answers: list[dict[str, Any] | Exception] = []
        self.checks: list[dict[str, Any] | Exception] = []
        self.before_answer: Callable[[], None] = lambda: None
        self.on_send: Callable[[str, object], None] = lambda _id, _answer: None

    async def call(
        self, op: str, *, tenant: int, epoch: int, args: Mapping[str, Any], deadline: float
    ) -> dict[str, Any]:
        """Carry out an order."""
        del tenant, epoch, deadline
        if op == "send":
            answer = self.answers.pop(0) if self.answers else ACKED
            if not isinstance(answer, SidecarError):  # then surely nothing was written
                self.texts.append(args["text"])
                self.ids.append(args["message_id"])
                self.on_send(args["message_id"], answer)
        else:
            answer = self.checks.pop(0)
        self.before_answer()
        if isinstance(answer, Exception):
            raise answer
        return answer


class FickleDatabase(Database):
    """The real one, whose connection dies in the transactions of that number, from 1 on.

    "before": PostgreSQL ends the connection right before the commit. "after": it has committed,
    and its answer is lost.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.faults: dict[int, str] = {}
        self.transactions = 0
        self.console: asyncpg.Connection | None = None

    def fail(self, faults: Mapping[int, str]) -> None:
        """Fail in these of the transactions from now on."""
        self.faults, self.transactions = dict(faults), 0

    @asynccontextmanager
    async def tenant(self, tenant_id: int) -> AsyncIterator[TenantConnection]:
        """As the real one, with the fault of this transaction."""
        self.transactions += 1
        fault = self.faults.pop(self.transactions, None)
        async with super().tenant(tenant_id) as tx:
            yield tx
            if fault == "before" and self.console is not None:
                pid = await tx.fetchval("SELECT pg_backend_pid()")
                await self.console.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)
        if fault == "after":
            raise StorageUnavailable("the answer to the commit was lost")


@dataclass(slots=True)
class Office:
    """A business with a queue, and what can be seen of it from outside."""

    database: FickleDatabase
    console: asyncpg.Connection
    clock: StillClock = field(default_factory=StillClock)
    worker: Worker = field(default_factory=Worker)
    statements: list[str] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - spreads retries

    def courier(self, epoch: int = 1, unsettled: Unsettled | None = None) -> Courier:
        """A new one, as every connection has."""
        return Courier(
            tenant_id=TENANT,
            epoch=epoch,
            database=self.database,
            line=WhatsAppLine(self.worker, TENANT, epoch),
            pacing=PacingRules(),
            clock=self.clock,
            random=self.random,
            unsettled=unsettled,
        )

    async def code_in_text(self) -> None:
        """Write a billing text with the PIX code in it: its messages go in two parts (D5)."""
        await self.console.execute(
            """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
               VALUES ($1, 'cobranca', 'Cobrança', $2, true, $3, $3)""",
            TENANT,
            "Oi, {primeiro_nome}! PIX: {pix_copia_e_cola}",
            FIVE,
        )

    async def rows(self, day: date = DAY) -> list[DayRow]:
        """The day's messages."""
        async with self.database.tenant(TENANT) as tx:
            return await outbox.day_rows(tx, day)

    async def stand(self) -> list[tuple[MessageState, str | None, int]]:
        """How the day's messages stand: state, reason, attempts."""
        return [(row.state, row.reason, row.attempt) for row in await self.rows()]

    async def steps(self, courier: Courier, most: int = 40) -> int:
        """Let `courier` work until nothing may go at this hour, PostgreSQL or not; how many."""
        for number in range(most):
            try:
                if isinstance(await courier.deliver_next(), Idle | Held):
                    return number
            except StorageUnavailable:
                continue
        return most

    async def work_until(self, end: datetime, courier: Courier, most: int = 200) -> None:
        """Let `courier` work and the hours pass until `end`."""
        for _ in range(most):
            await self.steps(courier)
            async with self.database.tenant(TENANT) as tx:
                wake = await outbox.next_wake(tx, self.clock.instant)
            if wake is None or wake >= end:
                break
            self.clock.instant = wake
        self.clock.instant = max(end, self.clock.instant)
        await self.steps(courier)

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


def late(phone: str) -> NewClient:
    """A client one day late."""
    return NewClient(
        name="Ana", phone=phone, plan="Mensal", price=Decimal(35), due_on=DAY - timedelta(days=1)
    )


@asynccontextmanager
async def open_office(
    dsn: str, count: int = 5, *, trial_ends: datetime = TRIAL_ENDS
) -> AsyncIterator[Office]:
    """`count` clients one day late, all with WhatsApp, their messages queued; the epoch is 1."""
    database = await FickleDatabase.open(dsn, limits=Limits(app_connections=1))
    console = database.console = await asyncpg.connect(dsn)
    made = Office(database, console)
    await console.execute("SELECT dispatch.renew_lease($1, $2, $3)", REPLICA, FIVE, NINE)
    async with database.tenant(TENANT) as tx:
        await tenants.create(tx, name="TV da Rita", now=FIVE, trial_ends_at=trial_ends)
        await tenants.set_company(
            tx, CompanyDetails(company="TV", pix_key="rita@tv.example", pix_beneficiary="Rita")
        )
        for number in range(count):
            phone = f"+55119{90_000_000 + number}"
            await clients.add(tx, late(phone), FIVE)
            await whatsapp_numbers.keep(
                tx, phone, jid=f"{phone[1:]}@s.whatsapp.net", lid=None, now=FIVE
            )
        await schedules.set_next(tx, {Job.VERIFY: FIVE})
        await run_job(tx, "verify", FIVE, FIVE)
        # The one connection that every statement of the tenant goes through.
        tx._raw.add_query_logger(lambda record: made.statements.append(record.query))  # noqa: SLF001 - no other way to hear what is really asked
    await made.take_over()
    yield made
    await console.close()
    await database.close()
