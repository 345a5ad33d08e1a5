"""How the local Mercado Pago brings what happened: signed, again until it is taken, or badly.

The real one repeats every 15 minutes; nobody here has that time. It reaches nobody outside this
machine.
"""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout

from domain.environment import is_loopback
from playground.mercado_pago_faults import WEBHOOK, Fault, Faults
from playground.mercado_pago_payments import COLLECTOR_ID
from playground.mercado_pago_refusals import Json

TIMEOUT = ClientTimeout(total=22)  # as long as the real one waits
FIRST_RETRY_SECONDS = 0.05
LONGEST_RETRY_SECONDS = 2.0
MOST_TRIES = 60
LONG_AGO = timedelta(days=2)
OF_THE_PANEL = "123456"
KEPT = 10_000  # deliveries, to be looked at


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One notification; `answers` are the statuses it met, 0 for none."""

    payment_id: str
    action: str
    number: int
    signed_as: str
    live: bool = True
    at: datetime
    answers: list[int] = field(default_factory=list)

    @property
    def taken(self) -> bool:
        """Whether somebody took it."""
        return bool(self.answers) and self.answers[-1] in {200, 201}

    def body(self) -> Json:
        """What it says; nothing of it is signed."""
        return {
            "action": self.action,
            "api_version": "v1",
            "data": {"id": self.payment_id},
            "date_created": self.at.astimezone(UTC).isoformat(timespec="seconds"),
            "id": self.number,
            "live_mode": self.live,
            "type": "payment",
            "user_id": str(COLLECTOR_ID),
        }


class Webhooks:
    """Brings notifications to `url()`, where there is one.

    `milliseconds` and `ipn` are as the real one does it at times: the moment in milliseconds, and
    the old kind of notification beside the new one.
    """

    def __init__(
        self,
        secret: str,
        url: Callable[[], str | None],
        now: Callable[[], datetime],
        faults: Faults,
    ) -> None:
        self.secret = secret
        self.url = url
        self.milliseconds = False
        self.ipn = False
        self.deliveries: list[Delivery] = []
        self._now = now
        self._faults = faults
        self._waiting: list[Delivery] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: ClientSession | None = None
        self._number = 120_000_000_000

    async def open(self) -> None:
        """Be able to bring."""
        self._session = ClientSession(timeout=TIMEOUT)

    async def close(self) -> None:
        """Bring nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def tell(self, payment_id: str, action: str, times: int = 1) -> None:
        """Something happened to a payment."""
        for _ in range(times):
            fault = self._faults.of(WEBHOOK)
            kind = fault.kind if fault is not None else ""
            for _ in range(2 if kind == "twice" else 1):
                self.bring(payment_id, action, kind=kind, fault=fault)

    def bring(
        self,
        payment_id: str,
        action: str = "payment.updated",
        *,
        kind: str = "",
        live: bool = True,
        fault: Fault | None = None,
    ) -> Delivery:
        """Bring one notification, of a payment or of none; `kind` is a fault's."""
        self._number += 1
        delivery = Delivery(
            payment_id=payment_id,
            action=action,
            number=self._number,
            signed_as=kind,
            live=live,
            at=self._now() - (LONG_AGO if kind == "stale" else timedelta()),
        )
        self.deliveries.append(delivery)
        del self.deliveries[:-KEPT]
        if kind != "lost":
            self._line_up(delivery, fault.seconds if fault and kind == "late" else 0.0)
        return delivery

    def panel_test(self) -> Delivery:
        """What the button of the panel sends: a payment that there is not."""
        delivery = self.bring(OF_THE_PANEL, live=False)
        delivery.at = datetime(2021, 11, 1, 2, 2, 2, tzinfo=UTC)
        return delivery

    def headers(self, delivery: Delivery) -> dict[str, str]:
        """What is shown with it."""
        if delivery.signed_as == "unsigned":
            return {}
        request_id = str(uuid4())
        moment = (
            self._now() - (LONG_AGO if delivery.signed_as == "stale" else timedelta())
        ).timestamp()
        ts = str(int(moment * 1000 if self.milliseconds else moment))
        signed = f"id:{delivery.payment_id};request-id:{request_id};ts:{ts};"
        secret = "another" if delivery.signed_as == "forged" else self.secret
        v1 = hmac.new(secret.encode(), signed.encode(), "sha256").hexdigest()
        return {"x-signature": f"ts={ts},v1={v1}", "x-request-id": request_id}

    def _line_up(self, delivery: Delivery, seconds: float) -> None:
        mixed_up = self._faults.mixed_up()
        if mixed_up is None:
            self._begin(delivery, seconds)
            return
        self._waiting.append(delivery)
        if len(self._waiting) >= mixed_up.count:
            self._faults.is_spent(mixed_up)
            for number, one in enumerate(reversed(self._waiting)):
                self._begin(one, number * FIRST_RETRY_SECONDS)
            self._waiting.clear()

    def _begin(self, delivery: Delivery, seconds: float) -> None:
        url = self.url()
        if self._session is None or not url or not is_loopback(urlsplit(url).hostname):
            return
        task = asyncio.create_task(self._insist(self._session, url, delivery, seconds))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _insist(
        self, session: ClientSession, url: str, delivery: Delivery, seconds: float
    ) -> None:
        """Bring it until it is taken."""
        await asyncio.sleep(seconds)
        if self.ipn:
            old = {"id": delivery.payment_id, "topic": "payment"}
            await self._post(
                session, url, old, {"resource": delivery.payment_id, "topic": "payment"}, {}
            )
        query = {"data.id": delivery.payment_id, "type": "payment"}
        for attempt in range(MOST_TRIES):
            headers = self.headers(delivery)
            delivery.answers.append(await self._post(session, url, query, delivery.body(), headers))
            if delivery.taken or delivery.answers[-1] == 401:  # noqa: PLR2004 - it would be the same again
                return
            later: float = FIRST_RETRY_SECONDS * 2.0 ** min(attempt, 16)
            await asyncio.sleep(min(later, LONGEST_RETRY_SECONDS))

    @staticmethod
    async def _post(
        session: ClientSession, url: str, query: Json, body: Json, headers: dict[str, str]
    ) -> int:
        """The status that was answered, 0 for none."""
        try:
            async with session.post(url, params=query, json=body, headers=headers) as answer:
                return answer.status
        except (ClientError, TimeoutError):
            return 0
