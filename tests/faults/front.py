"""The public address of a rolling deploy, and who stands behind it: as at a host, the newest.

What comes goes to the newest process that was let in and lives. A process that cannot be reached
answers 502, as a host's front does; Telegram brings it again.
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Self

from aiohttp import ClientError, ClientSession, TCPConnector, hdrs, web

from domain.public_address import TELEGRAM_PATH
from playground.rig import Rig
from playground.telegram_webhook import SECRET_HEADER

HOST = "127.0.0.1"
PASSED_ON = (SECRET_HEADER, hdrs.CONTENT_TYPE)


class Front:
    """Passes on what Telegram brings.

    `repeats` has every second pair left at two processes at once: whoever speaks in turn with
    somebody else is repeated, too.
    """

    def __init__(self) -> None:
        self.repeats = False
        self.brought = 0
        self.taken_twice = 0
        self.takers: set[str] = set()  # the addresses of those that took something
        self._doors: list[Rig] = []
        app = web.Application()
        app.router.add_post(TELEGRAM_PATH, self._pass_on)
        self._runner = web.AppRunner(app)

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        # A connection of its own for each: none outlives the process at its other end.
        self._http = ClientSession(connector=TCPConnector(force_close=True))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Take nothing more."""
        await self._runner.cleanup()
        await self._http.close()

    @property
    def address(self) -> str:
        """Where everybody outside finds the system."""
        return f"http://{HOST}:{self._runner.addresses[0][1]}"

    def let_in(self, process: Rig) -> None:
        """Pass on to `process` from now on, as long as it lives."""
        self._doors.insert(0, process)

    async def _pass_on(self, request: web.Request) -> web.Response:
        self.brought += 1
        is_repeated = self.repeats and self.brought // 2 % 2
        doors = [door.address for door in self._doors if door.lives][: 1 + is_repeated]
        shown = {name: request.headers[name] for name in PASSED_ON}
        body = await request.read()
        # The older one first: it may keep what the newer one then finds kept.
        leaving = (self._leave(door, shown, body) for door in reversed(doors))
        answers = (await asyncio.gather(*leaving))[::-1]
        statuses = [answer.status for answer in answers]
        self.taken_twice += statuses == [HTTPStatus.OK] * 2
        return answers[0] if answers else web.Response(status=HTTPStatus.BAD_GATEWAY)

    async def _leave(self, door: str, shown: Mapping[str, str], body: bytes) -> web.Response:
        """Have one process take it; its answer."""
        try:
            async with self._http.post(door + TELEGRAM_PATH, data=body, headers=shown) as answer:
                if answer.ok:
                    self.takers.add(door)
                after = answer.headers.get(hdrs.RETRY_AFTER)
                headers = {} if after is None else {hdrs.RETRY_AFTER: after}
                return web.Response(status=answer.status, headers=headers)
        except ClientError:
            return web.Response(status=HTTPStatus.BAD_GATEWAY)
