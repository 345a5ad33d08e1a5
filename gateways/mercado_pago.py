"""Mercado Pago as `Payments`: the official SDK in threads of its own, behind a circuit breaker.

Tried again, a little later and not often, is only what is safe: a look, and a charge under its own
key. Who wants to be left alone is: nobody waits here for longer than `TOTAL_SECONDS`.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from random import Random
from typing import Any

from domain.backoff import Backoff
from domain.charges import Order, Payment
from errors import PaymentConflict, PaymentRefused, PaymentsAway
from gateways.mercado_pago_answers import (
    PAYMENT_ID,
    Odd,
    body_of,
    page_of,
    payment_of,
    refusal_of,
)
from gateways.mercado_pago_http import MERCADO_PAGO, Line, options, payments
from guards.breaker import Breaker, Refused
from guards.threads import Busy, Threads, TooManyHang
from telemetry import PAYMENT_CALLS, logger

LOG = logger("payments")
NAME = "mercado_pago"
CALL_SECONDS = 6.0
TOTAL_SECONDS = 18.0
"""Of one question to `Payments`, its repetitions included; a search has it for each page."""
LEAST_SECONDS = 0.5  # less is not worth asking
ATTEMPTS = 3
AGAIN = Backoff(first_s=0.3, most_s=2.0)
FAILURES_TO_OPEN = 5
OPEN_SECONDS = 30.0
LEFT_ALONE_SECONDS = 60.0
"""How long somebody is left alone who says "too many requests" and not for how long."""
MOST_THREADS = 4
MOST_HANGING_THREADS = 8
PAGE = 50
MOST_PAGES = 20
Act = Callable[[Any, Any], dict[str, Any]]


class Again(PaymentsAway):
    """Not answered, or not to the point: the same may be asked again."""


class MercadoPago:
    """One account, by its token. `api` may be the base address of what stands in."""

    def __init__(  # noqa: PLR0913 - time and chance are injected
        self,
        token: str,
        *,
        api: str = MERCADO_PAGO,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        random: Random,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self._token = token
        self._api = api
        self._monotonic = monotonic
        self._sleep = sleep
        self._random = random
        self._call_seconds = call_seconds
        self._threads = Threads(NAME, most=MOST_THREADS, most_left=MOST_HANGING_THREADS)
        self._lines: set[Line] = set()
        self.breaker = Breaker(
            NAME, failures=FAILURES_TO_OPEN, seconds=OPEN_SECONDS, monotonic=monotonic
        )

    async def create(self, order: Order) -> Payment:
        """Have a charge made; the same order again is the same payment."""
        body = body_of(order)
        status, answer = await self._asked(
            "create", lambda sdk, how: sdk.create(body, how), key=str(order.key)
        )
        if status == 409:  # noqa: PLR2004 - the key is known with another body
            PAYMENT_CALLS.labels(call="create", outcome="conflict").inc()
            raise PaymentConflict(order.reference)
        if status >= 400:  # noqa: PLR2004 - it refuses
            code = refusal_of(status, answer)
            LOG.warning("charge refused", status=status, code=code)
            PAYMENT_CALLS.labels(call="create", outcome="refused").inc()
            raise PaymentRefused(code)
        return self._payment("create", answer)

    async def find(self, payment_id: str) -> Payment | None:
        """The payment as it is now; None where there is none, or it cannot be read yet."""
        if not PAYMENT_ID.fullmatch(payment_id):
            return None
        status, answer = await self._asked("find", lambda sdk, how: sdk.get(payment_id, how))
        if status in {400, 404}:  # an id that it never gave is not always one that it looks for
            PAYMENT_CALLS.labels(call="find", outcome="not_found").inc()
            return None
        self._refuse("find", status, answer)
        found = self._payment("find", answer)
        if found.payment_id != payment_id:
            raise self._away("find", "another payment was answered")
        return found

    async def search(self, reference: str) -> tuple[Payment, ...]:
        """All payments that carry `reference`, over all pages."""
        found: dict[str, Payment] = {}
        seen = 0
        for _ in range(MOST_PAGES):
            page, total = await self._page(reference, seen)
            for one in filter(None, map(self._one, page)):
                if one.reference == reference:
                    found[one.payment_id] = one
            seen += len(page)
            if not page or seen >= total:
                return tuple(found.values())
        LOG.error("more payments of one reference than are looked at", pages=MOST_PAGES)
        return tuple(found.values())

    async def close(self) -> None:
        """End what is under way."""
        for line in self._lines:
            line.cut()

    async def _asked(self, call: str, act: Act, key: str | None = None) -> tuple[int, object]:
        """Ask until there is an answer to the point, at most `ATTEMPTS` times."""
        until = self._monotonic() + TOTAL_SECONDS
        attempt = 1
        while True:
            left = until - self._monotonic()
            seconds = min(self._call_seconds, left)
            try:
                return await self._once(call, partial(self._call, act, key, seconds), seconds, left)
            except Again as failed:
                delay = AGAIN.delay(attempt, self._random)
                if attempt == ATTEMPTS or self._monotonic() + delay + LEAST_SECONDS > until:
                    raise self._away(call, str(failed)) from failed
            await self._sleep(delay)
            attempt += 1

    async def _once(
        self, call: str, work: Callable[[Line], dict[str, Any]], seconds: float, left: float
    ) -> tuple[int, object]:
        try:
            with self.breaker.call():
                try:
                    answer = await self._threaded(work, seconds, left)
                except Busy:  # of our own making: it tells nothing of Mercado Pago
                    raise self._away(call, "every thread is busy", outcome="not_asked") from None
                except Exception as fault:
                    # Of `requests`, urllib3, the SDK or the system: none says all that it raises.
                    self.breaker.failed()
                    kind = type(fault).__name__
                    if isinstance(fault, TooManyHang):
                        raise self._away(call, kind) from fault
                    raise Again(kind) from fault
                return self._judged(call, answer)
        except Refused as refused:
            raise self._away(call, "breaker open", refused.seconds, "not_asked") from None

    async def _threaded(
        self, work: Callable[[Line], dict[str, Any]], seconds: float, left: float
    ) -> dict[str, Any]:
        line = Line()
        self._lines.add(line)
        try:
            return await self._threads.run(
                partial(work, line), seconds=seconds, wait_seconds=left, on_late=line.cut
            )
        finally:
            self._lines.discard(line)

    def _call(self, act: Act, key: str | None, seconds: float, line: Line) -> dict[str, Any]:
        """In a thread: one call of the SDK, with options of its own."""
        how = options(self._token, key, seconds)
        return act(payments(self._token, self._api, line), how)

    def _judged(self, call: str, answer: dict[str, Any]) -> tuple[int, object]:
        """What the breaker learns of an answer; whoever asked gets it where it is one."""
        status, body, wait = answer["status"], answer["response"], answer["retry_after"]
        if status == 429 or (status == 503 and wait is not None):  # noqa: PLR2004 - leave it alone
            self.breaker.failed(LEFT_ALONE_SECONDS if wait is None else wait)
            raise self._away(call, f"status {status}", wait, "limited")
        if status == 423:  # noqa: PLR2004 - the first of the same is still on its way
            self.breaker.worked()
            raise Again("status 423")
        if status // 100 not in {2, 4} or status == 408 or body is None:  # noqa: PLR2004 - it says nothing
            self.breaker.failed()
            raise Again(f"status {status}{'' if body is not None else ', empty'}")
        self.breaker.worked()
        return status, body

    def _refuse(self, call: str, status: int, answer: object) -> None:
        """Raise PaymentsAway where even a look is refused: a token that is wrong, say."""
        if status >= 400:  # noqa: PLR2004 - it refuses
            raise self._away(call, f"status {status}: {refusal_of(status, answer)}")

    def _payment(self, call: str, answer: object) -> Payment:
        try:
            found = payment_of(answer)
        except Odd as odd:
            raise self._away(call, str(odd), outcome="odd") from odd
        PAYMENT_CALLS.labels(call=call, outcome="done").inc()
        return found

    async def _page(self, reference: str, offset: int) -> tuple[list[object], int]:
        where = {"external_reference": reference, "offset": offset, "limit": PAGE}
        where |= {"sort": "date_created", "criteria": "desc"}
        status, answer = await self._asked("search", lambda sdk, how: sdk.search(where, how))
        self._refuse("search", status, answer)
        try:
            page = page_of(answer)
        except Odd as odd:
            raise self._away("search", str(odd), outcome="odd") from odd
        PAYMENT_CALLS.labels(call="search", outcome="done").inc()
        return page

    def _one(self, body: object) -> Payment | None:
        """A payment of a page; an odd one costs only itself."""
        try:
            return payment_of(body)
        except Odd as odd:
            LOG.error("a payment that nobody can read", reason=str(odd))  # noqa: TRY400 - that is all of it
            return None

    def _away(
        self, call: str, why: str, wait: float | None = None, outcome: str = "away"
    ) -> PaymentsAway:
        PAYMENT_CALLS.labels(call=call, outcome=outcome).inc()
        if outcome != "not_asked":
            LOG.warning("mercado pago is away", call=call, reason=why)
        return PaymentsAway(f"{call}: {why}", wait)
