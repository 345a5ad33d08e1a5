"""The real bot over the real tenants and PostgreSQL; of Telegram the stand-in, of WhatsApp nothing.

The screens' tests live here: what a person does, and what stands in the database after it.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

from actors.administration.admin_actor import AdminActor, AdminPorts
from actors.charge.standing import Charge
from actors.messages.account import SignUp
from actors.messages.whatsapp import (
    ConnectWhatsApp,
    Disconnect,
    Disconnected,
    GetWhatsApp,
    PairAnew,
    PairByCode,
    Reconnect,
    WhatsAppView,
)
from actors.payments.ports import PaymentsPorts
from actors.payments_actor import PaymentsActor
from actors.runtime import Actor, ChildSpec, Directory, MovableClock, Ref, System, on
from actors.telegram_actor import TelegramActor
from actors.tenant_actor import TenantActor, TenantPorts
from bot.telegram.client import make_bot
from bot.telegram.pace import PaceLimits
from domain.figures import Figures
from domain.retention import Retention
from domain.subscription import Terms
from domain.whatsapp import SessionState
from gateways.payments import Payments
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN
from storage import figures
from storage.database import Database
from tests.bot.support import Person, WatchedInbox
from tests.virtual_time import seeded

# A Wednesday, 10:42 in São Paulo.
NOW = datetime(2026, 11, 25, 13, 42, tzinfo=UTC)
SECONDS = 10.0
# The pace has tests of its own; here nobody waits for it.
AT_ONCE = PaceLimits(overall_per_second=10_000, chat_burst=10_000)
_CHATS = count(50_001)
ADMINS = range(49_000, 49_060)
"""The chats of those who administer."""
_ADMINS = iter(ADMINS)


class WatchedBot(TelegramActor):
    """The real one, which tells when nothing waits to be shown."""

    async def drawn(self) -> None:
        """Wait until all that was said is in the chats."""
        await self._delivery.drained(SECONDS)

    def live_screen(self, chat_id: int) -> int | None:
        """The message that the chat's last answer is on, None until there is one."""
        return self._chats.live(chat_id)


class NoLine(Actor):
    """A WhatsApp that was never connected; whatever is asked of it, a code would follow."""

    @on(GetWhatsApp)
    async def view(self, _message: GetWhatsApp) -> WhatsAppView:
        """Nothing is paired."""
        return WhatsAppView(SessionState.DISCONNECTED, connected=False)

    @on(ConnectWhatsApp)
    @on(PairByCode)
    @on(PairAnew)
    @on(Reconnect)
    async def connect(
        self, _message: ConnectWhatsApp | PairByCode | PairAnew | Reconnect
    ) -> WhatsAppView:
        """A code would follow."""
        return WhatsAppView(SessionState.PAIRING, connected=False)

    @on(Disconnect)
    async def disconnect(self, _message: Disconnect) -> Disconnected:
        """Nothing was linked."""
        return Disconnected(WhatsAppView(SessionState.DISCONNECTED, connected=False), unlinked=True)


@dataclass
class Live:
    """What runs: the chats, the tenants behind them, their rows, and the clock."""

    stand_in: TelegramStandIn
    database: Database
    inbox: WatchedInbox
    tenants: Directory
    clock: MovableClock
    telegram: Ref
    bot: WatchedBot

    def stranger(self) -> Person:
        """Somebody who never wrote to the bot."""
        return Person(self.stand_in, next(_CHATS))

    async def owner(self, name: str = "Conecta Bairro") -> Person:
        """Somebody who has signed up."""
        person = self.stranger()
        await self.tenant(person).ask(
            SignUp(name, email="dona@exemplo.com", phone="+5511955500142"), deadline=SECONDS
        )
        return person

    def admin(self) -> Person:
        """Somebody who administers, and has no account."""
        return Person(self.stand_in, next(_ADMINS))

    def tenant(self, person: Person) -> Ref:
        """The business of a person."""
        return self.tenants.ref(person.chat_id)


async def ready(database: Database) -> Mapping[str, bool]:
    """Whether the database answers."""
    async with database.dispatcher() as connection:
        return {"database": await connection.fetchval("SELECT true")}


async def figures_of(database: Database, clock: MovableClock) -> Figures:
    """What is counted across tenants."""
    async with database.dispatcher() as connection:
        return await figures.read(connection, clock.now())


@asynccontextmanager
async def living(
    stand_in: TelegramStandIn,
    database: Database,
    *,
    now: datetime = NOW,
    trial: timedelta = timedelta(days=7),
    payments: Payments | None = None,
) -> AsyncIterator[Live]:
    """Run the bot from `now` on; leave, and it is gone. Twice on one database is a restart.

    `payments` is the account at Mercado Pago, where EmDia can be paid at all.
    """
    clock = MovableClock()
    clock.move_to(now)
    inbox = WatchedInbox(database)
    tenants = Directory(lambda tenant_id: TenantActor(tenant_id, ports()))
    started: dict[str, Ref] = {}
    bots: list[WatchedBot] = []

    class Root(Actor):
        async def started(self) -> None:
            await self.context.start_child(tenants.spec())
            for spec in (
                ChildSpec("payments", till),
                ChildSpec("admin", administration),
                ChildSpec("telegram", telegram),
            ):
                started[spec.id] = await self.context.start_child(spec)

    def telegram() -> Actor:
        bots.append(
            WatchedBot(
                lambda: make_bot(PLAYGROUND_TOKEN, stand_in.api),
                inbox,
                tenants,
                ADMINS,
                administration=started["admin"],
                limits=AT_ONCE,
            )
        )
        return bots[-1]

    def till() -> Actor:
        return PaymentsActor(
            PaymentsPorts(
                database=database,
                provider=lambda: payments,
                tenants=tenants,
                telegram=lambda: started["telegram"],
                replica=inbox.replica,
                admins=(),
                price=Terms().price,
                days=Terms().period.days,
                in_charge=Charge(),
            )
        )

    def administration() -> Actor:
        return AdminActor(
            AdminPorts(
                database=database,
                tenants=tenants,
                admins=ADMINS,
                terms=Terms(trial=trial),
                checks=partial(ready, database),
                figures=partial(figures_of, database, clock),
                actors=lambda: (),
                kept_seconds=0.0,
                versions={"emdia": "0123abc"},
            )
        )

    def ports() -> TenantPorts:
        return TenantPorts(
            database=database,
            telegram=started["telegram"],
            session=lambda _tenant, _owner: NoLine(),
            session_spec=ChildSpec("whatsapp", Actor),
            schedules_changed=lambda: None,
            trial=trial,
            retention=Retention(),
            replica=inbox.replica,
            scoreboard_seconds=0.01,
            payments=lambda: started["payments"],
        )

    async with System(clock=clock, random=seeded()) as system:
        await system.start(ChildSpec("root", Root))
        yield Live(stand_in, database, inbox, tenants, clock, started["telegram"], bots[-1])
