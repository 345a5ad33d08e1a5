"""What a tenant hears, and is asked, about what its clients write back (F8, J3).

Instants are on the tenant's clock. NotFound for whatever is not this tenant's.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from actors.messages.clients import ClientRow
from actors.runtime import Request
from domain.outbox import MessageState
from domain.replies import ReplyKind


@dataclass(frozen=True, slots=True)
class RepliesCame:
    """Somebody wrote, or an answer has come further: look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that a client wrote; files by kind, name and size."""

    kind: ReplyKind
    text: str | None = field(repr=False)
    name: str | None = field(repr=False)
    size_bytes: int | None
    seconds: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAnswer:
    """What the owner wrote last, and how far it has come; `goes_at` where it is for another day."""

    text: str | None = field(repr=False)
    state: MessageState
    reason: str | None
    at: datetime
    goes_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyClient:
    """One of the clients whose phone it is; `open_amount` is what is still to be paid, if known."""

    row: ClientRow
    open_amount: Decimal | None
    opted_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyCard:
    """What was written from one phone and waits for the owner, or waited last.

    `lines` are the latest, the oldest of them first; `earlier` more came before. `paid`: it reads
    as if they had paid, which is for the owner to confirm. `promised_on` is the day on which they
    say they will (J3). `left` and `returned`: the last word was SAIR, or VOLTAR.
    """

    talk_id: int
    clients: tuple[ReplyClient, ...]
    today: date
    lines: tuple[Line, ...]
    earlier: int
    last_at: datetime
    paid: bool = False
    promised_on: date | None = None
    left: bool = False
    returned: bool = False
    answer: OwnAnswer | None = None
    waits: bool = True


@dataclass(frozen=True, slots=True)
class GetReply(Request[ReplyCard]):
    """What was written from one phone."""

    talk_id: int


@dataclass(frozen=True, slots=True)
class DoneWithReply(Request[ReplyCard]):
    """Nothing in it waits for the owner any more."""

    talk_id: int


@dataclass(frozen=True, slots=True)
class WaitingReply:
    """A phone that waits for the owner; `since` is when the first unanswered word came."""

    talk_id: int
    row: ClientRow
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """A page of what waits, the longest first."""

    today: date
    replies: tuple[WaitingReply, ...]
    page: int
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class GetReplies(Request[Replies]):
    """What clients wrote and nobody answered."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class Quiet:
    """When the owner hears of no reply: local times, and whether it counts."""

    on: bool
    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class GetQuiet(Request[Quiet]):
    """The quiet hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuiet(Request[Quiet]):
    """Change what is given; raises InvalidInput where no hours would be left."""

    on: bool | None = None
    begins: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyNotice:
    """Show the owner a card: anew at the bottom, or over the one that is there.

    `anew`: with a sound. `only_over`: nowhere else than where it is.
    """

    card: ReplyCard
    anew: bool
    only_over: bool = False


@dataclass(frozen=True, slots=True)
class RepliesNotice:
    """Show the owner together what came in the quiet hours, or (not `night`) also longer ago."""

    replies: Replies
    night: bool = True
