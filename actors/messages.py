"""What actors say to each other, and all that the bot and the web may ask of a tenant.

Orders and questions are `Request`s, so the type of the answer follows from the message. Facts are
plain values. Nothing here holds a screen or a sentence: the bot finds the words.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from actors.runtime import Request

# What a tenant answers


@dataclass(frozen=True, slots=True)
class SignedUp:
    """Whether the account is new, and whether its WhatsApp is connected already."""

    created: bool
    whatsapp_connected: bool


@dataclass(frozen=True, slots=True)
class WhatsAppView:
    """How the tenant's WhatsApp stands: `state` as in `whatsapp_sessions`, `phone` in E.164."""

    state: str
    connected: bool
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class TodayView:
    """The day at a glance: how many clients are due, and the day's messages by state."""

    day: date
    due_today: int
    overdue: int
    by_state: dict[str, int]


@dataclass(frozen=True, slots=True)
class ClientRenewed:
    """What a renewal did: the kinds of the pending messages it cancelled (C7)."""

    due_on: date
    cancelled: tuple[str, ...]


# What a tenant is asked


@dataclass(frozen=True, slots=True)
class SignUp(Request[SignedUp]):
    """Make the tenant, on trial, with the settings of the first minute (A1, A2)."""

    name: str


@dataclass(frozen=True, slots=True)
class ConnectWhatsApp(Request[WhatsAppView]):
    """Open the WhatsApp session; without one, a QR follows as a notice (F1)."""


@dataclass(frozen=True, slots=True)
class GetWhatsApp(Request[WhatsAppView]):
    """How WhatsApp stands right now (F2)."""


@dataclass(frozen=True, slots=True)
class GetToday(Request[TodayView]):
    """The day at a glance."""


@dataclass(frozen=True, slots=True)
class RunJob(Request[None]):
    """Carry out a scheduled job; `due_at` is the planned instant, UTC (E2, E10)."""

    job: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class RenewClient(Request[ClientRenewed]):
    """Record a payment, move the due date, cancel what was pending (C6, C7, C9)."""

    client_id: int
    due_on: date
    amount: Decimal
    paid_on: date


@dataclass(frozen=True, slots=True)
class ChatBlocked:
    """The owner has shut the bot out, and hears nothing more."""


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """Something entered the outbox, or an obstacle went away: look again."""


# What the owner must be told (the bot finds the words)


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
    """The session ended for good: `reason` is logged_out, banned, replaced, passkey_required."""

    reason: str


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
class DailySummary:
    """The owner's morning (E11): `problems` counts yesterday's messages by reason."""

    day: date
    due_today: int
    overdue: int
    overdue_value: Decimal
    sent_yesterday: int
    received_yesterday: Decimal
    to_send_today: int
    problems: dict[str, int]


# The ones that are kept until Telegram took them, each told once.
KeptNotice = WhatsAppConnected | WhatsAppLost | SendingRestricted | DataMissing | DailySummary
Notice = QrShown | KeptNotice


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
