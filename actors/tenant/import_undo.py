"""Taking an import back, for ten minutes: who came goes, who was changed is as before (C11).

With whom something happened since nothing is done: they stay, and are named.
"""

from datetime import datetime

from pydantic import TypeAdapter

from actors.messages.sheets import ImportUndone, UndoImport
from actors.runtime import on
from actors.tenant.queue import QueuePart
from domain.undo import TOO_LATE
from errors import CannotUndo
from storage import audit, imports, outbox, undos
from storage.database import TenantConnection
from telemetry import logger

LOG = logger("tenant")
MOST_NAMED = 20
# In one sentence fewer fit.
MOST_SAID = 3
UNDONE = TypeAdapter(ImportUndone)


class ImportUndoPart(QueuePart):
    """Takes imports back, told who stays."""

    @on(UndoImport)
    async def undo_import(self, message: UndoImport) -> ImportUndone:
        """Take it back once; again, it answers the same."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            # Before all messages and clients, as whoever touches many of them does.
            await outbox.hold_day(tx)
            undone = await take_back(tx, message.import_id, now)
            done = (await imports.find(tx, message.import_id)).done
            assert done is not None  # noqa: S101 - or there was nothing to take back
            if await undos.close(tx, done.undo_id, said(undone), now):
                await audit.note(tx, "undo", f"import {message.import_id}", now)
        LOG.info("import undone", tenant_id=self._tenant_id, removed=undone.removed)
        await self._plan_if_possible()
        return undone


async def take_back(tx: TenantConnection, import_id: int, now: datetime) -> ImportUndone:
    """Take an import back, or find what that answered; the caller holds the day.

    Raises:
        NotFound: there is no such import.
        CannotUndo: it is too late, or too soon.
    """
    stored = await imports.hold(tx, import_id)
    if stored.undone is not None:
        return UNDONE.validate_python(stored.undone)
    if stored.done is None:
        raise CannotUndo("Essa planilha não foi importada: não há o que desfazer.")
    if now >= stored.done.undo_until:
        raise CannotUndo(TOO_LATE)
    found = await imports.since(tx, import_id)
    kept = [one.name for one in found if one.happened]
    untouched = [one for one in found if not one.happened]
    undone = ImportUndone(
        import_id=import_id,
        removed=sum(one.added for one in untouched),
        restored=sum(not one.added for one in untouched),
        kept=tuple(kept[:MOST_NAMED]),
        kept_total=len(kept),
    )
    await imports.take_back(tx, stored, found, UNDONE.dump_python(undone, mode="json"), now)
    return undone


def said(undone: ImportUndone) -> str:
    """What taking it back did, in words."""
    parts = []
    if undone.removed:
        gone = "1 cliente que entrou saiu" if undone.removed == 1 else None
        parts.append(gone or f"{undone.removed} clientes que entraram saíram")
    if undone.restored:
        back = "1 voltou a ser como era" if undone.restored == 1 else None
        parts.append(back or f"{undone.restored} voltaram a ser como eram")
    sentence = f"Importação desfeita: {' e '.join(parts)}." if parts else "Ninguém saiu."
    if not undone.kept_total:
        return sentence
    names = ", ".join(undone.kept[:MOST_SAID])
    more = undone.kept_total - MOST_SAID
    rest = f" e mais {more}" if more > 0 else ""
    verb = "Ficou" if undone.kept_total == 1 else "Ficaram"
    return f"{sentence} {verb} {names}{rest}, porque algo já aconteceu depois da importação."
