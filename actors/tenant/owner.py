"""What the owner hears: kept first, then told by a task beside, at least once."""

import asyncio
from dataclasses import dataclass

from actors.messages import kept
from actors.messages.account import ChatBlocked
from actors.messages.notices import KeptNotice, Notify, TellOwner
from actors.runtime import on
from actors.tenant.day import Outcome
from actors.tenant.part import TenantPart, TenantPorts
from errors import ChatUnreachable, EmDiaError, MessageRefused
from storage import tenants
from storage.database import TenantConnection
from storage.tenants import StoredNotice
from telemetry import logger

LOG = logger("tenant")
NOTICE_SECONDS = 60.0
NOTICE_RETRY_SECONDS = 30.0
LAST_NOTICE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _TellAgain:
    """Time to try undelivered notices again."""


class OwnerPart(TenantPart):
    """The tenant's voice."""

    def __init__(self, tenant_id: int, ports: TenantPorts) -> None:
        super().__init__(tenant_id, ports)
        self._telling: asyncio.Task[None] | None = None
        self._more_to_tell = False
        self._is_ending = False

    async def stopping(self) -> None:
        """Let Telegram take what is being told: who comes next would tell it again."""
        self._is_ending = True
        if self._telling is not None:
            await asyncio.wait({self._telling}, timeout=LAST_NOTICE_SECONDS)

    @on(TellOwner)
    async def tell_owner(self, message: TellOwner) -> None:
        """Keep a notice and tell it."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            await self._keep(tx, Outcome(notices=[(message.key, message.notice)]))
        self._tell_kept()

    @on(ChatBlocked)
    async def chat_blocked(self, _message: ChatBlocked) -> None:
        """Note it: the day goes on, clients are still reminded; only the owner hears nothing."""
        LOG.info("blocked by the owner", tenant_id=self._tenant_id)

    @on(_TellAgain)
    async def tell_again(self, _message: _TellAgain) -> None:
        """Try once more."""
        self._tell_kept()

    async def _keep(self, tx: TenantConnection, outcome: Outcome) -> None:
        for key, notice in outcome.notices:
            await tenants.put_notice(
                tx,
                kind=kept.kind_of(notice),
                key=key,
                payload=kept.pack(notice),
                now=self.context.clock.now(),
            )

    def _tell_kept(self) -> None:
        """Tell what is kept, in a task beside: Telegram's slowness is not the tenant's."""
        self._more_to_tell = True
        if self._telling is None or self._telling.done():
            self._telling = self.context.spawn(self._tell_all(), name="tell owner")

    async def _tell_all(self) -> None:
        try:
            while self._more_to_tell:
                self._more_to_tell = False
                for stored in await self._untold():
                    if self._is_ending:
                        return
                    await self._tell(stored)
                    async with self._ports.database.tenant(self._tenant_id) as tx:
                        await tenants.notice_delivered(tx, stored.id, self.context.clock.now())
        except EmDiaError as error:
            LOG.warning("owner not told yet", tenant_id=self._tenant_id, error=repr(error))
            self.context.after(NOTICE_RETRY_SECONDS, _TellAgain())

    async def _tell(self, stored: StoredNotice) -> None:
        """Have Telegram take it. What never will be taken is done with, too (F11)."""
        try:
            notice = kept.unpack(stored)
        except (ValueError, LookupError) as error:
            LOG.error(  # noqa: TRY400 - a traceback could show what the owner wrote
                "notice set aside",
                tenant_id=self._tenant_id,
                kind=stored.kind,
                error=type(error).__name__,
            )
            return
        if not await self._still_holds(notice):
            return
        try:
            await self._ports.telegram.ask(Notify(self._tenant_id, notice), deadline=NOTICE_SECONDS)
        except ChatUnreachable:
            LOG.info("the owner does not want us", tenant_id=self._tenant_id)
        except MessageRefused as error:
            LOG.error(  # noqa: TRY400 - what Telegram said of it is all there is to know
                "notice set aside", tenant_id=self._tenant_id, kind=stored.kind, error=str(error)
            )

    async def _still_holds(self, _notice: KeptNotice) -> bool:
        """Whether it is true at the moment it is told; of most it does not matter how late."""
        return True

    async def _untold(self) -> list[StoredNotice]:
        async with self._ports.database.tenant(self._tenant_id) as tx:
            claimed = await tenants.claim_notices(tx, self._ports.replica)
            if not claimed and await tenants.is_anything_untold(tx):
                # Another process is at it; should it end, it is ours.
                self.context.after(NOTICE_RETRY_SECONDS, _TellAgain())
            return claimed
