"""Bars as a picture: as high as their figures say, and nothing invented (G2)."""

import io
from decimal import Decimal

import pytest
from PIL import Image

from bot.ui.bars import BLUE, HIGH, PAPER, SKY, VERMILLION, WIDE, Bar, draw_bars

NAMES = (BLUE, SKY, VERMILLION, PAPER)
COLOURS = {name: Image.new("RGB", (1, 1), name).getpixel((0, 0)) for name in NAMES}
OF_BARS = {COLOURS[name] for name in (BLUE, SKY, VERMILLION)}


def bars(*values: int) -> list[Bar]:
    """One for each; the last is the present one."""
    last = len(values) - 1
    return [
        Bar(f"m{at}", str(value), Decimal(value), now=at == last) for at, value in enumerate(values)
    ]


def heights(picture: bytes, count: int) -> list[int]:
    """How many pixels of a bar's colour stand in the middle of each bar's room."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
        room = (image.width - 48) / count
        middles = [int(24 + room * (at + 0.5)) for at in range(count)]
        return [
            sum(image.getpixel((x, y)) in OF_BARS for y in range(image.height)) for x in middles
        ]


def test_a_bar_is_as_high_as_its_figure() -> None:
    low, high = heights(draw_bars(bars(1000, 2000)), 2)

    assert (True, True) == (low > 0, abs(high - 2 * low) <= 2)


def test_months_without_money_have_no_bar() -> None:
    assert [0] * 12 == heights(draw_bars(bars(*[0] * 12)), 12)


def test_what_went_back_hangs_below_the_line_in_a_colour_of_its_own() -> None:
    with Image.open(io.BytesIO(draw_bars(bars(40, -20)))) as image:
        used = {colour for _, colour in image.convert("RGB").getcolors(WIDE * HIGH) or []}

    assert COLOURS[VERMILLION] in used


@pytest.mark.parametrize(
    "values",
    [[], [0], [-5], [10**9] * 12, [1, *[0] * 11]],
    ids=["nothing", "zero", "less than nothing", "very much", "hardly anything"],
)
def test_whatever_the_figures_are_a_picture_comes_of_them(values: list[int]) -> None:
    with Image.open(io.BytesIO(draw_bars(bars(*values)))) as image:
        assert ((WIDE, HIGH), COLOURS[PAPER]) == (image.size, image.getpixel((0, 0)))
