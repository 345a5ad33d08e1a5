"""A receipt on paper as wide as a phone: the same receipt is the same bytes, whoever asks for it.

The font is one of those that every reader of PDF brings along, so it has the letters of western
languages and no others: what it cannot draw (an emoji in a name) is left out.
"""

import asyncio
import unicodedata
from collections.abc import Callable

from actors.messages.subscription import Receipt
from bot.screens.subscription import receipt_words as words

PAGE_MM = (105.0, 148.0)  # A6
FONT, ENCODING = "Helvetica", "latin-1"
EDGE_MM = 10.0
GREEN, GREY, BLACK = (31, 143, 92), (110, 110, 110), (20, 20, 20)
TITLE_POINTS, HEAD_POINTS, LABEL_POINTS, VALUE_POINTS = 20, 12, 8, 11
LINE_MM, LABEL_MM, AIR_MM = 5.5, 4.0, 1.5


async def drawn(receipt: Receipt) -> bytes:
    """The receipt as a PDF; drawn in a thread."""
    draw: Callable[[Receipt], bytes] = draw_receipt
    return await asyncio.to_thread(draw, receipt)


def draw_receipt(receipt: Receipt) -> bytes:
    """The receipt as a PDF."""
    # Not at the top: it takes 60 MB and a second, and few ask for a receipt.
    from fpdf import FPDF  # noqa: PLC0415 - see above

    paper = FPDF(format=PAGE_MM)
    # Its own clock would make each copy another file.
    paper.set_creation_date(receipt.approved_local)
    paper.set_margin(EDGE_MM)
    paper.set_title(f"EmDia: {words.TITLE}")
    paper.set_lang("pt-BR")
    paper.add_page()

    def line(text: str, points: int, high: float, colour: tuple[int, int, int], style: str) -> None:
        paper.set_font(FONT, style, points)
        paper.set_text_color(*colour)
        paper.multi_cell(0, high, drawable(text), align="L", new_x="LMARGIN", new_y="NEXT")

    line("EmDia", TITLE_POINTS, 2 * LINE_MM, GREEN, "B")
    line(words.TITLE, HEAD_POINTS, LINE_MM, BLACK, "")
    paper.ln(LINE_MM)
    for label, value in words.facts_of(receipt):
        line(label, LABEL_POINTS, LABEL_MM, GREY, "")
        line(value, VALUE_POINTS, LINE_MM, BLACK, "B")
        paper.ln(AIR_MM)
    line(words.NOT_FISCAL, LABEL_POINTS, LABEL_MM, GREY, "")
    return bytes(paper.output())


def drawable(text: str) -> str:
    """`text` without what the font has no shape for; a dash where nothing is left."""
    composed = unicodedata.normalize("NFC", text)
    kept = composed.encode(ENCODING, "ignore").decode(ENCODING)
    return " ".join("".join(one for one in kept if one.isprintable()).split()) or "-"
