"""Texts cut to the size that one message takes (H5), and the row that turns the pages of a list."""

import html
import re
from collections.abc import Callable

from aiogram.filters.callback_data import CallbackData

from bot.ui.buttons import PageCount, Row, button

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


def pager_row(page: int, pages: int, to: Callable[[int], CallbackData]) -> Row:
    """« 1, ‹, 3/19, ›, 19 »: the ways to other pages, without those that lead nowhere.

    Empty for a single page. `to` makes the button of a page.
    """
    if pages <= 1:
        return []
    ways = [
        (page > 2, "« 1", 1),  # noqa: PLR2004 - the first page, where ‹ does not lead there
        (page > 1, "‹", page - 1),
        (page < pages, "›", page + 1),
        (page < pages - 1, f"{pages} »", pages),
    ]
    before, after = (
        [button(label, to(there)) for leads, label, there in half if leads]
        for half in (ways[:2], ways[2:])
    )
    return [*before, button(f"{page}/{pages}", PageCount(page=page, pages=pages)), *after]


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
