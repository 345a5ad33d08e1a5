"""Where money counts: what follows from a payment, its words to the owner and to administrators.

All of it is one transaction, under the lock of the tenant's row, so a repetition finds it done.
"""

from dataclasses import replace
from datetime import datetime

from actors.messages import kept
from actors.messages.admin_news import AdminNews, NewsKind, pack
from actors.messages.notices import (
    KeptNotice,
    SubscriptionPaid,
    SubscriptionRestored,
    SubscriptionReturned,
)
from actors.messages.subscription import AccessChanged
from actors.payments.ports import PaymentsPorts
from actors.runtime import Clock
from domain.charge_checks import is_over, next_check
from domain.charges import Charge, ChargeState, Payment
from domain.rulebook import subscription_of
from domain.schedule import local
from domain.settlement import OVER, Follows, News, Settlement, settle, state_of
from domain.subscription import Standing, standing
from errors import EmDiaError
from guards.keyed_queue import Spawn
from storage import admin_notices, charges, tenants
from storage.charges import StoredCharge
from storage.database import TenantConnection
from telemetry import CHARGES_SETTLED, logger

LOG = logger("payments")
WAKES = 5
WAKE_SECONDS = 5.0


class Till:
    """Takes payments that were fetched."""

    def __init__(self, ports: PaymentsPorts, clock: Clock, spawn: Spawn) -> None:
        self._ports = ports
        self._clock = clock
        self._spawn = spawn

    async def take(self, tenant_id: int, charge_id: int, payment: Payment) -> ChargeState:
        """Let follow what follows from `payment`; returns where the charge stands by now.

        Raises:
            NotFound: the charge, or its tenant, is gone.
            StorageUnavailable: it followed, or not: taking it again does no harm.
        """
        now = self._clock.now()
        async with self._ports.database.tenant(tenant_id) as tx:
            stored = await charges.hold(tx, charge_id)
            settlement = settle(
                stored.charge,
                payment,
                tenant_id=tenant_id,
                granted=stored.granted,
                booked=stored.booked,
            )
            state = await self._write(tx, stored, payment, settlement, now)
        if settlement.follows is not Follows.NOTHING:
            CHARGES_SETTLED.labels(follows=settlement.follows).inc()
            LOG.info("charge settled", tenant_id=tenant_id, follows=settlement.follows)
            self._spawn(self._wake(tenant_id), f"wake {tenant_id}")
        return state

    async def _write(
        self,
        tx: TenantConnection,
        stored: StoredCharge,
        payment: Payment,
        settlement: Settlement,
        now: datetime,
    ) -> ChargeState:
        charge = stored.charge
        if settlement.news is not None:
            await self._tell_admins(tx, stored, payment, settlement, now)
        if not settlement.taken:
            await look_again(tx, stored, now)
            return charge.state
        after = replace(
            charge,
            state=settlement.state,
            approved_at=payment.approved_at or charge.approved_at,
        )
        if after.state is ChargeState.PENDING and is_over(after, now):
            # Mercado Pago ends it some minutes later; what is paid meanwhile still counts.
            settlement = replace(settlement, state=ChargeState.EXPIRED)
            after = replace(after, state=ChargeState.EXPIRED)
        checks = stored.checks + 1 if after.state is charge.state else 0
        over = state_of(payment) in OVER
        check_at = next_check(after, now, checks=checks, over=over)
        await charges.record(tx, stored, payment, settlement, now=now, check_at=check_at)
        notice = await _notice(tx, charge, settlement, now)
        if notice is not None:
            key = f"{settlement.follows} {charge.charge_id} {stored.bookings}"
            kind, words = kept.kind_of(notice), kept.pack(notice)
            await tenants.put_notice(tx, kind=kind, key=key, payload=words, now=now)
        return after.state

    async def _tell_admins(
        self,
        tx: TenantConnection,
        stored: StoredCharge,
        payment: Payment,
        settlement: Settlement,
        now: datetime,
    ) -> None:
        assert settlement.news is not None  # noqa: S101 - looked at before
        news = AdminNews(
            kind=NewsKind(settlement.news),
            tenant_id=tx.tenant_id,
            amount=payment.amount,
            returned=settlement.refunded or None,
            currency=payment.currency,
            payment_id=payment.payment_id,
            detail=_detail(payment, settlement),
        )
        LOG.info("news for who administers", news=settlement.news, tenant_id=tx.tenant_id)
        key = _key(stored, payment, settlement)
        await admin_notices.put(tx, key, pack(news), now)

    async def _wake(self, tenant_id: int) -> None:
        """Have the tenant read its access anew and tell its owner, who is told later otherwise."""
        for wake in range(1, WAKES + 1):
            try:
                await self._ports.tenants.tell(tenant_id, AccessChanged())
            except EmDiaError as error:
                LOG.warning("tenant not woken", tenant_id=tenant_id, error=repr(error))
                await self._clock.sleep(WAKE_SECONDS * wake)
            else:
                return


async def look_again(tx: TenantConnection, stored: StoredCharge, now: datetime) -> None:
    """Note that a look changed nothing; what nobody can pay any more by now has run out (A3)."""
    charge = stored.charge
    if charge.state is ChargeState.PENDING and is_over(charge, now):
        expired = replace(charge, state=ChargeState.EXPIRED)
        check_at = next_check(expired, now, checks=0, over=False)
        await charges.expire(tx, charge.charge_id, now, check_at)
        return
    check_at = next_check(charge, now, checks=stored.checks + 1, over=False)
    await charges.look_again(tx, charge.charge_id, check_at)


async def _notice(
    tx: TenantConnection, charge: Charge, settlement: Settlement, now: datetime
) -> KeptNotice | None:
    """What the owner hears of it, if anything."""
    if settlement.follows is Follows.NOTHING:
        return None
    tenant = await tenants.find(tx)
    assert tenant is not None  # noqa: S101 - its row is held
    subscription = subscription_of(tenant, (await tenants.settings(tx)).zone)
    # The owner reads its date, so it is that of the owner's own clock (E1).
    ends_at = local(subscription.ends_at, subscription.zone)
    match settlement.follows:
        case Follows.GRANT:
            return SubscriptionPaid(charge.charge_id, charge.amount, charge.days, ends_at)
        case Follows.GIVE_BACK:
            return SubscriptionRestored(charge.amount, charge.days, ends_at)
        case Follows.TAKE_BACK:
            disputed = settlement.state is ChargeState.CHARGED_BACK
            # Who is blocked cannot pay, so is not asked to (A6).
            over = standing(subscription, now) in {Standing.ENDED, Standing.ERASABLE}
            return SubscriptionReturned(
                charge.amount, charge.days, ends_at, disputed=disputed, over=over
            )


def _detail(payment: Payment, settlement: Settlement) -> str:
    if settlement.news is News.MISMATCH:
        return " ".join(settlement.differs)
    return f"{payment.status} {payment.status_detail}".strip()


def _key(stored: StoredCharge, payment: Payment, settlement: Settlement) -> str:
    """What makes a piece of news the same one."""
    if settlement.news is News.UNKNOWN_STATUS:
        return f"{settlement.news} {payment.status}"[:200]
    what = " ".join(settlement.differs) or f"{stored.bookings} {settlement.refunded}"
    since = stored.charge.provider_updated_at if not settlement.differs else ""
    return f"{settlement.news} {payment.payment_id} {what} {since}"[:200]
