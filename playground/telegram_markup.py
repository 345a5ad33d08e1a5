"""What Telegram makes of a text before it takes it: HTML becomes plain characters and entities.

Read as Telegram reads it (github.com/tdlib/td, MessageEntity.cpp); refusals carry its words and its
byte offsets, because programs (aiogram's, ours) look at them.
"""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playground.telegram_entities import ENTITY_OF_TAG, entity_of, unparsable
from playground.telegram_refusals import bad_request

# Telegram knows four names and the numbers; any other ampersand is plain text.
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
COMMAND = re.compile(r"(?:^|(?<=\s))/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]+)?(?![\w/])")
END = "\0"
SPACES = " \t\r\n\v"


@dataclass(frozen=True, slots=True)
class RichText:
    """A text as Telegram keeps it: plain characters, and entities counted in UTF-16 units."""

    text: str
    entities: tuple[dict[str, Any], ...] = ()


def utf16_length(text: str) -> int:
    """The length Telegram counts with."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_text(source: str, parse_mode: str | None, now: datetime | None = None) -> RichText:
    """Read `source` as `parse_mode` says; the product speaks HTML, so nothing else is taken."""
    if not parse_mode:
        return RichText(source.strip())
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    return _Reader(source, now or datetime.now(UTC)).read()


def commands_in(text: str) -> tuple[dict[str, Any], ...]:
    """The commands that Telegram marks in what a person writes."""
    return tuple(
        {
            "type": "bot_command",
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found[0]),
        }
        for found in COMMAND.finditer(text)
    )


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag still open: where its text begins, in units and in characters."""

    name: str
    unit: int
    character: int
    attributes: dict[str, str]


class _Reader:
    """One pass over an HTML text, with the stack of tags still open."""

    def __init__(self, source: str, now: datetime) -> None:
        self._source = source + END
        self._now = now
        self._text = ""
        self._open: list[_Tag] = []
        self._entities: list[dict[str, Any]] = []

    def read(self) -> RichText:
        at = 0
        while (tag_at := self._source.find("<", at)) >= 0:
            self._take(self._source[at:tag_at])
            ends = self._source[tag_at + 1] == "/"
            at = self._end_tag(tag_at) if ends else self._start_tag(tag_at)
        self._take(self._source[at:-1])
        if self._open:
            raise unparsable(
                f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"'
            )
        return self._trimmed()

    def _take(self, raw: str) -> None:
        self._text += CHARACTER.sub(lambda found: html.unescape(found[0]), raw)

    def _start_tag(self, begin: int) -> int:
        at = self._past_word(begin + 1)
        self._check_not_over(at, begin, "start")
        name = self._source[begin + 1 : at].lower()
        if name not in ENTITY_OF_TAG:
            raise unparsable(f'Unsupported start tag "{name}" at byte offset {self._offset(begin)}')
        attributes, at = self._attributes(name, at, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise unparsable(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._offset(begin)}'
            )
        self._open.append(_Tag(name, utf16_length(self._text), len(self._text), attributes))
        return at + 1

    def _attributes(self, name: str, at: int, begin: int) -> tuple[dict[str, str], int]:
        found: dict[str, str] = {}
        while self._source[at := self._past_spaces(at)] != ">":
            start = at
            while self._source[at] not in SPACES + END + "=>/\"'":
                at += 1
            if at == start:
                raise unparsable(
                    f'Empty attribute name in the tag "{name}" at byte offset {self._offset(begin)}'
                )
            attribute = self._source[start:at]
            at = self._past_spaces(at)
            found[attribute] = ""
            if self._source[at] == "=":
                found[attribute], at = self._value(self._past_spaces(at + 1))
            self._check_not_over(at, begin, "start")
        return found, at

    def _value(self, at: int) -> tuple[str, int]:
        quote = self._source[at]
        if quote in {'"', "'"}:
            end = self._source.find(quote, at + 1)
            if end < 0:
                return "", len(self._source) - 1
            raw = self._source[at + 1 : end]
            return CHARACTER.sub(lambda found: html.unescape(found[0]), raw), end + 1
        start = at
        while re.match(r"[A-Za-z0-9.-]", self._source[at]):
            at += 1
        if self._source[at] not in SPACES + END + ">":
            raise unparsable(f"Unexpected end of name token at byte offset {self._offset(start)}")
        return self._source[start:at].lower(), at

    def _end_tag(self, begin: int) -> int:
        if not self._open:
            raise unparsable(f"Unexpected end tag at byte offset {self._offset(begin)}")
        at = self._past_word(begin + 2)
        name = self._source[begin + 2 : at]
        at = self._past_spaces(at)
        if self._source[at] != ">":
            raise unparsable(f"Unclosed end tag at byte offset {self._offset(begin)}")
        tag = self._open.pop()
        if name and name != tag.name:
            raise unparsable(
                f"Unmatched end tag at byte offset {self._offset(begin)}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        self._close(tag)
        return at + 1

    def _close(self, tag: _Tag) -> None:
        length = utf16_length(self._text) - tag.unit
        if not length:
            return
        details = entity_of(tag.name, tag.attributes, self._text[tag.character :], self._now)
        if tag.name == "pre" and details is not None:
            details |= self._language(tag)
        if details is not None:
            self._entities.append({**details, "offset": tag.unit, "length": length})

    def _language(self, tag: _Tag) -> dict[str, str]:
        """A block of code whose whole text is in a `<code class="language-…">` has its language."""
        last = self._entities[-1] if self._entities else {}
        length = utf16_length(self._text) - tag.unit
        if (last.get("type"), last.get("offset"), last.get("length")) != ("code", tag.unit, length):
            return {}
        self._entities.pop()
        return {"language": last["language"]} if "language" in last else {}

    def _past_word(self, at: int) -> int:
        while self._source[at] not in SPACES + END + ">":
            at += 1
        return at

    def _past_spaces(self, at: int) -> int:
        while self._source[at] in SPACES:
            at += 1
        return at

    def _check_not_over(self, at: int, begin: int, which: str) -> None:
        if self._source[at] == END:
            raise unparsable(f"Unclosed {which} tag at byte offset {self._offset(begin)}")

    def _offset(self, at: int) -> int:
        return len(self._source[:at].encode("utf-8", "surrogatepass"))

    def _trimmed(self) -> RichText:
        cut = utf16_length(self._text) - utf16_length(self._text.lstrip())
        text = self._text.strip()
        end = utf16_length(text)
        kept = []
        for entity in sorted(self._entities, key=lambda one: (one["offset"], -one["length"])):
            first = max(entity["offset"] - cut, 0)
            last = min(entity["offset"] - cut + entity["length"], end)
            if first < last:
                shown = {name: value for name, value in entity.items() if name != "language"}
                if entity["type"] == "pre":
                    shown = entity
                kept.append({**shown, "offset": first, "length": last - first})
        return RichText(text, tuple(kept))
