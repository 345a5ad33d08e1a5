"""What an owner does to a line that is there: begin it anew, or end it for good (F2)."""

from dataclasses import dataclass
from functools import partial

from actors.messages.whatsapp import (
    ConnectWhatsApp,
    Disconnect,
    Disconnected,
    Reconnect,
    WhatsAppView,
)
from actors.runtime import Later, on
from actors.whatsapp.connection import Connector
from actors.whatsapp.part import Memo
from actors.whatsapp.testing import TestingPart
from domain.whatsapp import SessionPhase, SessionState
from domain.whatsapp_log import UNLINKED, Happened
from storage import whatsapp_state
from telemetry import logger

LOG = logger("whatsapp")
AWAY = frozenset({SessionState.DISCONNECTED, SessionState.PAIRING, SessionState.NEEDS_QR})
"""There is no device to unlink."""


@dataclass(frozen=True, slots=True)
class _LoggedOut:
    """The line is closed; `unlinked` is whether WhatsApp was told so."""

    unlinked: bool


class ActsPart(TestingPart):
    """The session's owner at work."""

    @on(Reconnect)
    async def reconnect_anew(self, _message: Reconnect) -> WhatsAppView | Later[WhatsAppView]:
        """Open the line once more; one that is on its way is left to come."""
        if self._phase is not SessionPhase.OPEN:
            return await self.connect(ConnectWhatsApp())
        self._leave_line()
        self._state = SessionState.PAIRED
        self._open()
        await self._log(Happened.RECONNECTING)
        return self._view()

    @on(Disconnect)
    async def disconnect(self, _message: Disconnect) -> Disconnected | Later[Disconnected]:
        """End the line and unlink the device; what is kept of it stays aside (F4)."""
        if self._phase is SessionPhase.FENCED or self._state in AWAY or self._connector is None:
            return Disconnected(self._view(), unlinked=self._state is not SessionState.PAIRING)
        was_open = self._phase is SessionPhase.OPEN
        self._leave_line()
        self._enter(SessionPhase.STOPPED)
        self._state, self._resume = SessionState.DISCONNECTED, None
        write = partial(
            whatsapp_state.set_state,
            epoch=self._epoch,
            state=SessionState.DISCONNECTED,
            now=self._now(),
        )
        await self._remember(Memo("disconnected", write))
        LOG.info("disconnected by its owner", tenant_id=self._tenant_id)
        return self.context.later(self._log_out(self._connector, was_open=was_open), name="close")

    async def _log_out(self, connector: Connector, *, was_open: bool) -> Disconnected:
        closed = await connector.close(logout=was_open)
        unlinked = closed and was_open
        self.context.signal(_LoggedOut(unlinked))
        return Disconnected(self._view(), unlinked)

    @on(_LoggedOut)
    async def logged_out(self, message: _LoggedOut) -> None:
        """Keep in the log whether the phone knows."""
        await self._log(Happened.DISCONNECTED, UNLINKED if message.unlinked else "")
