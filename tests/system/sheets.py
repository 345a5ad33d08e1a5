"""A business that sends and gets sheets, for tests of that: the real actor, the real database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import asyncpg

from actors.messages.account import SignUp
from actors.messages.sheets import (
    ConfirmImport,
    ExportClients,
    ImportDone,
    ImportReview,
    PreviewImport,
    SheetFile,
)
from actors.runtime import Actor, ChildSpec, Directory, MovableClock, Ref, Supervisor, System
from actors.tenant_actor import TenantActor, TenantPorts
from domain.import_decision import Doubles
from domain.retention import Retention
from storage.database import Database
from tests.postgres import NOW
from tests.unit.sheets import delimited
from tests.virtual_time import seeded

TENANT, STRANGER = 41, 42
SECONDS = 30.0
TODAY = date(2026, 11, 24)
HEADER = ("Nome", "Telefone", "Valor", "Vencimento", "Plano", "Servidor", "Obs")
ANA = ("Ana Lima", "11990000001", "35,00", "10/12/2026", "Mensal", "Alfa", "por PIX")
BIA = ("Bia Souza", "11990000002", "40,00", "11/12/2026", "Anual", "", "")
CAIO = ("Caio Melo", "11990000003", "45,00", "12/12/2026", "Mensal", "", "")


def sheet(*rows: tuple[str, ...]) -> bytes:
    """A sheet with these rows under HEADER."""
    return delimited(HEADER, *rows)


@dataclass(frozen=True, slots=True)
class Shop:
    """The tenant, another one, and what can be seen of them from outside."""

    tenant: Ref
    stranger: Ref
    database: Database
    console: asyncpg.Connection
    clock: MovableClock

    async def preview(self, *rows: tuple[str, ...]) -> ImportReview:
        """Send a sheet."""
        order = PreviewImport("clientes.csv", sheet(*rows))
        return await self.tenant.ask(order, deadline=SECONDS)

    async def confirm(self, import_id: int, doubles: Doubles = Doubles.SKIP) -> ImportDone:
        """Confirm it."""
        return await self.tenant.ask(ConfirmImport(import_id, doubles), deadline=SECONDS)

    async def bring_in(self, *rows: tuple[str, ...], doubles: Doubles = Doubles.SKIP) -> ImportDone:
        """Send a sheet and confirm it."""
        return await self.confirm((await self.preview(*rows)).import_id, doubles)

    async def hand_over(self) -> SheetFile:
        """Take everything out of the tenant and bring it into the other one."""
        taken = await self.tenant.ask(ExportClients(), deadline=SECONDS)
        order = PreviewImport(taken.name, taken.data)
        review = await self.stranger.ask(order, deadline=SECONDS)
        await self.stranger.ask(ConfirmImport(review.import_id), deadline=SECONDS)
        return taken

    async def names(self, tenant: int = TENANT) -> list[str]:
        """Who is registered."""
        found = await self.console.fetch(
            "SELECT name FROM clients WHERE tenant_id = $1 ORDER BY name, id", tenant
        )
        return [row["name"] for row in found]

    async def value(self, sql: str, *values: object) -> object:
        """One value."""
        return await self.console.fetchval(sql, *values)

    def pass_by(self, time: timedelta) -> None:
        """Let time go by."""
        self.clock.move_to(self.clock.now() + time)


@asynccontextmanager
async def open_shop(dsn: str, database: Database) -> AsyncIterator[Shop]:
    """Two tenants that signed up at NOW, five in the morning."""
    clock = MovableClock()
    clock.move_to(NOW)
    console = await asyncpg.connect(dsn)
    async with System(clock=clock, random=seeded()) as system:
        telegram = ChildSpec("telegram", Actor)
        directory = Directory(lambda tenant_id: TenantActor(tenant_id, ports))
        await system.start(ChildSpec("root", lambda: Supervisor([telegram, directory.spec()])))
        ports = TenantPorts(
            database=database,
            telegram=system.ref("telegram"),
            session=lambda _tenant, _owner: Actor(),
            session_spec=ChildSpec("whatsapp", Actor),
            schedules_changed=lambda: None,
            trial=timedelta(days=90),
            retention=Retention(),
            replica=uuid4(),
        )
        for tenant_id in (TENANT, STRANGER):
            await directory.ref(tenant_id).ask(SignUp("Rita"), deadline=SECONDS)
        yield Shop(directory.ref(TENANT), directory.ref(STRANGER), database, console, clock)
    await console.close()
