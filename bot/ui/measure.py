"""How high a screen is on a phone, and whether its buttons can be read (laws of one phone).

Points of a phone 390 wide and 844 high. Text is wrapped by words with the widths of Roboto, so a
line more or less is possible on a phone with another font: the limits leave room for that.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

SCREEN_POINTS = 716.0
PINNED_POINTS = 672.0  # what is left of the screen below the pinned board
ROW_POINTS = 48.0
REST_POINTS = 50.0  # the bubble's own edges, the day and the air around them
TEXT_WIDTH = 310.0
PICTURE_WIDTH = 334.0
TALLEST_PICTURE = 334.0
KEYBOARD_WIDTH = 304.0
GAP_POINTS = 4.0
LABEL_EDGES = 10.0
LABEL_FONT = 15.0
LINE_POINTS = 21.0
TIME_WIDTH = 46.0  # the hour stands at the end of the last line
EXPANDABLE_POINTS = 64.0  # closed, as it arrives

BOLD = 1.013
EMOJI_EM = 1.245
MONO_EM = 0.6
UNKNOWN_EM = 0.6
# Thousandths of an em, by glyph; accents are as wide as their letter.
WIDTHS = {
    glyph: width / 1000
    for width, glyphs in {
        175: "'",
        200: ",‘’",
        243: "ijl|¡.·!: ",
        270: "I[]-",
        300: "‹›",
        330: 't{}•"',
        345: "rf()“”",
        370: "²³¹°",
        412: "/\\^",
        450: "_ªº*",
        478: "?yv«»",
        500: "xzk<;",
        525: ">cseç",
        550: "ahunJF=LT$0123456789bgpd+µ",
        570: "oqEß",
        598: "SZYT",
        620: "#R&BKXPV",
        650: "UCADG–~",
        688: "OQ",
        713: "HN%",
        755: "w—…",
        875: "Mm",
        895: "W@",
    }.items()
    for glyph in glyphs
}
EMOJI = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}"
    "|[0-9#*]\ufe0f?\u20e3"
    "|[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
    "(?:[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[\u2190-\u2bff\U0001f000-\U0001faff])*)"
)
PIECES = re.compile(rf"(?P<emoji>{EMOJI.pattern})|(?P<glyph>.)", re.DOTALL)
LABELS_REMEMBERED = 10_000  # the same names stand in the same lists
GLYPHS_REMEMBERED = 2_000
WORDS = re.compile(r"\n| +|[^ \n]+")


@dataclass(frozen=True, slots=True)
class Frame:
    """How a kind of block is drawn; sizes in points."""

    width: float
    font: float
    line: float
    edges: float
    em: float | None = None  # of every glyph, where all are equally wide


PLAIN = Frame(TEXT_WIDTH, 16.0, LINE_POINTS, 0.0)
QUOTE = Frame(TEXT_WIDTH - 36.0, 15.0, 20.0, 15.0)
PRE = Frame(TEXT_WIDTH - 19.0, 13.5, 19.0, 16.0, MONO_EM)
FRAMES = {"blockquote": QUOTE, "pre": PRE}


@dataclass(slots=True)
class Block:
    """A stretch of the text in one frame: runs of characters, each bold or code or neither."""

    frame: Frame
    closed: bool = False
    runs: list[tuple[str, str]] = field(default_factory=list)

    def end(self) -> None:
        """Another block follows: the line break before it is the end of a line, not a line."""
        if self.runs:
            run, style = self.runs[-1]
            self.runs[-1] = (run.removesuffix("\n"), style)


class _Blocks(HTMLParser):
    """Telegram's HTML as blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = [Block(PLAIN)]
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        if tag in FRAMES:
            self.blocks[-1].end()
            self.blocks.append(Block(FRAMES[tag], "expandable" in dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)
        if tag in FRAMES:
            self.blocks.append(Block(PLAIN))

    def handle_data(self, data: str) -> None:
        block = self.blocks[-1]
        after_frame = block.frame is PLAIN and not block.runs and len(self.blocks) > 1
        style = next((tag for tag in ("code", "b") if tag in self._open), "")
        # The line break after a framed block is the block's own.
        block.runs.append((data.removeprefix("\n") if after_frame else data, style))


def points(text: str, rows: int, *, picture: float = 0.0) -> float:
    """How high a screen of `text` (HTML) with `rows` of buttons and a picture so high is."""
    return height(text) + picture + rows * ROW_POINTS + REST_POINTS


def fits(text: str, rows: int, *, picture: float = 0.0, pinned: bool = False) -> bool:
    """Whether such a screen is seen whole, without scrolling."""
    most = PINNED_POINTS if pinned else SCREEN_POINTS
    return points(text, rows, picture=picture) <= most


def picture_points(wide: int, high: int) -> float:
    """How high a picture of so many pixels is drawn, in points."""
    return min(PICTURE_WIDTH * high / wide, TALLEST_PICTURE)


def lines(text: str) -> int:
    """How many lines `text` (HTML) takes as drawn, blank ones and the edges of quotes too."""
    return round(height(text) / LINE_POINTS)


def height(text: str) -> float:
    """How high `text` (HTML) is as drawn, in points."""
    reader = _Blocks()
    reader.feed(text)
    reader.close()
    blocks = [block for block in reader.blocks if any(run for run, _ in block.runs)]
    return sum(_height(block, last=block is blocks[-1]) for block in blocks)


@lru_cache(LABELS_REMEMBERED)
def width(label: str, font: float = LABEL_FONT, *, bold: bool = False) -> float:
    """How wide `label` is in one line, in points."""
    return sum(_ems(label)) * font * (BOLD if bold else 1.0)


def label_width(in_row: int) -> float:
    """How much of a label is seen on a button that shares its row with others, in points."""
    return (KEYBOARD_WIDTH - GAP_POINTS * (in_row - 1)) / in_row - LABEL_EDGES


def cut_labels(rows: Sequence[Sequence[str]]) -> list[str]:
    """The labels of a keyboard that are wider than their button."""
    return [label for row in rows for label in row if width(label) > label_width(len(row))]


def _height(block: Block, *, last: bool) -> float:
    done, used = _wrapped(block)
    needs_line = last and (block.frame is not PLAIN or used + TIME_WIDTH > block.frame.width)
    tall = done * block.frame.line
    if block.closed:
        tall = min(tall + block.frame.edges - 6.0, EXPANDABLE_POINTS) - block.frame.edges + 6.0
    return tall + block.frame.edges + (LINE_POINTS if needs_line else 0.0)


def _wrapped(block: Block) -> tuple[int, float]:
    """How many lines a block has, and how much of the last is used."""
    frame, done, used = block.frame, 1, 0.0
    for word, wide in _words(block):
        if word == "\n":
            done, used = done + 1, 0.0
        elif word.isspace() or used + wide <= frame.width:
            used += wide
        else:
            # A word wider than the line is broken anywhere.
            more = int(wide // frame.width)
            done, used = done + bool(used) + more, wide - more * frame.width
    return done, used


def _words(block: Block) -> Iterator[tuple[str, float]]:
    """Words, spaces and line breaks with their widths; a word may change its style inside."""
    word, wide = "", 0.0
    for run, style in block.runs:
        for part in WORDS.findall(run):
            if part.isspace():
                if word:
                    yield word, wide
                word, wide = "", 0.0
                yield part, _run_width(part, style, block.frame)
            else:
                word, wide = word + part, wide + _run_width(part, style, block.frame)
    if word:
        yield word, wide


def _run_width(run: str, style: str, frame: Frame) -> float:
    em = MONO_EM if style == "code" else frame.em
    font = 14.5 if style == "code" else frame.font
    return sum(_ems(run, em)) * font * (BOLD if style == "b" else 1.0)


def _ems(text: str, em: float | None = None) -> Iterator[float]:
    for piece in PIECES.finditer(unicodedata.normalize("NFC", text)):
        if piece["emoji"]:
            yield EMOJI_EM
        elif unicodedata.category(piece[0]) not in {"Mn", "Cf", "Cc"}:
            yield em if em is not None else _em(piece[0])


@lru_cache(GLYPHS_REMEMBERED)
def _em(glyph: str) -> float:
    letter = unicodedata.normalize("NFD", glyph)[0]
    wide = 1.0 if unicodedata.east_asian_width(glyph) in "WF" else UNKNOWN_EM
    return WIDTHS.get(letter, wide)
