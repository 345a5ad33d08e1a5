"""Deals with what Mercado Pago brought: each kept delivery is fetched anew, and then counts.

Only where this process is in charge. A delivery says nothing but that something may have changed;
what it waits for is tried again with ever longer waits, and set aside in the end.
"""

import asyncio
from datetime import timedelta
from functools import partial
from random import Random

from actors.messages.admin_news import AdminNews, NewsKind, pack
from actors.payments.lines import Lines
from actors.payments.looking import LONGEST_AWAY, Look, Looker
from actors.payments.ports import PaymentsPorts
from actors.runtime import Clock
from domain.backoff import PAYMENT_UNREADABLE, PAYMENTS
from domain.charges import Payment, owner_in
from domain.settlement import PAID, state_of
from errors import EmDiaError, PaymentsAway, StorageUnavailable
from gateways.payments import Payments
from storage import admin_notices, webhooks
from storage.webhooks import ChargeRef, Webhook
from telemetry import PAYMENT_EVENTS, logger

LOG = logger("payments")
BATCH = 8
CLAIM = timedelta(seconds=90)
MOST_TRIES = 13
"""With ever longer waits that is half a day; the rounds look for whatever was paid besides."""


class Deliveries:
    """The loop over what is kept."""

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        ports: PaymentsPorts,
        provider: Payments,
        looker: Looker,
        lines: Lines,
        *,
        clock: Clock,
        random: Random,
    ) -> None:
        self._ports = ports
        self._provider = provider
        self._looker = looker
        self._lines = lines
        self._clock = clock
        self._random = random
        self._came = asyncio.Event()

    def stir(self) -> None:
        """Say that one was kept."""
        self._came.set()

    async def deal(self) -> None:
        """Deal with what is kept, as it comes."""
        while True:
            self._came.clear()
            claimed = await self._claim()
            await asyncio.gather(*(self._deal(webhook) for webhook in claimed))
            if len(claimed) < BATCH:
                await self._until_more()

    async def _until_more(self) -> None:
        waiting = [
            asyncio.ensure_future(self._came.wait()),
            asyncio.ensure_future(self._clock.sleep(self._ports.poll_seconds)),
        ]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

    async def _claim(self) -> list[Webhook]:
        now = self._clock.now()
        try:
            async with self._ports.database.dispatcher() as connection:
                return await webhooks.claim(
                    connection, self._ports.replica, now=now, until=now + CLAIM, most=BATCH
                )
        except EmDiaError as error:
            LOG.warning("webhooks not claimed", error=repr(error))
            return []

    async def _deal(self, webhook: Webhook) -> None:
        """Let follow what follows from one; what nobody foresaw costs that one, and no other."""
        try:
            outcome = await self._outcome(webhook)
        except EmDiaError as error:
            LOG.warning("delivery waits", error=repr(error))  # its claim ends by itself
            return
        PAYMENT_EVENTS.labels(outcome=outcome).inc()

    async def _outcome(self, webhook: Webhook) -> str:
        try:
            return await self._fetch(webhook)
        except PaymentsAway as away:
            return await self._wait_for(webhook, away.retry_after)
        except StorageUnavailable:
            raise
        except Exception as error:
            LOG.exception("delivery failed", payment=webhook.payment_id)
            return await self._try_later(webhook, type(error).__name__)

    async def _fetch(self, webhook: Webhook) -> str:
        ref = await self._charge_of(webhook.payment_id)
        if ref is None:
            payment = await self._provider.find(webhook.payment_id)
            if payment is None:
                return await self._not_there(webhook)
            ref = await self._charge_named(payment)
            if ref is None:
                await self._nobodys(payment)
                return await self._done(webhook, "not_ours")
        see = partial(self._looker.see, ref.tenant_id, ref.charge_id, payment_id=webhook.payment_id)
        seen = await self._lines.run(ref.tenant_id, see)
        if seen.look is Look.AWAY:
            return await self._wait_for(webhook, seen.retry_after)
        if seen.look is Look.UNREADABLE:
            return await self._not_there(webhook)
        return await self._done(webhook, "done")

    async def _not_there(self, webhook: Webhook) -> str:
        """It may come before its payment can be read; a test of the panel names none at all."""
        if not webhook.live:
            LOG.info("a test delivery, of no payment", payment=webhook.payment_id)
            return await self._done(webhook, "test")
        return await self._try_later(webhook, "no such payment")

    async def _charge_of(self, payment_id: str) -> ChargeRef | None:
        async with self._ports.database.dispatcher() as connection:
            return await webhooks.charge_of_payment(connection, payment_id)

    async def _charge_named(self, payment: Payment) -> ChargeRef | None:
        if payment.reference is None:
            return None
        async with self._ports.database.dispatcher() as connection:
            return await webhooks.charge_of_reference(connection, payment.reference)

    async def _nobodys(self, payment: Payment) -> None:
        """Of an account that was erased, or nothing of ours: an administrator hears of money."""
        owner = owner_in(payment.reference or "")
        if owner is None or state_of(payment) not in PAID:
            LOG.info("a payment that is none of ours", payment=payment.payment_id)
            return
        news = AdminNews(
            kind=NewsKind.ORPHAN,
            tenant_id=owner,
            amount=payment.amount,
            currency=payment.currency,
            payment_id=payment.payment_id,
            detail=payment.status,
        )
        key = f"orphan {payment.payment_id} {payment.status}"[:200]
        async with self._ports.database.dispatcher() as connection:
            await admin_notices.put_alone(connection, key, pack(news), self._clock.now())

    # What becomes of one

    async def _done(self, webhook: Webhook, outcome: str) -> str:
        async with self._ports.database.dispatcher() as connection:
            await webhooks.done(connection, webhook.delivery, self._clock.now())
        return outcome

    async def _wait_for(self, webhook: Webhook, retry_after: float | None) -> str:
        """Mercado Pago is away: that is no fault of the delivery, and costs it no try."""
        wait = PAYMENTS.delay(webhook.attempts, self._random)
        wait = max(wait, min(retry_after or 0.0, LONGEST_AWAY))
        await self._later(webhook, wait, "away", counts=False)
        return "away"

    async def _try_later(self, webhook: Webhook, why: str) -> str:
        if webhook.attempts >= MOST_TRIES:
            LOG.error("delivery set aside", payment=webhook.payment_id, why=why)
            async with self._ports.database.dispatcher() as connection:
                await webhooks.set_aside(connection, webhook.delivery, self._clock.now(), why)
            return "set_aside"
        wait = PAYMENT_UNREADABLE.delay(webhook.attempts, self._random)
        await self._later(webhook, wait, why, counts=True)
        return "later"

    async def _later(self, webhook: Webhook, seconds: float, why: str, *, counts: bool) -> None:
        again = self._clock.now() + timedelta(seconds=seconds)
        async with self._ports.database.dispatcher() as connection:
            await webhooks.later(connection, webhook.delivery, again, why, counts=counts)
