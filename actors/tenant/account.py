"""The owner's account: sign-up, once; what the chat may use; its own data (A1, A2, A6, A9)."""

from actors.messages.account import (
    Access,
    AccountField,
    AccountView,
    EditAccount,
    GetAccess,
    GetAccount,
    SignedUp,
    SignUp,
)
from actors.runtime import on
from actors.tenant.part import TenantPart, TenantPorts
from domain.charter import Tenant
from domain.clients import parse_name
from domain.contacts import parse_email, parse_phone
from domain.jobs import next_runs
from domain.rulebook import subscription_of
from domain.schedule import local
from domain.subscription import Subscription, Terms, days_left, standing
from domain.whatsapp import SessionState
from errors import NotSignedUp
from storage import schedules, tenants, whatsapp_state
from storage.database import TenantConnection
from telemetry import logger

LOG = logger("tenant")
ACCESS_SECONDS = 60.0
"""How long a change made past this actor (another process, a console) may go unnoticed."""


class AccountPart(TenantPart):
    """Makes the account, and knows what it may use."""

    def __init__(self, tenant_id: int, ports: TenantPorts) -> None:
        super().__init__(tenant_id, ports)
        self._subscription: Subscription | None = None
        self._read_at = (float("-inf"), float("-inf"))

    @on(SignUp)
    async def sign_up(self, message: SignUp) -> SignedUp:
        """Make the account with its trial and its jobs; a second time changes nothing (A1, A2)."""
        now = self.context.clock.now()
        trial = Terms(trial=self._ports.trial)
        async with self._ports.database.tenant(self._tenant_id) as tx:
            created = await tenants.create(
                tx,
                name=message.name,
                email=message.email,
                phone=message.phone,
                now=now,
                trial_ends_at=now + trial.trial,
            )
            if created:
                settings = await tenants.settings(tx)
                await schedules.set_next(tx, next_runs(settings, now))
            stored = await whatsapp_state.find_session(tx)
        self._forget_access()
        if created:
            LOG.info("signed up", tenant_id=self._tenant_id)
            self._ports.schedules_changed()
        return SignedUp(created, stored is not None and stored.state is SessionState.PAIRED)

    @on(GetAccess)
    async def get_access(self, _message: GetAccess) -> Access:
        """What this chat may use; known without a look for a while."""
        return await self._access()

    async def _access(self) -> Access:
        clock = self.context.clock
        read_at = clock.monotonic(), clock.now().timestamp()
        # By both clocks: whoever moves the wall clock may have changed more meanwhile.
        ages = (now - then for now, then in zip(read_at, self._read_at, strict=True))
        if self._subscription is None or any(abs(age) > ACCESS_SECONDS for age in ages):
            self._subscription = await self._read_subscription()
            self._read_at = read_at
        if self._subscription is None:
            return Access(None)
        return Access(standing(self._subscription, clock.now()))

    @on(GetAccount)
    async def get_account(self, _message: GetAccount) -> AccountView:
        """The owner's own data."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            return await self._account(tx)

    @on(EditAccount)
    async def edit_account(self, message: EditAccount) -> AccountView:
        """Change one field."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            match message.field:
                case AccountField.NAME:
                    await tenants.set_owner(tx, name=parse_name(message.text))
                case AccountField.EMAIL:
                    await tenants.set_owner(tx, email=parse_email(message.text))
                case AccountField.PHONE:
                    await tenants.set_owner(tx, phone=parse_phone(message.text))
            return await self._account(tx)

    async def _account(self, tx: TenantConnection) -> AccountView:
        tenant = await self._tenant(tx)
        zone, now = (await tenants.settings(tx)).zone, self.context.clock.now()
        subscription = subscription_of(tenant, zone)
        return AccountView(
            name=tenant.name,
            email=tenant.email,
            phone=tenant.phone,
            standing=standing(subscription, now),
            ends_on=subscription.ends_on,
            days_left=days_left(subscription, now),
            since=local(tenant.created_at, zone).date(),
            blocked_why=tenant.blocked_why,
        )

    async def _read_subscription(self) -> Subscription | None:
        async with self._ports.database.tenant(self._tenant_id) as tx:
            tenant = await tenants.find(tx)
            if tenant is None:
                return None
            return subscription_of(tenant, (await tenants.settings(tx)).zone)

    async def _tenant(self, tx: TenantConnection) -> Tenant:
        tenant = await tenants.find(tx)
        if tenant is None:
            raise NotSignedUp(f"tenant {self._tenant_id}")
        return tenant

    def _forget_access(self) -> None:
        self._subscription = None
