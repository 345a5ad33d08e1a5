"""One account: its own data and counts, what it paid, and what is done to it (A11).

Each act is a transaction of that account, with its entry in its log; then its tenant is told to
read its access anew, and its owner hears of it by a kept notice. Ordered again, it is told again,
and done once.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from actors.administration.part import AdminPart
from actors.messages import kept
from actors.messages.admin import (
    AccountAct,
    AccountDetail,
    AccountPayment,
    AccountPayments,
    BlockAccount,
    GetAccountDetail,
    GetAccountPayments,
    GiveDays,
    GivenDays,
    TakeDaysBack,
    UnblockAccount,
)
from actors.messages.notices import AccessDecided, Decision
from actors.messages.subscription import AccessChanged
from actors.runtime import Later, on
from domain.administration import check_days, health, parse_reason
from domain.client_list import clamped, pages_of
from domain.rulebook import subscription_of
from domain.schedule import local, localized
from domain.trail import told
from domain.undo import UNDO_FOR
from errors import EmDiaError, NotFound
from storage import accounts, administration, tenants, whatsapp_deliveries, whatsapp_state
from storage.accounts import ActRow, Given
from storage.administration import AccountOwn
from storage.database import TenantConnection
from telemetry import logger

LOG = logger("administration")
ACTS = 3
PAYMENTS = 8

Act = Callable[[TenantConnection, datetime], Coroutine[Any, Any, bool]]


@dataclass(frozen=True, slots=True)
class _News:
    """What the owner hears of an act, once under its key."""

    key: str
    decision: Decision
    days: int = 0
    why: str = ""


class AccountPart(AdminPart):
    """Shows one account, and changes it."""

    @on(GetAccountDetail)
    async def get_account(self, message: GetAccountDetail) -> Later[AccountDetail]:
        """One account."""
        self._check(message.by)
        return self.context.later(self._detail(message.tenant_id))

    @on(GetAccountPayments)
    async def get_payments(self, message: GetAccountPayments) -> Later[AccountPayments]:
        """What it has paid."""
        self._check(message.by)
        return self.context.later(self._payments(message.tenant_id, message.page))

    @on(GiveDays)
    async def give_days(self, message: GiveDays) -> Later[AccountDetail]:
        """Grant days from now on."""
        days, number, by = check_days(message.days), message.number, message.by
        return self._do(
            by,
            message.tenant_id,
            lambda tx, now: accounts.give(tx, days=days, number=number, by=by, now=now),
            _News(f"give {number}", Decision.GIVEN, days),
        )

    @on(TakeDaysBack)
    async def take_days_back(self, message: TakeDaysBack) -> Later[AccountDetail]:
        """Take back what was given a moment ago."""
        self._check(message.by)
        return self.context.later(self._take_back(message))

    @on(BlockAccount)
    async def block(self, message: BlockAccount) -> Later[AccountDetail]:
        """Shut an account out."""
        why, number, by = parse_reason(message.why), message.number, message.by
        return self._do(
            by,
            message.tenant_id,
            lambda tx, now: accounts.block(tx, why=why, number=number, by=by, now=now),
            _News(f"block {number}", Decision.BLOCKED, why=why),
        )

    @on(UnblockAccount)
    async def unblock(self, message: UnblockAccount) -> Later[AccountDetail]:
        """Let an account in again."""
        number, by = message.number, message.by
        return self._do(
            by,
            message.tenant_id,
            lambda tx, now: accounts.unblock(tx, number=number, by=by, now=now),
            _News(f"unblock {number}", Decision.UNBLOCKED),
        )

    # Inside

    def _do(self, by: int, tenant_id: int, act: Act, news: _News) -> Later[AccountDetail]:
        self._check(by)
        return self.context.later(self._done(tenant_id, act, news))

    async def _done(self, tenant_id: int, act: Act, news: _News) -> AccountDetail:
        own, now = await self._own(tenant_id), self._now
        async with self._ports.database.tenant(tenant_id) as tx:
            if await act(tx, now):
                await _keep(tx, own.zone, news, now)
        return await self._changed(tenant_id)

    async def _take_back(self, message: TakeDaysBack) -> AccountDetail:
        number, tenant_id = message.number, message.tenant_id
        own, now = await self._own(tenant_id), self._now
        async with self._ports.database.tenant(tenant_id) as tx:
            days = await accounts.take_back(tx, number=number, by=message.by, now=now)
            if days:
                news = _News(f"take back {number}", Decision.TAKEN_BACK, days)
                await _keep(tx, own.zone, news, now)
        return await self._changed(tenant_id)

    async def _changed(self, tenant_id: int) -> AccountDetail:
        """The account as it is by now, once its tenant was told to look, and to tell its owner."""
        LOG.info("account changed", tenant_id=tenant_id)
        try:
            await self._ports.tenants.tell(tenant_id, AccessChanged())
        except EmDiaError as error:  # it reads its access by itself, within a minute
            LOG.warning("tenant not told", tenant_id=tenant_id, error=repr(error))
        return await self._detail(tenant_id)

    async def _own(self, tenant_id: int) -> AccountOwn:
        async with self._ports.database.dispatcher() as connection:
            found = await administration.account(connection, tenant_id, self._now)
        if found is None:
            raise NotFound(f"account {tenant_id}")
        return found

    async def _detail(self, tenant_id: int) -> AccountDetail:
        own, now = await self._own(tenant_id), self._now
        here = local(now, own.zone)
        async with self._ports.database.tenant(tenant_id) as tx:
            counts = await accounts.counts(tx, here.date())
            session = await whatsapp_state.find_session(tx)
            facts = await whatsapp_deliveries.facts(tx, now)
            acts = await accounts.acts(tx, ACTS)
            given = await accounts.last_given(tx, now)
        state = session.state if session else None
        return AccountDetail(
            tenant_id=tenant_id,
            name=own.name,
            owner=own.owner,
            email=own.email,
            phone=own.phone,
            since=local(own.created_at, own.zone).date(),
            today=here.date(),
            standing=own.standing,
            ends_on=own.ends_on,
            blocked_on=local(counts.blocked_at, own.zone).date() if counts.blocked_at else None,
            blocked_why=counts.blocked_why,
            state=state,
            line=health(state, facts),
            facts=localized(facts, own.zone),
            clients=counts.clients,
            messages_today=counts.today,
            waiting=counts.waiting,
            sent=counts.sent,
            payments=counts.payments,
            paid=counts.paid,
            acts=tuple(_act(one, own.zone) for one in acts),
            given=_given(given, own.zone) if given else None,
        )

    async def _payments(self, tenant_id: int, page: int) -> AccountPayments:
        own = await self._own(tenant_id)
        async with self._ports.database.tenant(tenant_id) as tx:
            counts = await accounts.counts(tx, local(self._now, own.zone).date())
            pages = pages_of(counts.payments, PAYMENTS)
            shown = clamped(page, pages)
            found = await accounts.payments(tx, shown, PAYMENTS)
        lines = (
            AccountPayment(local(one.at, own.zone).date(), one.amount, one.booked, one.state)
            for one in found
        )
        return AccountPayments(own.name, tuple(lines), counts.paid, shown, pages, counts.payments)


async def _keep(tx: TenantConnection, zone: ZoneInfo, news: _News, now: datetime) -> None:
    """Keep what its owner hears, in the transaction of what it tells: once under its key."""
    tenant = await tenants.find(tx)
    assert tenant is not None  # noqa: S101 - it was changed just now
    ends_on = subscription_of(tenant, zone).ends_on
    notice = AccessDecided(news.decision, ends_on, news.days, news.why)
    kind, payload = kept.kind_of(notice), kept.pack(notice)
    await tenants.put_notice(tx, kind=kind, key=news.key, payload=payload, now=now)


def _act(row: ActRow, zone: ZoneInfo) -> AccountAct:
    return AccountAct(local(row.at, zone), told(row.actor, row.action, row.subject, row.detail))


def _given(given: Given, zone: ZoneInfo) -> GivenDays:
    return GivenDays(given.number, given.days, local(given.at + UNDO_FOR, zone))
