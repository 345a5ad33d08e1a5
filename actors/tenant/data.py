"""A tenant's own data: taken out whole, who did what, and the end of the account (I9, A6)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from actors.messages.data import (
    EraseAccount,
    Format,
    GetAccountLosses,
    GetTrail,
    TakenOut,
    TakeOut,
    Trail,
    TrailLine,
)
from actors.messages.whatsapp import Disconnect
from actors.runtime import on
from actors.tenant.account import AccountPart
from actors.tenant.sheets import WORKERS
from actors.tenant.whatsapp import SESSION_SECONDS, WhatsAppPart
from domain.charter import Tenant
from domain.client_list import clamped, pages_of
from domain.export_rows import export_tables
from domain.schedule import local
from domain.takeout import (
    MOST_MESSAGES,
    ExportedMessage,
    ExportedReply,
    ExportedText,
    Losses,
    further_tables,
    whole_json,
)
from domain.trail import told
from errors import ActorError
from gateways.sheet_writer import write_workbook
from storage import audit, erasure, exports, takeout, tenants
from storage.database import TenantConnection
from storage.exports import Everything
from telemetry import logger

LOG = logger("tenant")
TRAIL_LINES = 12


class DataPart(AccountPart, WhatsAppPart):
    """Hands everything over, and forgets it."""

    @on(TakeOut)
    async def take_out(self, message: TakeOut) -> TakenOut:
        """Everything there is, as of one moment, as a file."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            zone = (await tenants.settings(tx)).zone
            made = _json if message.format is Format.JSON else _sheet
            file = await made(tx, local(now, zone), zone)
            await audit.note(tx, "export", "everything", now)
        LOG.info("taken out", tenant_id=self._tenant_id, bytes=len(file.data))
        return file

    @on(GetTrail)
    async def get_trail(self, message: GetTrail) -> Trail:
        """Who did what."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            zone = (await tenants.settings(tx)).zone
            pages = pages_of(await takeout.trail_length(tx), TRAIL_LINES)
            page = clamped(message.page, pages)
            found = await takeout.trail(tx, page, TRAIL_LINES)
            total = await takeout.trail_length(tx)
        lines = (
            TrailLine(local(one.at, zone), told(one.actor, one.action, one.subject, one.detail))
            for one in found
        )
        return Trail(tuple(lines), page, pages, total)

    @on(GetAccountLosses)
    async def get_losses(self, _message: GetAccountLosses) -> Losses:
        """What would be gone."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            await self._tenant(tx)
            return await erasure.losses(tx)

    @on(EraseAccount)
    async def erase_account(self, _message: EraseAccount) -> bool:
        """End the line, then forget everything; half done, it is done again from the start."""
        await self._end_session()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            tenant = await tenants.find(tx)
            if tenant is not None:
                await self._note_erasure(tx, tenant)
            gone = await erasure.erase_tenant(tx)
        self._forget_access()
        LOG.warning("account erased", tenant_id=self._tenant_id)
        return gone

    async def _note_erasure(self, tx: TenantConnection, tenant: Tenant) -> None:
        """Note the end, and what a sign-up after it goes on from: its trial, its block (A2, A6)."""
        blocked = None if tenant.blocked_at is None else tenant.blocked_at.isoformat()
        stood = {"trial_ends_at": tenant.trial_ends_at.isoformat(), "blocked_at": blocked}
        await audit.note(tx, "erase", "account", self.context.clock.now(), stood)

    async def _end_session(self) -> None:
        """Unlink the device, where WhatsApp is there for it, and send nothing more."""
        session = self._running_session()
        if session is None:
            return
        try:
            await session.ask(Disconnect(), deadline=SESSION_SECONDS)
        except ActorError as error:
            LOG.warning("not unlinked", tenant_id=self._tenant_id, error=repr(error))
        await self.context.stop_child(session.id)


async def _json(tx: TenantConnection, now: datetime, _zone: ZoneInfo) -> TakenOut:
    found = await takeout.everything(tx)
    data = await asyncio.get_running_loop().run_in_executor(WORKERS, whole_json, now, found)
    return TakenOut(f"emdia-{now:%Y-%m-%d}.json", data)


async def _sheet(tx: TenantConnection, now: datetime, zone: ZoneInfo) -> TakenOut:
    found = await exports.everything(tx)
    messages = await takeout.messages(tx, MOST_MESSAGES, zone)
    replies = await takeout.replies(tx, MOST_MESSAGES, zone)
    texts = await takeout.texts(tx)
    total = (await erasure.losses(tx)).messages
    data = await asyncio.get_running_loop().run_in_executor(
        WORKERS, _workbook, found, messages, replies, texts, now
    )
    return TakenOut(f"emdia-{now:%Y-%m-%d}.xlsx", data, len(messages), total)


def _workbook(
    found: Everything,
    messages: Sequence[ExportedMessage],
    replies: Sequence[ExportedReply],
    texts: Sequence[ExportedText],
    now: datetime,
) -> bytes:
    clients = found.exported_clients(now.tzinfo or ZoneInfo("UTC"))
    tables = export_tables(
        clients, found.exported_payments(), found.own_fields, found.secret_fields
    )
    return write_workbook((*tables, *further_tables(messages, replies, texts)), now)
