"""What the owner must be told (the bot finds the words), and what the admin must."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from actors.messages.replies import RepliesNotice, ReplyNotice
from actors.runtime import Request
from domain.whatsapp import Loss


@dataclass(frozen=True, slots=True)
class QrShown:
    """A QR to pair with, valid for `expires_s` seconds; the next one replaces it (F1)."""

    payload: str
    expires_s: float


@dataclass(frozen=True, slots=True)
class WhatsAppConnected:
    """Paired and open; `phone` in E.164."""

    phone: str


@dataclass(frozen=True, slots=True)
class WhatsAppLost:
    """The line ended, until `until` where a ban has an end, else until the owner acts (F4)."""

    reason: Loss
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SendingRestricted:
    """WhatsApp restricts sending, until `until` where it said so (F5)."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class DataMissing:
    """Messages wait for data the owner has not filled in: names of variables (D4)."""

    names: tuple[str, ...]
    messages: int


@dataclass(frozen=True, slots=True)
class ScheduledMissed:
    """Messages that the owner had scheduled and that did not go (E12); `name` is the first one's.

    `at` is when that was to go, `reason` the code of why it did not.
    """

    messages: int
    name: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DailySummary:
    """The owner's morning (E11): `problems` counts yesterday's messages by reason.

    `unbilled` counts the clients whose day of billing passed without it, by reason (E3b).
    """

    day: date
    due_today: int
    overdue: int
    overdue_value: Decimal
    sent_yesterday: int
    received_yesterday: Decimal
    to_send_today: int
    problems: dict[str, int]
    unbilled: dict[str, int] = field(default_factory=dict)


# The ones that are kept until Telegram took them, each told once.
KeptNotice = (
    WhatsAppConnected
    | WhatsAppLost
    | SendingRestricted
    | DataMissing
    | ScheduledMissed
    | DailySummary
)
# Replies are kept as they are, not as notices: a card tells what has come up to its moment.
Notice = QrShown | ReplyNotice | RepliesNotice | KeptNotice


@dataclass(frozen=True, slots=True)
class Notify(Request[None]):
    """Tell the owner. Answered once Telegram took it, so it can be marked as delivered."""

    tenant_id: int
    notice: Notice


@dataclass(frozen=True, slots=True)
class Alert:
    """Tell the admin that `actor_id` was set aside after too many failures."""

    chat_id: int
    actor_id: str


@dataclass(frozen=True, slots=True)
class TellOwner:
    """Ask a tenant to tell its owner `notice`, once ever for the same kind and `key`."""

    key: str
    notice: KeptNotice
