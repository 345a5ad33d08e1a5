"""Tags and own fields: what a tenant is asked about them, and what it answers (C12)."""

from dataclasses import dataclass, field

from actors.messages.clients import ClientCard
from actors.messages.undo import UndoOffer
from actors.runtime import Request
from domain.tags import OwnField, Tag, TagCount


@dataclass(frozen=True, slots=True)
class GetTags(Request[tuple[TagCount, ...]]):
    """All tags, by name, each with how many clients have it."""


@dataclass(frozen=True, slots=True)
class MakeTag(Request[Tag]):
    """Make a tag, or find the one of this name. Raises InvalidInput."""

    name: str
    emoji: str = ""


@dataclass(frozen=True, slots=True)
class RenameTag(Request[Tag]):
    """Call a tag otherwise; None leaves the emoji. Raises InvalidInput."""

    tag_id: int
    name: str
    emoji: str | None = None


@dataclass(frozen=True, slots=True)
class TagDropped:
    """A tag that is gone from all its clients."""

    tag: Tag
    clients: int
    undo: UndoOffer | None


@dataclass(frozen=True, slots=True)
class DropTag(Request[TagDropped]):
    """Drop a tag; undone, its clients have it again."""

    tag_id: int


@dataclass(frozen=True, slots=True)
class SetTag(Request[ClientCard]):
    """Put a tag on a client, or take it off. Raises InvalidInput beyond ten of a client."""

    client_id: int
    tag_id: int
    on: bool


@dataclass(frozen=True, slots=True)
class GetOwnFields(Request[tuple[OwnField, ...]]):
    """The tenant's own fields, in the order they were made."""


@dataclass(frozen=True, slots=True)
class MakeOwnField(Request[OwnField]):
    """Make an own field, at most ten; its name is a variable of the texts. Raises InvalidInput."""

    name: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class RenameOwnField(Request[OwnField]):
    """Call a field otherwise. Raises InvalidInput; also while a text uses its variable."""

    field_id: int
    name: str


@dataclass(frozen=True, slots=True)
class FieldDropped:
    """A field that is gone, and how many clients had something in it."""

    field: OwnField
    clients: int
    undo: UndoOffer | None


@dataclass(frozen=True, slots=True)
class DropOwnField(Request[FieldDropped]):
    """Drop a field with all its values. Raises InvalidInput while a text uses its variable."""

    field_id: int


@dataclass(frozen=True, slots=True)
class SetOwnValue(Request[ClientCard]):
    """Set what a client has in a field, "" for nothing. Raises InvalidInput."""

    client_id: int
    field_id: int
    text: str = field(repr=False)
