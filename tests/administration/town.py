"""Owners at the other end of a real bot, and an administration that can end and begin anew."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from uuid import UUID, uuid4

from aiogram import Bot

from actors.administration.admin_actor import AdminActor, AdminPorts
from actors.charge.standing import Charge
from actors.messages.broadcasts import GetBroadcast
from actors.runtime import Actor, ChildSpec, Directory, Ref, System, SystemClock
from actors.telegram_actor import TelegramActor
from bot.telegram.client import make_bot
from bot.telegram.pace import PaceLimits
from domain.broadcasts import Broadcast, Reach
from domain.figures import Figures
from domain.subscription import Terms
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN
from storage import leases
from storage.database import Database
from tests.bot.support import PATIENCE_SECONDS, Script, ScriptedTenant, WatchedInbox

ADMIN = 77
UNHURRIED = PaceLimits(overall_per_second=5000, notices_per_second=5000, chat_burst=100)
OWNERS = """
    WITH made AS (
        INSERT INTO tenants (tenant_id, name, created_at, trial_ends_at)
        SELECT n, 'Dona Maria', now(), now() + interval '5 days' FROM unnest($1::bigint[]) AS n
        RETURNING tenant_id)
    INSERT INTO settings (tenant_id) SELECT tenant_id FROM made
"""


async def no_checks() -> dict[str, bool]:
    return {}


async def no_figures() -> Figures:
    raise NotImplementedError


@dataclass
class Town:
    """A database with owners, and their Telegram."""

    database: Database
    stand_in: TelegramStandIn
    replica: UUID = field(default_factory=uuid4)

    @asynccontextmanager
    async def administration(self) -> AsyncIterator[Ref]:
        """A life of the administration, in charge."""
        async with self.database.dispatcher() as connection:
            await leases.renew(connection, self.replica)
        started: dict[str, Ref] = {}
        inbox = WatchedInbox(self.database, self.replica)
        tenants = Directory(lambda one: ScriptedTenant(one, Script()))
        ports = AdminPorts(
            database=self.database,
            tenants=tenants,
            admins=(ADMIN,),
            terms=Terms(),
            checks=no_checks,
            figures=no_figures,
            actors=lambda: (),
            telegram=lambda: started["telegram"],
            replica=self.replica,
            charge=Charge(),
            broadcasts_per_second=UNHURRIED.notices_per_second,
        )

        class Root(Actor):
            async def started(self) -> None:
                await self.context.start_child(tenants.spec())
                for name, make in (("telegram", telegram), ("admin", lambda: AdminActor(ports))):
                    started[name] = await self.context.start_child(ChildSpec(name, make))

        def telegram() -> Actor:
            return TelegramActor(client, inbox, tenants, limits=UNHURRIED)

        stand_in = self.stand_in

        def client() -> Bot:
            return make_bot(PLAYGROUND_TOKEN, stand_in.api)

        random = Random(7)  # noqa: S311 - jitter
        async with System(clock=SystemClock(), random=random) as system:
            await system.start(ChildSpec("root", Root))
            yield started["admin"]

    def heard(self, owners: Sequence[int]) -> list[int]:
        """How many announcements each of the owners has seen."""
        return [
            sum(
                "Aviso do EmDia" in (one["text"] or "") for one in self.stand_in.control.record(who)
            )
            for who in owners
        ]


async def until(admin: Ref, broadcast_id: int, *, left: int, seconds: float = 30.0) -> Broadcast:
    """Wait until at most so many are left to be told."""
    clock = SystemClock()
    end = clock.monotonic() + seconds
    while clock.monotonic() < end:
        found = await admin.ask(GetBroadcast(ADMIN, broadcast_id), deadline=PATIENCE_SECONDS)
        if found.left <= left:
            return found
        await clock.sleep(0.02)
    raise AssertionError(f"{found.count(Reach.WAITING)} still wait")
