"""The HTTP server as an actor: it listens while it lives, and says whether the system is well.

It asks, it never decides: what is healthy comes in as functions.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import orjson
from aiohttp import web

from actors.runtime import Actor, MovableClock
from telemetry import logger
from web.address import refusal_of
from web.gate import Gate, Patience, affordable
from web.inspection import Checks, Inspection
from web.listening import close
from web.local import local_only
from web.mercado_pago_webhook import MercadoPagoWebhook
from web.telegram_webhook import TelegramWebhook

LOG = logger("web")
SHUTDOWN_SECONDS = 1.0
MAX_BODY_BYTES = 64 * 1024


class WebActor(Actor):
    """Serves `/livez`, `/readyz` and, given a movable clock, `/playground/clock`.

    What whoever runs the system may see besides is `inspection`'s.

    Given a `webhook`, also the door for Telegram's updates; given `payments`, Mercado Pago's.
    `on_listening` is told the address.

    Readiness is the database; it never waits for a WhatsApp session.
    """

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        host: str,
        port: int,
        checks: Checks,
        inspection: Inspection | None = None,
        clock: MovableClock | None = None,
        *,
        patience: Patience | None = None,
        webhook: TelegramWebhook | None = None,
        payments: MercadoPagoWebhook | None = None,
        on_listening: Callable[[str], None] | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._checks = checks
        self._inspection = inspection
        self._clock = clock
        self._webhook = webhook
        self._payments = payments
        self._on_listening = on_listening
        self._gate = Gate(affordable(patience or Patience()))
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    async def started(self) -> None:
        """Listen.

        Raises:
            AddressRefused: nothing can listen there.
            OSError: what may pass, as having no descriptor left.
        """
        app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[self._gate.watch])
        app.router.add_get("/livez", self._live)
        app.router.add_get("/readyz", self._ready)
        if self._inspection is not None:
            self._inspection.add_to(app)
        if self._webhook is not None:
            self._webhook.add_to(app)
        if self._payments is not None:
            self._payments.add_to(app)
        if self._clock is not None:
            playground = web.Application(middlewares=[local_only])
            playground.router.add_get("/clock", self._tell_time)
            playground.router.add_put("/clock", self._move_clock)
            app.add_subapp("/playground", playground)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        listening = asyncio.create_task(self._listen(self._runner))
        try:
            await asyncio.shield(listening)
        except BaseException:
            # asyncio loses the socket of a server whose making is cancelled: have it made first.
            await asyncio.gather(listening, return_exceptions=True)
            await self.stopping()
            raise

    async def stopping(self) -> None:
        """Take no more requests and close what is open."""
        if self._server is not None:
            await close(self._server)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        await runner.setup()
        make = runner.server
        assert make is not None  # noqa: S101 - set by `setup`
        try:
            self._server = await asyncio.get_running_loop().create_server(
                lambda: self._gate.guard(make()), self._host, self._port
            )
        except OSError as error:
            refusal = refusal_of(error, self._host, self._port)
            if refusal is None:
                raise
            raise refusal from error
        addresses = [str(socket.getsockname()) for socket in self._server.sockets]
        LOG.info("listening", addresses=addresses)
        if self._on_listening is not None:
            host, port = self._server.sockets[0].getsockname()[:2]
            self._on_listening(f"http://{f'[{host}]' if ':' in host else host}:{port}")

    async def _live(self, _request: web.Request) -> web.Response:
        return _json({"live": True})

    async def _ready(self, _request: web.Request) -> web.Response:
        checks = await self._checks()
        return _json(dict(checks), status=200 if all(checks.values()) else 503)

    async def _tell_time(self, _request: web.Request) -> web.Response:
        assert self._clock is not None  # noqa: S101 - the route exists only with a clock
        return _json({"now": self._clock.now().isoformat()})

    async def _move_clock(self, request: web.Request) -> web.Response:
        assert self._clock is not None  # noqa: S101 - the route exists only with a clock
        try:
            instant = datetime.fromisoformat(orjson.loads(await request.read())["now"])
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            return _json({"error": 'mande {"now": "2026-11-24T05:00:00-03:00"}'}, status=400)
        if instant.tzinfo is None:
            return _json({"error": "diga o fuso: 2026-11-24T05:00:00-03:00"}, status=400)
        self._clock.move_to(instant)
        return await self._tell_time(request)


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")
