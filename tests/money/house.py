"""The payments as they run: actor, gateway, door and tenants, before a local Mercado Pago.

One database and one Mercado Pago serve a module, by one clock that only moves on; each test has a
system of its own, which may be ended and started again over what it left.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

import aiohttp
import asyncpg

from actors.charge.standing import Charge as InCharge
from actors.messages.account import SignUp
from actors.messages.admin_news import AdminNews, TellAdmin
from actors.messages.notices import Notice, Notify
from actors.messages.subscription import ChargeStanding, CheckCharge, GetOffer, Offer, Unavailable
from actors.payments.ports import PaymentsPorts
from actors.payments_actor import PaymentsActor
from actors.runtime import Actor, ChildSpec, Directory, MovableClock, Ref, Supervisor, System, on
from actors.tenant_actor import TenantActor, TenantPorts
from domain.charges import ChargeState
from domain.public_address import MERCADO_PAGO_PATH
from domain.retention import Retention
from errors import ChatUnreachable
from gateways.mercado_pago import MercadoPago
from gateways.payments import Payments
from playground.mercado_pago import MercadoPagoStandIn
from playground.rig import free_port
from settings import PLAYGROUND_PAYMENTS_SECRET, PLAYGROUND_PAYMENTS_TOKEN
from storage import charges, tenants
from storage.charges import StoredCharge
from storage.database import Database
from tests.virtual_time import seeded
from web.mercado_pago_webhook import MercadoPagoWebhook
from web.server import WebActor

ADMINS = (5, 6)
PRICE = Decimal("20.00")
DAYS = 30
TRIAL = timedelta(days=7)
SECONDS = 15.0
POLL_SECONDS = 0.02
CALL_SECONDS = 0.4
NUMBERS = count(7_000_000)


class Line(Actor):
    """A WhatsApp session that does nothing."""


@dataclass
class Ears:
    """What owners and administrators were told; who is in `deaf` has blocked the bot."""

    told: list[tuple[int, Notice]] = field(default_factory=list)
    news: list[tuple[int, AdminNews]] = field(default_factory=list)
    deaf: set[int] = field(default_factory=set)

    def heard(self, tenant_id: int) -> list[Notice]:
        """What one owner was told."""
        return [notice for chat, notice in self.told if chat == tenant_id]

    def news_of(self, tenant_id: int, chat_id: int = ADMINS[0]) -> list[str]:
        """What one administrator was told of one account."""
        return [
            news.kind for chat, news in self.news if chat == chat_id and news.tenant_id == tenant_id
        ]


class Telegram(Actor):
    """Takes what is told."""

    def __init__(self, ears: Ears) -> None:
        self._ears = ears

    @on(Notify)
    async def notify(self, message: Notify) -> None:
        """Keep it."""
        self._ears.told.append((message.tenant_id, message.notice))

    @on(TellAdmin)
    async def tell_admin(self, message: TellAdmin) -> None:
        """Keep it, or be blocked."""
        if message.chat_id in self._ears.deaf:
            raise ChatUnreachable(str(message.chat_id))
        self._ears.news.append((message.chat_id, message.news))


@dataclass
class House:
    """The system of one test."""

    database: Database
    bank: MercadoPagoStandIn
    clock: MovableClock
    console: asyncpg.Connection
    port: int
    http: aiohttp.ClientSession
    ears: Ears = field(default_factory=Ears)
    has_account: bool = True
    in_charge: InCharge = field(default_factory=InCharge)
    price: Decimal = PRICE
    wrap: Callable[[Payments], Payments] = lambda gateway: gateway
    directory: Directory = field(init=False)
    system: System = field(init=False)
    gateway: MercadoPago = field(init=False)

    # Life

    async def open(self) -> None:
        """Start it over what is there."""
        self.system = System(clock=self.clock, random=seeded(next(NUMBERS)))
        self.directory = Directory(self._tenant)
        children = [
            ChildSpec("telegram", lambda: Telegram(self.ears)),
            self.directory.spec(),
            ChildSpec("payments", self._payments),
            ChildSpec("web", self._web),
        ]
        await self.system.start(ChildSpec("root", lambda: Supervisor(children)))

    async def close(self) -> None:
        """End it."""
        await self.system.stop()

    async def restart(self) -> None:
        """Another process takes over."""
        await self.close()
        await self.open()

    def _payments(self) -> Actor:
        return PaymentsActor(
            PaymentsPorts(
                database=self.database,
                provider=self._provider,
                tenants=self.directory,
                telegram=lambda: self.system.ref("telegram"),
                replica=uuid4(),
                admins=ADMINS,
                price=self.price,
                days=DAYS,
                in_charge=self.in_charge,
                poll_seconds=POLL_SECONDS,
            )
        )

    def _provider(self) -> Payments | None:
        if not self.has_account:
            return None
        self.gateway = MercadoPago(
            PLAYGROUND_PAYMENTS_TOKEN,
            api=self.bank.api,
            monotonic=time.monotonic,
            sleep=lambda _seconds: asyncio.sleep(0),
            random=seeded(),
            call_seconds=CALL_SECONDS,
        )
        return self.wrap(self.gateway)

    def _web(self) -> Actor:
        async def checks() -> dict[str, bool]:
            return {}

        payments = MercadoPagoWebhook(
            PLAYGROUND_PAYMENTS_SECRET, lambda: self.system.ref("payments"), self.clock.now
        )
        return WebActor("127.0.0.1", self.port, checks, payments=payments)

    def _tenant(self, tenant_id: int) -> Actor:
        return TenantActor(
            tenant_id,
            TenantPorts(
                database=self.database,
                telegram=self.system.ref("telegram"),
                session=lambda _tenant, _owner: Line(),
                session_spec=ChildSpec("whatsapp", Actor),
                schedules_changed=lambda: None,
                trial=TRIAL,
                retention=Retention(),
                replica=uuid4(),
                payments=lambda: self.system.ref("payments"),
            ),
        )

    # What people do

    async def owner(self, email: str | None = "ana@exemplo.com") -> int:
        """Somebody who has signed up, now."""
        tenant_id = next(NUMBERS)
        await self.tenant(tenant_id).ask(
            SignUp("Dona Maria", email=email, phone="+5511955500142"), deadline=SECONDS
        )
        return tenant_id

    def tenant(self, tenant_id: int) -> Ref:
        """The way to a business."""
        return self.directory.ref(tenant_id)

    async def offer(self, tenant_id: int) -> Offer | Unavailable:
        """Press "Gerar PIX"."""
        return await self.tenant(tenant_id).ask(GetOffer(), deadline=SECONDS)

    async def pix(self, tenant_id: int) -> Offer:
        """Press it, where all is well."""
        offer = await self.offer(tenant_id)
        assert isinstance(offer, Offer), offer
        return offer

    async def check(self, tenant_id: int, charge_id: int | None = None) -> ChargeStanding:
        """Press "Já paguei"."""
        return await self.tenant(tenant_id).ask(CheckCharge(charge_id), deadline=SECONDS)

    def payment_of(self, offer: Offer) -> str:
        """The payment that Mercado Pago made for it."""
        return str(self.bank.bank.by_code(offer.code).payment_id)

    def act(self, what: str, offer: Offer, **more: Any) -> str:
        """Let something happen to it at Mercado Pago; nobody is told unless there is an address."""
        payment_id = self.payment_of(offer)
        self.bank.control.act(what, payment_id, **more)
        return payment_id

    def tells(self, *, webhooks: bool) -> None:
        """Whether Mercado Pago brings what happens."""
        address = f"http://127.0.0.1:{self.port}{MERCADO_PAGO_PATH}" if webhooks else None
        self.bank.webhooks.url = lambda: address

    def goes_wrong(self, kind: str, **more: object) -> None:
        """Order a fault of Mercado Pago."""
        self.bank.control.order({"kind": kind} | more)

    def later(self, much: timedelta) -> None:
        """Let time pass."""
        self.clock.move_to(self.clock.now() + much)

    # What there is

    async def charge(self, tenant_id: int) -> StoredCharge:
        """The newest charge."""
        async with self.database.tenant(tenant_id) as tx:
            found = await charges.find(tx)
        assert found is not None
        return found

    async def state(self, tenant_id: int) -> ChargeState:
        """Where the newest charge stands."""
        return (await self.charge(tenant_id)).charge.state

    async def paid_until(self, tenant_id: int) -> datetime | None:
        """The end of what was granted."""
        async with self.database.tenant(tenant_id) as tx:
            tenant = await tenants.find(tx)
        assert tenant is not None
        return tenant.paid_until

    async def count(self, sql: str, *values: object) -> Any:
        """One number, by the superuser."""
        return await self.console.fetchval(sql, *values)

    async def booked(self, payment_id: str) -> list[tuple[str, Decimal]]:
        """What the ledger holds of a payment."""
        rows = await self.console.fetch(
            "SELECT kind, amount FROM revenue_ledger WHERE payment_id = $1 ORDER BY number",
            payment_id,
        )
        return [(row["kind"], row["amount"]) for row in rows]

    async def settled(self) -> None:
        """Wait until no delivery waits for its turn now."""
        now = self.clock.now()
        await until(
            lambda: self.is_none(
                "SELECT EXISTS (SELECT FROM webhook_events WHERE handled_at IS NULL "
                "AND set_aside_at IS NULL AND (retry_at IS NULL OR retry_at <= $1 "
                "OR error IS NULL))",
                now,
            )
        )

    async def is_none(self, sql: str, *values: object) -> bool:
        """Whether what is asked for is not there."""
        return not await self.console.fetchval(sql, *values)


async def until(condition: Callable[[], Awaitable[bool]] | Callable[[], bool]) -> None:
    """Wait until `condition` holds."""
    async with asyncio.timeout(SECONDS):
        while True:
            held = condition()
            if held if isinstance(held, bool) else await held:
                return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(
    database: Database, dsn: str, bank: MercadoPagoStandIn, clock: MovableClock
) -> AsyncIterator[House]:
    """A system of its own; what it leaves open is closed, so that the next finds no work."""
    console = await asyncpg.connect(dsn)
    bank.faults.clear()
    async with aiohttp.ClientSession() as http:
        house = House(database, bank, clock, console, free_port(), http)
        house.tells(webhooks=False)
        await house.open()
        try:
            yield house
        finally:
            house.tells(webhooks=False)
            await house.close()
            await console.execute("UPDATE subscription_charges SET check_at = NULL")
            await console.execute("UPDATE webhook_events SET handled_at = now()")
            await console.execute("UPDATE admin_notices SET done_at = now()")
            await console.close()
