"""The door at which Telegram leaves its updates: 200 means that one is safe, and nothing else does.

Who does not show the secret is sent away before a byte of the body is looked at. What Telegram
itself brings and nobody can read is taken, too: it would come again, for ever, before all others.
Nothing of what came is ever logged.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import hdrs, web

from actors.messages.telegram import TakeUpdate
from actors.runtime import Ref
from domain.public_address import TELEGRAM_PATH
from domain.updates import is_id
from errors import EmDiaError
from telemetry import WEBHOOK_REQUESTS, logger
from web.listening import whole_body

LOG = logger("web")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
# The longest text is 4,096 letters, 24 kB when each is written as an escape; with the message it
# answers, their entities and a full keyboard that is some 200 kB.
MOST_BODY_BYTES = 1024 * 1024
KEEP_SECONDS = 10.0  # inside the gate's patience, and well inside Telegram's own
# Telegram waits longer each time, unless it is told how long.
RETRY_SECONDS = 2


class Unreadable(Exception):
    """The body is no update; `str` says why, without any of it."""


class TelegramWebhook:
    """Takes updates in, and has `telegram` keep them."""

    def __init__(self, secret: str, telegram: Callable[[], Ref]) -> None:
        self._secret = secret.encode()
        self._telegram = telegram
        self._keeps = True

    def add_to(self, app: web.Application) -> None:
        """Register the route."""
        app.router.add_post(TELEGRAM_PATH, self.receive)

    async def receive(self, request: web.Request) -> web.Response:
        """Take one update."""
        if not self._is_telegram(request):
            return _answer("forged", 403)
        try:
            body = await whole_body(request, MOST_BODY_BYTES)
        except (web.RequestPayloadError, ConnectionError):
            return _answer("broken", 400)
        if body is None:
            LOG.error("update larger than any", most_bytes=MOST_BODY_BYTES)
            return _answer("too_large", 413)
        try:
            update_id, payload = read(body)
        except Unreadable as fault:
            LOG.error("update that nobody can read", reason=str(fault), size=len(body))  # noqa: TRY400 - the traceback holds its content
            return _answer("unreadable", 200)
        return await self._keep(update_id, payload)

    async def _keep(self, update_id: int, payload: Mapping[str, Any]) -> web.Response:
        try:
            await self._telegram().ask(TakeUpdate(update_id, payload), deadline=KEEP_SECONDS)
        except EmDiaError as error:
            if self._keeps:  # each comes again every two seconds: the metric counts them
                LOG.warning("updates are not kept", reason=type(error).__name__)
            self._keeps = False
            return _answer("not_kept", 503)
        if not self._keeps:
            LOG.info("updates are kept again")
        self._keeps = True
        return _answer("kept", 200)

    def _is_telegram(self, request: web.Request) -> bool:
        shown = request.headers.getall(SECRET_HEADER, [])
        # Compared in one time, right or wrong; who shows several shows none.
        given = shown[0].encode("utf-8", "surrogateescape") if len(shown) == 1 else b""
        return hmac.compare_digest(given, self._secret)


def read(body: bytes) -> tuple[int, dict[str, Any]]:
    """An update's number and all of it.

    As lenient as Telegram may be: what a database refuses of it is somebody else's question.
    """
    try:
        payload = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from None
    if not isinstance(payload, dict):
        raise Unreadable("not an object")
    update_id = payload.get("update_id")
    if not is_id(update_id):
        raise Unreadable("without a number")
    return update_id, payload


def _answer(outcome: str, status: int) -> web.Response:
    WEBHOOK_REQUESTS.labels(outcome=outcome).inc()
    headers = {hdrs.RETRY_AFTER: str(RETRY_SECONDS)} if status == 503 else None  # noqa: PLR2004 - the status for "again, later"
    return web.Response(status=status, headers=headers)
