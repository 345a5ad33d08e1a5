"""The tenant's own subscription (A2–A5): what it may pay by, what became of it, what it paid.

It never waits for Mercado Pago: whoever asked waits, and other messages go on meanwhile.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from actors.messages.notices import KeptNotice, SubscriptionWarning
from actors.messages.subscription import (
    AccessChanged,
    ChargeStanding,
    CheckCharge,
    GetHistory,
    GetOffer,
    GetReceipt,
    History,
    LookAtCharge,
    Looked,
    Made,
    MakeCharge,
    Offer,
    PaidLine,
    Receipt,
    Unavailable,
)
from actors.runtime import Later, on
from actors.tenant.account import AccountPart
from actors.tenant.reply_telling import ReplyTellingPart
from domain.charter import Tenant
from domain.grants import ends, would_end_at
from domain.rulebook import subscription_of
from domain.schedule import local
from domain.settlement import PAID
from domain.subscription import Subscription, standing, warning_due
from errors import ActorError, ChargeFailed, NotFound
from storage import charges, subscriptions, tenants
from storage.charges import StoredCharge
from storage.database import TenantConnection
from telemetry import logger

LOG = logger("tenant")
PAYMENTS_SECONDS = 20.0
"""Less than a screen waits for us."""


@dataclass(frozen=True, slots=True)
class _Account:
    """The tenant as it stands, with its own clock."""

    tenant: Tenant
    subscription: Subscription
    zone: ZoneInfo

    def day(self, instant: datetime) -> date:
        """The local date of an instant."""
        return local(instant, self.zone).date()


class SubscriptionPart(AccountPart, ReplyTellingPart):
    """Answers for the subscription; `payments` does what concerns Mercado Pago."""

    @on(GetOffer)
    async def get_offer(self, _message: GetOffer) -> Later[Offer | Unavailable]:
        """A PIX to pay (A3)."""
        return self.context.later(self._offer())

    async def _offer(self) -> Offer | Unavailable:
        try:
            made = await self._ports.payments().ask(
                MakeCharge(self._tenant_id), deadline=PAYMENTS_SECONDS
            )
        except (ActorError, ChargeFailed) as error:
            # What was begun is written down, and is gone on with at the next press.
            LOG.warning("no charge yet", tenant_id=self._tenant_id, error=repr(error))
            return Unavailable.AWAY
        if isinstance(made, Unavailable):
            return made
        async with self._ports.database.tenant(self._tenant_id) as tx:
            account = await self._as_it_stands(tx)
        return _offer(account, made, self.context.clock.now())

    @on(CheckCharge)
    async def check_charge(self, message: CheckCharge) -> Later[ChargeStanding]:
        """Look at what was paid, now (A3, A4)."""
        return self.context.later(self._check(message.charge_id))

    async def _check(self, charge_id: int | None) -> ChargeStanding:
        looked = await self._look(charge_id)
        self._forget_access()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            account = await self._as_it_stands(tx)
        return ChargeStanding(
            charge_id=looked.charge_id,
            state=looked.state,
            ends_on=account.subscription.ends_on,
            stale=looked.stale,
        )

    async def _look(self, charge_id: int | None) -> Looked:
        try:
            return await self._ports.payments().ask(
                LookAtCharge(self._tenant_id, charge_id), deadline=PAYMENTS_SECONDS
            )
        except (ActorError, ChargeFailed) as error:
            LOG.warning("charge not looked at", tenant_id=self._tenant_id, error=repr(error))
        async with self._ports.database.tenant(self._tenant_id) as tx:
            known = await charges.find(tx, charge_id)
        if known is None:
            return Looked(charge_id=None, state=None, stale=True)
        charge = known.charge
        return Looked(charge_id=charge.charge_id, state=charge.state, stale=True)

    @on(GetHistory)
    async def get_history(self, message: GetHistory) -> History:
        """What was paid, page by page."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            account = await self._as_it_stands(tx)
            page, total = await charges.history(tx, offset=message.offset, limit=message.limit)
            reached = await self._reached(tx, account)
        lines = tuple(
            PaidLine(
                charge_id=one.charge.charge_id,
                state=one.charge.state,
                amount=one.charge.amount,
                on=account.day(one.charge.approved_at or one.charge.created_at),
                reaches=reached.get(one.charge.charge_id),
            )
            for one in page
        )
        return History(lines=lines, total=total)

    @on(GetReceipt)
    async def get_receipt(self, message: GetReceipt) -> Receipt:
        """What the owner can show of a payment. Raises NotFound."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            account = await self._as_it_stands(tx)
            stored = await charges.find(tx, message.charge_id)
            reached = await self._reached(tx, account)
        if stored is None:
            raise NotFound(f"charge {message.charge_id}")
        return _receipt(account, stored, reached.get(message.charge_id))

    @on(AccessChanged)
    async def access_changed(self, _message: AccessChanged) -> None:
        """Read the access anew, plan today as it is by now, and tell what is kept (A6).

        What the rules did not let go meanwhile stays away: no backlog is sent.
        """
        self._forget_access()
        await self._plan_if_possible()
        self._tell_kept()
        self._tell_replies()

    async def _still_holds(self, notice: KeptNotice) -> bool:
        """Whether a warning is that of today: it may go out days late, or after a payment (A7)."""
        if not isinstance(notice, SubscriptionWarning):
            return await super()._still_holds(notice)
        found = await self._read_subscription()
        if found is None:
            return False
        due = warning_due(found, self.context.clock.now())
        return (due, found.ends_on) == (notice.told, notice.ends_on)

    async def _as_it_stands(self, tx: TenantConnection) -> _Account:
        tenant = await self._tenant(tx)
        zone = (await tenants.settings(tx)).zone
        return _Account(tenant, subscription_of(tenant, zone), zone)

    async def _reached(self, tx: TenantConnection, account: _Account) -> dict[int, date]:
        """The local date that the days of each charge reach to, where they stand."""
        given = await subscriptions.grants(tx)
        reached = ends(account.tenant.trial_ends_at, given)
        return {
            grant.charge_id: account.day(reached[grant.grant_id])
            for grant in given
            if grant.charge_id is not None and grant.grant_id in reached
        }


def _offer(account: _Account, made: Made, now: datetime) -> Offer:
    ends_at = account.subscription.ends_at
    return Offer(
        charge_id=made.charge_id,
        amount=made.amount,
        days=made.days,
        code=made.code,
        expires_at=made.expires_at,
        expires_local=local(made.expires_at, account.zone),
        today=account.day(now),
        ends_on=account.subscription.ends_on,
        would_end_on=account.day(would_end_at(ends_at, made.days, now)),
        standing=standing(account.subscription, now),
        again=made.again,
    )


def _receipt(account: _Account, stored: StoredCharge, reaches: date | None) -> Receipt:
    charge = stored.charge
    if charge.state not in PAID or charge.payment_id is None or charge.approved_at is None:
        raise NotFound(f"charge {charge.charge_id} was not paid")
    return Receipt(
        charge_id=charge.charge_id,
        payment_id=charge.payment_id,
        amount=charge.amount,
        days=charge.days,
        state=charge.state,
        approved_local=local(charge.approved_at, account.zone),
        reaches=reaches,
        name=account.tenant.name,
        email=account.tenant.email,
    )
