"""Tags and own fields of a tenant: what each may be called, and how many there are (C12)."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from domain.templates import VARIABLES
from domain.text import fold, lines, one_line, strip_accents
from errors import InvalidInput

MAX_TAGS_OF_CLIENT = 10
MAX_TAGS = 30
MAX_OWN_FIELDS = 10
MAX_TAG_CHARS = 20
MAX_FIELD_CHARS = 20
MAX_VALUE_CHARS = 200
# What colours a tag when the owner chooses nothing.
TAG_EMOJIS = ("🔵", "🟢", "🟡", "🔴", "🟣", "🟠", "🟤", "⚫", "⚪", "⭐")
MAX_EMOJI_CHARS = 16


@dataclass(frozen=True, slots=True)
class Tag:
    """A mark on clients: an emoji and a name."""

    tag_id: int
    emoji: str
    name: str


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, and how many clients that are not archived have it."""

    tag: Tag
    clients: int


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field the tenant made up; `variable` is its name in texts, as in {usuario} (D3)."""

    field_id: int
    name: str
    secret: bool

    @property
    def variable(self) -> str:
        """The name between braces."""
        return variable_of(self.name)


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What a client has in one of the own fields; None is nothing. Never in a log (C12)."""

    field_id: int
    name: str
    value: str | None = field(repr=False)
    secret: bool


def variable_of(name: str) -> str:
    """The variable of a field's name: "Senha do app" → "senha_do_app"."""
    return "_".join(re.findall(r"[a-z0-9]+", strip_accents(fold(name))))


def parse_tag_name(text: str) -> str:
    """A tag's name; raises InvalidInput."""
    return one_line(text, field="o nome da etiqueta", limit=MAX_TAG_CHARS)


def parse_emoji(text: str) -> str:
    """What colours a tag: an emoji, no letters or digits; the first of TAG_EMOJIS for nothing."""
    emoji = "".join(text.split())
    if not emoji:
        return TAG_EMOJIS[0]
    if len(emoji) > MAX_EMOJI_CHARS or emoji.isascii() or any(sign.isalnum() for sign in emoji):
        raise InvalidInput(f"Isso não é um emoji. Mande só um, por exemplo {TAG_EMOJIS[0]}.")
    return emoji


def parse_field_name(text: str, taken: Collection[str]) -> str:
    """A field's name whose variable is none of `taken` nor of EmDia's own; raises InvalidInput."""
    name = one_line(text, field="o nome do campo", limit=MAX_FIELD_CHARS)
    variable = variable_of(name)
    if not variable:
        raise InvalidInput("O nome do campo precisa ter letras. Por exemplo: usuário.")
    if variable in VARIABLES:
        raise InvalidInput(f"{{{variable}}} já existe nos textos. Escolha outro nome.")
    if variable in taken:
        raise InvalidInput(f"Você já tem um campo com o nome “{name}”.")
    return name


def parse_value(text: str) -> str | None:
    """What a client has in a field, or None for nothing; raises InvalidInput when too long."""
    value = " ".join(lines(text).split())
    if len(value) > MAX_VALUE_CHARS:
        raise InvalidInput(f"Use até {MAX_VALUE_CHARS} letras.")
    return value or None
