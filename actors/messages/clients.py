"""What a tenant is asked about its clients, and what it answers.

Dates are local; instants are on the tenant's clock. Every act may be asked for twice: a repeat
answers as the first did. NotFound for whatever is not this tenant's (B2).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from actors.messages.undo import UndoOffer
from actors.runtime import Request
from domain.client_list import FIRST_PLACE, Figures, ListPlace
from domain.clients import Client, ClientField, NewClient, Switch
from domain.due_dates import Status
from domain.outbox import MessageState
from domain.reminders import Kind
from domain.tags import FieldValue, OwnField, Tag, TagCount


@dataclass(frozen=True, slots=True)
class ClientRow:
    """What every list shows of a client (C3)."""

    client_id: int
    name: str
    due_on: date
    status: Status
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientsView:
    """One page of the list; `place` is where that is, should the page asked for not exist."""

    place: ListPlace
    rows: tuple[ClientRow, ...]
    total: int
    pages: int
    today: date
    figures: Figures
    tags: tuple[TagCount, ...]


@dataclass(frozen=True, slots=True)
class GetClients(Request[ClientsView]):
    """A page of the list, overdue first; with a search, over name, phone, server and fields."""

    place: ListPlace = FIRST_PLACE


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message of a client; `at` is the last thing known of it, `reason` a code (E8, F7)."""

    message_id: int
    at: datetime
    kind: Kind
    state: MessageState
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledMessage:
    """A message that will not go any more, and when it would have gone (C7)."""

    kind: Kind
    day: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCard:
    """All that one screen shows of a client (C4).

    `open_amount` is what is left to pay of the price for the due date that stands, `rest` what the
    last renewal left unpaid; the first is None without a price.
    `why_not_today` is why nothing goes to this client today, None when something does (E8).
    """

    client: Client
    row: ClientRow
    today: date
    tags: tuple[Tag, ...]
    fields: tuple[FieldValue, ...]
    last_messages: tuple[SentMessage, ...]
    shares_phone_with: tuple[ClientRow, ...]
    open_amount: Decimal | None
    rest: Decimal
    why_not_today: str | None


@dataclass(frozen=True, slots=True)
class GetClient(Request[ClientCard]):
    """The card of one client."""

    client_id: int


@dataclass(frozen=True, slots=True)
class GetPhoneOwners(Request[tuple[ClientRow, ...]]):
    """Who has this number already, with or without the ninth digit (C2). `phone` is E.164."""

    phone: str


@dataclass(frozen=True, slots=True)
class Presets:
    """What the tenant used before, the most used first, and its own fields (C1, C12)."""

    plans: tuple[str, ...]
    prices: tuple[Decimal, ...]
    servers: tuple[str, ...]
    own_fields: tuple[OwnField, ...]


@dataclass(frozen=True, slots=True)
class GetPresets(Request[Presets]):
    """What the form offers to touch."""


@dataclass(frozen=True, slots=True)
class Registered:
    """Whether the client is new, and its welcome as it would go (None: no text for it)."""

    card: ClientCard
    created: bool
    welcome: str | None


@dataclass(frozen=True, slots=True)
class RegisterClient(Request[Registered]):
    """Register a client, once for each number of a draft (C1); billed today if E3b says so."""

    draft: int
    client: NewClient


@dataclass(frozen=True, slots=True)
class Edited:
    """The card as it is now, and what stood there before, as a person writes it.

    `undo` is None when nothing changed.
    """

    card: ClientCard
    before: str | None
    undo: UndoOffer | None


@dataclass(frozen=True, slots=True)
class EditClient(Request[Edited]):
    """Set one field from what was typed, None to empty it (C5). Raises InvalidInput."""

    client_id: int
    field: ClientField
    text: str | None


@dataclass(frozen=True, slots=True)
class SwitchChanged:
    """The card, and what the switch did to today's messages, in sentences."""

    card: ClientCard
    effect: tuple[str, ...]
    undo: UndoOffer | None


@dataclass(frozen=True, slots=True)
class SetSwitch(Request[SwitchChanged]):
    """Turn one of the two switches (C10)."""

    client_id: int
    switch: Switch
    on: bool


@dataclass(frozen=True, slots=True)
class Archived:
    """The client as it is now, and what will not go to it any more."""

    row: ClientRow
    cancelled: tuple[CancelledMessage, ...]
    undo: UndoOffer | None


@dataclass(frozen=True, slots=True)
class ArchiveClient(Request[Archived]):
    """Put a client away, or back."""

    client_id: int
    archived: bool


@dataclass(frozen=True, slots=True)
class Deletion:
    """What goes with a client: its messages; its payments stay counted, without a name."""

    row: ClientRow
    messages: int
    payments: int
    paid: Decimal


@dataclass(frozen=True, slots=True)
class GetDeletion(Request[Deletion]):
    """What deleting would lose, asked before it is done."""

    client_id: int


@dataclass(frozen=True, slots=True)
class Deleted:
    """Who is gone."""

    name: str


@dataclass(frozen=True, slots=True)
class DeleteClient(Request[Deleted]):
    """Delete a client for good (C4, I9). A second time it is not found."""

    client_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesView:
    """One page of a client's messages, the latest first."""

    row: ClientRow
    messages: tuple[SentMessage, ...]
    page: int
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class GetClientMessages(Request[MessagesView]):
    """What went to a client, or did not."""

    client_id: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class WhyNotToday(Request[tuple[str, ...]]):
    """Why a client received nothing today, or what it does receive, in sentences (E8)."""

    client_id: int


@dataclass(frozen=True, slots=True)
class Queued:
    """When a message will go, at the soonest; `held` says what it waits for, None for nothing."""

    at: datetime
    held: str | None


@dataclass(frozen=True, slots=True)
class SendToClient(Request[Queued]):
    """Send the renewal's message or the welcome, now that the owner said so (C8).

    One for each client, kind and due date (E6). Raises InvalidInput when it cannot go.
    """

    client_id: int
    kind: Kind
