"""What the WhatsApp worker asks, as typed questions; each names the shape of its answer.

All of them are awaited by Baileys before it goes on, and must be durable before they are answered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.replies import ReplyKind
from errors import SidecarProtocolError
from gateways.fields import Fields, is_identity

MAX_KEY_TYPE_CHARS = 60
MAX_KEY_ID_CHARS = 200
MAX_PHONE_CHARS = 40
MAX_NAME_CHARS = 200
"""As wide as the columns these are kept in."""
MAX_SIZE_BYTES = 2**40
MAX_SECONDS = 1_000_000
"""What a file that a person sends can be: the worker leaves out whatever says more."""


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
    """Somebody wrote to the tenant (F8). It may come more than once. Answer: {}.

    `name` is a file's, a contact's or a place's; `about` is the message that this one changes.
    """

    message_id: str
    from_jid: str
    from_phone: str | None
    at: datetime
    kind: ReplyKind
    text: str | None = field(repr=False)
    push_name: str | None = field(repr=False)
    name: str | None = field(default=None, repr=False)
    size_bytes: int | None = None
    seconds: int | None = None
    about: str | None = None


Call = KeysGet | KeysSet | CredsSet | MessageText | Incoming


def read_call(op: str, args: Mapping[str, Any]) -> Call:
    """The question in a call. Raises SidecarProtocolError."""
    reader = _READERS.get(op)
    if reader is None:
        raise SidecarProtocolError("a call of an unknown kind")
    return reader(Fields(args, op))


def _keys_get(fields: Fields) -> Call:
    kind = fields.identity("type", MAX_KEY_TYPE_CHARS)
    return KeysGet(kind, fields.identities("ids", MAX_KEY_ID_CHARS))


def _keys_set(fields: Fields) -> Call:
    entries = fields.record("entries")
    if not all(is_identity(kind, MAX_KEY_TYPE_CHARS) for kind in entries.values):
        raise SidecarProtocolError("keys_set: a type that cannot be kept")
    return KeysSet({kind: _values(entries.record(kind)) for kind in entries.values})


def _values(fields: Fields) -> Mapping[str, str | None]:
    if not all(is_identity(name, MAX_KEY_ID_CHARS) for name in fields.values):
        raise SidecarProtocolError("keys_set: an id that cannot be kept")
    if not all(value is None or isinstance(value, str) for value in fields.values.values()):
        raise SidecarProtocolError("keys_set: a value is not a string")
    return fields.values


def _creds_set(fields: Fields) -> Call:
    creds = fields.values.get("creds")
    if not isinstance(creds, str):
        raise SidecarProtocolError("creds_set: no creds")
    return CredsSet(creds)


def _incoming(fields: Fields) -> Call:
    return Incoming(
        message_id=fields.identity("message_id"),
        from_jid=fields.identity("from_jid"),
        from_phone=_phone(fields),
        at=fields.instant("at_ms"),
        kind=ReplyKind(fields.one_of("kind", _REPLY_KINDS)),
        text=fields.maybe_text("text"),
        push_name=_name(fields, "push_name"),
        name=_name(fields, "name"),
        size_bytes=_count(fields, "size_bytes", MAX_SIZE_BYTES),
        seconds=_count(fields, "seconds", MAX_SECONDS),
        about=fields.maybe_identity("about"),
    )


def _phone(fields: Fields) -> str | None:
    told = fields.values.get("from_phone") is not None
    return fields.identity("from_phone", MAX_PHONE_CHARS) if told else None


def _name(fields: Fields, field: str) -> str | None:
    told = fields.values.get(field) is not None
    return fields.text(field, MAX_NAME_CHARS) if told else None


def _count(fields: Fields, field: str, most: int) -> int | None:
    found = fields.maybe_count(field)
    if found is not None and found > most:
        raise SidecarProtocolError(f"incoming: the field {field!r} is missing or not usable")
    return found


_REPLY_KINDS = tuple(kind.value for kind in ReplyKind)
_READERS: dict[str, Callable[[Fields], Call]] = {
    "keys_get": _keys_get,
    "keys_set": _keys_set,
    "creds_set": _creds_set,
    "message_text": lambda fields: MessageText(fields.identity("message_id")),
    "incoming": _incoming,
}
