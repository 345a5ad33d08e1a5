"""A message of the outbox, and where it rests when it does not go."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.reminders import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """One message as the outbox holds it; `about_due_on` is None for what a person wrote."""

    id: int
    client_id: int
    kind: Kind
    about_due_on: date | None
    day: date
    state: str
    body: str | None
    phone: str
    whatsapp_id: str
    correlation_id: str
    attempt: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """A message that does not go, or not yet: the state it rests in and the reason's code."""

    message_id: int
    state: str
    reason: str | None
