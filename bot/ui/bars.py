"""A row of bars with their figures as a picture: wide and low, so that words and buttons fit below.

The colours are told apart by all eyes (Okabe and Ito). Drawing takes tens of milliseconds, so it is
done in a worker thread. The letters at hand have no accents: labels do without.
"""

import asyncio
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from PIL import Image, ImageDraw, ImageFont

WIDE, HIGH = 1002, 510
"""Pixels: three to a point of the phone."""
EDGE, FOOT, HEAD = 24, 56, 48
LARGEST_FONT, SMALLEST_FONT = 30, 12
GAP = 0.22  # of a bar's room
INK, LINE, PAPER = "#222222", "#BBBBBB", "#FFFFFF"
BLUE, SKY, VERMILLION = "#0072B2", "#56B4E9", "#D55E00"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label below, its figure above; `now` stands out. Below zero it hangs down."""

    label: str
    figure: str
    value: Decimal
    now: bool = False


async def drawn(bars: Sequence[Bar]) -> bytes:
    """The bars as a picture in PNG."""
    draw: Callable[[Sequence[Bar]], bytes] = draw_bars
    return await asyncio.to_thread(draw, bars)


def draw_bars(bars: Sequence[Bar]) -> bytes:
    """The bars as a picture in PNG; of equal height where all are zero: none."""
    picture = Image.new("RGB", (WIDE, HIGH), PAPER)
    draw = ImageDraw.Draw(picture)
    room = (WIDE - 2 * EDGE) / max(1, len(bars))
    font = _font([text for bar in bars for text in (bar.label, bar.figure)], room)
    zero, scale = _scale(bars)
    draw.line((EDGE, zero, WIDE - EDGE, zero), fill=LINE, width=2)
    for number, bar in enumerate(bars):
        middle = EDGE + room * (number + 0.5)
        tip = zero - int(bar.value * scale)
        half = room * (1 - GAP) / 2
        if bar.value:
            box = (middle - half, min(tip, zero), middle + half, max(tip, zero))
            draw.rectangle(box, fill=_colour(bar))
        above = min(tip, zero) - 8
        draw.text((middle, above), bar.figure, font=font, fill=INK, anchor="mb")
        draw.text((middle, HIGH - FOOT / 2), bar.label, font=font, fill=INK, anchor="mm")
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def _scale(bars: Sequence[Bar]) -> tuple[int, Decimal]:
    """Where zero lies, and how many pixels one unit is high."""
    most = max([Decimal(0), *(bar.value for bar in bars)])
    least = min([Decimal(0), *(bar.value for bar in bars)])
    tall = HIGH - HEAD - FOOT
    if most == least:
        return HIGH - FOOT, Decimal(0)
    scale = Decimal(tall) / (most - least)
    return HEAD + int(most * scale), scale


def _font(texts: Sequence[str], room: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The largest letters in which each text keeps to its room."""
    for size in range(LARGEST_FONT, SMALLEST_FONT, -1):
        font = ImageFont.load_default(size)
        if all(font.getlength(text) <= room - 4 for text in texts):
            return font
    return ImageFont.load_default(SMALLEST_FONT)


def _colour(bar: Bar) -> str:
    if bar.value < 0:
        return VERMILLION
    return BLUE if bar.now else SKY
