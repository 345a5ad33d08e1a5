"""Opens and closes a tenant's WhatsApp line through its worker, under one epoch."""

from dataclasses import dataclass
from uuid import UUID

from actors.messages.sidecar import Attach, Detach
from actors.runtime import Context, Ref
from actors.whatsapp.courier import Courier
from domain.pacing import PacingRules
from errors import ActorError, SidecarError
from gateways.whatsapp import WhatsAppLine
from storage import whatsapp_state
from storage.database import Database
from storage.vault import Vault
from telemetry import logger

LOG = logger("whatsapp")
ATTACH_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPorts:
    """What a session works with."""

    database: Database
    vault: Vault
    sidecar: Ref
    telegram: Ref
    owner: Ref
    replica: UUID
    pacing: PacingRules


class Connector:
    """The line of `tenant_id` for the session whose life `context` is."""

    def __init__(self, tenant_id: int, epoch: int, ports: SessionPorts, context: Context) -> None:
        self._tenant_id = tenant_id
        self._epoch = epoch
        self._ports = ports
        self._context = context
        self._line: WhatsAppLine | None = None

    async def open(self, *, paired: bool) -> Courier:
        """Open the line, with the stored credentials or to pair anew; its events follow.

        Raises ActorError, SidecarError or StorageUnavailable when it cannot be opened now, and
        VaultError when the credentials are there but cannot be read: never paired anew for that.
        """
        ports = self._ports
        # Before asking: a worker that dies in between must not go unnoticed.
        self._context.monitor(ports.sidecar)
        attach = Attach(self._tenant_id, self._context.me)
        link = await ports.sidecar.ask(attach, deadline=ATTACH_SECONDS)
        line = self._line = WhatsAppLine(link, self._tenant_id, self._epoch)
        await line.open(await self._credentials(paired=paired))
        return Courier(
            tenant_id=self._tenant_id,
            epoch=self._epoch,
            database=ports.database,
            line=line,
            pacing=ports.pacing,
            clock=self._context.clock,
            random=self._context.random,
        )

    async def close(self) -> None:
        """Close the line, if it was opened; credentials and keys are durable already."""
        if self._line is None:
            return
        try:
            await self._line.close()
            await self._ports.sidecar.tell(Detach(self._tenant_id, self._context.me))
        except (SidecarError, ActorError) as error:
            LOG.info("not closed in order", tenant_id=self._tenant_id, error=repr(error))

    async def _credentials(self, *, paired: bool) -> str | None:
        async with self._ports.database.tenant(self._tenant_id) as tx:
            if paired:
                return await whatsapp_state.get_creds(tx, self._ports.vault)
            # Keys of an identity that never came to be, or is no more, would spoil the next.
            await whatsapp_state.forget(tx, self._epoch, self._context.clock.now())
            return None
