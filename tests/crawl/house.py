"""The real system in this process, between a local Telegram and a WhatsApp worker made of paper.

Everything else is real: the tree as `supervisor.py` wires it, PostgreSQL, the bot, the tenants.
Left out are the clock of the jobs and the web server: a crawl looks at screens, not at a day.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, cast

import asyncpg

import supervisor
from actors.messages.charge import DropLines
from actors.messages.sidecar import Attach, Detach
from actors.runtime import Actor, ChildSpec, MovableClock, Ref, Supervisor, System, on
from bot.telegram.pace import PaceLimits
from gateways.sidecar import SidecarLink
from gateways.sidecar_events import Event, QrShown, SessionOpened
from playground.mercado_pago import MercadoPagoStandIn
from playground.telegram import TelegramStandIn
from settings import Settings, load
from storage import whatsapp_state
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from wiring import Parts

NOW = datetime(2026, 11, 25, 13, 42, tzinfo=UTC)  # a Wednesday, 10:42 in São Paulo
READY_SECONDS = 240.0  # of a loop on which they pass faster
QR_SECONDS = 60
# The pace has tests of its own; a whole town walks here at once.
UNBOUND = PaceLimits(overall_per_second=1_000, notices_per_second=1_000, chat_burst=20)
ABSENT = ("scheduler", "web")
Keep = Callable[[int, int], Awaitable[None]]
"""Keeps the credentials of a tenant's device under an epoch."""
# Nothing listens there, and nobody tries: it only keeps the playground from starting a WhatsApp.
NO_WHATSAPP = {
    "EMDIA_WHATSAPP_URL": "ws://127.0.0.1:1/ws/chat",
    "EMDIA_WHATSAPP_ROOT_KEY": "A" * 43 + "=",
}


class PaperWorker(Actor):
    """A WhatsApp worker: those of `paired` are connected at once, the others get a QR.

    Those of `slow` are connected when their line is there.
    """

    def __init__(
        self, paired: frozenset[int], keep: Keep, slow: Mapping[int, asyncio.Event]
    ) -> None:
        self._paired = paired
        self._keep = keep
        self._slow = slow
        self._sessions: dict[int, Ref] = {}

    @on(Attach)
    async def attach(self, message: Attach) -> SidecarLink:
        """Remember whom to tell, and be the link oneself."""
        self._sessions[message.tenant_id] = message.session
        return cast("SidecarLink", self)

    @on(Detach)
    async def detach(self, _message: Detach) -> None:
        """Let go."""

    @on(DropLines)
    async def drop_lines(self, _message: DropLines) -> None:
        """Let go of all."""

    async def call(
        self, op: str, *, tenant: int, epoch: int, args: Mapping[str, Any], deadline: float
    ) -> dict[str, Any]:
        """Carry out an order at once."""
        del deadline
        match op:
            case "open":
                self.context.spawn(self._tell(tenant, epoch), name=f"open {tenant}")
                return {}
            case "pair_by_code":
                return {"code": "EMDI-2026"}
            case "check_number":
                jid = f"{args['candidates'][0]}@s.whatsapp.net"
                return {"answer": "found", "jid": jid, "lid": None}
            case "send":
                at = self.context.clock.now().timestamp()
                return {"outcome": "acked", "at_ms": int(at * 1000)}
            case _:
                return {}

    async def _tell(self, tenant: int, epoch: int) -> None:
        if tenant in self._slow:
            await self._slow[tenant].wait()
        if tenant in self._paired:
            await self._keep(tenant, epoch)
        event: Event = (
            SessionOpened(tenant, epoch, f"5511{tenant}:1@s.whatsapp.net", None)
            if tenant in self._paired
            else QrShown(tenant, epoch, f"2@paper{tenant},{epoch}", QR_SECONDS)
        )
        await self._sessions[tenant].tell(event)


class Watch:
    """Knows which updates are done with; it stands before the real inbox."""

    def __init__(self) -> None:
        self.inbox: Any = None
        self._done: set[int] = set()
        self._changed = asyncio.Condition()

    def __getattr__(self, name: str) -> Any:
        """Everything else is the inbox's."""
        return getattr(self.inbox, name)

    async def close(self, *arguments: Any) -> None:
        """Be done with one update or several, and tell who waits for that."""
        await self.inbox.close(*arguments)
        several = (one for one in arguments if isinstance(one, Mapping))
        async with self._changed:
            self._done.update(next(several, arguments[:1]))
            self._changed.notify_all()

    async def until(self, update_id: int) -> None:
        """Wait until it is done with."""
        async with self._changed:
            await self._changed.wait_for(lambda: update_id in self._done)


class LoopClock(MovableClock):
    """Measures by the loop, so that what waits by the one and counts by the other agrees."""

    def monotonic(self) -> float:
        """Return the loop's seconds."""
        return asyncio.get_running_loop().time()


class CrawledParts(Parts):
    """The parts of the system, its inbox watched, its time the loop's."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, supervisor.TENANT, supervisor.WHATSAPP)
        self.watch = Watch()
        self.slow: dict[int, asyncio.Event] = {}
        self._made: Any = None
        self.clock = clock = LoopClock()
        clock.move_to(NOW)

    def forgo_inline(self) -> None:
        """Let the bot be one that may not be asked from the typing box."""
        self._made._screens.inline = False  # noqa: SLF001 - it asks Telegram once, as it starts

    async def keep_paper(self, tenant: int, epoch: int) -> None:
        """Keep credentials as a worker does whose device was accepted."""
        async with self.holder.database.tenant(tenant) as tx:
            await whatsapp_state.set_creds(tx, self._vault, epoch, "paper", self.clock.now())

    def telegram(self) -> Actor:
        """The bot."""
        made: Any = super().telegram()
        # No argument of the product's: there is one inbox and one pace there.
        self.watch.inbox, made._inbox = made._inbox, self.watch  # noqa: SLF001 - a watcher and a pace put in its place
        made._limits = UNBOUND  # noqa: SLF001 - a watcher and a pace put in its place
        self._made = made
        return cast("Actor", made)


@dataclass(frozen=True, slots=True)
class House:
    """The running system, and a look into its database that no tenant has."""

    telegram: TelegramStandIn
    bank: MercadoPagoStandIn
    parts: CrawledParts
    console: asyncpg.Pool

    @property
    def database(self) -> Database:
        """The product's own."""
        return self.parts.holder.database

    @contextmanager
    def slow_line(self, tenant_id: int) -> Iterator[None]:
        """Let no line of a tenant's open before the end of the block."""
        line = self.parts.slow[tenant_id] = asyncio.Event()
        try:
            yield
        finally:
            del self.parts.slow[tenant_id]
            line.set()


@asynccontextmanager
async def open_house(
    home: Path, *, admins: Sequence[int], paired: frozenset[int], seed: int
) -> AsyncIterator[House]:
    """Start everything below `home`; the tenants come later."""
    bank_clock = MovableClock()
    bank_clock.move_to(NOW)
    async with TelegramStandIn() as telegram, MercadoPagoStandIn(clock=bank_clock) as bank:
        server = await EmbeddedPostgres.start(home, durable=False)
        try:
            parts = _parts(home, telegram, bank, admins)
            async with System(clock=parts.clock, random=Random(seed)) as system:  # noqa: S311 - no secret
                parts.system = system
                await system.start(ChildSpec("emdia", lambda: Supervisor(_tree(parts, paired))))
                parts.charge.parts_are_up()
                if not await telegram.until_polled(READY_SECONDS):
                    raise TimeoutError("the bot does not ask for updates")
                async with asyncpg.create_pool(server.dsn, min_size=1, max_size=2) as console:
                    yield House(telegram, bank, parts, console)
            await parts.holder.close()
        finally:
            await server.stop()


def _parts(
    home: Path, telegram: TelegramStandIn, bank: MercadoPagoStandIn, admins: Sequence[int]
) -> CrawledParts:
    environment = {
        "EMDIA_MODE": "playground",
        "EMDIA_HOME": str(home),
        "EMDIA_TELEGRAM_API": telegram.api,
        "EMDIA_MERCADO_PAGO_API": bank.api,
        "ADMIN_CHAT_ID": ",".join(map(str, admins)),
        **NO_WHATSAPP,
    }
    return CrawledParts(load(environment))


def _tree(parts: CrawledParts, paired: frozenset[int]) -> list[ChildSpec]:
    """As the real one, without what is absent, and with a paper worker."""
    return [
        replace(spec, factory=lambda: PaperWorker(paired, parts.keep_paper, parts.slow))
        if spec.id.startswith("sidecar")
        else spec
        for spec in supervisor.tree(parts)
        if spec.id not in ABSENT
    ]
