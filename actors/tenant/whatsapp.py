"""The tenant's WhatsApp session: a child, started on first use."""

from dataclasses import replace

from actors.messages.charge import GoOn
from actors.messages.queue import OutboxChanged, WakeUp
from actors.messages.whatsapp import ConnectWhatsApp, GetWhatsApp, WhatsAppView
from actors.runtime import Ref, on
from actors.tenant.part import TenantPart
from domain.schedule import localized
from errors import ActorError, NotSignedUp
from storage import tenants
from telemetry import logger

LOG = logger("tenant")
SESSION_SECONDS = 20.0
# A job does not wait longer than this for what it can do without.
LOOK_SECONDS = 0.5
LOOK = OutboxChanged()


class WhatsAppPart(TenantPart):
    """Leads to the session."""

    @on(ConnectWhatsApp)
    async def connect_whatsapp(self, message: ConnectWhatsApp) -> WhatsAppView:
        """Open the session; a QR follows as a notice when it must be paired (F1)."""
        return await self._localized(
            await (await self._session()).ask(message, deadline=SESSION_SECONDS)
        )

    @on(GetWhatsApp)
    async def get_whatsapp(self, message: GetWhatsApp) -> WhatsAppView:
        """How WhatsApp stands (F2), its times on the owner's clock."""
        return await self._localized(
            await (await self._session()).ask(message, deadline=SESSION_SECONDS)
        )

    @on(WakeUp)
    async def wake_up(self, _message: WakeUp) -> None:
        """Let the session look, and take up what was fenced off; being started did the rest."""
        await self._wake_session(GoOn())

    async def _localized(self, view: WhatsAppView) -> WhatsAppView:
        if not any((view.until, view.paused_until, view.paired_at)):
            return view
        async with self._ports.database.tenant(self._tenant_id) as tx:
            return localized(view, (await tenants.settings(tx)).zone)

    @on(OutboxChanged)
    async def outbox_changed(self, _message: OutboxChanged) -> None:
        """Let the session look."""
        await self._wake_session()

    async def _connected(self) -> bool | None:
        """Whether messages can go right now; None where the session does not say."""
        session = self._running_session()
        if session is None:
            return False
        try:
            view = await session.ask(GetWhatsApp(), deadline=LOOK_SECONDS)
        except ActorError as error:
            LOG.info("session does not say", tenant_id=self._tenant_id, error=repr(error))
            return None
        return view.connected

    def _running_session(self) -> Ref | None:
        return self.context.children().get(f"whatsapp {self._tenant_id}")

    async def _session(self) -> Ref:
        """The tenant's WhatsApp session, started on first use; raises NotSignedUp."""
        running = self._running_session()
        if running is not None:
            return running
        async with self._ports.database.tenant(self._tenant_id) as tx:
            if await tenants.find(tx) is None:
                raise NotSignedUp(f"tenant {self._tenant_id}")
        return await self.context.start_child(
            replace(
                self._ports.session_spec,
                id=f"whatsapp {self._tenant_id}",
                factory=lambda: self._ports.session(self._tenant_id, self.context.me),
            )
        )

    async def _wake_session(self, message: OutboxChanged | GoOn = LOOK) -> None:
        for session in self.context.children().values():
            try:
                await session.tell(message)
            except ActorError as error:
                LOG.warning("session not woken", error=repr(error))
