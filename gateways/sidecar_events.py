"""What the WhatsApp worker tells, as typed facts, read and checked where they enter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from errors import SidecarProtocolError
from gateways.fields import MAX_ID_CHARS, Fields

UNREACHED = "unreachable"


@dataclass(frozen=True, slots=True)
class Event:
    """A fact about one tenant's session; `epoch` is the ownership it was opened under."""

    tenant_id: int
    epoch: int


@dataclass(frozen=True, slots=True)
class QrShown(Event):
    """A QR to pair with (F1), good for `seconds`."""

    payload: str
    seconds: int


@dataclass(frozen=True, slots=True)
class PairingCodeShown(Event):
    """The code to type on the phone (F1)."""

    code: str


@dataclass(frozen=True, slots=True)
class Paired(Event):
    """The phone accepted this device; its credentials are durable. A close with 515 follows."""

    jid: str
    lid: str | None


@dataclass(frozen=True, slots=True)
class SessionOpened(Event):
    """The session is open: messages can be sent."""

    jid: str
    lid: str | None


@dataclass(frozen=True, slots=True)
class SessionClosed(Event):
    """The session is over. `code` is WhatsApp's number, or "fenced", "storage" or "passkey".

    `wait_seconds` is how long WhatsApp wants to hear nothing, where it said so (402). `reached` is
    whether anybody had answered at all.
    """

    code: int | str
    reason: str
    logged_out: bool
    wait_seconds: int | None = None
    reached: bool = True


@dataclass(frozen=True, slots=True)
class ReceiptArrived(Event):
    """The recipient's phone says "delivered", "read", or "retry" (it could not decrypt) (F7)."""

    message_id: str
    status: str
    from_jid: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Acked:
    """WhatsApp's server took the message."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """WhatsApp's server refused the message with this code; 463 is the reach-out time-lock."""

    error: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been sent. `reason` is "timeout", "closed" or "write_failed"; try the same id."""

    reason: str


SendOutcome = Acked | Refused | Unknown


@dataclass(frozen=True, slots=True)
class NumberFound:
    """The form of a phone that is on WhatsApp, as WhatsApp writes it, and its LID, if told."""

    jid: str
    lid: str | None


@dataclass(frozen=True, slots=True)
class NumberAbsent:
    """WhatsApp said of every form asked that it is not there."""


@dataclass(frozen=True, slots=True)
class NumberUnanswered:
    """Nobody knows: "rate_limited", "timeout", "empty" or "error". Ask later; it is not a no."""

    reason: str


NumberAnswer = NumberFound | NumberAbsent | NumberUnanswered


@dataclass(frozen=True, slots=True)
class LateOutcome(Event):
    """The server's answer to a message whose sending had already been answered `Unknown`."""

    message_id: str
    outcome: SendOutcome


@dataclass(frozen=True, slots=True)
class Restricted(Event):
    """WhatsApp restricts the account (F5): "reachout_timelock" or "message_cap"."""

    kind: str
    until: datetime | None
    detail: str


def read_outcome(fields: Fields) -> SendOutcome:
    """What became of a message."""
    match fields.one_of("outcome", ("acked", "refused", "unknown")):
        case "acked":
            return Acked(fields.instant("at_ms"))
        case "refused":
            return Refused(fields.count("error"))
        case _:
            return Unknown(fields.one_of("reason", ("timeout", "closed", "write_failed")))


def read_number(fields: Fields) -> NumberAnswer:
    """Who has a number, or why that is not known. Raises SidecarProtocolError."""
    match fields.one_of("answer", ("found", "not_found", "no_answer")):
        case "found":
            return NumberFound(fields.identity("jid"), fields.maybe_identity("lid"))
        case "not_found":
            return NumberAbsent()
        case _:
            reasons = ("rate_limited", "timeout", "empty", "error")
            return NumberUnanswered(fields.one_of("reason", reasons))


def read_event(frame: Mapping[str, Any]) -> Event:
    """The event in a frame. Raises SidecarProtocolError."""
    fields = Fields(frame, "event")
    name = fields.text("event")
    reader = _READERS.get(name)
    if reader is None:
        raise SidecarProtocolError("an event of an unknown kind")
    data = Fields(fields.record("data").values, name)
    return reader(fields.integer("tenant"), fields.count("epoch"), data)


def _closed(tenant_id: int, epoch: int, data: Fields) -> Event:
    code: int | str = (
        data.one_of("code", ("fenced", "storage", "passkey"))
        if isinstance(data.values.get("code"), str)
        else data.integer("code")
    )
    reason, wait = data.text("reason", MAX_ID_CHARS), data.maybe_count("wait_s")
    # How our own worker names it; whatever else it says, somebody was there.
    reached = reason != UNREACHED
    return SessionClosed(tenant_id, epoch, code, reason, data.flag("logged_out"), wait, reached)


def _receipt(tenant_id: int, epoch: int, data: Fields) -> Event:
    return ReceiptArrived(
        tenant_id,
        epoch,
        data.identity("message_id"),
        data.one_of("status", ("delivered", "read", "retry")),
        data.identity("from_jid"),
        data.instant("at_ms"),
    )


def _restriction(tenant_id: int, epoch: int, data: Fields) -> Event:
    kind = data.one_of("kind", ("reachout_timelock", "message_cap"))
    return Restricted(tenant_id, epoch, kind, data.maybe_instant("until_ms"), data.text("detail"))


_READERS: dict[str, Callable[[int, int, Fields], Event]] = {
    "qr": lambda t, e, d: QrShown(t, e, d.text("payload"), d.count("expires_s")),
    "pairing_code": lambda t, e, d: PairingCodeShown(t, e, d.text("code")),
    "paired": lambda t, e, d: Paired(t, e, d.identity("jid"), d.maybe_identity("lid")),
    "open": lambda t, e, d: SessionOpened(t, e, d.identity("jid"), d.maybe_identity("lid")),
    "closed": _closed,
    "receipt": _receipt,
    "ack": lambda t, e, d: LateOutcome(t, e, d.identity("message_id"), read_outcome(d)),
    "restriction": _restriction,
}
