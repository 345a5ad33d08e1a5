"""A day before it comes: who gets what, with which words, and for the others why not (J7).

Pure, and by the very rules that plan the day and check each message before it goes; as if nothing
changed until then. What holds the whole queue is told apart: a pause ends, and the day goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.clients import Client
from domain.outbox import MessageState, OutboxMessage
from domain.reasons import Reason
from domain.reminders import DAYS_LATE, Decision, Kind, decide
from domain.rulebook import Held, Reviewed, Rulebook, review

# How far ahead a day may be looked at.
FURTHEST = timedelta(days=366)
# What is told as one: the owner chose that nobody gets these.
_CHOSEN_OFF = frozenset({Reason.KIND_OFF, Reason.TEMPLATE_OFF})
_PIX_CODE, _PRICE = "pix_copia_e_cola", "valor"


class Fate(StrEnum):
    """In which list of the day a client is; the value is what buttons carry."""

    BILLING = "b"
    DUE_TODAY = "v"
    DUE_TOMORROW = "1"
    DUE_IN_2_DAYS = "2"
    BY_HAND = "m"  # what the owner has scheduled for it (E12)
    NOT = "x"
    OFF = "o"  # of a reminder that the owner has switched off


FATES: Mapping[Kind, Fate] = {
    Kind.BILLING: Fate.BILLING,
    Kind.DUE_TODAY: Fate.DUE_TODAY,
    Kind.REMINDER_1_DAY: Fate.DUE_TOMORROW,
    Kind.REMINDER_2_DAYS: Fate.DUE_IN_2_DAYS,
}
GOES = frozenset({*FATES.values(), Fate.BY_HAND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a day brings one client: `texts` where a message goes, else why none does.

    `missing` names the variables without a value, which the owner could still fill in.
    """

    client: Client
    kind: Kind
    fate: Fate
    reason: Reason
    sentence: str
    texts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def goes(self) -> bool:
        """Whether it gets a message."""
        return self.fate in GOES


def due_dates_of(day: date) -> dict[Kind, date]:
    """The due date that each kind speaks about on `day`, whether it goes out or not."""
    return {kind: day - timedelta(days=late) for kind, late in DAYS_LATE.items()}


def foresee(  # noqa: PLR0913 - the client, the day, and its rules
    book: Rulebook, client: Client, kind: Kind, day: date, at: datetime, *, made: bool = False
) -> Foreseen:
    """What `day` brings `client`, whose due date is the one of `kind`; `at` is its turn, UTC.

    `book` is that of the day. `made`: the queue has had this message already, on another day (E6).
    """
    free = replace(book, rules=replace(book.rules, paused=False))
    decision = decide(client, free.rules, day, already_made=(kind,) if made else ())
    if decision.kind is None:
        return _not(client, kind, decision)
    found = review(free, _message(free, client, kind, day), client, at)
    return _foreseen(free, client, decision, FATES[kind], found)


def foresee_by_hand(book: Rulebook, client: Client, text: str, day: date, at: datetime) -> Foreseen:
    """What becomes of a message that the owner has scheduled for `day`; `at` is its turn, UTC."""
    free = replace(book, rules=replace(book.rules, paused=False))
    row = replace(_message(free, client, Kind.GENERAL, day), about_due_on=None, body=text)
    decision = Decision(Kind.GENERAL, Reason.DUE, "")
    return _foreseen(free, client, decision, Fate.BY_HAND, review(free, row, client, at))


def to_fill_in(missing: tuple[str, ...], *, has_pix: bool) -> tuple[str, ...]:
    """What the owner must fill in: where there is a PIX key, its code lacks the price alone."""
    named = (_PRICE if name == _PIX_CODE and has_pix else name for name in missing)
    return tuple(dict.fromkeys(named))


def _foreseen(
    book: Rulebook,
    client: Client,
    decision: Decision,
    fate: Fate,
    found: tuple[str, ...] | Held | Reviewed,
) -> Foreseen:
    """What a message that is to go comes to, once it is looked at as on its day."""
    kind = decision.kind or Kind.GENERAL
    if isinstance(found, Reviewed):
        why = Decision(None, found.verdict.reason or Reason.INTERNAL, "")
        missing = to_fill_in(found.missing, has_pix=book.pix is not None)
        return replace(_not(client, kind, why), missing=missing)
    if isinstance(found, Held):
        return _not(client, kind, Decision(None, found.reason, ""))
    return Foreseen(
        client=client,
        kind=kind,
        fate=fate,
        reason=decision.reason,
        sentence=decision.sentence,
        texts=found,
    )


def _not(client: Client, kind: Kind, decision: Decision) -> Foreseen:
    off = decision.reason in _CHOSEN_OFF and kind is not Kind.BILLING
    return Foreseen(
        client=client,
        kind=kind,
        fate=Fate.OFF if off else Fate.NOT,
        reason=decision.reason,
        sentence=decision.sentence,
    )


def _message(book: Rulebook, client: Client, kind: Kind, day: date) -> OutboxMessage:
    """The row that the plan of the day would make."""
    return OutboxMessage(
        id=0,
        client_id=client.id,
        kind=kind,
        about_due_on=client.due_on,
        day=day,
        state=MessageState.QUEUED,
        body=None,
        phone=client.phone,
        whatsapp_id="",
        correlation_id="",
        attempt=0,
        expires_at=book.sending_hours(day)[1],
    )
