"""What every act on clients begins with: one transaction, the rules and the day of this moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime

from actors.messages.undo import UndoOffer
from actors.tenant.queue import QueuePart
from domain import schedule
from domain.charter import Charter
from domain.clients import Client
from domain.reminders import Kind, due_dates_on
from domain.rulebook import Rulebook, rulebook
from errors import MissingValue, TextTooLong
from storage import tenants
from storage.database import TenantConnection
from storage.undos import Offer


@dataclass(frozen=True, slots=True)
class Desk:
    """A transaction of the tenant, with its rules at `now`, UTC."""

    tx: TenantConnection
    charter: Charter
    book: Rulebook
    now: datetime

    @property
    def today(self) -> date:
        """The tenant's own day."""
        return self.book.today(self.now)

    def local(self, instant: datetime) -> datetime:
        """An instant on the tenant's clock."""
        return schedule.local(instant, self.book.zone)

    def offer(self, made: Offer | None) -> UndoOffer | None:
        """What can be undone, on the tenant's clock."""
        return None if made is None else UndoOffer(made.undo_id, self.local(made.until))

    def is_todays(self, due_on: date) -> bool:
        """Whether something goes out by itself today about this due date (E4)."""
        return due_on in due_dates_on(self.today, self.book.rules).values()

    def words(self, client: Client, kind: Kind) -> str | None:
        """The text of `kind` as it would go to a client, None where it could not.

        That is: the owner switched it off, or it lacks something.
        """
        own = self.charter.own_texts.get(kind)
        if own is not None and not own.active:
            return None
        try:
            return self.book.words(kind, client, self.now)
        except (MissingValue, TextTooLong):
            return None


class DeskPart(QueuePart):
    """Opens the desk."""

    @asynccontextmanager
    async def _desk(self) -> AsyncIterator[Desk]:
        """A transaction, committed at the end of the block; raises NotSignedUp."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            charter = await tenants.charter(tx)
            yield Desk(tx, charter, rulebook(charter, now), now)
        self._day_moved()
