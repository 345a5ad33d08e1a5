"""How the owner connects WhatsApp, sees how it stands and what happened, and tries it out."""

from dataclasses import dataclass
from datetime import date, datetime

from actors.messages.clients import ClientRow
from actors.runtime import Request
from domain.deliveries import Deliveries, Recent
from domain.whatsapp import SessionState
from domain.whatsapp_log import LogEntry
from domain.whatsapp_tests import OwnTest, WhyNot


@dataclass(frozen=True, slots=True)
class WhatsAppView:
    """How the tenant's WhatsApp stands; `phone` in E.164, instants in UTC.

    `until` is when a temporary ban ends, `paused_until` when messages go again (F5). `reached` is
    whether anybody answered when the line was tried last. `paired_at` is when this device was
    linked, `last_end` the code with which a line that is not back yet ended. While a device is
    paired, `code_for` is the number on which a code is to be typed, None where a QR is to be read.
    """

    state: SessionState
    connected: bool
    phone: str | None = None
    until: datetime | None = None
    paused_until: datetime | None = None
    reached: bool = True
    paired_at: datetime | None = None
    last_end: int | str | None = None
    code_for: str | None = None


@dataclass(frozen=True, slots=True)
class ConnectWhatsApp(Request[WhatsAppView]):
    """Open the line, answered at once; while the state is `pairing` a QR follows (F1)."""


@dataclass(frozen=True, slots=True)
class PairByCode(Request[WhatsAppView]):
    """Pair by a code that is typed on `phone` (E.164); while the state is `pairing` it follows."""

    phone: str


@dataclass(frozen=True, slots=True)
class PairAnew(Request[WhatsAppView]):
    """Show a QR although a device is linked: it stays aside, and is back if nobody reads it."""


@dataclass(frozen=True, slots=True)
class Reconnect(Request[WhatsAppView]):
    """End the line, if there is one, and open it again with the same device."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The line is closed; `unlinked` is whether WhatsApp was told to unlink the device."""

    view: WhatsAppView
    unlinked: bool


@dataclass(frozen=True, slots=True)
class Disconnect(Request[Disconnected]):
    """Unlink the device and stay away until the owner connects again."""


@dataclass(frozen=True, slots=True)
class GetWhatsApp(Request[WhatsAppView]):
    """How WhatsApp stands right now (F2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppScreen:
    """All that the owner sees of it; instants local, `now` too.

    `missing` are the first clients whose message of the last 24 hours has not arrived, of
    `missing_total`.
    """

    view: WhatsAppView
    now: datetime
    deliveries: Deliveries
    sent_today: int
    missing: tuple[ClientRow, ...]
    missing_total: int
    waiting: int
    """Messages of today that stand in the queue."""


@dataclass(frozen=True, slots=True)
class GetWhatsAppScreen(Request[WhatsAppScreen]):
    """How WhatsApp stands, told by what arrives (F2, F10)."""


@dataclass(frozen=True, slots=True)
class RecentMessage:
    """A message of the last 24 hours, and whose it is; `at` is the last step of it, local."""

    row: ClientRow
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentMessages:
    """One page of the messages behind a figure of the last 24 hours."""

    which: Recent
    today: date
    messages: tuple[RecentMessage, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class GetRecent(Request[RecentMessages]):
    """The messages behind a figure (law 10)."""

    which: Recent
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppLog:
    """One page of what happened, the latest first; instants local."""

    entries: tuple[LogEntry, ...]
    today: date
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class GetWhatsAppLog(Request[WhatsAppLog]):
    """What happened to WhatsApp (F2)."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class GetPairingPhones(Request[tuple[str, ...]]):
    """The numbers that are likely the business's WhatsApp (E.164), the likeliest first."""


@dataclass(frozen=True, slots=True)
class TestView:
    """A test message as it stands, its instants local; or why there is none.

    `client` is whose the number is, where it is a client's.
    """

    __test__ = False

    test: OwnTest | None
    refused: WhyNot | None = None
    client: str = ""


@dataclass(frozen=True, slots=True)
class SendTest(Request[TestView]):
    """Send a test to oneself (F2), to `phone` (E.164) or else to the very number that sends.

    The same `nonce` is the same test. How it goes on follows as a notice.
    """

    nonce: int
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class GetTest(Request[TestView]):
    """How a test stands."""

    nonce: int


@dataclass(frozen=True, slots=True)
class TestAsked:
    """A test waits to be sent: for the session to look."""

    __test__ = False
