"""One message of the queue, what its owner does with it, and who was left unbilled (E7, E8, E3b).

Instants are on the tenant's clock. Every act may be asked for twice: a repeat answers as the first
did. NotFound for whatever is not this tenant's (B2).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from actors.messages.clients import CancelledMessage, ClientRow
from actors.messages.queue import Hold, TodayView
from actors.messages.undo import UndoOffer
from actors.runtime import Request
from domain.outbox import MessageState
from domain.queue_acts import QueueAct
from domain.reminders import Kind


@dataclass(frozen=True, slots=True)
class LogLine:
    """Something that happened to a message; `detail` is a code, or what was done."""

    at: datetime
    state: MessageState
    attempt: int
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message, as it stands (E7).

    `texts` is what it says, in as many messages as the phone will show; empty where it cannot be
    written, since `missing` have no value. `turn` is when it is expected to go. `pending` counts
    what has not gone to the same client. `may` is what can be done with it.
    """

    message_id: int
    row: ClientRow
    today: date
    day: date
    kind: Kind
    state: MessageState
    reason: str | None
    texts: tuple[str, ...]
    fixed: bool
    missing: tuple[str, ...]
    turn: datetime | None
    expires_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    attempts: int
    log: tuple[LogLine, ...]
    hold: Hold | None
    pending: int
    may: frozenset[QueueAct]


@dataclass(frozen=True, slots=True)
class GetMessage(Request[MessageView]):
    """One message of the tenant, whatever its day; raises NotFound."""

    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What came of an act: the message as it stands after it, and a sentence.

    `done` is False where it came too late, or had been done. `cancelled` names what will not go.
    """

    message: MessageView
    done: bool
    says: str
    cancelled: tuple[CancelledMessage, ...] = ()
    undo: UndoOffer | None = None


@dataclass(frozen=True, slots=True)
class ActOn(Request[Acted]):
    """Send a message now, cancel it, cancel all of its client, or try it once more (E7, E8)."""

    message_id: int
    act: QueueAct


@dataclass(frozen=True, slots=True)
class PauseQueue(Request[TodayView]):
    """Stop the whole queue, or let it go on; effective at once (E7). Answered with the day."""

    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Who was left without its billing; `reason` is a code, `marked` whether it is to be billed."""

    row: ClientRow
    price: Decimal | None
    reason: str
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutView:
    """One page of them (E3b), and decision 2's question: all, some, or none.

    `why` has the first names by reason, and how many have it. `amount` is what the marked owe.
    `seal` stands for exactly those that are marked, `all_seal` for all that are listed.
    """

    rows: tuple[LeftOut, ...]
    today: date
    page: int
    pages: int
    total: int
    marked: int
    amount: Decimal
    why: tuple[tuple[str, tuple[str, ...], int], ...]
    seal: str
    all_seal: str


@dataclass(frozen=True, slots=True)
class GetLeftOut(Request[LeftOutView]):
    """Who was left unbilled, six a page."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class MarkLeftOut(Request[LeftOutView]):
    """Mark one of them, or not; without a client all of them. Answered with the page."""

    client_id: int | None
    on: bool
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of decision 2's answer: how many, what is still listed, and whether it was done.

    `done` is False where the list was another than the one that was shown: nothing was done.
    """

    done: bool
    clients: int
    left: LeftOutView
    undo: UndoOffer | None = None


@dataclass(frozen=True, slots=True)
class BillMarked(Request[Decided]):
    """Bill those that are marked, if they are those that `seal` stands for.

    Raises InvalidInput when today's window is over (E5).
    """

    seal: str


@dataclass(frozen=True, slots=True)
class DismissAll(Request[Decided]):
    """Bill none of those listed, if they are those that `seal` stands for; it can be undone."""

    seal: str
