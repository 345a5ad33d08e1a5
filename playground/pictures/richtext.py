"""A message's HTML, as Telegram takes it, into HTML for a page: known marks only, all else escaped.

A browser would show a spoiler, a quote that can be opened or an instant as nothing at all.
"""

import html
from html.parser import HTMLParser

OF_TAG = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "u": "u",
    "ins": "u",
    "s": "s",
    "strike": "s",
    "del": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "a",
    "tg-spoiler": "mark",
    "span": "mark",
    "tg-time": "time",
}
FRAMED = frozenset({"blockquote", "pre"})


def page_html(source: str) -> str:
    """`source` (HTML as sent to Telegram) as HTML that is safe to put into a page."""
    writer = _Writer()
    writer.feed(source)
    writer.close()
    return writer.written()


class _Writer(HTMLParser):
    """One pass over a text; what is left open at its end is closed."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._open: list[str] = []
        self._after_frame = False

    def written(self) -> str:
        closing = (f"</{tag}>" for tag in reversed(self._open))
        return "".join([*self._parts, *closing])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        drawn = OF_TAG.get(tag)
        if drawn is not None:
            closed = drawn == "blockquote" and "expandable" in dict(attrs)
            self._parts.append(f"<{drawn} class=closed>" if closed else f"<{drawn}>")
            self._open.append(drawn)

    def handle_endtag(self, tag: str) -> None:
        drawn = OF_TAG.get(tag)
        if drawn is not None and self._open and self._open[-1] == drawn:
            self._open.pop()
            self._parts.append(f"</{drawn}>")
            self._after_frame = drawn in FRAMED

    def handle_data(self, data: str) -> None:
        # The line break after a framed block is the block's own.
        shown = data.removeprefix("\n") if self._after_frame else data
        self._after_frame = False
        self._parts.append(html.escape(shown))
