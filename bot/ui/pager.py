"""Texts cut to the size that one message takes (H5)."""

import html
import re

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TAG = re.compile(r"<[^>]*>")


def pages(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """`text` in messages Telegram takes, cut between lines (H5).

    Every line closes the tags it opens, as all sentences do; a line too long by itself loses them.
    """
    done: list[str] = []
    page = ""
    for line in (part for whole in text.split("\n") for part in _fitting(whole, limit)):
        longer = f"{page}\n{line}" if page else line
        if shown_length(longer) > limit:
            done.append(page)
            longer = line
        page = longer
    return [kept for kept in [*done, page] if kept.strip()]


def shown_length(source: str) -> int:
    """The length of an HTML text as Telegram counts it: UTF-16 units, after reading the tags."""
    return len(_plain(source).encode("utf-16-le")) // 2


def _fitting(line: str, limit: int) -> list[str]:
    if shown_length(line) <= limit:
        return [line]
    plain = _plain(line)
    # Half the limit: a character outside the basic plane counts as two units.
    step = limit // 2
    return [html.escape(plain[at : at + step]) for at in range(0, len(plain), step)]


def _plain(source: str) -> str:
    return html.unescape(TAG.sub("", source))
