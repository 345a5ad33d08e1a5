"""The states of a message and every policy about them: what an answer, a crash or a fault means.

Pure: storage carries the steps out and guards them, the courier only reports what happened. The
last word about a state is `may_become`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum

from domain.pacing import MAX_ATTEMPTS
from domain.reasons import Reason
from domain.reminders import Kind

# How often one message may fail before any frame of it leaves; it survives a restart (F11).
MAX_FAULTS = 3
FAULT_STEP = timedelta(seconds=30)
POSTPONE_STEP = timedelta(minutes=1)
POSTPONE_MOST = timedelta(minutes=30)
# Longer than any attempt can take (typing, the worker's deadline, the answer's way back).
LONGEST_ATTEMPT = timedelta(minutes=2)


class MessageState(StrEnum):
    """Where a message is; the value is what the table and the log hold."""

    WAITING = "waiting"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    RETRY = "retry"
    UNKNOWN = "unknown"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


_S = MessageState
# May go as soon as its time comes.
READY = frozenset({_S.QUEUED, _S.RETRY, _S.UNKNOWN})
# Has not gone, and still may.
PENDING = READY | {_S.WAITING}
# Not at its end yet.
OPEN = PENDING | {_S.SENDING}
# The server has it.
ARRIVED = frozenset({_S.SENT, _S.DELIVERED, _S.READ})
# Ended without going.
ENDED = frozenset({_S.FAILED, _S.EXPIRED, _S.CANCELLED})
SETTLED = ARRIVED | ENDED
# Never tried and at its end: it comes back when its reason goes away the same day (E6).
REVIVABLE = frozenset({_S.CANCELLED, _S.EXPIRED})
# Reasons of a whole queue, which a queued message carries as long as they hold it.
HOLDING = frozenset(
    {
        Reason.ACCESS_ENDED,
        Reason.AWAY,
        Reason.BANNED,
        Reason.INTERNAL,
        Reason.NEEDS_QR,
        Reason.NOT_CONNECTED,
        Reason.PAUSED,
        Reason.RESTRICTED,
    }
)
# What a queued message waits for, and would have got over by itself.
_PASSING = HOLDING | {Reason.NUMBER_UNANSWERED}
# Ends that say a message did not arrive, which is not so of one whose text did.
_NOT_ARRIVED = frozenset(Reason) - {
    Reason.UNCONFIRMED,
    Reason.INTERNAL,
    Reason.RESTRICTED,
    Reason.PHONE_CHANGED,  # which says so itself
}
# An obstacle that went away sooner is forgotten: it kept nobody from being reached.
HELD_LONG = timedelta(minutes=30)

_RESTS = frozenset({_S.WAITING, _S.CANCELLED, _S.EXPIRED, _S.FAILED})
_BECOMES: dict[MessageState, frozenset[MessageState]] = {
    _S.WAITING: _RESTS - {_S.WAITING} | {_S.QUEUED},
    # Also what was asked for again while its answer was still to come.
    _S.QUEUED: _RESTS | ARRIVED | {_S.SENDING},
    # Back to `queued` only when the frame surely never left (see `taken_back`), or when it was the
    # first of two parts and has arrived: then the second is next (see `domain.parts`).
    _S.SENDING: ARRIVED | {_S.RETRY, _S.UNKNOWN, _S.FAILED, _S.EXPIRED, _S.QUEUED},
    # A receipt or a late ack is proof, whatever was believed before (F7).
    _S.RETRY: _RESTS | ARRIVED | {_S.SENDING, _S.QUEUED},
    _S.UNKNOWN: _RESTS | ARRIVED | {_S.SENDING, _S.QUEUED},
    # Back: what a clock that was ahead gave up (E14), or the owner wants tried again (E8).
    _S.FAILED: ARRIVED | {_S.QUEUED, _S.RETRY, _S.UNKNOWN},
    _S.EXPIRED: ARRIVED | {_S.QUEUED},
    # As unsure as it was, when cancelling it by hand is undone.
    _S.CANCELLED: ARRIVED | {_S.QUEUED, _S.RETRY, _S.UNKNOWN},
    _S.SENT: frozenset({_S.DELIVERED, _S.READ}),
    _S.DELIVERED: frozenset({_S.READ}),
    _S.READ: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """One message as the outbox holds it; `about_due_on` is None for what a person wrote.

    `on_request`: the owner asked for it by hand, past its day (decision 2). `faults` counts the
    preparations that came to no end, `postponed` how often it stepped aside. `second_body` is what
    goes after `body` as a message of its own (see `domain.parts`); `first_is_out`: the second part
    is what is left of it, after `first_attempts` attempts. `farewell`: it confirms to a client that
    it left, or came back (F8).
    """

    id: int
    client_id: int
    kind: Kind
    about_due_on: date | None
    day: date
    state: MessageState
    body: str | None
    phone: str
    whatsapp_id: str
    correlation_id: str
    attempt: int
    expires_at: datetime
    on_request: bool = False
    faults: int = 0
    postponed: int = 0
    second_body: str | None = None
    second_whatsapp_id: str = ""
    first_is_out: bool = False
    first_attempts: int = 0
    farewell: bool = False

    @property
    def is_by_hand(self) -> bool:
        """Whether a person wrote it: its words are its own, and about no due date (E12)."""
        return self.kind is Kind.GENERAL and self.about_due_on is None and not self.farewell

    @property
    def is_to_be_filled(self) -> bool:
        """Whether its words are written with variables, for the first attempt to fill (E12)."""
        return self.is_by_hand and self.attempt == 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """A message that does not go, or not yet: the state it rests in and the reason's code."""

    message_id: int
    state: MessageState
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A message that will not go any more; `at` is when it was to go, UTC."""

    message_id: int
    kind: Kind
    day: date
    at: datetime


def may_become(before: MessageState, after: MessageState) -> bool:
    """Whether a message may go from `before` to `after` in one step."""
    return after in _BECOMES[before]


def may_come_back(state: MessageState, reason: str | None, attempt: int) -> bool:
    """Whether a message at its end is queued again once its reason is gone the same day (E6).

    What the owner cancelled by hand stays cancelled, and what was ever tried stays as it is.
    """
    by_hand = reason in {Reason.CANCELLED, Reason.DISMISSED}
    return attempt == 0 and state in REVIVABLE and not by_hand


class Answer(Enum):
    """What came back after a frame left, or tried to."""

    ACKED = "acked"
    REFUSED = "refused"
    # WhatsApp lets this number open no new chat (463).
    RESTRICTED = "restricted"
    # It may have been sent.
    UNKNOWN = "unknown"
    # The worker or the line was not there: surely nothing was written.
    NOT_WRITTEN = "not_written"
    # Our own fault on the way; it may have been sent.
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where a message goes next: the state, the reason's code and when to try again."""

    state: MessageState
    reason: Reason | None = None
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class _After:
    """What an answer that is no ack means: for the next try, and when there is none."""

    state: MessageState
    why: Reason
    given_up: Reason
    attempts: int = MAX_ATTEMPTS


_AFTER = {
    Answer.REFUSED: _After(_S.RETRY, Reason.REFUSED, Reason.REFUSED),
    Answer.UNKNOWN: _After(_S.UNKNOWN, Reason.UNCONFIRMED, Reason.UNCONFIRMED),
    Answer.NOT_WRITTEN: _After(_S.RETRY, Reason.NOT_CONNECTED, Reason.ATTEMPTS_EXHAUSTED),
    Answer.FAULT: _After(_S.UNKNOWN, Reason.INTERNAL, Reason.INTERNAL, MAX_FAULTS),
}


def settlement(  # noqa: PLR0913 - the facts of one answer, all named at the call
    answer: Answer,
    *,
    attempt: int,
    delay: float,
    now: datetime,
    expires_at: datetime,
    first_is_out: bool = False,
) -> Settlement:
    """What `answer` to attempt number `attempt` means (E8); "unknown" is never "not sent".

    `delay` is how many seconds the next try waits, if there is one. With `first_is_out` attempt
    and answer are those of the second part.
    """
    if answer is Answer.ACKED:
        return Settlement(_S.SENT)
    if answer is Answer.RESTRICTED:
        return Settlement(_S.FAILED, Reason.RESTRICTED)
    after = _AFTER[answer]
    if attempt >= after.attempts:
        return Settlement(_S.FAILED, told(after.given_up, first_is_out))
    if now >= expires_at:
        # The close of the day has passed this row by: it ends here.
        return at_close(after.state, after.why, None, first_is_out=first_is_out)
    return Settlement(after.state, after.why, now + timedelta(seconds=delay))


def recovery(attempt: int, *, delay: float, now: datetime, expires_at: datetime) -> Settlement:
    """What becomes of a send that nobody waits for any more: it may have arrived.

    The first is repeated at once under its own id; from the second on it waits `delay` seconds,
    behind all others. One that was open at every crash is set aside, and kept.
    """
    if attempt >= MAX_ATTEMPTS or now >= expires_at:
        return Settlement(_S.FAILED, Reason.UNCONFIRMED)
    wait = timedelta(seconds=delay if attempt > 1 else 0.0)
    return Settlement(_S.UNKNOWN, Reason.INTERRUPTED, now + wait)


def taken_back(attempt: int) -> MessageState:
    """Where a message goes whose attempt number `attempt` was begun, but whose frame never left."""
    return _S.QUEUED if attempt <= 1 else _S.RETRY


def after_fault(state: MessageState, faults: int, now: datetime) -> Settlement:
    """What the fault number `faults` in preparing a message means: behind the others, or aside."""
    if faults >= MAX_FAULTS:
        perhaps = state is _S.UNKNOWN
        return Settlement(_S.FAILED, Reason.UNCONFIRMED if perhaps else Reason.INTERNAL)
    return Settlement(state, Reason.INTERNAL, now + FAULT_STEP * max(1, faults))


def postponement(times: int) -> timedelta:
    """How long a message steps aside that was put off `times` times before."""
    doubled: int = 2 ** min(max(0, times), 10)
    return min(POSTPONE_STEP * doubled, POSTPONE_MOST)


def at_close(
    state: MessageState, reason: str | None, obstacle: Reason | None, *, first_is_out: bool = False
) -> Settlement:
    """How a message that did not go ends with its window (E5), for its true reason.

    Its own reason comes first, unless it would have been tried again: then what holds the whole
    queue, then what held it before. One that may have arrived says so, and one of which a part has
    arrived says that.
    """
    if state in {_S.UNKNOWN, _S.SENDING}:
        return Settlement(_S.FAILED, Reason.UNCONFIRMED)
    known = _known(reason)
    if known is None or (state is _S.QUEUED and known in _PASSING):
        known = obstacle or known or Reason.WINDOW_CLOSED
    return Settlement(_S.EXPIRED, told(known, first_is_out))


def told(reason: Reason, first_is_out: bool) -> Reason:
    """What the owner must know first of an end: that the client has the text already (D5)."""
    return Reason.CODE_NOT_SENT if first_is_out and reason in _NOT_ARRIVED else reason


def _known(reason: str | None) -> Reason | None:
    return Reason(reason) if reason in set(Reason) else None
