"""How the owner connects WhatsApp and sees how it stands."""

from dataclasses import dataclass

from actors.runtime import Request


@dataclass(frozen=True, slots=True)
class WhatsAppView:
    """How the tenant's WhatsApp stands: `state` as in `whatsapp_sessions`, `phone` in E.164."""

    state: str
    connected: bool
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class ConnectWhatsApp(Request[WhatsAppView]):
    """Open the WhatsApp session; without one, a QR follows as a notice (F1)."""


@dataclass(frozen=True, slots=True)
class GetWhatsApp(Request[WhatsAppView]):
    """How WhatsApp stands right now (F2)."""
