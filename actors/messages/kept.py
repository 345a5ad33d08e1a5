"""What the owner must be told, kept in PostgreSQL until Telegram took it.

The key makes each notice unique, so a job that runs twice tells once. A crash between Telegram's
yes and our mark tells a second time: for the owner that is better than never.
"""

from pydantic import TypeAdapter

from actors.messages.notices import (
    AccessDecided,
    DailySummary,
    DataMissing,
    DeliveriesStalled,
    KeptNotice,
    ScheduledMissed,
    SendingRestricted,
    SubscriptionPaid,
    SubscriptionRestored,
    SubscriptionReturned,
    SubscriptionWarning,
    WhatsAppConnected,
    WhatsAppLost,
)
from domain.schedule import localized
from storage.tenants import StoredNotice

KINDS: dict[str, type[KeptNotice]] = {
    "whatsapp_connected": WhatsAppConnected,
    "whatsapp_lost": WhatsAppLost,
    "sending_restricted": SendingRestricted,
    "deliveries_stalled": DeliveriesStalled,
    "data_missing": DataMissing,
    "scheduled_missed": ScheduledMissed,
    "access_decided": AccessDecided,
    "daily_summary": DailySummary,
    "subscription_paid": SubscriptionPaid,
    "subscription_returned": SubscriptionReturned,
    "subscription_restored": SubscriptionRestored,
    "subscription_warning": SubscriptionWarning,
}
_NAMES = {notice: kind for kind, notice in KINDS.items()}
_ADAPTERS = {kind: TypeAdapter[KeptNotice](notice) for kind, notice in KINDS.items()}


def kind_of(notice: KeptNotice) -> str:
    """The name a notice is stored under."""
    return _NAMES[type(notice)]


def pack(notice: KeptNotice) -> dict[str, object]:
    """A notice as plain JSON values."""
    packed: dict[str, object] = _ADAPTERS[kind_of(notice)].dump_python(notice, mode="json")
    return packed


def unpack(stored: StoredNotice) -> KeptNotice:
    """A stored notice as what it was, its times on the owner's clock.

    Raises ValidationError when it is no such thing.
    """
    return localized(_ADAPTERS[stored.kind].validate_python(stored.payload), stored.zone)
