"""The control API of the Telegram stand-in: `Control` as JSON over loopback, below `/_control`."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from playground.telegram_control import Control
from playground.telegram_entries import FILE_KINDS, Entry, Json

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
        app.router.add_post(f"{chat}/contact", self._checked(self.contact))
        app.router.add_post(f"{chat}/correct", self._checked(self.correct))
        app.router.add_post(f"{chat}/inline", self._checked(self.inline))
        app.router.add_post(f"{chat}/choose", self._checked(self.choose))
        app.router.add_post(f"{chat}/{{kind:{'|'.join(FILE_KINDS)}}}", self._checked(self.send))
        app.router.add_get(f"{chat}/messages", self._checked(self.messages))
        app.router.add_get(f"{chat}/record", self._checked(self.record))
        app.router.add_get(f"{PREFIX}/unanswered", self._checked(self.unanswered))
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
        """`{text, first_name?, forwarded_from?}`."""
        order = await request.json()
        return _written(
            self._control.say(
                _chat_id(request),
                order["text"],
                order.get("first_name"),
                forwarded_from=order.get("forwarded_from"),
            )
        )

    async def contact(self, request: web.Request) -> Json:
        """`{phone, first_name, last_name?, user_id?}`; `{phone}` alone answers a request for it."""
        order = await request.json()
        chat_id = _chat_id(request)
        if "first_name" not in order:
            return _written(self._control.share_own_number(chat_id, order["phone"]))
        return _written(
            self._control.share_contact(
                chat_id,
                order["phone"],
                order["first_name"],
                order.get("last_name"),
                order.get("user_id"),
            )
        )

    async def correct(self, request: web.Request) -> Json:
        """`{message_id, text}`: the person edits what they wrote."""
        order = await request.json()
        return _written(
            self._control.correct(_chat_id(request), int(order["message_id"]), order["text"])
        )

    async def inline(self, request: web.Request) -> Json:
        """`{text, offset?, chat_type?, wait_s?}`; with `wait_s`, the results come along."""
        order = await request.json()
        query = self._control.inline(
            _chat_id(request),
            order["text"],
            offset=order.get("offset", ""),
            chat_type=order.get("chat_type", "sender"),
        )
        answer = await self._control.answered(query, _seconds(order.get("wait_s", 0)))
        return {"query_id": query.query_id, "answer": answer}

    async def choose(self, request: web.Request) -> Json:
        """`{query_id, result_id}`: a result becomes the person's message."""
        order = await request.json()
        query = self._control.search(order["query_id"])
        return _written(self._control.choose(query, order["result_id"]))

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
        return _written(
            self._control.send_file(
                _chat_id(request),
                await request.read(),
                kind=request.match_info["kind"],
                name=request.query.get("name", "arquivo"),
                caption=request.query.get("caption", ""),
                first_name=request.query.get("first_name"),
            )
        )

    async def messages(self, request: web.Request) -> Json:
        """`?after=N&wait_s=S`: what changed since, waiting until something does."""
        after = int(request.query.get("after", "0"))
        wait = _seconds(request.query.get("wait_s", "0"))
        seq, messages = await self._control.look(_chat_id(request), after, wait)
        return {"seq": seq, "messages": messages}

    async def record(self, request: web.Request) -> Json:
        """The chat as it is seen now, and what lies around its typing box."""
        chat_id = _chat_id(request)
        return {
            "messages": self._control.record(chat_id),
            "box": self._control.typing_box(chat_id),
            "commands": self._control.commands(chat_id),
        }

    async def unanswered(self, request: web.Request) -> Json:
        """`?older_than_s=N`: the presses that wait for their answer."""
        seconds = float(request.query.get("older_than_s", "0"))
        return {"presses": self._control.unanswered(seconds)}

    async def file(self, request: web.Request) -> web.Response:
        """The bytes of a file."""
        try:
            file = self._control.file(request.match_info["file_id"])
        except KeyError:
            raise web.HTTPNotFound from None
        kind = "image/png" if file.kind in {"photo", "sticker"} else "application/octet-stream"
        return web.Response(body=file.data, content_type=kind)

    async def faults(self, request: web.Request) -> Json:
        """`{kind, …}`; see `Control.order`."""
        order = await request.json()
        if not isinstance(order, dict):
            raise TypeError("a fault is an object")
        self._control.order(order)
        return {}


def _written(entry: Entry) -> Json:
    return {"message_id": entry.message_id, "seq": entry.seq}


def _chat_id(request: web.Request) -> int:
    return int(request.match_info["chat_id"])


def _seconds(raw: Any) -> float:
    return min(max(float(raw), 0.0), MOST_WAIT_SECONDS)
