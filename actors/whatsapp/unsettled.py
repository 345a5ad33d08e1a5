"""What a session has begun and not settled: kept in memory over a lost PostgreSQL (E8).

An answer that could not be written is written later, so an acknowledged message is not repeated
for nothing. What a crash takes with it is recovered from the rows themselves.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.outbox import MessageState, Settlement
from storage import outbox, receipts
from storage.database import TenantConnection
from storage.outbox import Attempt


@dataclass(frozen=True, slots=True)
class Answered:
    """An attempt whose answer is known, and what it means; the id is that of its part."""

    attempt: Attempt
    whatsapp_id: str
    settlement: Settlement


class Unsettled:
    """The one attempt of a session's life that may be open, under one epoch."""

    def __init__(self) -> None:
        self._begun: int | None = None
        self._answered: Answered | None = None
        # Nobody knows what an earlier life left.
        self._in_doubt = True

    @property
    def in_doubt(self) -> bool:
        """Whether a row may be `sending` that nobody is waiting for."""
        return self._in_doubt

    def doubt(self) -> None:
        """PostgreSQL did not answer: what was being written is written or not."""
        self._in_doubt = True

    def begins(self, message_id: int | None) -> None:
        """An attempt of `message_id` may be written from now on, and its frame has not left."""
        self._begun = message_id

    def leaves(self) -> None:
        """The frame is about to leave: from here on nobody may say that it did not."""
        self._begun = None

    def answered(self, answered: Answered) -> None:
        """What came back, before it is written down."""
        self._answered = answered

    def forget_answer(self) -> None:
        """It is written, or cannot be."""
        self._answered = None

    async def close(self, tx: TenantConnection, epoch: int, delay: float, now: datetime) -> int:
        """Write down what is known of what was open, and recover the rest; returns how many."""
        if self._answered is not None:
            await write(tx, self._answered, now)
        elif self._begun is not None:
            await outbox.take_back(tx, self._begun, epoch, now)
        return await outbox.recover(tx, epoch=epoch, delay=delay, now=now)

    def closed(self) -> None:
        """What `close` did is committed."""
        self._begun = self._answered = None
        self._in_doubt = False


async def write(tx: TenantConnection, answered: Answered, now: datetime) -> bool:
    """Settle an attempt. False when something stronger already did, or somebody gave it up.

    An ack counts in any case: it is what really happened.
    """
    settlement = answered.settlement
    settled = await outbox.settle(
        tx,
        answered.attempt,
        state=settlement.state,
        reason=settlement.reason,
        next_try=settlement.next_try,
        now=now,
    )
    if not settled and settlement.state is MessageState.SENT:
        return await receipts.acknowledge_late(tx, answered.whatsapp_id, now) is not None
    return settled
