"""A charge to pay by: the one that is pending, or a new one (A3).

The caller has each tenant's acts done one after another (`Lines`). A charge is committed before
Mercado Pago hears of it, so whatever is lost on the way is asked for again, the same.
"""

from functools import partial
from random import Random
from uuid import UUID

from actors.messages.admin_news import AdminNews, NewsKind, pack
from actors.messages.subscription import Made, Unavailable
from actors.payments.ports import PaymentsPorts
from actors.payments.till import Till
from actors.runtime import Clock
from domain.charge_checks import FIRST_CHECK, is_near_its_end
from domain.charges import (
    CHARGE_LIVES,
    CURRENCY,
    Charge,
    ChargeState,
    Order,
    Payment,
    reference_of,
)
from domain.settlement import OVER, PAID, state_of
from errors import NotSignedUp, PaymentConflict, PaymentRefused, PaymentsAway
from gateways.payments import Payments
from storage import admin_notices, charges, tenants
from storage.charges import StoredCharge
from telemetry import logger

LOG = logger("payments")
DESCRIPTION = "EmDia: assinatura"
"""What the payer reads; the same for ever, since a repeated order must be the same."""
OF_THE_EMAIL = frozenset({"2060", "4050", "4390"})
CONFLICT = "conflict"
TRIES = 2


class Maker:
    """Makes charges, with an account at `provider`."""

    def __init__(
        self, ports: PaymentsPorts, provider: Payments, till: Till, clock: Clock, random: Random
    ) -> None:
        self._ports = ports
        self._provider = provider
        self._till = till
        self._clock = clock
        self._random = random

    async def make(self, tenant_id: int) -> Made | Unavailable:
        """The charge that is pending, or a new one (A3).

        Raises NotSignedUp, StorageUnavailable.
        """
        for _ in range(TRIES):
            stored = await self._pending_or_new(tenant_id)
            if isinstance(stored, Unavailable):
                return stored
            if stored.charge.code is not None:
                return _made(stored.charge, again=True)
            answer = await self.have_made(tenant_id, stored.charge)
            if answer is not None:
                return answer
        return Unavailable.REFUSED

    async def _pending_or_new(self, tenant_id: int) -> StoredCharge | Unavailable:
        now = self._clock.now()
        async with self._ports.database.tenant(tenant_id) as tx:
            tenant = await tenants.find(tx)
            if tenant is None:
                raise NotSignedUp(f"tenant {tenant_id}")
            if tenant.blocked_at is not None:
                return Unavailable.BLOCKED
            pending = await charges.pending(tx)
            if pending is not None and not is_near_its_end(pending.charge, now):
                return pending
            if pending is not None:
                await charges.expire(tx, pending.charge.charge_id, now, check_at=now + FIRST_CHECK)
            if not tenant.email:
                return Unavailable.EMAIL_MISSING
            key = self._new_key()
            return await charges.insert(
                tx,
                amount=self._ports.price,
                currency=CURRENCY,
                days=self._ports.days,
                key=key,
                reference=reference_of(tenant_id, key),
                payer_email=tenant.email,
                now=now,
                expires_at=now + CHARGE_LIVES,
                check_at=now + FIRST_CHECK,
            )

    async def have_made(self, tenant_id: int, charge: Charge) -> Made | Unavailable | None:
        """Ask for it; None where it is to be tried once more with a new key."""
        try:
            payment = await self._ask_for(tenant_id, charge)
        except PaymentsAway as away:
            LOG.warning("charge not made yet", tenant_id=tenant_id, why=str(away))
            return Unavailable.AWAY
        except PaymentRefused as refusal:
            await self._refuse(tenant_id, charge, refusal.code)
            email = refusal.code in OF_THE_EMAIL
            return Unavailable.EMAIL_REFUSED if email else Unavailable.REFUSED
        if payment is None:
            await self._refuse(tenant_id, charge, CONFLICT)
            return None
        state = await self._till.take(tenant_id, charge.charge_id, payment)
        if state in OVER:
            return None  # as where the answer was lost long ago: nobody ever saw its code
        async with self._ports.database.tenant(tenant_id) as tx:
            stored = await charges.find(tx, charge.charge_id)
        if state is ChargeState.PENDING and stored is not None and stored.charge.code is not None:
            return _made(stored.charge, again=False)
        LOG.error("charge made without a code", tenant_id=tenant_id, state=state)
        return Unavailable.AWAY

    async def _ask_for(self, tenant_id: int, charge: Charge) -> Payment | None:
        """Have Mercado Pago make it; None where it knows the key as something else's."""
        try:
            return await self._provider.create(order_of(charge))
        except PaymentConflict:
            LOG.warning("the key of a charge is known with another order", tenant_id=tenant_id)
            return best_of(charge, await self._provider.search(charge.reference))

    async def _refuse(self, tenant_id: int, charge: Charge, code: str) -> None:
        now = self._clock.now()
        LOG.warning("charge refused", tenant_id=tenant_id, code=code)
        news = AdminNews(kind=NewsKind.REFUSED, detail=code, amount=charge.amount)
        async with self._ports.database.tenant(tenant_id) as tx:
            await charges.refuse(tx, charge.charge_id, code, now)
            if code not in OF_THE_EMAIL:
                # Once a day for each code: whoever presses next is refused for the same.
                key = f"refused {code} {now:%Y-%m-%d}"[:200]
                await admin_notices.put(tx, key, pack(news), now)

    def _new_key(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)


def order_of(charge: Charge) -> Order:
    """What Mercado Pago is asked to make of `charge`, always the same."""
    return Order(
        key=charge.key,
        reference=charge.reference,
        amount=charge.amount,
        currency=charge.currency,
        payer_email=charge.payer_email,
        expires_at=charge.expires_at,
        description=DESCRIPTION,
    )


def best_of(charge: Charge, found: tuple[Payment, ...]) -> Payment | None:
    """Of the payments that carry a charge's reference, the one that is meant: paid before unpaid.

    There is more than one only where Mercado Pago made one twice.
    """
    known = [one for one in found if one.reference == charge.reference]
    return max(known, key=partial(_rank, charge), default=None)


def _rank(charge: Charge, payment: Payment) -> tuple[bool, bool, bool, str]:
    state = state_of(payment)
    same = (payment.amount, payment.currency) == (charge.amount, charge.currency)
    return same, state in PAID, state is ChargeState.PENDING, payment.payment_id


def _made(charge: Charge, *, again: bool) -> Made:
    assert charge.code is not None  # noqa: S101 - looked at before
    return Made(
        charge_id=charge.charge_id,
        amount=charge.amount,
        days=charge.days,
        code=charge.code,
        expires_at=charge.expires_at,
        again=again,
    )
