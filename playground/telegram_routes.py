"""The control API of the Telegram stand-in: `Control` as JSON over loopback, below `/_control`."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from playground.telegram_control import Control
from playground.telegram_world import Json

PREFIX = "/_control"
MOST_WAIT_SECONDS = 120.0
JsonHandler = Callable[[web.Request], Awaitable[Json]]


class ControlRoutes:
    """`Control` over HTTP."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def add_to(self, app: web.Application) -> None:
        """Register every route."""
        chat = f"{PREFIX}/chats/{{chat_id:-?[0-9]+}}"
        app.router.add_post(f"{chat}/say", self._checked(self.say))
        app.router.add_post(f"{chat}/press", self._checked(self.press))
        app.router.add_post(f"{chat}/{{kind:photo|document|sticker}}", self._checked(self.send))
        app.router.add_get(f"{chat}/messages", self._checked(self.messages))
        app.router.add_get(f"{PREFIX}/files/{{file_id}}", self.file)
        app.router.add_post(f"{PREFIX}/faults", self._checked(self.faults))

    def _checked(self, handler: JsonHandler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            try:
                return web.json_response(await handler(request))
            except (ValueError, KeyError, TypeError) as error:
                return web.json_response({"error": f"{error}"}, status=400)

        return answer

    async def say(self, request: web.Request) -> Json:
        """`{text, first_name?}`."""
        order = await request.json()
        entry = self._control.say(_chat_id(request), order["text"], order.get("first_name"))
        return {"message_id": entry.message_id, "seq": entry.seq}

    async def press(self, request: web.Request) -> Json:
        """`{message_id, data, force?, wait_s?}`; with `wait_s`, the bot's answer comes along."""
        order = await request.json()
        query = self._control.press(
            _chat_id(request),
            int(order["message_id"]),
            order["data"],
            force=bool(order.get("force")),
        )
        answer = await self._control.answered(query, _seconds(order.get("wait_s", 0)))
        return {"query_id": query.query_id, "answer": answer}

    async def send(self, request: web.Request) -> Json:
        """The body is the file; `name`, `caption` and `first_name` are in the query."""
        entry = self._control.send_file(
            _chat_id(request),
            await request.read(),
            kind=request.match_info["kind"],
            name=request.query.get("name", "arquivo"),
            caption=request.query.get("caption", ""),
            first_name=request.query.get("first_name"),
        )
        return {"message_id": entry.message_id, "seq": entry.seq}

    async def messages(self, request: web.Request) -> Json:
        """`?after=N&wait_s=S`: what changed since, waiting until something does."""
        after = int(request.query.get("after", "0"))
        wait = _seconds(request.query.get("wait_s", "0"))
        seq, messages = await self._control.look(_chat_id(request), after, wait)
        return {"seq": seq, "messages": messages}

    async def file(self, request: web.Request) -> web.Response:
        """The bytes of a file."""
        try:
            file = self._control.file(request.match_info["file_id"])
        except KeyError:
            raise web.HTTPNotFound from None
        kind = "application/octet-stream" if file.kind == "document" else "image/png"
        return web.Response(body=file.data, content_type=kind)

    async def faults(self, request: web.Request) -> Json:
        """`{kind, …}`; see `Control.order`."""
        order = await request.json()
        if not isinstance(order, dict):
            raise TypeError("a fault is an object")
        self._control.order(order)
        return {}


def _chat_id(request: web.Request) -> int:
    return int(request.match_info["chat_id"])


def _seconds(raw: Any) -> float:
    return min(max(float(raw), 0.0), MOST_WAIT_SECONDS)
