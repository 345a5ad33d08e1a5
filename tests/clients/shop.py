"""A business with a tenant's real actor on a real PostgreSQL, under a clock that stands still."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

from actors.messages.clients import ClientCard, RegisterClient
from actors.messages.payments import RenewClient, Renewed
from actors.messages.undo import Undo, Undone, UndoOffer
from actors.runtime import (
    Actor,
    ChildSpec,
    Directory,
    MovableClock,
    Ref,
    Request,
    Supervisor,
    System,
)
from actors.tenant_actor import TenantActor, TenantPorts
from domain.clients import NewClient
from domain.retention import Retention
from storage import tenants
from storage.database import Database
from storage.tenants import CompanyDetails
from tests.virtual_time import seeded

TENANT, NEIGHBOUR = 21, 22
DAY = date(2026, 11, 24)
YESTERDAY = DAY - timedelta(days=1)
# São Paulo is three hours behind UTC.
NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PRICE = Decimal("79.90")
SECONDS = 10.0
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Shop:
    """Two businesses; whoever asks is the first unless it says otherwise."""

    database: Database
    clock: MovableClock
    refs: dict[int, Ref]
    drafts: "count[int]"

    async def ask(self, message: Request[Answer], tenant: int = TENANT) -> Answer:
        """Ask a tenant, and wait for its answer."""
        return await self.refs[tenant].ask(message, deadline=SECONDS)

    def later(self, **time: float) -> None:
        """Move the clock on."""
        self.clock.move_to(self.clock.now() + timedelta(**time))

    async def register(self, tenant: int = TENANT, **changes: Any) -> ClientCard:
        """A client of yesterday's due date, with `changes`."""
        new = person(**changes)
        return (await self.ask(RegisterClient(next(self.drafts), new), tenant)).card

    async def renew(self, card: ClientCard, days: int = 30, amount: Decimal = PRICE) -> Renewed:
        """Renew a client from the due date on its card."""
        due_on = card.client.due_on
        order = RenewClient(card.row.client_id, due_on, due_on + timedelta(days=days), amount)
        return await self.ask(order)

    async def undo(self, offer: UndoOffer | None) -> Undone:
        """Take what was offered."""
        assert offer is not None
        return await self.ask(Undo(offer.undo_id))

    async def messages(self, tenant: int = TENANT) -> list[tuple[int, str, str, str | None]]:
        """Each message of the outbox: id, kind, state, reason."""
        async with self.database.tenant(tenant) as tx:
            rows = await tx.fetch(
                "SELECT id, kind, state, reason FROM messages WHERE tenant_id = $1 ORDER BY id",
                tenant,
            )
        return [tuple(row) for row in rows]

    async def everything(self, tenant: int = TENANT) -> list[str]:
        """All that a business has, for finding out whether anything changed."""
        async with self.database.tenant(tenant) as tx:
            return [
                str(row)
                for table in ("clients", "client_payments", "messages", "tags", "client_tags",
                              "own_fields", "undos", "audit_log")
                for row in await tx.fetch(
                    f"SELECT * FROM {table} WHERE tenant_id = $1 ORDER BY 1, 2, 3", tenant  # noqa: S608 - names of this list
                )
            ]  # fmt: skip


def person(**changes: Any) -> NewClient:
    """Somebody invented, due yesterday."""
    facts: dict[str, Any] = {
        "name": "Roberto Souza",
        "phone": "+5511955500187",
        "plan": "30 dias",
        "price": PRICE,
        "due_on": YESTERDAY,
        **changes,
    }
    return NewClient(**facts)


@asynccontextmanager
async def open_shop(database: Database) -> AsyncIterator[Shop]:
    """Two businesses that can send today: it is nine o'clock of DAY. Those of before are gone."""
    for tenant in (TENANT, NEIGHBOUR):
        async with database.tenant(tenant) as tx:
            for table in ("drafts", "tenants"):
                await tx.execute(f"DELETE FROM {table} WHERE tenant_id = $1", tenant)  # noqa: S608 - names of this list
            await tenants.create(
                tx, name="Rita", now=NINE, trial_ends_at=NINE + timedelta(days=700)
            )
            await tenants.set_company(
                tx, CompanyDetails(company="TV", pix_key="rita@tv.example", pix_beneficiary="Rita")
            )
    clock = MovableClock()
    clock.move_to(NINE)
    async with System(clock=clock, random=seeded()) as system:
        directory = Directory(lambda tenant_id: TenantActor(tenant_id, ports))
        specs = [ChildSpec("telegram", Actor), directory.spec()]
        await system.start(ChildSpec("root", lambda: Supervisor(specs)))
        ports = TenantPorts(
            database=database,
            telegram=system.ref("telegram"),
            session=lambda _tenant, _owner: Actor(),
            session_spec=ChildSpec("whatsapp", Actor),
            schedules_changed=lambda: None,
            trial=timedelta(days=7),
            retention=Retention(),
            replica=uuid4(),
        )
        refs = {tenant: directory.ref(tenant) for tenant in (TENANT, NEIGHBOUR)}
        yield Shop(database, clock, refs, count(1))
