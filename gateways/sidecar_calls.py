"""What the WhatsApp worker asks, as typed questions; each names the shape of its answer.

All of them are awaited by Baileys before it goes on, and must be durable before they are answered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from errors import SidecarProtocolError
from gateways.fields import Fields


@dataclass(frozen=True, slots=True)
class KeysGet:
    """Signal keys of one type. Answer: {"values": {id: value}}, absent ids left out."""

    type: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeysSet:
    """Signal keys to keep, or to delete where null, in one transaction. Answer: {}."""

    entries: Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class CredsSet:
    """The device's credentials, opaque; the latest wins. Answer: {}."""

    creds: str


@dataclass(frozen=True, slots=True)
class MessageText:
    """The text sent under an id, for a phone that could not decrypt it. Answer: {"text": …}."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """Somebody wrote to the tenant (F8). It may come more than once. Answer: {}."""

    message_id: str
    from_jid: str
    from_phone: str | None
    at: datetime
    kind: str
    text: str | None
    push_name: str | None


Call = KeysGet | KeysSet | CredsSet | MessageText | Incoming


def read_call(op: str, args: Mapping[str, Any]) -> Call:
    """The question in a call. Raises SidecarProtocolError."""
    reader = _READERS.get(op)
    if reader is None:
        raise SidecarProtocolError("a call of an unknown kind")
    return reader(Fields(args, op))


def _keys_set(fields: Fields) -> Call:
    entries = fields.record("entries")
    return KeysSet({kind: _values(entries.record(kind)) for kind in entries.values})


def _values(fields: Fields) -> Mapping[str, str | None]:
    if not all(value is None or isinstance(value, str) for value in fields.values.values()):
        raise SidecarProtocolError(f"{fields.where}: a value is not a string")
    return fields.values


def _creds_set(fields: Fields) -> Call:
    creds = fields.values.get("creds")
    if not isinstance(creds, str):
        raise SidecarProtocolError("creds_set: no creds")
    return CredsSet(creds)


def _incoming(fields: Fields) -> Call:
    return Incoming(
        message_id=fields.text("message_id"),
        from_jid=fields.text("from_jid"),
        from_phone=fields.maybe_text("from_phone"),
        at=fields.instant("at_ms"),
        kind=fields.one_of("kind", ("text", "image", "other")),
        text=fields.maybe_text("text"),
        push_name=fields.maybe_text("push_name"),
    )


_READERS: dict[str, Callable[[Fields], Call]] = {
    "keys_get": lambda fields: KeysGet(fields.text("type"), fields.texts("ids")),
    "keys_set": _keys_set,
    "creds_set": _creds_set,
    "message_text": lambda fields: MessageText(fields.text("message_id")),
    "incoming": _incoming,
}
