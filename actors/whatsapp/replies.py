"""Passes on that somebody wrote, and how far the owner's answers came; both are kept already."""

from actors.messages.replies import RepliesCame
from actors.runtime import on
from actors.whatsapp.part import SessionPart
from domain.reminders import Kind
from errors import ActorError
from storage.receipts import Moved
from telemetry import logger

LOG = logger("whatsapp")
WAIT_SECONDS = 5.0


class RepliesPart(SessionPart):
    """The session's ear."""

    @on(RepliesCame)
    async def replies_came(self, message: RepliesCame) -> None:
        """Let the tenant look; where it cannot hear that now, later."""
        try:
            await self._ports.owner.tell(message)
        except ActorError as error:
            LOG.info("tenant not told of replies yet", tenant_id=self._tenant_id, error=repr(error))
            self.context.after(WAIT_SECONDS, message)

    def _answer_moved(self, moved: Moved | None) -> None:
        """What the owner wrote by hand has come further: its card shows it (F7)."""
        if moved is not None and moved.kind is Kind.GENERAL:
            self.context.signal(RepliesCame())
