"""What each tag of Telegram's HTML becomes, and which addresses it takes."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from playground.telegram_refusals import bad_request

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
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
LONGEST_AHEAD_SECONDS = 1_098 * 86_400
LANGUAGE = "language-"
LARGEST_ID = 2**63 - 1


def entity_of(
    name: str, attributes: dict[str, str], words: str, now: datetime
) -> dict[str, Any] | None:
    """The entity that a tag around `words` becomes; None where Telegram drops it silently.

    A `code` keeps its `language` for the `pre` it may be in.
    """
    kind: dict[str, Any] = {"type": ENTITY_OF_TAG[name]}
    if name == "a":
        return _link(attributes.get("href") or words)
    if name == "blockquote" and "expandable" in attributes:
        kind = {"type": "expandable_blockquote"}
    elif name == "code" and attributes.get("class", "").startswith(LANGUAGE):
        kind["language"] = attributes["class"].removeprefix(LANGUAGE)
    elif name == "tg-emoji":
        kind["custom_emoji_id"] = _emoji(attributes.get("emoji-id", ""))
    elif name == "tg-time":
        kind |= _instant(attributes, now)
    return kind


def checked_link(address: str) -> str:
    """An address as Telegram keeps it. Refuses with a ValueError in its words."""
    scheme, separator, rest = address.partition("://")
    known = scheme.lower() if separator else ""
    if known in {"tg", "ton", "tonsite"}:
        return address
    if known and known not in {"http", "https"}:
        raise ValueError("Unsupported URL protocol")
    whole = address if known else f"http://{address}"
    try:
        host = urlsplit(whole).hostname or ""
    except ValueError:
        host = ""
    if not host and not (rest if known else address):
        raise ValueError("URL host is empty")
    if "." not in host.strip(".") or re.search(r"\s", whole):
        raise ValueError("Wrong HTTP URL")
    return whole


def _link(address: str) -> dict[str, Any] | None:
    try:
        return {"type": "text_link", "url": checked_link(address)}
    except ValueError:
        return None


def _emoji(number: str) -> str:
    if not re.fullmatch(r"\d{1,19}", number, re.ASCII) or not 0 < int(number) <= LARGEST_ID:
        raise unparsable("Invalid custom emoji identifier specified")
    return number


def _instant(attributes: dict[str, str], now: datetime) -> dict[str, Any]:
    unix, template = attributes.get("unix", ""), attributes.get("format", "")
    if not re.fullmatch(r"\d{1,19}", unix, re.ASCII):
        raise unparsable("Invalid Unix time specified")
    if not TIME_FORMAT.fullmatch(template):
        raise unparsable("Invalid date-time format specified")
    if not 0 < int(unix) - now.timestamp() < LONGEST_AHEAD_SECONDS:
        raise bad_request("ENTITY_DATE_INVALID")
    return {"unix_time": int(unix), "date_time_format": template}


def unparsable(what: str) -> Exception:
    """The refusal of a text that cannot be read."""
    return bad_request(f"can't parse entities: {what}")
