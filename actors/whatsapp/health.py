"""Looks now and then whether what is sent arrives, and tells the owner once a day if not (F10)."""

from dataclasses import dataclass
from datetime import date

from actors.messages.notices import DeliveriesStalled
from actors.runtime import on
from actors.whatsapp.acts import ActsPart
from actors.whatsapp.connection import SessionPorts
from actors.whatsapp.part import Memo, nothing
from domain.deliveries import stall
from domain.schedule import local
from domain.whatsapp import SessionPhase
from domain.whatsapp_log import Happened
from errors import StorageUnavailable
from gateways import sidecar_events as whatsapp
from storage import tenants, whatsapp_deliveries
from telemetry import logger

LOG = logger("whatsapp")
LOOK_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class _LookAtDeliveries:
    """Time to look at what arrived over the opening number `number`."""

    number: int


class HealthPart(ActsPart):
    """The session's eye on what arrives."""

    def __init__(self, tenant_id: int, ports: SessionPorts) -> None:
        super().__init__(tenant_id, ports)
        self._told_on: date | None = None

    @on(whatsapp.SessionOpened)
    async def opened(self, event: whatsapp.SessionOpened) -> None:
        """Begin to send, and to look."""
        await super().opened(event)
        if self._is_mine(event) and self._phase is SessionPhase.OPEN:
            self.context.after(LOOK_SECONDS, _LookAtDeliveries(self._openings))

    @on(_LookAtDeliveries)
    async def look_at_deliveries(self, message: _LookAtDeliveries) -> None:
        """Tell the owner where nothing arrives; look again as long as this line is open."""
        if message.number != self._openings or self._phase is not SessionPhase.OPEN:
            return
        self.context.after(LOOK_SECONDS, message)
        now = self._now()
        try:
            async with self._transaction() as tx:
                found = stall(await whatsapp_deliveries.facts(tx, now))
                today = local(now, (await tenants.settings(tx)).zone).date()
        except StorageUnavailable:
            return
        if found is None or today == self._told_on:
            return
        self._told_on = today
        LOG.warning("nothing arrives", tenant_id=self._tenant_id, messages=found.messages)
        notice = DeliveriesStalled(found.flow, found.since, found.messages)
        happened = self._event(Happened.STALLED, found.messages)
        await self._remember(
            Memo("stalled", nothing, lambda: (today.isoformat(), notice), event=happened)
        )
