"""What a tenant is asked about messages its owner writes by hand, now or for a moment (E12).

Instants are on the tenant's clock in answers, and any aware one in requests. Every act may be asked
for twice: the same `nonce` again is the same message. NotFound for whatever is not this tenant's.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from actors.messages.clients import ClientRow
from actors.messages.undo import UndoOffer
from actors.runtime import Request
from domain.outbox import MessageState
from domain.reminders import Kind


@dataclass(frozen=True, slots=True)
class TextChoice:
    """One of the tenant's texts, as it is written; `name` is what its owner calls it.

    `text_id` is that of one written for sending by hand: its use is counted by it (D1).
    """

    name: str
    kind: Kind
    text: str
    text_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WritableTexts:
    """What can be written to a client: the texts to choose from, and the variables of own fields.

    `scheduled` counts the messages by hand that are to come, or did not go.
    `refusal` says why nothing may go to this client at all: opted out, or archived.
    """

    row: ClientRow
    today: date
    texts: tuple[TextChoice, ...]
    own_variables: tuple[str, ...]
    refusal: str | None
    scheduled: int


@dataclass(frozen=True, slots=True)
class GetTexts(Request[WritableTexts]):
    """What there is to write to a client."""

    client_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A message exactly as the phone will show it at `at` (D3).

    `words` is None where variables have no value, which `missing` names (D4), or where it is too
    long. `by_day` are the variables that say something else on another day or at another hour.
    `warnings` keep nothing back: the two switches (E12), and what holds the queue at this moment.
    `soonest` is when it could go at the soonest: now, or when the sending hours begin again.
    """

    row: ClientRow
    today: date
    at: datetime
    words: str | None = field(repr=False)
    missing: tuple[str, ...]
    refusal: str | None
    by_day: tuple[str, ...]
    warnings: tuple[str, ...]
    soonest: datetime


@dataclass(frozen=True, slots=True)
class PreviewByHand(Request[Preview]):
    """Show a text as a client would read it; at once where `at` is None. Raises InvalidInput."""

    client_id: int
    text: str = field(repr=False)
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentRead:
    """What was typed as a moment, understood.

    `at` is None while the hour is open: `day` is known then, and `hours` are likely moments of it.
    `says` explains why `at` is not what was typed (past, or outside the sending hours): it is the
    nearest that works, offered. `monthly_day` is the day of the month it comes back on (C13).
    """

    at: datetime | None
    day: date
    hours: tuple[datetime, ...] = ()
    says: str | None = None
    monthly_day: int | None = None


@dataclass(frozen=True, slots=True)
class ReadMoment(Request[MomentRead]):
    """Understand a moment as people type it; `day` where only the hour was still open.

    Raises InvalidInput.
    """

    text: str
    day: date | None = None
    monthly_day: int | None = None


class HandState(StrEnum):
    """How a message by hand stands, for its owner."""

    SCHEDULED = "scheduled"
    """Its day is to come."""
    QUEUED = "queued"
    """It is in today's queue."""
    GONE = "gone"
    """It went, or is going at this moment."""
    ENDED = "ended"
    """It did not go, or will not: `reason` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMessage:
    """A message by hand: `text` as it was typed, `words` as the client would read it at `at`.

    `reason` is a code (E8); `state_sent` how far the message came, None before its day.
    `monthly_day`: it comes back every month on that day.
    """

    message_id: int
    row: ClientRow
    today: date
    state: HandState
    at: datetime
    text: str = field(repr=False)
    words: str | None = field(repr=False)
    missing: tuple[str, ...]
    by_day: tuple[str, ...]
    kind: Kind
    monthly_day: int | None
    reason: str | None
    state_sent: MessageState | None


@dataclass(frozen=True, slots=True)
class Written:
    """What was made: the message as it stands, and how to take that back (None: too late).

    `held` says what keeps it waiting, None for nothing.
    """

    message: HandMessage
    undo: UndoOffer | None
    held: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteToClient(Request[Written]):
    """Send a text to a client now, with variables and all (E12).

    `answers` is the instant of the client's own message that this answers: within a day of it the
    answer goes at any hour, since a person writes it now. Otherwise the sending hours count.
    Raises InvalidInput when it cannot go: opted out, a value missing, outside the hours.
    """

    client_id: int
    text: str = field(repr=False)
    nonce: str
    kind: Kind = Kind.GENERAL
    text_id: int | None = None
    answers: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleMessage(Request[Written]):
    """Send a text to a client at a moment, or every month on `monthly_day` from then on (E12).

    `text` None stands for the tenant's own text of `kind`. A date alone as `at` is the tenant's
    hour of sending on that day (J3). Raises InvalidInput for the past and outside the hours.
    """

    client_id: int
    at: datetime | date
    nonce: str
    text: str | None = field(default=None, repr=False)
    kind: Kind = Kind.GENERAL
    text_id: int | None = None
    monthly_day: int | None = None


@dataclass(frozen=True, slots=True)
class GetHandMessage(Request[HandMessage]):
    """One message by hand, as it stands now."""

    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeHandMessage(Request[Written]):
    """Give a scheduled message another text or another time; None leaves what is there.

    One that ended without going is scheduled anew with a new `at`, which then says all of the time:
    no `monthly_day` means once. Raises InvalidInput, and AlreadyChanged when it went meanwhile.
    """

    message_id: int
    text: str | None = field(default=None, repr=False)
    at: datetime | None = None
    monthly_day: int | None = None


@dataclass(frozen=True, slots=True)
class CancelHandMessage(Request[Written]):
    """Let a scheduled message not go, this time and every other; raises AlreadyChanged."""

    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMessages:
    """One page of the messages by hand: those that did not go, then those to come, the next first.

    Last those that a renewal stopped, or the client.
    """

    row: ClientRow | None
    today: date
    messages: tuple[HandMessage, ...]
    page: int
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class GetHandMessages(Request[HandMessages]):
    """What is scheduled: for one client, or for all."""

    client_id: int | None = None
    page: int = 1
