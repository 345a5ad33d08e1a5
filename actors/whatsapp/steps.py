"""What a courier's step comes to, and what it has in hand on the way."""

from dataclasses import dataclass
from datetime import datetime

from domain.outbox import Answer, MessageState, OutboxMessage, Verdict
from domain.rulebook import Held
from domain.whatsapp_numbers import Reachable
from errors import SidecarError
from gateways.sidecar_events import Acked, Refused, SendOutcome, Unknown
from storage.outbox import Attempt
from telemetry import MESSAGES, logger

LOG = logger("courier")
REACHOUT_TIMELOCK = 463


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing may go now; the next message becomes ready at `wake_at`, if there is one."""

    wake_at: datetime | None


@dataclass(frozen=True, slots=True)
class Set:
    """A message was put to rest without a frame: no need to wait before the next."""

    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """A frame left, or tried to: the human gap comes before the next.

    `goes_on`: the second part of the same message is next, after a moment (D5).
    """

    state: MessageState
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Restricted:
    """WhatsApp refuses new chats (463): stop (F5)."""


Step = Idle | Held | Set | Tried | Restricted


@dataclass(frozen=True, slots=True)
class Unasked:
    """Nobody asked WhatsApp about the number yet."""

    message: OutboxMessage
    phone: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """Begun, with where it goes and what it says in all its parts."""

    message: OutboxMessage
    attempt: Attempt
    to: Reachable
    words: tuple[str, ...]

    @property
    def body(self) -> str:
        """What the part under way says."""
        return self.words[self.message.first_is_out]

    @property
    def whatsapp_id(self) -> str:
        """The id of the part under way."""
        message = self.message
        return message.second_whatsapp_id if message.first_is_out else message.whatsapp_id

    @property
    def tries(self) -> int:
        """The number of this attempt at this part (E8)."""
        return self.attempt.number - self.message.first_attempts

    @property
    def is_last(self) -> bool:
        """Whether nothing follows the part under way."""
        return self.message.first_is_out or len(self.words) == 1


def answer_to(outcome: SendOutcome | Exception) -> Answer:
    """What came back, in the words of the rules."""
    match outcome:
        case Acked():
            return Answer.ACKED
        case Refused(error=463):
            return Answer.RESTRICTED
        case Refused():
            return Answer.REFUSED
        case Unknown():
            return Answer.UNKNOWN
        case SidecarError():
            return Answer.NOT_WRITTEN  # surely nothing was written
        case _:
            LOG.warning("send failed", error=type(outcome).__name__)
            return Answer.FAULT


def rests(message: OutboxMessage, verdict: Verdict) -> None:
    """Count and log that a message rests."""
    MESSAGES.labels(kind=message.kind.value, state=verdict.state.value).inc()
    LOG.info("message rests", state=verdict.state, reason=verdict.reason)
