"""What happens to a tenant's WhatsApp, as its owner can read it later (F2). Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Happened(StrEnum):
    """What happened; the value is what `whatsapp_events.kind` holds."""

    PAIRING = "pairing"  # the owner asked for a QR, or for a code
    PAIRED = "paired"  # `detail`: the number
    PAIRING_OVER = "pairing_over"  # nobody read it; `detail`: why, where it was not the time
    OPENED = "opened"
    LOST = "lost"  # an open line ended; `detail`: the code it ended with
    ENDED = "ended"  # until somebody acts, or a ban is over; `detail`: the Loss
    RECONNECTING = "reconnecting"  # the owner asked for it
    DISCONNECTED = "disconnected"  # the owner asked for it; `detail`: whether the phone knows
    RESTRICTED = "restricted"
    REFUSED = "refused"  # one message of one client (463)
    STALLED = "stalled"  # nothing arrives any more; `detail`: how much of it
    TESTED = "tested"  # `detail`: what became of a test message


NOT_ACCEPTED = "not_accepted"
"""WhatsApp ended the pairing before its time."""
UNLINKED = "unlinked"
"""WhatsApp was told to unlink the device."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that happened at `at`; `until` is when it ends by itself, where it does."""

    at: datetime
    kind: Happened
    detail: str = ""
    until: datetime | None = None
