"""What the owner must be told (the bot finds the words), and what the admin must."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from actors.messages.replies import RepliesNotice, ReplyNotice
from actors.runtime import Request
from domain.deliveries import Flow
from domain.subscription import Told
from domain.whatsapp import Loss
from domain.whatsapp_tests import OwnTest


@dataclass(frozen=True, slots=True)
class QrShown:
    """A QR to pair with, valid for `expires_s` seconds; the next one replaces it (F1)."""

    payload: str
    expires_s: float


@dataclass(frozen=True, slots=True)
class CodeShown:
    """A code to type on `phone` (E.164), valid for `expires_s` seconds (F1)."""

    code: str = field(repr=False)
    phone: str
    expires_s: float


@dataclass(frozen=True, slots=True)
class PairingExpired:
    """Nobody read the QR, or typed the code on `phone`, in its time (F1); or it was `refused`."""

    phone: str | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class TestMoved:
    """A test message came further (F2); it takes the place of what was said of it."""

    __test__ = False

    test: OwnTest


@dataclass(frozen=True, slots=True)
class WhatsAppConnected:
    """Paired and open; `phone` in E.164."""

    phone: str


@dataclass(frozen=True, slots=True)
class WhatsAppLost:
    """The line ended, until `until` where a ban has an end, else until the owner acts (F4).

    `pairing`: what was to be paired is not, and the owner waits for it.
    """

    reason: Loss
    until: datetime | None = None
    pairing: bool = False


@dataclass(frozen=True, slots=True)
class SendingRestricted:
    """WhatsApp restricts sending, until `until` where it said so (F5)."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveriesStalled:
    """Messages go and none arrives, or is even taken, since `since` (F10)."""

    flow: Flow
    since: datetime
    messages: int


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


class Decision(StrEnum):
    """What was decided about an account, past its owner (A11)."""

    GIVEN = "given"
    TAKEN_BACK = "taken_back"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"


@dataclass(frozen=True, slots=True)
class AccessDecided:
    """Who administers gave days or took them back, or shut the account out or let it in again.

    `ends_on` is the local day the access ends on by now; `days` were given or taken back.
    """

    decision: Decision
    ends_on: date
    days: int = 0
    why: str = ""


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


@dataclass(frozen=True, slots=True)
class SubscriptionPaid:
    """A payment of the platform was approved (A4): `days` were granted, all ends at `ends_at`."""

    charge_id: int
    amount: Decimal
    days: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionReturned:
    """A payment went back, and its days with it (A5); `over`: nothing is left by now.

    `disputed`: it was the bank that took it back.
    """

    amount: Decimal
    days: int
    ends_at: datetime
    disputed: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class SubscriptionRestored:
    """What the bank had taken back is here again, and its days with it (A5)."""

    amount: Decimal
    days: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionWarning:
    """The access ends soon, has ended, or its data may be erased soon (A7): `told` says which.

    `ends_on` is its last local day, `erasable_on` the first on which the data need not be kept.
    """

    told: Told
    ends_on: date
    erasable_on: date


# The ones that are kept until Telegram took them, each told once.
OfTheDay = (
    WhatsAppConnected
    | WhatsAppLost
    | SendingRestricted
    | DeliveriesStalled
    | DataMissing
    | ScheduledMissed
    | AccessDecided
    | DailySummary
)
OfSubscription = (
    SubscriptionPaid | SubscriptionReturned | SubscriptionRestored | SubscriptionWarning
)
KeptNotice = OfTheDay | OfSubscription
# Of these the next takes the place of the last, and one that is lost is no loss.
Passing = QrShown | CodeShown | PairingExpired | TestMoved
# Replies are kept as they are, not as notices: a card tells what has come up to its moment.
Notice = Passing | ReplyNotice | RepliesNotice | KeptNotice


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
