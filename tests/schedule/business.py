"""A business whose day runs by hand: its jobs when they are due, its courier when asked to."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from actors.tenant.day import run_job
from actors.tenant.left_out import left_out
from actors.tenant.rescheduling import Rescheduled, take_back, turn
from domain.clients import NewClient
from domain.dials import Dials, dials_of
from domain.jobs import Job, next_runs
from domain.rulebook import rulebook
from domain.undo import Act
from storage import clients, outbox, schedules, tenants, undos
from storage.database import Database
from storage.tenants import CompanyDetails

DAY = date(2026, 11, 24)
YESTERDAY = DAY - timedelta(days=1)
ZONE = ZoneInfo("America/Sao_Paulo")
SENT = """
    UPDATE messages SET state = 'sent', attempt = attempt + 1, body = 'Oi', sent_at = $2
    WHERE tenant_id = $1 AND state IN ('queued', 'retry', 'unknown') AND not_before <= $2 AND expires_at > $2
    RETURNING id
"""  # noqa: E501 - a statement

PAIRED = """
    INSERT INTO whatsapp_sessions (tenant_id, state, epoch, updated_at) VALUES ($1, 'paired', 1, $2)
"""


def at(text: str, day: date = DAY) -> datetime:
    """A time of São Paulo on `day`."""
    return datetime.combine(day, time.fromisoformat(text), tzinfo=ZONE).astimezone(UTC)


@dataclass(slots=True)
class Business:
    """One business and its rows."""

    database: Database
    tenant_id: int

    async def turn(self, now: datetime, **changes: Any) -> Rescheduled | None:
        """Turn some of the dials."""
        async with self.database.tenant(self.tenant_id) as tx:
            await outbox.hold_day(tx)
            charter = await tenants.charter(tx)
            after = replace(dials_of(charter.settings), **changes)
            return await turn(tx, charter, after, now, connected=True)

    async def undo(self, now: datetime) -> str:
        """Take the last change back."""
        async with self.database.tenant(self.tenant_id) as tx:
            await outbox.hold_day(tx)
            stored = await undos.latest(tx, Act.SCHEDULE, "")
            assert stored is not None
            return await take_back(tx, stored, now)

    async def run_due(self, now: datetime) -> list[str]:
        """Run every job that is due, the longest due first."""
        async with self.database.tenant(self.tenant_id) as tx:
            due = await schedules.of_tenant(tx)
        late = sorted((when, job) for job, when in due.items() if when <= now)
        for when, job in late:
            async with self.database.tenant(self.tenant_id) as tx:
                await run_job(tx, job, when, now, connected=True)
        return [job for _, job in late]

    async def deliver(self, now: datetime) -> int:
        """Send all that may go; returns how many went."""
        async with self.database.tenant(self.tenant_id) as tx:
            return len(await tx.fetch(SENT, self.tenant_id, now))

    async def rows(self) -> list[tuple[str, str | None, str]]:
        """Each message: state, reason, and from when it goes on the owner's clock."""
        async with self.database.tenant(self.tenant_id) as tx:
            found = await tx.fetch(
                "SELECT state, reason, not_before FROM messages WHERE tenant_id = $1 ORDER BY id",
                self.tenant_id,
            )
        return [
            (row["state"], row["reason"], f"{row['not_before'].astimezone(ZONE):%H:%M}")
            for row in found
        ]

    async def next_run(self, job: Job) -> str:
        """When a job runs next, on the owner's clock."""
        async with self.database.tenant(self.tenant_id) as tx:
            due = (await schedules.of_tenant(tx))[job]
        return f"{due.astimezone(ZONE):%d %H:%M}"

    async def dials(self) -> Dials:
        """The schedule as it stands."""
        async with self.database.tenant(self.tenant_id) as tx:
            return dials_of(await tenants.settings(tx))

    async def register(self, due_on: date = YESTERDAY, number: int = 0) -> int:
        """A client, registered long ago."""
        new = NewClient(
            name="Ana", phone=f"+55119{90_000_000 + number}", price=Decimal(35), due_on=due_on
        )
        async with self.database.tenant(self.tenant_id) as tx:
            return await clients.add(tx, new, at("10:00", DAY - timedelta(days=30)))

    async def left_out(self, now: datetime) -> list[tuple[str, str]]:
        """Who was not billed, and why (E3b)."""
        async with self.database.tenant(self.tenant_id) as tx:
            book = rulebook(await tenants.charter(tx), now)
            return [(one.name, one.reason) for one in await left_out(tx, book, now)]

    async def sql(self, text: str) -> None:
        """Set something straight."""
        async with self.database.tenant(self.tenant_id) as tx:
            await tx.execute(text, self.tenant_id)


async def open_business(database: Database, tenant_id: int) -> Business:
    """Signed up yesterday evening, with a client who is one day late today."""
    signed_up = at("21:00", YESTERDAY)
    async with database.tenant(tenant_id) as tx:
        await tenants.create(
            tx, name="Rita", now=signed_up, trial_ends_at=signed_up + timedelta(days=90)
        )
        await tenants.set_company(
            tx, CompanyDetails(company="TV", pix_key="rita@tv.example", pix_beneficiary="Rita")
        )
        await tx.execute(PAIRED, tenant_id, signed_up)
        await schedules.set_next(tx, next_runs(await tenants.settings(tx), signed_up))
    made = Business(database, tenant_id)
    await made.register()
    return made
