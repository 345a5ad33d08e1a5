"""A Bot API that answers at once and tells what arrived: the same ground for both bots.

It is no stand-in (that is strict, and slow by it): each call costs it as little as can be.
"""

import asyncio
import time
from collections import defaultdict
from typing import Any

import orjson
from aiohttp import web

BOT = {"id": 1, "is_bot": True, "first_name": "EmDia", "username": "emdia_bot"}
EDITS = frozenset({"editmessagetext", "sendmessage"})


class Cloud:
    """Counts the calls, and remembers when each chat was last shown something."""

    def __init__(self) -> None:
        self.calls = 0
        self.times: dict[int, list[float]] = defaultdict(list)
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self.url = ""
        self._messages = 1_000

    def app(self) -> web.Application:
        """The server."""
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self.call)
        return app

    async def call(self, request: web.Request) -> web.Response:
        """Take a call."""
        method = request.match_info["method"].lower()
        form = await _form(request)
        result = self._result(method, form)
        return web.Response(
            body=orjson.dumps({"ok": True, "result": result}), content_type="application/json"
        )

    def _result(self, method: str, form: dict[str, str]) -> Any:
        self.calls += 1
        if method in EDITS:
            chat_id = int(form["chat_id"])
            self.times[chat_id].append(time.perf_counter())
            if (waiting := self._waiting.pop(chat_id, None)) is not None:
                waiting.set_result(None)
            self._messages += method == "sendmessage"
            return {
                "message_id": int(form.get("message_id", self._messages)),
                "date": 1_796_000_000,
                "chat": {"id": chat_id, "type": "private"},
                "text": "ok",
            }
        if method == "getme":
            return BOT
        if method == "setwebhook":
            self.url = form.get("url", "")
        if method == "getwebhookinfo":
            return {"url": self.url, "has_custom_certificate": False, "pending_update_count": 0}
        return True

    async def seen(self, chat_id: int, count: int) -> float:
        """When the chat was shown its `count`-th thing; one at a time may wait for each chat."""
        while len(self.times[chat_id]) < count:
            self._waiting[chat_id] = asyncio.get_running_loop().create_future()
            await self._waiting[chat_id]
        return self.times[chat_id][count - 1]


async def _form(request: web.Request) -> dict[str, str]:
    if request.content_type == "application/json":
        return {key: str(value) for key, value in (await request.json()).items()}
    return {key: str(value) for key, value in (await request.post()).items()}
