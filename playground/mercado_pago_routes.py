"""The calls of the payments API that the SDK makes, and what a driver has ordered to go wrong."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from playground.mercado_pago_bank import Answered, Bank, not_found
from playground.mercado_pago_faults import Fault, Faults
from playground.mercado_pago_orders import money, parsed
from playground.mercado_pago_payments import Held
from playground.mercado_pago_refusals import (
    IDEMPOTENCY_KEY_MISSING,
    WRONG_STATE,
    WRONG_TEXT,
    Json,
    Refusal,
    bad_request,
)

PATH = "/v1/payments"
MOST_KEY_CHARS = 64
PAGE, MOST_PAGE = 30, 1000
HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"
Done = tuple[int, Json | None]
Act = Callable[[web.Request, bytes], Awaitable[Done]]


class PaymentRoutes:
    """Payments as one account sees them."""

    def __init__(self, token: str, bank: Bank, faults: Faults, api: Callable[[], str]) -> None:
        self._token = token
        self._bank = bank
        self._faults = faults
        self._api = api

    def add_to(self, app: web.Application) -> None:
        """Register every route."""
        one = f"{PATH}/{{id}}"
        app.router.add_post(PATH, self._served("create", self._create))
        app.router.add_get(f"{PATH}/search", self._served("search", self._search))
        app.router.add_get(one, self._served("find", self._find))
        app.router.add_put(one, self._served("cancel", self._cancel))
        app.router.add_post(f"{one}/refunds", self._served("refund", self._refund))

    def _served(
        self, call: str, act: Act
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            fault = self._faults.of(call)
            try:
                self._check_token(request)
                raw = await request.read()
                if fault is not None and fault.kind == "drop":
                    return _hang_up(request)
                await before(fault)
                status, body = await act(request, raw)
            except Refusal as refusal:
                return _refused(refusal)
            except Html as page:
                return web.Response(status=page.status, text=HTML, content_type="text/html")
            return await after(fault, request, status, body)

        return serve

    def _check_token(self, request: web.Request) -> None:
        shown = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, f"Bearer {self._token}".encode()):
            raise Refusal(401, "Unauthorized use of live credentials")

    async def _create(self, request: web.Request, raw: bytes) -> Done:
        key = _key(request)
        known = self._bank.answered.get(key)
        if known is not None:
            return self._again(known, raw)
        try:
            held = self._bank.make(parsed(raw))
        except Refusal as refusal:
            self._bank.answered[key] = Answered(raw, None, refusal)
            raise
        self._bank.answered[key] = Answered(raw, held)
        await asyncio.to_thread(lambda: held.picture)  # drawing takes a while
        return 201, held.shown(self._api())

    def _again(self, known: Answered, raw: bytes) -> Done:
        if known.raw != raw:
            raise Refusal(409, "The idempotency key was used with another body")
        if known.refusal is not None:
            raise known.refusal
        assert known.held is not None  # noqa: S101 - it was refused, or made
        return 200, known.held.shown(self._api())

    async def _find(self, request: web.Request, _raw: bytes) -> Done:
        held = self._bank.held(request.match_info["id"])
        return 200, held.shown(self._api())

    async def _search(self, request: web.Request, _raw: bytes) -> Done:
        wanted = {name: request.query.get(name) for name in ("external_reference", "status")}
        offset, limit = _whole(request, "offset", 0), min(_whole(request, "limit", PAGE), MOST_PAGE)
        found = [one for one in self._bank.all() if _fits(one, wanted)]
        if request.query.get("criteria") == "asc":
            found.reverse()
        page = [one.shown(self._api()) for one in found[offset : offset + limit]]
        paging = {"total": len(found), "limit": limit, "offset": offset}
        return 200, {"paging": paging, "results": page}

    async def _cancel(self, request: web.Request, raw: bytes) -> Done:
        held = self._bank.held(request.match_info["id"])
        if parsed(raw) != {"status": "cancelled"}:
            raise bad_request(WRONG_STATE)
        self._bank.cancel(held)
        return 200, held.shown(self._api())

    async def _refund(self, request: web.Request, raw: bytes) -> Done:
        key, held = _key(request), self._bank.held(request.match_info["id"])
        known = self._bank.answered.get(key)
        if known is not None:
            if known.raw != raw:
                raise Refusal(409, "The idempotency key was used with another body")
            return 200, None  # so it was seen: all in order, and nothing said
        amount = parsed(raw).get("amount")
        refund = self._bank.refund(held, None if amount is None else money(amount))
        self._bank.answered[key] = Answered(raw, held)
        return 201, held.shown_refund(refund)


class Html(Exception):
    """Somebody in between answers with a page."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def before(fault: Fault | None) -> None:
    """What goes wrong before anything is done; raises it."""
    match fault.kind if fault is not None else "", fault:
        case "limited", Fault(retry_after=seconds):
            raise Refusal(429, "Too many requests", retry_after=seconds)
        case "error", Fault(code=code):
            raise Refusal(code, "An unexpected error occurred")
        case "html", Fault(code=code):
            raise Html(code)
        case "locked", _:
            raise Refusal(423, "A request with the same idempotency key is running")
        case "conflict", _:
            raise Refusal(409, "The idempotency key was used with another body")
        case "refused", Fault(code=code, cause=cause):
            raise Refusal(code, "refused as it was ordered", cause)
        case "hidden", _:
            raise not_found()
        case "slow", Fault(seconds=wait):
            await asyncio.sleep(wait)


async def after(
    fault: Fault | None, request: web.Request, status: int, body: Json | None
) -> web.StreamResponse:
    """What was done is answered, or not quite."""
    written = b"" if body is None else json.dumps(body).encode()
    match fault.kind if fault is not None else "", fault:
        case "lose_answer", _:
            return _hang_up(request)
        case "hang", Fault(seconds=wait):
            await asyncio.sleep(wait)
        case ("trickle" | "drip") as kind, Fault(seconds=wait):
            return await _trickle(request, written, wait, headers_too=kind == "trickle")
        case "garbage", _:
            written = written[: len(written) // 2]
        case "odd", _:
            written = b'{"id": {}, "paging": 7, "results": {}, "transaction_amount": "20"}'
        case "empty", _:
            written = b""
    return web.Response(body=written, status=status, content_type="application/json")


async def _trickle(
    request: web.Request, body: bytes, seconds: float, *, headers_too: bool
) -> web.StreamResponse:
    """A byte at a time, past every time-out that counts for each read."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    whole, transport = head % len(body) + body, request.transport
    slow = whole if headers_too else body
    if transport is not None:
        transport.write(whole[: len(whole) - len(slow)])
        for place in range(len(slow)):
            transport.write(slow[place : place + 1])
            await asyncio.sleep(seconds)
    return _hang_up(request)


def _hang_up(request: web.Request) -> web.StreamResponse:
    """Cut the connection, so that the caller never learns what became of the call."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _refused(refusal: Refusal) -> web.Response:
    wait = refusal.retry_after
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return web.json_response(refusal.body, status=refusal.status, headers=headers)


def _key(request: web.Request) -> str:
    key = request.headers.get("X-Idempotency-Key", "")
    if not 0 < len(key) <= MOST_KEY_CHARS:
        raise bad_request(IDEMPOTENCY_KEY_MISSING)
    return key


def _fits(held: Held, wanted: dict[str, str | None]) -> bool:
    return wanted["external_reference"] in (None, held.wish.reference) and wanted["status"] in (
        None,
        held.status,
    )


def _whole(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not text.isascii() or not text.isdecimal():
        raise bad_request(WRONG_TEXT)
    return int(text[:9])
