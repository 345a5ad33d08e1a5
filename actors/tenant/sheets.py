"""Sheets, in and out (C11, I9). Reading, weighing and writing them is work for a thread.

Nothing is written before the owner confirms, and then all of it or nothing, once.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from actors.messages.sheets import (
    ConfirmImport,
    ExportClients,
    GetImport,
    GetImportRows,
    GetTemplateSheet,
    ImportDone,
    ImportReview,
    ImportRows,
    PreviewImport,
    SheetFile,
)
from actors.messages.undo import UndoOffer
from actors.runtime import on
from actors.tenant.queue import QueuePart
from actors.tenant.sheet_review import reviewed
from domain.client_list import ROWS, clamped, pages_of
from domain.export_rows import export_tables, template_tables
from domain.import_decision import Weighed, weigh
from domain.rulebook import rulebook
from domain.schedule import local
from domain.sheet_form import secret_columns
from domain.sheets import Sheet
from domain.tags import variable_of
from errors import InvalidInput
from gateways.sheet_writer import write_workbook
from gateways.spreadsheet import comes_back, read_rows
from storage import audit, exports, imports, own_fields, tenants
from storage.database import TenantConnection
from storage.exports import Everything
from storage.imports import CarriedOut, StoredImport
from telemetry import logger

LOG = logger("tenant")
MAX_NAME_CHARS = 100
# Two sheets at a time in one process, whoever sends them: each may unpack to a lot of memory.
WORKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="sheets")
REVIEWS = TypeAdapter(ImportReview)

P = ParamSpec("P")
T = TypeVar("T")


class SheetsPart(QueuePart):
    """Takes sheets in and hands them out."""

    @on(ExportClients)
    async def export_clients(self, _message: ExportClients) -> SheetFile:
        """Make the workbook of everything."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            zone = (await tenants.settings(tx)).zone
            found = await exports.everything(tx)
            await audit.note(tx, "export", "clients", self.context.clock.now())
        return await _in_thread(_exported, found, self.context.clock.now(), zone)

    @on(GetTemplateSheet)
    async def get_template_sheet(self, _message: GetTemplateSheet) -> SheetFile:
        """Make the sheet to fill in, with the tenant's own fields."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            now = local(self.context.clock.now(), (await tenants.settings(tx)).zone)
            own = await _own_fields(tx)
        data = await _in_thread(write_workbook, template_tables(now.date(), own), now)
        return SheetFile("planilha-modelo.xlsx", data)

    @on(PreviewImport)
    async def preview_import(self, message: PreviewImport) -> ImportReview:
        """Read the file, weigh it against the clients there are, and keep both."""
        now = self.context.clock.now()
        sheet = await _in_thread(read_rows, message.data, message.file_name)
        async with self._ports.database.tenant(self._tenant_id) as tx:
            today = await self._today(tx)
            weighed = await _weighed(tx, sheet, today)
        name = " ".join(message.file_name.split())[:MAX_NAME_CHARS]
        review, left = await _in_thread(reviewed, weighed, name)
        async with self._ports.database.tenant(self._tenant_id) as tx:
            import_id = await imports.keep(
                tx,
                file_name=name,
                file=message.data,
                today=today,
                review=REVIEWS.dump_python(review, mode="json"),
                left=left,
                now=now,
            )
        LOG.info("sheet read", tenant_id=self._tenant_id, new=review.new, bad=review.bad)
        return replace(review, import_id=import_id)

    @on(GetImport)
    async def get_import(self, message: GetImport) -> ImportReview:
        """The dry run, and what came of it."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            stored = await imports.find(tx, message.import_id)
            review = REVIEWS.validate_python(stored.review)
            done = await self._answer(tx, stored)
        return replace(review, import_id=stored.id, done=done)

    @on(GetImportRows)
    async def get_import_rows(self, message: GetImportRows) -> ImportRows:
        """One page of them."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            stored = await imports.find(tx, message.import_id)
            total = await imports.count_rows(tx, stored.id, message.which)
            pages = pages_of(total)
            page = clamped(message.page, pages)
            rows = await imports.rows(
                tx, stored.id, message.which, offset=(page - 1) * ROWS, most=ROWS
            )
        return ImportRows(
            import_id=stored.id,
            which=message.which,
            rows=tuple(rows),
            page=page,
            total=total,
            pages=pages,
        )

    @on(ConfirmImport)
    async def confirm_import(self, message: ConfirmImport) -> ImportDone:
        """Carry it out, or answer what it did when it was (C11)."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            stored = await imports.find(tx, message.import_id)
            data = await imports.file(tx, stored.id)
            if done := await self._answer(tx, stored):
                return done
        if data is None:
            raise InvalidInput("Não tenho mais essa planilha. Mande o arquivo de novo.")
        sheet = await _in_thread(read_rows, data, stored.file_name)
        async with self._ports.database.tenant(self._tenant_id) as tx:
            stored = await imports.hold(tx, stored.id)
            if done := await self._answer(tx, stored):
                return done
            weighed = await _weighed(tx, sheet, stored.today)
            decision = await _in_thread(weighed.decide, message.doubles)
            await _make_secret_fields(tx, sheet, now)
            carried = await imports.carry_out(
                tx, stored.id, decision, doubles=message.doubles, now=now
            )
            counts = {"added": carried.added, "updated": carried.updated}
            await audit.note(tx, "import", f"import {stored.id}", now, counts)
            answer = await self._answer(tx, replace(stored, done=carried))
        LOG.info("sheet imported", tenant_id=self._tenant_id, added=carried.added)
        # Whose D+1 is today is billed today (E3b). The import is done in any case.
        await self._plan_if_possible()
        assert answer is not None  # noqa: S101 - it was carried out
        return answer

    async def _answer(self, tx: TenantConnection, stored: StoredImport) -> ImportDone | None:
        """What an import did, for its owner; None when it was not carried out."""
        if stored.done is None:
            return None
        settings = await tenants.settings(tx)
        return _done(stored, stored.done, local(stored.done.undo_until, settings.zone))

    async def _today(self, tx: TenantConnection) -> date:
        now = self.context.clock.now()
        return rulebook(await tenants.charter(tx), now).today(now)


async def _in_thread(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    return await asyncio.get_running_loop().run_in_executor(WORKERS, partial(work, *given, **named))


async def _own_fields(tx: TenantConnection) -> list[str]:
    return [field.name for field in await own_fields.all_fields(tx)]


async def _make_secret_fields(tx: TenantConnection, sheet: Sheet, now: datetime) -> None:
    """What an export marks as secret is so wherever it comes in (C12)."""
    if secret := secret_columns(sheet.headers):
        known = {field.variable for field in await own_fields.all_fields(tx)}
        for name in secret:
            if variable_of(name) not in known:
                await own_fields.make(tx, name, secret=True, now=now)


async def _weighed(tx: TenantConnection, sheet: Sheet, today: date) -> Weighed:
    registered = await imports.registered(tx)
    own = await _own_fields(tx)
    return await _in_thread(weigh, sheet, today, registered, own)


def _done(stored: StoredImport, done: CarriedOut, until: datetime) -> ImportDone:
    return ImportDone(
        import_id=stored.id,
        added=done.added,
        updated=done.updated,
        skipped=done.skipped,
        undo=None if stored.undone is not None else UndoOffer(done.undo_id, until),
    )


def _exported(found: Everything, now: datetime, zone: ZoneInfo) -> SheetFile:
    clients, now = found.exported_clients(zone), local(now, zone)
    payments = found.exported_payments()
    archived = sum(one.archived_on is not None for one in clients)
    tables = export_tables(clients, payments, found.own_fields, found.secret_fields)
    data, active = write_workbook(tables, now), len(clients) - archived
    return SheetFile(
        f"clientes-{now:%Y-%m-%d}.xlsx",
        data,
        clients=active,
        archived=archived,
        payments=len(payments),
        comes_back=comes_back(data, clients=active, cells=sum(one.cells for one in tables)),
    )
