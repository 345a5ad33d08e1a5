"""The Telegram stand-in: a Bot API server on loopback, strict as the real one, and its people.

`python -m playground.telegram --port 0` prints one JSON line with its two addresses once it is
ready, and serves until it is ended. In a test: `async with TelegramStandIn() as telegram`.
"""

import argparse
import asyncio
import contextlib
import json
import re
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import orjson
from aiohttp import web

from playground.loopback import Loopback
from playground.telegram_api import BotApi
from playground.telegram_call import Call
from playground.telegram_control import Control
from playground.telegram_entries import Json
from playground.telegram_faults import Faults
from playground.telegram_profile import Profile
from playground.telegram_refusals import Refusal
from playground.telegram_routes import PREFIX, ControlRoutes
from playground.telegram_updates import UpdateFeed
from playground.telegram_world import TelegramWorld
from settings import PLAYGROUND_TOKEN
from web.local import local_only

MOST_UPLOAD_BYTES = 64 * 1024 * 1024
METHODS = re.compile(r"[A-Za-z]{1,64}")


class TelegramStandIn:
    """Telegram with one bot in it: `api` is what the bot is pointed at, `control` the people.

    `now` stamps messages, and `inline` is whether the bot takes inline queries.
    """

    def __init__(
        self,
        token: str = PLAYGROUND_TOKEN,
        port: int = 0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        inline: bool = True,
    ) -> None:
        self._token = token
        bot_user = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "EmDia",
            "username": "EmDiaBot",
        }
        self.world = TelegramWorld(now)
        self.faults = Faults()
        self.profile = Profile(self.world, bot_user, inline=inline)
        self.control = Control(self.world, self.faults, self.profile, bot_user)
        self._feed = UpdateFeed(self.world, self.faults)
        self.bot_api = BotApi(self.world, self._feed, bot_user, self.profile)
        self._loopback = Loopback(self._app(), port)

    @property
    def api(self) -> str:
        """The base address for `TelegramAPIServer.from_base`."""
        return self._loopback.address

    @property
    def control_address(self) -> str:
        """The base address of the control API."""
        return self.api + PREFIX

    async def until_polled(self, seconds: float) -> bool:
        """Whether a bot polls, or begins to in time."""
        return await self._feed.polled(seconds)

    async def until_hooked(self, seconds: float) -> bool:
        """Whether a bot has its updates brought, or begins to in time."""
        return await self._feed.hooked(seconds)

    async def __aenter__(self) -> Self:
        """Listen; a port of 0 becomes a free one."""
        await self._loopback.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving, long polls included."""
        await self._feed.close()
        await self._loopback.close()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=MOST_UPLOAD_BYTES, middlewares=[local_only])
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._serve_method)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._serve_file)
        ControlRoutes(self.control).add_to(app)
        return app

    async def _serve_method(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request)
            call = await Call.read(request, request.match_info["method"])
            fault = await self.faults.before(call.method, call.chat_id)
            if fault is not None and fault.kind == "drop":
                return _hang_up(request)
            result = await self.bot_api.carry_out(call)
        except Refusal as refusal:
            return _refused(refusal)
        if fault is not None and fault.kind == "lose_answer":
            return _hang_up(request)
        return _json({"ok": True, "result": result})

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request)
        except Refusal as refusal:
            return _refused(refusal)
        file_id = request.match_info["path"].rpartition("/")[2]
        if (file := self.world.files.get(file_id)) is None:
            raise web.HTTPNotFound
        return web.Response(body=file.data, content_type="application/octet-stream")

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise Refusal(404, "Not Found")
        if token != self._token:
            raise Refusal(401, "Unauthorized")


def _json(body: Json, status: int = 200) -> web.Response:
    # Escaped as Telegram's: half a letter can be written so, and no other way.
    written = json.dumps(body).encode("ascii")
    return web.Response(body=written, status=status, content_type="application/json")


def _refused(refusal: Refusal) -> web.Response:
    body: Json = {
        "ok": False,
        "error_code": refusal.code,
        "description": refusal.description,
    }
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return _json(body, refusal.code)


def _hang_up(request: web.Request) -> web.Response:
    """Cut the connection, so that the caller never learns what became of the call."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def serve(port: int, ready: Callable[[dict[str, Any]], None]) -> None:
    """Serve until SIGTERM or SIGINT."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with TelegramStandIn(port=port) as telegram:
        ready({"api": telegram.api, "control": telegram.control_address})
        await ended.wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="O Telegram de faz de conta da demonstração.")
    parser.add_argument("--port", type=int, default=0, help="0 escolhe uma porta livre")
    options = parser.parse_args(arguments)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.port, _announce))


def _announce(addresses: dict[str, Any]) -> None:
    sys.stdout.write(orjson.dumps(addresses).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
