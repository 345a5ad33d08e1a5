"""The forms the owner is filling in; also those of a chat that is no tenant yet."""

from dataclasses import asdict
from datetime import date, datetime

from actors.messages.drafts import (
    Draft,
    DropDraft,
    DroppedDraft,
    EndDraft,
    GetDraft,
    PutDraft,
    RestoreDraft,
    StartDraft,
)
from actors.runtime import on
from actors.tenant.part import TenantPart
from domain.schedule import DEFAULT_ZONE, local
from storage import drafts, tenants
from storage.database import TenantConnection
from storage.drafts import UNDO, StoredDraft


class DraftsPart(TenantPart):
    """Keeps forms."""

    @on(GetDraft)
    async def get_draft(self, message: GetDraft) -> Draft | None:
        """The form of this kind."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            stored = await drafts.find(tx, message.form)
            return None if stored is None else _draft(stored, (await self._local_now(tx)).date())

    @on(StartDraft)
    async def start_draft(self, message: StartDraft) -> Draft:
        """Begin a form, or find it begun."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            await drafts.start(tx, now=self.context.clock.now(), **asdict(message))
            stored = await drafts.find(tx, message.form)
            assert stored is not None  # noqa: S101 - it was written just now
            return _draft(stored, (await self._local_now(tx)).date())

    @on(PutDraft)
    async def put_draft(self, message: PutDraft) -> bool:
        """Keep where a form stands."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            return await drafts.put(tx, now=self.context.clock.now(), **asdict(message))

    @on(EndDraft)
    async def end_draft(self, message: EndDraft) -> None:
        """Note what a form led to."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            await drafts.end(tx, message.form, message.number, message.result, now)

    @on(DropDraft)
    async def drop_draft(self, message: DropDraft) -> DroppedDraft | None:
        """Throw a form away."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            gone = await drafts.drop(tx, message.form, message.number, now)
            return None if gone is None else DroppedDraft(*gone, await self._local_now(tx) + UNDO)

    @on(RestoreDraft)
    async def restore_draft(self, message: RestoreDraft) -> Draft | None:
        """Take a form back."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            if not await drafts.restore(tx, message.form, message.number, now):
                return None
            stored = await drafts.find(tx, message.form)
            return None if stored is None else _draft(stored, (await self._local_now(tx)).date())

    async def _local_now(self, tx: TenantConnection) -> datetime:
        """Now on the owner's clock; who has not signed up is on the clock of most."""
        zone = await tenants.zone(tx)
        return local(self.context.clock.now(), zone or DEFAULT_ZONE)


def _draft(stored: StoredDraft, today: date) -> Draft:
    return Draft(today=today, **asdict(stored))
