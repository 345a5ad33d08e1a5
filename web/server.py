"""The HTTP server as an actor: it listens while it lives, and says whether the system is well.

It asks, it never decides: what is healthy comes in as functions.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import orjson
from aiohttp import web

from actors.runtime import Actor, MovableClock
from telemetry import logger

LOG = logger("web")
SHUTDOWN_SECONDS = 1.0
MAX_BODY_BYTES = 64 * 1024

Checks = Callable[[], Awaitable[Mapping[str, bool]]]
Status = Callable[[], Mapping[str, object]]


class WebActor(Actor):
    """Serves `/livez`, `/readyz`, `/status` and, given a movable clock, `/playground/clock`.

    Readiness is the database; it never waits for a WhatsApp session.
    """

    def __init__(
        self,
        host: str,
        port: int,
        checks: Checks,
        status: Status,
        clock: MovableClock | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._checks = checks
        self._status = status
        self._clock = clock
        self._runner: web.AppRunner | None = None

    async def started(self) -> None:
        """Listen; raises OSError when the address is taken."""
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_get("/livez", self._live)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/status", self._tell_status)
        if self._clock is not None:
            app.router.add_get("/playground/clock", self._tell_time)
            app.router.add_put("/playground/clock", self._move_clock)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        listening = asyncio.create_task(self._listen(self._runner))
        try:
            await asyncio.shield(listening)
        except BaseException:
            # asyncio loses the socket of a server whose making is cancelled: have it made first.
            await asyncio.gather(listening, return_exceptions=True)
            await self._runner.cleanup()
            raise

    async def stopping(self) -> None:
        """Take no more requests and close what is open."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        await runner.setup()
        await web.TCPSite(runner, self._host, self._port).start()
        LOG.info("listening", addresses=[str(address) for address in runner.addresses])

    async def _live(self, _request: web.Request) -> web.Response:
        return _json({"live": True})

    async def _ready(self, _request: web.Request) -> web.Response:
        checks = await self._checks()
        return _json(dict(checks), status=200 if all(checks.values()) else 503)

    async def _tell_status(self, _request: web.Request) -> web.Response:
        return _json(dict(self._status()))

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
