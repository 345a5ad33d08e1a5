"""The door at which Mercado Pago says that something became of a payment.

What is signed as ours is kept before it is answered: 200 means that it is safe. What is not
credits nothing and is not kept; it is counted, and may wake a look at a charge of ours that waits.
Only the id in the query is signed, so nothing of the body decides anything.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from aiohttp import hdrs, web

from actors.messages.subscription import WebhookCame
from actors.runtime import Ref
from domain.public_address import MERCADO_PAGO_PATH
from domain.webhook_signature import DATA_ID, Signature, v1_of, verify
from errors import ActorError, EmDiaError
from telemetry import PAYMENT_WEBHOOKS, logger
from web.listening import whole_body

LOG = logger("web")
SIGNATURE_HEADER = "x-signature"
REQUEST_HEADER = "x-request-id"
MOST_BODY_BYTES = 64 * 1024  # what comes has some 300
KEEP_SECONDS = 10.0  # inside the gate's patience, and well inside the 22 s of Mercado Pago
RETRY_SECONDS = 60
MINUTE = 60.0
MOST_WAKES_PER_MINUTE = 60
PAYMENT = "payment"
MOST_ID_CHARACTERS = 40


class MercadoPagoWebhook:
    """Takes deliveries in, and has `payments` keep them; `secret` is empty where there is none."""

    def __init__(
        self, secret: str, payments: Callable[[], Ref], now: Callable[[], datetime]
    ) -> None:
        self._secret = secret
        self._payments = payments
        self._now = now
        self._keeps = True
        self._minute_began = float("-inf")
        self._woken = 0

    def add_to(self, app: web.Application) -> None:
        """Register the route."""
        app.router.add_post(MERCADO_PAGO_PATH, self.receive)

    async def receive(self, request: web.Request) -> web.Response:
        """Take one delivery."""
        signature = self._signature(request)
        if signature is not Signature.VERIFIED:
            self._wake(request)
            return _answer(signature, 401)
        try:
            body = await whole_body(request, MOST_BODY_BYTES)
        except (web.RequestPayloadError, ConnectionError):
            return _answer("broken", 400)
        if body is None:
            LOG.error("delivery larger than any", most_bytes=MOST_BODY_BYTES)
            return _answer("too_large", 413)
        named = _named(request)
        if named is None or _kind(request) != PAYMENT:
            return _answer("other", 200)  # of something else than a payment: nothing waits for it
        # Only what was verified tells deliveries apart: the rest of the header is anybody's.
        delivery = v1_of(request.headers[SIGNATURE_HEADER])
        return await self._keep(delivery, named, live=_is_live(body))

    async def _keep(self, delivery: str, payment_id: str, *, live: bool) -> web.Response:
        message = WebhookCame(delivery, payment_id, verified=True, live=live)
        try:
            await self._payments().ask(message, deadline=KEEP_SECONDS)
        except EmDiaError as error:
            if self._keeps:
                LOG.warning("deliveries are not kept", reason=type(error).__name__)
            self._keeps = False
            return _answer("not_kept", 503)
        if not self._keeps:
            LOG.info("deliveries are kept again")
        self._keeps = True
        return _answer("kept", 200)

    def _wake(self, request: web.Request) -> None:
        """Whoever it is may have us look at what we would look at anyway, a little sooner."""
        named = _named(request)
        if named is None or not self._may_wake():
            return
        with suppress(ActorError):  # we look by ourselves anyway
            self._payments().try_tell(WebhookCame("", named, verified=False))

    def _may_wake(self) -> bool:
        """Whether one more may; a crowd of strangers stands before nobody who is to be heard."""
        now = asyncio.get_running_loop().time()
        if now - self._minute_began >= MINUTE:
            self._minute_began, self._woken = now, 0
        self._woken += 1
        return self._woken <= MOST_WAKES_PER_MINUTE

    def _signature(self, request: web.Request) -> Signature:
        return verify(
            self._secret,
            data_ids=request.query.getall("data.id", []),
            request_ids=request.headers.getall(REQUEST_HEADER, []),
            signatures=request.headers.getall(SIGNATURE_HEADER, []),
            now=self._now(),
        )


def _named(request: web.Request) -> str | None:
    """The payment that is meant: of a webhook, or of an IPN (`?id=…&topic=payment`)."""
    ids = request.query.getall("data.id", []) or request.query.getall("id", [])
    named = ids[0] if len(ids) == 1 else ""
    fits = DATA_ID.fullmatch(named) is not None and len(named) <= MOST_ID_CHARACTERS
    return named if fits else None


def _kind(request: web.Request) -> str | None:
    return request.query.get("type") or request.query.get("topic")


def _is_live(body: bytes) -> bool:
    """Whether it is no test, as far as it says: only a test that names nothing is let go at once.

    What is not understood counts as live, and is looked after longer.
    """
    try:
        said = json.loads(body.decode())
    except (ValueError, RecursionError):
        return True
    return not (isinstance(said, dict) and said.get("live_mode") is False)


def _answer(outcome: str, status: int) -> web.Response:
    PAYMENT_WEBHOOKS.labels(outcome=outcome).inc()
    headers = {hdrs.RETRY_AFTER: str(RETRY_SECONDS)} if status == 503 else None  # noqa: PLR2004 - the status for "again, later"
    return web.Response(status=status, headers=headers)
