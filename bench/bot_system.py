"""The bot that `bench.bot` measures, as a process of its own: door, inbox, screens, tenants, rows.

All of it is the product's; of WhatsApp there is nothing, and of Telegram's pace only the machinery:
its limits are set where they do not bind, since it is the work that is measured.
"""

import asyncio
import os
import time
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg
import psutil
from aiohttp import web

from actors.messages.clients import GetClients
from actors.messages.whatsapp import GetWhatsApp, WhatsAppView
from actors.runtime import Actor, ChildSpec, Directory, Ref, System, SystemClock, on
from actors.telegram_actor import TelegramActor
from actors.tenant_actor import TenantActor, TenantPorts
from bot.telegram.client import make_bot
from bot.telegram.pace import PaceLimits
from bot.telegram.webhook import Place
from domain.client_list import ListPlace
from domain.retention import Retention
from domain.whatsapp import SessionState
from storage.database import Database
from storage.telegram_inbox import StoredInbox
from supervisor import freeze
from web.server import WebActor
from web.telegram_webhook import TelegramWebhook

SECRET = os.environ["SECRET"]
PORT = int(os.environ["PORT"])
BENCH_PORT = int(os.environ["BENCH_PORT"])
UNBOUND = PaceLimits(overall_per_second=100_000, chat_burst=100_000)
SECONDS = 10.0
counted = 0


class NoLine(Actor):
    """A WhatsApp that was never connected."""

    @on(GetWhatsApp)
    async def view(self, _message: GetWhatsApp) -> WhatsAppView:
        """Nothing is paired."""
        return WhatsAppView(SessionState.DISCONNECTED, connected=False)


def count_statements() -> None:
    """Count every statement that goes to PostgreSQL, BEGIN and COMMIT among them."""
    connection: Any = asyncpg.Connection
    plain, prepared = connection.execute, connection._execute  # noqa: SLF001 - all statements pass there

    async def execute(self: Any, query: str, *args: Any, **more: Any) -> Any:
        global counted  # noqa: PLW0603 - a counter of a process that does nothing else
        counted += not args
        return await plain(self, query, *args, **more)

    async def _execute(self: Any, *args: Any, **more: Any) -> Any:
        global counted  # noqa: PLW0603 - as above
        counted += 1
        return await prepared(self, *args, **more)

    connection.execute = execute
    connection._execute = _execute  # noqa: SLF001 - as above


async def main() -> None:
    """Serve until ended."""
    count_statements()
    database = await Database.open(os.environ["DSN"])
    clock, replica = SystemClock(), uuid4()
    started: list[Ref] = []
    tenants = Directory(lambda tenant_id: TenantActor(tenant_id, ports()))
    place = Place(f"http://127.0.0.1:{PORT}/webhooks/telegram", SECRET)

    def ports() -> TenantPorts:
        return TenantPorts(
            database=database,
            telegram=started[0],
            session=lambda _tenant, _owner: NoLine(),
            session_spec=ChildSpec("whatsapp", Actor),
            schedules_changed=lambda: None,
            trial=timedelta(days=7),
            retention=Retention(),
            replica=replica,
        )

    def telegram() -> Actor:
        return TelegramActor(
            lambda: make_bot(os.environ["TOKEN"], os.environ["API"]),
            StoredInbox(database, clock.now, replica),
            tenants,
            place=place,
            limits=UNBOUND,
        )

    async def no_checks() -> dict[str, bool]:
        return {}

    def door() -> Actor:
        hook = TelegramWebhook(SECRET, lambda: started[0])
        return WebActor("127.0.0.1", PORT, no_checks, webhook=hook)

    class Root(Actor):
        async def started(self) -> None:
            await self.context.start_child(tenants.spec())
            started.append(await self.context.start_child(ChildSpec("telegram", telegram)))
            await self.context.start_child(ChildSpec("web", door))

    async with System(clock=clock, random=Random(7)) as system:  # noqa: S311 - jitter
        await system.start(ChildSpec("root", Root))
        await serve_figures(tenants)
        freeze()
        await asyncio.Event().wait()


async def serve_figures(tenants: Directory) -> None:
    """Tell, beside the product, what it cost so far, and how long a search takes a tenant."""

    async def figures(_request: web.Request) -> web.Response:
        spent = psutil.Process().cpu_times()
        return web.json_response({"cpu_s": spent.user + spent.system, "statements": counted})

    async def search(request: web.Request) -> web.Response:
        ref = tenants.ref(int(request.query["tenant"]))
        began = time.perf_counter()
        found = await ref.ask(GetClients(ListPlace(search=request.query["text"])), deadline=SECONDS)
        return web.json_response({"s": time.perf_counter() - began, "total": found.total})

    app = web.Application()
    app.router.add_get("/bench", figures)
    app.router.add_get("/search", search)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", BENCH_PORT).start()


if __name__ == "__main__":
    asyncio.run(main())
