"""The owner's account: sign-up, once."""

from actors.messages.account import SignedUp, SignUp
from actors.runtime import on
from actors.tenant.part import TenantPart
from domain.jobs import next_runs
from domain.subscription import Terms
from domain.whatsapp import SessionState
from storage import schedules, tenants, whatsapp_state
from telemetry import logger

LOG = logger("tenant")


class AccountPart(TenantPart):
    """Makes the account."""

    @on(SignUp)
    async def sign_up(self, message: SignUp) -> SignedUp:
        """Make the account with its trial and its jobs; a second time changes nothing (A1, A2)."""
        now = self.context.clock.now()
        trial = Terms(trial=self._ports.trial)
        async with self._ports.database.tenant(self._tenant_id) as tx:
            created = await tenants.create(
                tx, name=message.name, now=now, trial_ends_at=now + trial.trial
            )
            if created:
                settings = await tenants.settings(tx)
                await schedules.set_next(tx, next_runs(settings, now))
            stored = await whatsapp_state.find_session(tx)
        if created:
            LOG.info("signed up", tenant_id=self._tenant_id)
            self._ports.schedules_changed()
        return SignedUp(created, stored is not None and stored.state is SessionState.PAIRED)
