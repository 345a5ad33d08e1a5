"""A message that an owner sends to themselves, to see with their own eyes that messages go (F2).

Pure. WhatsApp tells a sender nothing of a message to the sender's own number but that its server
has it: what arrives at one's own phone, only one's own eyes tell. Another phone tells by receipt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

TEXT = (
    "🧪 Teste do EmDia\n"
    "Se você está lendo isto no WhatsApp, as mensagens do seu negócio estão saindo. "
    "Não precisa responder."
)
MOST_A_DAY = 5
BETWEEN = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(minutes=10)
"""A test that could not go for so long does not go any more: nobody waits for it."""
ONE_DAY = timedelta(days=1)
MARK = "3EB07E57"
"""What the id of a test begins with: of other messages one in 65,536 looks like that."""
HEX_DIGITS = 14


class TestState(StrEnum):
    """How far a test came; it never goes backwards."""

    __test__ = False

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"  # WhatsApp's server has it
    DELIVERED = "delivered"
    READ = "read"
    UNKNOWN = "unknown"  # it may have left
    FAILED = "failed"


class WhyNot(StrEnum):
    """Why a test did not go."""

    OFFLINE = "offline"
    RESTRICTED = "restricted"
    TOO_SOON = "too_soon"
    TOO_MANY = "too_many"
    CLIENT = "client"  # the number is a client's
    NOBODY = "nobody"  # it is not on WhatsApp
    UNANSWERED = "unanswered"  # WhatsApp did not say whose it is
    REFUSED = "refused"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTest:
    """A test to `phone` (E.164), which may be the very number that sends; instants in UTC."""

    nonce: int
    whatsapp_id: str
    phone: str
    own: bool
    state: TestState
    reason: WhyNot | None
    created_at: datetime
    sent_at: datetime | None = None
    delivered_at: datetime | None = None


def id_of_test(tenant_id: int, nonce: int) -> str:
    """WhatsApp's id of a test: the same press is the same message (F6)."""
    digest = sha256(f"test|{tenant_id}|{nonce}".encode()).hexdigest()
    return MARK + digest[:HEX_DIGITS].upper()


def may_be_test(whatsapp_id: str) -> bool:
    """Whether it is worth looking for a test with this id."""
    return whatsapp_id.startswith(MARK)


def may_test(sent_lately: Sequence[datetime], now: datetime) -> WhyNot | None:
    """Why no other test may go at `now`, given when those of the last day were asked for."""
    today = [at for at in sent_lately if at > now - ONE_DAY]
    if len(today) >= MOST_A_DAY:
        return WhyNot.TOO_MANY
    return WhyNot.TOO_SOON if any(at > now - BETWEEN for at in today) else None


def is_forgotten(test: OwnTest, now: datetime) -> bool:
    """Whether a test waits in vain."""
    return test.state is TestState.WAITING and now - test.created_at > FORGOTTEN_AFTER
