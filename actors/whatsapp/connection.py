"""Opens and closes a tenant's WhatsApp line through its worker, under one epoch.

The epoch is read again before every opening: who lost the tenant opens nothing (decision 9).
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from actors.messages.sidecar import Attach, Detach
from actors.runtime import Context, Ref
from actors.whatsapp.courier import Courier
from actors.whatsapp.numbers import Numbers
from actors.whatsapp.tester import Tester
from actors.whatsapp.unsettled import Unsettled
from domain.pacing import PacingRules
from domain.whatsapp import SessionState
from errors import (
    ActorError,
    NoCredentials,
    SidecarError,
    SidecarGone,
    SidecarRefused,
    StaleEpoch,
)
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


@dataclass(frozen=True, slots=True)
class Opening:
    """A line on its way: who sends over it, and whether a device is being paired on it."""

    courier: Courier
    pairing: bool


class Connector:
    """The line of `tenant_id` for the session whose life `context` is."""

    def __init__(self, tenant_id: int, epoch: int, ports: SessionPorts, context: Context) -> None:
        self._tenant_id = tenant_id
        self._epoch = epoch
        self._ports = ports
        self._context = context
        self._line: WhatsAppLine | None = None
        self._numbers: Numbers | None = None
        # An opening that follows a closing at once must not be let go of by it.
        self._turn = asyncio.Lock()
        # Outlives each courier: what one of them began, the next settles.
        self._unsettled = Unsettled()

    async def open(self, *, pairing: bool) -> Opening:
        """Open the line, with the stored credentials or to pair anew; its events follow.

        Raises:
            StaleEpoch: another process has the tenant; nothing was opened.
            NoCredentials: there is no device to resume; nothing was opened.
            VaultError: there is one, but its credentials cannot be read.
            ActorError, SidecarError, StorageUnavailable: it cannot be opened now.
        """
        async with self._turn:
            return await self._open(pairing=pairing)

    async def _open(self, *, pairing: bool) -> Opening:
        ports = self._ports
        # Before asking: a worker that dies in between must not go unnoticed.
        self._context.monitor(ports.sidecar)
        attach = Attach(self._tenant_id, self._epoch, self._context.me)
        link = await ports.sidecar.ask(attach, deadline=ATTACH_SECONDS)
        line = WhatsAppLine(link, self._tenant_id, self._epoch)
        if pairing:
            # What an earlier socket still has to save belongs to the device before.
            await self._ended(line)
        paired_at, creds = await self._device(pairing=pairing)
        self._line = line
        await line.open(creds)
        self._numbers = Numbers(
            tenant_id=self._tenant_id,
            database=ports.database,
            line=line,
            paired_at=paired_at,
            clock=self._context.clock,
            random=self._context.random,
        )
        courier = Courier(
            tenant_id=self._tenant_id,
            epoch=self._epoch,
            database=ports.database,
            line=line,
            pacing=ports.pacing,
            clock=self._context.clock,
            random=self._context.random,
            unsettled=self._unsettled,
            paired_at=paired_at,
        )
        return Opening(courier, pairing=creds is None)

    async def close(self, *, logout: bool = False) -> bool:
        """Close the line, if it was opened; credentials and keys are durable already.

        With `logout` WhatsApp is told to unlink the device. Returns whether all that was done.
        """
        async with self._turn:
            if self._line is None:
                return False
            line, self._line = self._line, None
            try:
                await line.close(logout=logout)
                await self._ports.sidecar.tell(Detach(self._tenant_id, self._context.me))
            except (SidecarError, ActorError) as error:
                LOG.info("not closed in order", tenant_id=self._tenant_id, error=repr(error))
                return False
            return True

    async def pair_by_code(self, phone: str) -> str:
        """The code to type on `phone` (E.164), for the line that was opened to pair.

        Raises SidecarError when there is none.
        """
        if self._line is None:
            raise SidecarGone("no line", asked=False)
        return await self._line.pair_by_code(phone.removeprefix("+"))

    def tester(self) -> Tester | None:
        """Who sends test messages over the line; None while there is no line."""
        if self._line is None or self._numbers is None:
            return None
        return Tester(
            tenant_id=self._tenant_id,
            database=self._ports.database,
            line=self._line,
            numbers=self._numbers,
            clock=self._context.clock,
            pacing=self._ports.pacing,
        )

    async def _ended(self, line: WhatsAppLine) -> None:
        try:
            await line.close()
        except SidecarRefused as error:
            if error.code != "no_session":
                raise

    async def _device(self, *, pairing: bool) -> tuple[datetime | None, str | None]:
        """When the device to resume was paired, and its credentials; none of both to pair anew.

        Only a device that the phone accepted ever has credentials stored: one that has them while
        it is being paired was scanned at the last moment.
        """
        async with self._ports.database.tenant(self._tenant_id) as tx:
            if not await whatsapp_state.is_owned(tx, self._epoch):
                raise StaleEpoch(self._tenant_id, self._epoch)
            stored = await whatsapp_state.find_session(tx)
            if pairing and not _is_scanned(stored):
                await whatsapp_state.begin_pairing(tx, self._epoch, self._context.clock.now())
                return None, None
            creds = await whatsapp_state.get_creds(tx, self._ports.vault)
            if stored is None or creds is None:
                raise NoCredentials(f"tenant {self._tenant_id}")
            return stored.paired_at, creds


def _is_scanned(stored: whatsapp_state.Session | None) -> bool:
    return stored is not None and stored.state is SessionState.PAIRING and stored.has_creds
