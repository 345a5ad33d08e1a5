"""WhatsApp in the chat: how it stands, and the QR that rotates and counts down in one message (F1).

The picture is drawn in a worker thread, since it takes tens of milliseconds.
"""

import asyncio
import io
import math
from dataclasses import replace

import qrcode
from qrcode.constants import ERROR_CORRECT_L

from actors.messages.notices import QrShown
from actors.messages.whatsapp import ConnectWhatsApp, GetWhatsApp, WhatsAppView
from bot.screens.whatsapp import words
from bot.ui.buttons import HOME, go, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import CONNECT_BUTTON
from domain.whatsapp import SessionState

WHATSAPP = "wa"
CONNECT = "wa_connect"
SCREEN = Screen()
SLOT = "whatsapp"
PIXELS_PER_MODULE = 8
QUIET_MODULES = 4


@SCREEN.place(WHATSAPP)
async def show_state(turn: Turn) -> View:
    """How it stands."""
    return state_view(await turn.ask(GetWhatsApp()))


@SCREEN.command("whatsapp", told="Conectar ou ver o WhatsApp", order=70)
async def whatsapp(turn: Turn, _rest: str) -> View:
    """Answer /whatsapp."""
    return await show_state(turn)


@SCREEN.place(CONNECT)
async def connect(turn: Turn) -> View | None:
    """Open the line; the QR follows as a notice in this place, or it is said why none comes."""
    # First the place, then the order: a QR must find its place even if it is quicker than we are.
    await turn.show(View(words.CONNECTING, keyboard(back=place(HOME)), slot=SLOT))
    state = await turn.ask(ConnectWhatsApp())
    return None if state.state is SessionState.PAIRING else state_view(state)


def state_view(state: WhatsAppView) -> View:
    """How WhatsApp stands."""
    if state.connected:
        return View(_connected_words(state), keyboard(back=place(HOME)))
    trying = state.state in {SessionState.PAIRING, SessionState.PAIRED}
    if trying and not state.reached:
        return lost_view(words.NO_ROUTE, place(HOME))
    return lost_view(words.away(state.state, words.when(state.until)), place(HOME))


def _connected_words(state: WhatsAppView) -> str:
    sent, delivered = state.sent_in_a_day, state.delivered_in_a_day
    said = [words.whatsapp_works(state.phone, sent, delivered)]
    if state.sent_in_a_day:
        last = words.when(state.last_delivered_at)
        said.append(words.arrived(state.sent_in_a_day, state.delivered_in_a_day, last))
    if state.paused_until is not None:
        said.append(words.restricted(words.when(state.paused_until)))
    return "\n\n".join(said)


def lost_view(text: str, back: str | None = None) -> View:
    """Words about a WhatsApp that is away, and the way to bring it back.

    What arrives by itself has nothing behind it.
    """
    return View(text, keyboard([go(CONNECT_BUTTON, CONNECT, style="primary")], back=back))


async def qr_view(shown: QrShown) -> View:
    """The QR as a picture with instructions, valid from now."""
    picture = await asyncio.to_thread(draw_qr, shown.payload)
    caption = words.qr_caption(math.ceil(shown.expires_s))
    return View(caption, keyboard(), picture=picture, slot=SLOT, fleeting=True)


def later_view(view: View, seconds_left: float) -> View:
    """The same QR with less time to read it, or with none left."""
    if seconds_left > 0:
        return replace(view, text=words.qr_caption(math.ceil(seconds_left)))
    again = keyboard([go(words.NEW_QR_BUTTON, CONNECT)])
    return replace(view, text=words.QR_EXPIRED, keyboard=again)


def draw_qr(payload: str) -> bytes:
    """`payload` as a QR in PNG. Level L: a screen needs no repair, larger modules read better."""
    code = qrcode.QRCode(
        error_correction=ERROR_CORRECT_L, box_size=PIXELS_PER_MODULE, border=QUIET_MODULES
    )
    code.add_data(payload)
    code.make(fit=True)
    picture = io.BytesIO()
    code.make_image().save(picture, "PNG")
    return picture.getvalue()
