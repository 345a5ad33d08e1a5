"""A QR as a picture that leaves room for words and buttons on a phone.

Drawing takes tens of milliseconds, so it is done in a worker thread.
"""

import asyncio
import io
from collections.abc import Callable

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_L

PIXELS_PER_MODULE = 8
QUIET_MODULES = 4
WIDE, HIGH = 334, 236
"""The proportions: as wide as a phone shows it, and no higher than it must be to be read."""
WHITE = 255


async def drawn(payload: str) -> bytes:
    """`payload` as a wide picture in PNG."""
    draw: Callable[[str], bytes] = draw_qr
    return await asyncio.to_thread(draw, payload)


def draw_qr(payload: str) -> bytes:
    """`payload` as a QR in PNG. Level L: a screen needs no repair, larger modules read better."""
    code = qrcode.QRCode(
        error_correction=ERROR_CORRECT_L, box_size=PIXELS_PER_MODULE, border=QUIET_MODULES
    )
    code.add_data(payload)
    code.make(fit=True)
    square = code.make_image().get_image().convert("L")
    wide = Image.new("L", (square.height * WIDE // HIGH, square.height), WHITE)
    wide.paste(square, ((wide.width - square.width) // 2, 0))
    picture = io.BytesIO()
    wide.save(picture, "PNG")
    return picture.getvalue()
