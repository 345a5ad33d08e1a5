"""What Telegram checks in a message before it takes it: HTML entities, lengths and keyboards.

Refusals carry the words of the real Bot API, because programs (aiogram's, ours) look at them.
"""

import html
import re
from dataclasses import dataclass
from typing import Any

from playground.telegram_refusals import bad_request

CALLBACK_DATA_BYTES = 64
COPY_TEXT_CHARACTERS = 256
BUTTONS_PER_MESSAGE = 100
BUTTON_KINDS = {"callback_data", "url", "copy_text", "web_app", "switch_inline_query"}
BUTTON_STYLES = {"danger", "success", "primary"}
ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+(?:=\"[^\"]*\"|='[^']*'|=[^\s>]+)?)*)\s*>")
ATTRIBUTE = re.compile(r"([\w-]+)(?:=\"([^\"]*)\"|='([^']*)'|=([^\s>]+))?")
# Telegram knows four names and the numbers; any other ampersand is plain text.
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


@dataclass(frozen=True, slots=True)
class RichText:
    """A text as Telegram keeps it: plain characters, and entities counted in UTF-16 units."""

    text: str
    entities: tuple[dict[str, Any], ...] = ()


def utf16_length(text: str) -> int:
    """The length Telegram counts with."""
    return len(text.encode("utf-16-le")) // 2


def parse_text(source: str, parse_mode: str | None) -> RichText:
    """Read `source` as `parse_mode` says; the product speaks HTML, so nothing else is taken."""
    if not parse_mode:
        return RichText(source.strip())
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    return _Reader(source).read()


class _Reader:
    """One pass over an HTML text, with the stack of tags still open."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._text = ""
        self._open: list[tuple[str, int, dict[str, Any]]] = []
        self._entities: list[dict[str, Any]] = []

    def read(self) -> RichText:
        at = 0
        while (tag_at := self._source.find("<", at)) >= 0:
            self._take(self._source[at:tag_at])
            at = self._tag(tag_at)
        self._take(self._source[at:])
        if self._open:
            raise _unparsable(
                f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"'
            )
        return self._trimmed()

    def _take(self, raw: str) -> None:
        self._text += CHARACTER.sub(lambda found: html.unescape(found[0]), raw)

    def _tag(self, at: int) -> int:
        offset = len(self._source[:at].encode())
        found = TAG.match(self._source, at)
        name = found[2].lower() if found else ""
        if found is None or name not in ENTITY_OF_TAG:
            raise _unparsable(f'Unsupported start tag "{name}" at byte offset {offset}')
        if found[1]:
            self._close(name, offset)
        else:
            self._open.append((name, utf16_length(self._text), _details(name, found[3], offset)))
        return found.end()

    def _close(self, name: str, offset: int) -> None:
        if not self._open:
            raise _unparsable(f"Unexpected end tag at byte offset {offset}")
        opened, start, details = self._open.pop()
        if opened != name:
            raise _unparsable(
                f"Unmatched end tag at byte offset {offset}, "
                f'expected "</{opened}>", found "</{name}>"'
            )
        length = utf16_length(self._text) - start
        self._entities.append({**details, "offset": start, "length": length})

    def _trimmed(self) -> RichText:
        cut = utf16_length(self._text) - utf16_length(self._text.lstrip())
        text = self._text.strip()
        end = utf16_length(text)
        kept = []
        for entity in sorted(self._entities, key=lambda one: (one["offset"], -one["length"])):
            first = max(entity["offset"] - cut, 0)
            last = min(entity["offset"] - cut + entity["length"], end)
            if first < last:
                kept.append({**entity, "offset": first, "length": last - first})
        return RichText(text, tuple(kept))


def _details(name: str, raw: str, offset: int) -> dict[str, Any]:
    attributes = {
        found[1]: html.unescape(found[2] or found[3] or found[4] or "")
        for found in ATTRIBUTE.finditer(raw)
    }
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    kind = ENTITY_OF_TAG[name]
    if name == "a" and attributes.get("href"):
        return {"type": kind, "url": attributes["href"]}
    return {"type": kind}


def parse_keyboard(markup: Any) -> list[list[dict[str, Any]]]:
    """The rows of an inline keyboard, each button checked."""
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("object expected as reply markup")
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS_PER_MESSAGE:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return [row for row in rows if row]


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text") or "").strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    kinds = BUTTON_KINDS & button.keys()
    if len(kinds) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in kinds and not _fits(button["callback_data"], CALLBACK_DATA_BYTES):
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in kinds and not re.match(r"(https?|tg)://[^\s]+$", str(button["url"])):
        raise bad_request("BUTTON_URL_INVALID")
    if "copy_text" in kinds:
        copied = button["copy_text"]
        text = copied.get("text") if isinstance(copied, dict) else None
        if not isinstance(text, str) or not 1 <= utf16_length(text) <= COPY_TEXT_CHARACTERS:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if button.get("style", "primary") not in BUTTON_STYLES:
        raise bad_request("can't parse inline keyboard button: invalid button style specified")


def _fits(data: Any, most_bytes: int) -> bool:
    return isinstance(data, str) and 1 <= len(data.encode()) <= most_bytes


def _unparsable(what: str) -> Exception:
    return bad_request(f"can't parse entities: {what}")
