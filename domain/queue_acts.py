"""What an owner may do with one message of the queue, and how it goes on after that (E7, E8).

Pure. What the server has, and what is on its way, is out of reach; what was given up goes on under
its own id, so a phone that has it already shows nothing twice (F6).
"""

from datetime import datetime
from enum import StrEnum

from domain.outbox import ARRIVED, OPEN, PENDING, READY, MessageState
from domain.reasons import Reason


class QueueAct(StrEnum):
    """What a button does; the value is what it carries."""

    NOW = "n"
    CANCEL = "c"
    CANCEL_ALL = "a"
    RETRY = "r"


# What was given up though a frame may have left.
_PERHAPS_ARRIVED = frozenset({Reason.UNCONFIRMED, Reason.INTERNAL, Reason.INTERRUPTED})


def possible(
    state: MessageState, reason: str | None, *, now: datetime, expires_at: datetime
) -> frozenset[QueueAct]:
    """What can be done with a message as it stands."""
    if state in PENDING:
        always = {QueueAct.CANCEL, QueueAct.CANCEL_ALL}
        return frozenset(always | {QueueAct.NOW} if state in READY and now < expires_at else always)
    if state is MessageState.FAILED and now < expires_at and reason != Reason.DISMISSED:
        return frozenset({QueueAct.RETRY})
    return frozenset()


def retried(reason: str | None, attempt: int) -> MessageState:
    """Where a failed message goes that the owner wants tried once more."""
    if attempt == 0:
        return MessageState.QUEUED
    return MessageState.UNKNOWN if reason in _PERHAPS_ARRIVED else MessageState.RETRY


def put_back(was: MessageState, attempt: int) -> MessageState:
    """Where a message goes that was cancelled by hand, when that is undone: as unsure as it was."""
    if attempt == 0:
        return MessageState.QUEUED
    return was if was in READY else MessageState.UNKNOWN


def too_late(state: MessageState) -> str:
    """Why an act comes too late, in the words of a toast."""
    if state in ARRIVED:
        return "Essa mensagem já saiu."
    if state is MessageState.SENDING:
        return "Essa mensagem está saindo agora mesmo."
    if state is MessageState.CANCELLED:
        return "Essa mensagem já foi cancelada."
    return "Ela já está na fila." if state in OPEN else "Essa mensagem já terminou."


def perhaps_arrived(state: MessageState, reason: str | None) -> bool:
    """Whether nobody knows if it is on the client's phone."""
    if state is MessageState.UNKNOWN:
        return True
    return state is MessageState.FAILED and reason == Reason.UNCONFIRMED
