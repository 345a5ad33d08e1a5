"""One tenant's WhatsApp: keeps the connection, sets the pace, and sees each message through.

It owns the tenant's epoch, the fencing token: every life of it starts by raising it. It carries
one message at a time (through its courier) and never sends faster than the pace it was given.
"""

import asyncio

from actors.messages.charge import GoOn
from actors.messages.whatsapp import GetWhatsApp, WhatsAppView
from actors.runtime import on
from actors.whatsapp.connection import Connector
from actors.whatsapp.courier import recover
from actors.whatsapp.health import HealthPart
from actors.whatsapp.opening import LINES
from actors.whatsapp.part import STORAGE_AWAY_SECONDS
from domain.whatsapp import SessionPhase, SessionState, may_reconnect
from domain.whatsapp_log import Happened
from errors import StorageUnavailable, Superseded
from storage import leases, outbox, whatsapp_log, whatsapp_state, whatsapp_tests
from telemetry import logger

LOG = logger("whatsapp")
DRAIN_SECONDS = 6.0
LOOK_AGAIN_SECONDS = 2.0
"""Between two tries to take a tenant while a newer process is in charge."""


class WhatsAppSession(HealthPart):
    """The session of `tenant_id`; its handlers stand by area in `actors/whatsapp/`."""

    async def started(self) -> None:
        """Take the tenant, reopen interrupted sends, and reconnect a paired session."""
        await self._take_tenant()

    async def _take_tenant(self) -> None:
        """Own the tenant from now on, unless a newer process is in charge."""
        now, self._connector, is_over = self._now(), None, False
        try:
            async with self._ports.database.dispatcher() as connection:
                self._epoch = await leases.take_over(
                    connection, self._tenant_id, self._ports.replica, now
                )
        except Superseded:
            LOG.info("not ours to take", tenant_id=self._tenant_id)
            self._enter(SessionPhase.FENCED)
            self.context.after(LOOK_AGAIN_SECONDS, GoOn())
            return
        async with self._transaction() as tx:
            reopened = await recover(tx, self._epoch, self._ports.pacing, now, self.context.random)
            await outbox.rebound(tx, now)
            await whatsapp_tests.leave_open(tx)
            stored = await whatsapp_state.find_session(tx)
            if stored is not None and stored.state is SessionState.PAIRING:
                if stored.has_creds:
                    # The phone accepted the device; only the news of it was lost.
                    await whatsapp_state.set_state(tx, self._epoch, SessionState.PAIRED, now=now)
                else:
                    await whatsapp_state.abandon_pairing(tx, self._epoch, now)
                    await whatsapp_log.note(tx, self._event(Happened.PAIRING_OVER))
                    is_over = True
                stored = await whatsapp_state.find_session(tx)
        self._enter(SessionPhase.CLOSED)
        self._connector = Connector(self._tenant_id, self._epoch, self._ports, self.context)
        if reopened:
            LOG.warning("interrupted sends reopened", count=reopened, tenant_id=self._tenant_id)
        self._take_in(stored)
        if is_over:
            self._forget_codes(expired=True)  # what stands in the chat was of another life
        self._go_to_line()

    def _go_to_line(self) -> None:
        if self._is_banned():
            self._wait_for_ban()
        elif may_reconnect(self._phase, self._state):
            self._open()

    @on(GoOn)
    async def go_on(self, _message: GoOn) -> None:
        """Take the tenant, or the line, up again that was fenced off: we are in charge by now."""
        if self._phase is SessionPhase.FENCED:
            try:
                await self._take_up()
            except StorageUnavailable:
                self.context.after(STORAGE_AWAY_SECONDS, GoOn())
        self._pump()

    async def _take_up(self) -> None:
        async with self._transaction() as tx:
            owned = await whatsapp_state.is_owned(tx, self._epoch)
        if not owned or self._connector is None:
            await self._take_tenant()
            return
        self._enter(SessionPhase.CLOSED)
        self._go_to_line()

    async def stopping(self) -> None:
        """Finish the send in flight, as far as the time goes; then close the line."""
        self._enter(SessionPhase.STOPPED)
        self._stop_waiting()
        if self._carrying is not None:
            await asyncio.wait({self._carrying}, timeout=DRAIN_SECONDS)
        if self._connector is not None:
            await self._connector.close()

    def may_rest(self) -> bool:
        """An open line is never put to rest."""
        return self._phase not in LINES and self._carrying is None and not self._memos

    @on(GetWhatsApp)
    async def view(self, _message: GetWhatsApp) -> WhatsAppView:
        """How the line stands (F2)."""
        return self._view()
