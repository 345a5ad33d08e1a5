"""A client's tags in one cell, as an export writes them and an import reads them back (C12).

`🔵 VIP, ⭐ "Bairro Alto, fundos"`: each with its emoji, a name in quotes where a comma is its own.
People write words between commas, without either, and are read too.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from domain.sheet_cells import text_of
from domain.sheets import Cell
from domain.tags import MAX_TAGS_OF_CLIENT, parse_emoji, parse_tag_name
from domain.text import fold
from errors import InvalidInput

BETWEEN_TAGS = ", "

_END = r"[ \t]*(?:[,;\n]|\Z)"
_QUOTED = re.compile(rf'\s*(?:([^\s",;]+)[ \t]+)?"((?:[^"]|"")+)"{_END}')
_PLAIN = re.compile(r"([^,;\n]*)(?:[,;\n]|\Z)")
_NEEDS_QUOTES = re.compile(r'[,;"]')
# Asks for the coloured drawing of a sign that is a letter of print as well.
_AS_EMOJI = "\ufe0f"


def tags_cell(tags: Iterable[tuple[str, str]]) -> str | None:
    """The cell of these tags, each an emoji ("" for none) and a name; None without any."""
    return BETWEEN_TAGS.join(_written(emoji, name) for emoji, name in tags) or None


def read_tags(cell: Cell) -> dict[str, str]:
    """The tags in a cell, each once: its name, and its emoji or ""; raises InvalidInput."""
    tags: dict[str, tuple[str, str]] = {}
    for emoji, text in _items(cell if isinstance(cell, str) else text_of(cell)):
        name = parse_tag_name(text)
        tags.setdefault(fold(name), (name, emoji))
    if len(tags) > MAX_TAGS_OF_CLIENT:
        raise InvalidInput(f"São {len(tags)} etiquetas, e cabem {MAX_TAGS_OF_CLIENT} por cliente.")
    return dict(tags.values())


def emojis_of(tags: Mapping[str, str]) -> dict[str, str]:
    """The emojis of those that have one, by name."""
    return {name: emoji for name, emoji in tags.items() if emoji}


def _written(emoji: str, name: str) -> str:
    shown = emoji if _is_emoji(emoji) else ""
    taken_for_emoji = not shown and _split(name)[0] != ""
    if taken_for_emoji or _NEEDS_QUOTES.search(name):
        doubled = name.replace('"', '""')
        name = f'"{doubled}"'
    return f"{shown} {name}".lstrip()


def _items(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        quoted = _QUOTED.match(text, place)
        if quoted is not None and (quoted[1] is None or _is_emoji(quoted[1])):
            yield quoted[1] or "", quoted[2].replace('""', '"')
            place = quoted.end()
            continue
        plain = _PLAIN.match(text, place)
        assert plain is not None  # noqa: S101 - it matches anything
        if plain[1].strip():
            yield _split(plain[1].strip())
        place = plain.end()


def _split(text: str) -> tuple[str, str]:
    """The emoji that a tag begins with, or "", and its name."""
    first, *rest = text.split(maxsplit=1)
    return (first, rest[0]) if rest and _is_emoji(first) else ("", text)


def _is_emoji(text: str) -> bool:
    """Whether this is what colours a tag, and not a dash or a quote between words."""
    if not text or _NEEDS_QUOTES.search(text) or not _is_accepted(text):
        return False
    return unicodedata.category(text[0]) == "So" or _AS_EMOJI in text


def _is_accepted(text: str) -> bool:
    try:
        return parse_emoji(text) == text
    except InvalidInput:
        return False
