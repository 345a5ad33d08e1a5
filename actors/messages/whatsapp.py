"""How the owner connects WhatsApp and sees how it stands."""

from dataclasses import dataclass
from datetime import datetime

from actors.runtime import Request
from domain.whatsapp import SessionState


@dataclass(frozen=True, slots=True)
class WhatsAppView:
    """How the tenant's WhatsApp stands; `phone` in E.164, instants in UTC.

    `until` is when a temporary ban ends, `paused_until` when messages go again (F5). `reached` is
    whether anybody answered when the line was tried last. The rest tells what arrived (F10): known
    where it was asked for, not where the line was only to be opened.
    """

    state: SessionState
    connected: bool
    phone: str | None = None
    until: datetime | None = None
    paused_until: datetime | None = None
    reached: bool = True
    last_delivered_at: datetime | None = None
    sent_in_a_day: int = 0
    delivered_in_a_day: int = 0


@dataclass(frozen=True, slots=True)
class ConnectWhatsApp(Request[WhatsAppView]):
    """Open the line, answered at once; while the state is `pairing` a QR follows (F1)."""


@dataclass(frozen=True, slots=True)
class GetWhatsApp(Request[WhatsAppView]):
    """How WhatsApp stands right now (F2)."""
