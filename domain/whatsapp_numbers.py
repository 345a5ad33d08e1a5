"""Who answers at a number: what WhatsApp's answers are worth, and for how long (F5, decision 6).

Pure. Only a number whose owner's WhatsApp answered for exactly the form that was typed, or for its
one other form, is ever written to.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.contacts import whatsapp_candidates

YES_KEPT = timedelta(days=30)
NO_KEPT = timedelta(days=1)
UNSURE_AFTER_PAIRING = timedelta(hours=1)
"""A "no" this soon after pairing is not to be trusted: the account is still being filled."""
CLOCK_SLACK = timedelta(minutes=1)
NUMBER_SERVER = "s.whatsapp.net"
LID_SERVER = "lid"


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """WhatsApp's kept answer: `jid` is None for a number that has no WhatsApp."""

    jid: str | None
    lid: str | None
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Reachable:
    """Write to this account: by its LID where that is known, else by its number's jid."""

    jid: str
    lid: str | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """WhatsApp said no, and that is recent enough to count."""


@dataclass(frozen=True, slots=True)
class Unasked:
    """Nothing that is kept counts: ask WhatsApp."""


Standing = Reachable | Absent | Unasked


def forms_of(phone: str) -> tuple[str, ...]:
    """The forms of an E.164 phone to ask about, the typed one first, as digits."""
    return tuple(form.removeprefix("+") for form in whatsapp_candidates(phone))


def answers_for(jid: str, phone: str) -> bool:
    """Whether `jid` is the account of exactly `phone` or of its one other form."""
    number, at, server = jid.partition("@")
    return bool(at) and server == NUMBER_SERVER and number in forms_of(phone)


def standing(
    phone: str, known: KnownNumber | None, *, now: datetime, paired_at: datetime | None
) -> Standing:
    """What a kept answer about `phone` is worth at `now`.

    One dated in the future was kept while the clock was wrong (E14), and is worth nothing.
    """
    if known is None or known.checked_at > now + CLOCK_SLACK:
        return Unasked()
    age = now - known.checked_at
    if known.jid is None:
        sure = age < NO_KEPT and is_no_believed(known.checked_at, paired_at)
        return Absent() if sure else Unasked()
    if age >= YES_KEPT or not answers_for(known.jid, phone):
        return Unasked()
    return Reachable(known.jid, _known_lid(known.lid))


def is_no_believed(said_at: datetime, paired_at: datetime | None) -> bool:
    """Whether a "no" said at `said_at` counts: never within the first hour after pairing."""
    if paired_at is None:
        return True
    return not timedelta() <= said_at - paired_at < UNSURE_AFTER_PAIRING


def _known_lid(lid: str | None) -> str | None:
    number, at, server = (lid or "").partition("@")
    known = bool(at) and server == LID_SERVER and number.isdecimal()
    return lid if known else None


def phone_of(jid: str | None) -> str | None:
    """The E.164 number in a jid such as `5511988887777:12@s.whatsapp.net`."""
    return None if jid is None else "+" + jid.partition("@")[0].partition(":")[0]
