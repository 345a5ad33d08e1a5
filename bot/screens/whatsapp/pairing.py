"""Pairing in the chat: the QR that rotates in place, the code to type, what may go wrong (F1).

They follow as notices in one slot, each in the place of the last; once paired, or left, they go.
"""

from datetime import datetime

from aiogram.types import CopyTextButton, InlineKeyboardButton

from actors.messages.notices import CodeShown, PairingExpired, QrShown
from actors.messages.whatsapp import (
    ConnectWhatsApp,
    GetPairingPhones,
    GetWhatsApp,
    PairAnew,
    PairByCode,
    WhatsAppView,
)
from actors.runtime import Request
from bot.screens.whatsapp import pairing_words as words
from bot.screens.whatsapp import qr
from bot.screens.whatsapp.buttons import (
    BY_CODE,
    CONNECT,
    NEW_QR,
    PAIR_ANEW,
    TROUBLE,
    WHATSAPP,
    AskCode,
    code_for,
)
from bot.screens.whatsapp.state import show_state
from bot.ui.buttons import Go, Row, button, go, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import TYPE_IT, not_understood, with_notice
from domain.contacts import parse_phone, whatsapp_candidates
from domain.whatsapp import SessionState
from errors import InvalidInput

SCREEN = Screen()
SLOT = "whatsapp"
CODE_QUESTION = "wa_code"


@SCREEN.place(CONNECT)
async def connect(turn: Turn) -> View | None:
    """Open the line; the QR follows as a notice in this place, or it is said why none comes."""
    return await _pairing(turn, ConnectWhatsApp())


@SCREEN.place(PAIR_ANEW)
async def pair_anew(turn: Turn) -> View | None:
    """The same although a device is linked."""
    return await _pairing(turn, PairAnew())


async def _pairing(turn: Turn, order: Request[WhatsAppView]) -> View | None:
    # First the place, then the order: a code must find its place even if it is quicker than we are.
    await turn.show(coming_view())
    view = await turn.ask(order)
    return None if view.state is SessionState.PAIRING else await show_state(turn)


@SCREEN.place(NEW_QR)
async def new_qr(turn: Turn) -> View | None:
    """Another QR: asks once where a number works that would have to wait."""
    view = await turn.ask(GetWhatsApp())
    if view.state is not SessionState.PAIRED:
        return await pair_anew(turn)
    anyway = go(words.NEW_QR_ANYWAY, PAIR_ANEW, style="primary")
    return View(words.ask_new_qr(view.phone), keyboard([anyway], back=place(WHATSAPP)))


@SCREEN.place(BY_CODE)
async def ask_number(turn: Turn) -> View:
    """Which number the code is for: the likely ones as buttons, any other typed."""
    return await _number_question(turn)


@SCREEN.question(CODE_QUESTION)
async def take_number(turn: Turn) -> View | None:
    """Have the code follow, or ask again."""
    if turn.said.answer is None:
        return await _number_question(turn, TYPE_IT)
    try:
        phone = parse_phone(turn.said.answer)
    except InvalidInput as error:
        return await _number_question(turn, not_understood(error.sentence))
    return await _pairing(turn, PairByCode(phone))


@SCREEN.press(AskCode)
async def ask_code(turn: Turn, pressed: AskCode) -> View | None:
    """Have the code follow for the number on the button."""
    try:
        phone = parse_phone(f"+{pressed.phone}")
    except InvalidInput as error:
        return await _number_question(turn, not_understood(error.sentence))
    return await _pairing(turn, PairByCode(phone))


@SCREEN.place(TROUBLE)
async def trouble(_turn: Turn) -> View:
    """What usually is wrong, and the two ways to try again."""
    return View(
        words.TROUBLE,
        keyboard(
            [go(words.CODE_BUTTON, BY_CODE)],
            [go(words.QR_BUTTON, CONNECT)],
            back=place(WHATSAPP),
        ),
    )


async def _number_question(turn: Turn, notice: str | None = None) -> View:
    phones: tuple[str, ...] = await turn.ask(GetPairingPhones())
    rows: list[Row] = [
        [button(words.number_label(phone), code_for(phone), style=None if at else "primary")]
        for at, phone in enumerate(phones)
    ]
    text = words.ASK_NUMBER if notice is None else with_notice(notice, words.ASK_NUMBER)
    return View(text, keyboard(*rows, back=place(WHATSAPP)), asks=CODE_QUESTION)


# What follows


def coming_view() -> View:
    """Something is on its way."""
    again = go(words.TROUBLE_BUTTON, TROUBLE)
    return View(
        words.CONNECTING, keyboard([again], back=place(WHATSAPP)), slot=SLOT, perishable=True
    )


async def qr_view(shown: QrShown, now: datetime) -> View:
    """The QR as a picture with instructions, valid from `now`."""
    rows: list[Row] = [
        [go(words.BY_CODE_BUTTON, BY_CODE, style="primary")],
        [go(words.TROUBLE_BUTTON, TROUBLE)],
    ]
    return View(
        words.qr_caption(shown.expires_s, now),
        keyboard(*rows, back=place(WHATSAPP)),
        picture=await qr.drawn(shown.payload),
        slot=SLOT,
        fleeting=True,
        perishable=True,
    )


def code_view(shown: CodeShown, now: datetime) -> View:
    """The code, to be copied at a touch, and where to type it."""
    copy = InlineKeyboardButton(
        text=words.COPY_CODE_BUTTON,
        copy_text=CopyTextButton(text=shown.code.replace("-", "")),
        style="primary",
    )
    others = [form for form in whatsapp_candidates(shown.phone) if form != shown.phone]
    rows: list[Row] = [
        [copy],
        *[[button(words.without_nine(form), code_for(form))] for form in others],
        [go(words.TROUBLE_BUTTON, TROUBLE)],
        [go(words.QR_BUTTON, CONNECT)],
    ]
    return View(
        words.code_shown(shown.code, shown.phone, shown.expires_s, now),
        keyboard(*rows, back=place(WHATSAPP)),
        slot=SLOT,
        fleeting=True,
    )


def expired_view(over: PairingExpired) -> View:
    """Nobody read it: a new one at a touch."""
    text, label = words.QR_EXPIRED, words.NEW_QR_BUTTON
    to: Go | AskCode = Go(to=CONNECT)
    if over.phone is not None:
        text, label = words.code_expired(over.phone), words.NEW_CODE_BUTTON
        to = code_for(over.phone)
    if over.refused:
        text = words.refused(over.phone)
    again = button(label, to, style="primary")
    return View(
        text,
        keyboard([again], [go(words.TROUBLE_BUTTON, TROUBLE)], back=place(WHATSAPP)),
        slot=SLOT,
        fleeting=True,
    )
