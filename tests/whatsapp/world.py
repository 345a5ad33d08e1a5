"""One business in one process: its real tenant, session and worker actors, on a real PostgreSQL.

Only what is outside is made up: the worker program, which speaks the protocol and does what a test
orders, and the owner's chat. Time stands as it is until a test lets it pass.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from actors.messages.notices import KeptNotice, Notice
from actors.messages.queue import OutboxChanged
from actors.messages.whatsapp import (
    ConnectWhatsApp,
    GetWhatsApp,
    GetWhatsAppScreen,
    WhatsAppScreen,
    WhatsAppView,
)
from actors.runtime import (
    Actor,
    ChildSpec,
    Event,
    Ref,
    Restart,
    Supervisor,
    System,
)
from actors.tenant.day import run_job
from actors.tenant_actor import TenantActor, TenantPorts
from actors.whatsapp.connection import SessionPorts
from actors.whatsapp_session import WhatsAppSession
from domain.clients import NewClient
from domain.jobs import Job
from domain.pacing import PacingRules
from domain.retention import Retention
from domain.whatsapp import SessionState
from errors import EmDiaError
from storage import clients, leases, outbox, schedules, tenants, whatsapp_state
from storage.database import Database
from storage.tenants import CompanyDetails
from storage.vault import Vault, new_key
from tests.whatsapp.outside import NINE, Chat, ScriptedSidecar, ShiftedClock, is_busy, shifted_time

REPLICA = UUID("00000000-0000-4000-8000-000000000001")
ELSEWHERE = UUID("00000000-0000-4000-8000-000000000002")
TENANT = 7
DAY = date(2026, 11, 24)
FIVE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OWNER_JID, OWNER = "5511900000001:1@s.whatsapp.net", "+5511900000001"
PATIENCE_SECONDS = 20.0
ASK_SECONDS = 15.0
GAP_SECONDS = 10.0
PACING = PacingRules(min_gap_s=GAP_SECONDS, max_gap_s=GAP_SECONDS, typing_chars_per_s=1e9)
MILLISECONDS = 1_000
# Looks at a world at rest, one after the other, that make sure that it is; and when to give up.
QUIET_LOOKS = 4
MOST_LOOKS = 60


@dataclass(slots=True)
class World:
    """The business, and what can be done to it and seen of it from outside."""

    database: Database
    console: asyncpg.Connection
    system: System
    clock: ShiftedClock
    move: Callable[[float], None]
    vault: Vault
    told: list[Notice] = field(default_factory=list)
    chat_faults: list[EmDiaError] = field(default_factory=list)
    sidecars: list[ScriptedSidecar] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    # Time

    async def pass_time(self, seconds: float) -> None:
        """Let time pass; what was due in it has begun afterwards."""
        self.move(seconds)
        await self.settle()

    async def settle(self) -> None:
        """Let everybody do what can be done without waiting for time: asks and answers included.

        What an answer never comes to is not waited for.
        """
        quiet = 0
        for _ in range(MOST_LOOKS):
            await self.view()
            await self.orders()
            quiet = 0 if is_busy() else quiet + 1
            if quiet == QUIET_LOOKS:
                return

    async def until_true(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Wait until `condition` holds, which itself waits for somebody each time."""
        # Of the real clock: the loop's may be moved meanwhile.
        given_up_at = time.monotonic() + PATIENCE_SECONDS
        while not await condition():
            if time.monotonic() > given_up_at:
                raise TimeoutError

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Wait until `condition` holds; each look at it is a round trip, so nothing spins."""

        async def settled() -> bool:
            if await condition():
                return True
            await self.settle()
            return await condition()

        await self.until_true(settled)

    # The owner

    @property
    def tenant(self) -> Ref:
        """The tenant's actor."""
        return self.system.ref(f"tenant {TENANT}")

    async def connect(self) -> WhatsAppView:
        """Press "Conectar"."""
        return await self.tenant.ask(ConnectWhatsApp(), deadline=ASK_SECONDS)

    async def view(self) -> WhatsAppView:
        """Look at /whatsapp."""
        return await self.tenant.ask(GetWhatsApp(), deadline=ASK_SECONDS)

    async def screen(self) -> WhatsAppScreen:
        """Look at it with all its figures."""
        return await self.tenant.ask(GetWhatsAppScreen(), deadline=ASK_SECONDS)

    async def look(self) -> None:
        """Say that something entered the outbox."""
        await self.tenant.tell(OutboxChanged())

    def kept(self) -> list[KeptNotice]:
        """What the owner was told, codes and the like aside."""
        return [notice for notice in self.told if isinstance(notice, KeptNotice)]

    async def hears(self, count: int) -> KeptNotice:
        """Wait until the owner was told so many things; returns the last."""

        async def heard() -> bool:
            return len(self.kept()) >= count

        await self.until(heard)
        return self.kept()[count - 1]

    # WhatsApp's side

    async def order(self, op: str, args: dict[str, Any]) -> dict[str, Any]:
        """Order the worker program itself."""
        return await self.sidecars[-1].link.call(op, tenant=0, epoch=1, args=args, deadline=5.0)

    async def script(self, op: str, answer: object) -> None:
        """Answer orders of a kind with this from now on."""
        await self.order("script", {"op": op, "answer": answer})

    async def orders(self, op: str | None = None) -> list[dict[str, Any]]:
        """What the worker was ordered so far."""
        seen = (await self.order("seen", {}))["seen"]
        return [order for order in seen if op in {None, order["op"]}]

    async def is_ordered(self, op: str, count: int) -> dict[str, Any]:
        """Wait until an order came so often; returns the last."""

        async def ordered() -> bool:
            return len(await self.orders(op)) >= count

        await self.until(ordered)
        return (await self.orders(op))[count - 1]

    async def tell(self, event: str, *, epoch: int | None = None, **data: object) -> None:
        """WhatsApp says something, under the epoch of the last opening unless told otherwise."""
        if epoch is None:
            epoch = await self.epoch()
        frame = {"event": event, "tenant": TENANT, "epoch": epoch, "data": data}
        await self.order("tell", frame)
        await self.settle()

    async def tell_session(self, event: object) -> None:
        """Tell the session itself, past the worker, which is heard under one epoch only."""
        await self.system.ref(f"whatsapp {TENANT}").tell(event)
        await self.settle()

    async def epoch(self) -> int:
        """The epoch of the last opening."""
        return int((await self.orders("open"))[-1]["epoch"])

    async def opens(self, jid: str = OWNER_JID) -> None:
        """The line is open."""
        await self.tell("open", jid=jid, lid=None)

    async def closes(
        self, code: int | str, *, wait_s: int | None = None, reason: str = "x"
    ) -> None:
        """The line ends; `wait_s` is how long WhatsApp wants to hear nothing."""
        logged_out = code == 401
        await self.tell("closed", code=code, reason=reason, logged_out=logged_out, wait_s=wait_s)

    async def reaches_nobody(self) -> None:
        """The line ends before anybody answered."""
        await self.closes(503, reason="unreachable")

    async def pairs(self, jid: str = OWNER_JID) -> None:
        """The phone accepts the device; what follows is left to the test."""
        epoch = await self.epoch()
        async with self.database.tenant(TENANT) as tx:
            await whatsapp_state.set_creds(tx, self.vault, epoch, f"creds of {jid}", NINE)
            await whatsapp_state.set_keys(tx, self.vault, epoch, {"session": {"a": jid}})
        await self.tell("paired", jid=jid, lid=None)

    # The database

    async def session(self) -> whatsapp_state.Session:
        """How the session is kept."""
        async with self.database.tenant(TENANT) as tx:
            found = await whatsapp_state.find_session(tx)
        assert found is not None
        return found

    async def creds(self) -> str | None:
        """The credentials that count."""
        async with self.database.tenant(TENANT) as tx:
            return await whatsapp_state.get_creds(tx, self.vault)

    async def set_aside(self) -> int:
        """How many devices are set aside."""
        return int(await self.console.fetchval("SELECT count(*) FROM whatsapp_set_aside"))

    async def state_is(self, state: SessionState) -> None:
        """Wait until the session is kept in `state`."""

        async def is_it() -> bool:
            return (await self.session()).state is state

        await self.until(is_it)

    async def take_over(self) -> None:
        """Another process takes the tenant."""
        async with self.database.dispatcher() as connection:
            await leases.renew(connection, ELSEWHERE)
            await leases.take_over(connection, TENANT, ELSEWHERE, self.clock.now())

    async def rows(self) -> list[tuple[str, str | None, int]]:
        """State, reason and attempts of the day's messages, as they were planned."""
        async with self.database.tenant(TENANT) as tx:
            rows = await outbox.day_rows(tx, DAY)
        return [(row.state, row.reason, row.attempt) for row in rows]

    async def ids(self) -> list[str]:
        """The WhatsApp ids of the day's messages, as they were planned."""
        async with self.database.tenant(TENANT) as tx:
            return [row.whatsapp_id for row in await outbox.day_rows(tx, DAY)]

    async def rows_are(self, expected: Sequence[tuple[str, str | None, int]]) -> None:
        """Wait until the day's messages stand so."""

        async def are_they() -> bool:
            return list(expected) == await self.rows()

        with suppress(TimeoutError):
            await self.until(are_they)
        stand = await self.rows()
        assert list(expected) == stand, stand

    # The tree

    async def restart(self) -> None:
        """End the process, and begin another one on the same database."""
        await self.system.stop()
        self.system = System(clock=self.clock, random=Random(2), on_event=self.events.append)  # noqa: S311 - jitter
        await self.start()

    async def start(self) -> None:
        """Start the worker, the chat and the tenant."""
        await self.system.start(ChildSpec("root", lambda: Supervisor(self._specs())))

    def _specs(self) -> list[ChildSpec]:
        return [
            ChildSpec("sidecar", self._sidecar),
            ChildSpec("chat", lambda: Chat(self.told, self.chat_faults)),
            ChildSpec(f"tenant {TENANT}", self._tenant),
        ]

    def _sidecar(self) -> Actor:
        self.sidecars.append(ScriptedSidecar(self.database, self.vault))
        return self.sidecars[-1]

    def _tenant(self) -> Actor:
        return TenantActor(
            TENANT,
            TenantPorts(
                database=self.database,
                telegram=self.system.ref("chat"),
                session=self._session,
                session_spec=ChildSpec("whatsapp", lambda: Actor(), restart=Restart.TRANSIENT),  # noqa: PLW0108 - never made
                schedules_changed=lambda: None,
                trial=timedelta(days=7),
                retention=Retention(),
                replica=REPLICA,
            ),
        )

    def _session(self, tenant_id: int, owner: Ref) -> Actor:
        return WhatsAppSession(
            tenant_id,
            SessionPorts(
                database=self.database,
                vault=self.vault,
                sidecar=self.system.ref("sidecar"),
                telegram=self.system.ref("chat"),
                owner=owner,
                replica=REPLICA,
                pacing=PACING,
            ),
        )


@asynccontextmanager
async def world(dsn: str, *, late_clients: int = 0) -> AsyncIterator[World]:
    """A business with so many clients one day late, their messages queued; nothing is started."""
    database = await Database.open(dsn)
    console = await asyncpg.connect(dsn)
    with shifted_time() as move:
        clock = ShiftedClock()
        events: list[Event] = []
        system = System(clock=clock, random=Random(1), on_event=events.append)  # noqa: S311 - jitter
        vault = Vault.from_ring(new_key("k1"))
        made = World(database, console, system, clock, move, vault, events=events)
        await _sign_up(database, late_clients)
        try:
            yield made
        finally:
            await system.stop()
            await console.close()
            await database.close()


async def _sign_up(database: Database, late_clients: int) -> None:
    async with database.dispatcher() as connection:
        await leases.renew(connection, REPLICA)
    async with database.tenant(TENANT) as tx:
        await tenants.create(
            tx, name="TV da Rita", now=FIVE, trial_ends_at=NINE + timedelta(days=9_999)
        )
        await tenants.set_company(
            tx, CompanyDetails(company="TV", pix_key="rita@tv.example", pix_beneficiary="Rita")
        )
        for number in range(late_clients):
            await clients.add(tx, late(phone(number)), FIVE)
        await schedules.set_next(tx, {Job.VERIFY: FIVE})
        await run_job(tx, "verify", FIVE, FIVE)


def phone(number: int) -> str:
    """The phone of a client, E.164."""
    return f"+5511991{100_000 + number}"


def late(number: str) -> NewClient:
    """A client one day late."""
    return NewClient(
        name="Ana", phone=number, plan="Mensal", price=Decimal(35), due_on=DAY - timedelta(days=1)
    )
