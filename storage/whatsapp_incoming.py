"""What clients wrote on WhatsApp, kept before anything else is done with it, each once (F8)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from storage import values
from storage.database import TenantConnection
from storage.sql import load

SQL = load("whatsapp_incoming")
MAX_TEXT_CHARS = 8192
UNSTORABLE = values.UNSTORABLE


class IncomingMessage(Protocol):
    """What the worker reports of a message from a client."""

    @property
    def message_id(self) -> str:
        """WhatsApp's id, unique per sender."""

    @property
    def from_jid(self) -> str:
        """The sender as WhatsApp knows it."""

    @property
    def from_phone(self) -> str | None:
        """The sender's number, where WhatsApp tells it."""

    @property
    def at(self) -> datetime:
        """When it was sent, UTC."""

    @property
    def kind(self) -> str:
        """One of `ReplyKind`'s values."""

    @property
    def text(self) -> str | None:
        """The words, or a file's caption."""

    @property
    def name(self) -> str | None:
        """What a file, a contact or a place is called."""

    @property
    def size_bytes(self) -> int | None:
        """How large a file is, where WhatsApp tells it."""

    @property
    def seconds(self) -> int | None:
        """How long a recording is, where WhatsApp tells it."""

    @property
    def about(self) -> str | None:
        """The message that this one changes, or takes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message that was kept; the fields are those of IncomingMessage."""

    message_id: str
    from_jid: str
    from_phone: str | None
    kind: str
    text: str | None = field(repr=False)
    at: datetime
    name: str | None = field(default=None, repr=False)
    size_bytes: int | None = None
    seconds: int | None = None
    about: str | None = None


async def keep_incoming(tx: TenantConnection, message: IncomingMessage) -> bool:
    """Keep a message; False when it is known already. A very long text is cut."""
    text = None if message.text is None else values.text(message.text)[:MAX_TEXT_CHARS]
    kept = await tx.fetchval(
        SQL["keep"],
        from_jid=message.from_jid,
        message_id=message.message_id,
        from_phone=message.from_phone,
        kind=message.kind,
        body=text,
        name=None if message.name is None else values.text(message.name),
        size_bytes=message.size_bytes,
        seconds=message.seconds,
        about=message.about,
        at=message.at,
    )
    return kept is not None


async def unhandled(tx: TenantConnection, most: int) -> list[Incoming]:
    """What nobody looked at yet, the oldest first."""
    rows = await tx.fetch(SQL["unhandled"], most=most)
    return [Incoming(**dict(row)) for row in rows]


async def handled(tx: TenantConnection, message: Incoming, now: datetime) -> bool:
    """Mark a message as dealt with; False when it was already."""
    marked = await tx.fetchval(
        SQL["handled"], from_jid=message.from_jid, message_id=message.message_id, now=now
    )
    return marked is not None
