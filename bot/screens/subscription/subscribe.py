"""The PIX to pay: its QR, its code to copy, and a way on wherever there is none (A3).

The picture cannot become text again (law 3): what follows is a new message, and this one goes.
"""

from aiogram.types import CopyTextButton, InlineKeyboardButton

from actors.messages.account import AccountField, EditAccount
from actors.messages.drafts import Draft, EndDraft
from actors.messages.subscription import GetOffer, Offer, Unavailable
from bot.screens.account.account import ACCOUNT
from bot.screens.help.sections import HELP
from bot.screens.sheets.buttons import EXPORT
from bot.screens.subscription import words
from bot.screens.subscription.buttons import (
    SLOT,
    SUBSCRIBE,
    CheckPaid,
    ShowPaid,
    Subscribe,
    subscribe_button,
)
from bot.screens.whatsapp import qr
from bot.ui.buttons import Row, button, go, keyboard, place
from bot.ui.form import Form, Question, Step
from bot.ui.pager import CAPTION_LIMIT, shown_length
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import HELP_BUTTON
from domain.contacts import parse_email
from domain.subscription import Area

SCREEN = Screen(area=Area.PAYMENT)
MOST_COPIED = 256
"""Characters that a button can copy; aiogram does not look."""
EMAILS = frozenset({Unavailable.EMAIL_MISSING, Unavailable.EMAIL_REFUSED})
WHY, ORIGIN = "why", "origin"


@SCREEN.place(SUBSCRIBE)
async def subscribe(turn: Turn) -> View:
    """The PIX that waits to be paid, or a new one."""
    return await offered(turn)


@SCREEN.press(Subscribe)
async def subscribe_from(turn: Turn, pressed: Subscribe) -> View:
    """The same from elsewhere."""
    return await offered(turn, pressed.origin)


async def offered(turn: Turn, origin: str = "") -> View:
    """The PIX, once it is there; or why it is not, and the way on."""
    answer = await turn.ask(GetOffer())
    if isinstance(answer, Offer):
        return await offer_view(answer, origin)
    if answer in EMAILS:
        values = {WHY: answer.value, ORIGIN: origin}
        return await FORM.begin(turn, origin or place(ACCOUNT), values)
    return unavailable_view(answer, origin)


async def offer_view(offer: Offer, origin: str = "") -> View:
    """The QR as a picture, with how to pay it without a second phone on top."""
    copied = len(offer.code) <= MOST_COPIED
    text = words.caption(offer, copied=copied)
    # A code too long for a caption is better whole and without a picture.
    pictured = shown_length(text) <= CAPTION_LIMIT
    rows: list[Row] = [
        [_copy(offer.code)] if copied else [],
        [
            button(words.PAID_BUTTON, CheckPaid(charge_id=offer.charge_id, origin=origin)),
            button(words.PAYMENTS_BUTTON, ShowPaid(origin=place(SUBSCRIBE))),
        ],
    ]
    return View(
        text,
        keyboard(*rows, back=origin or place(ACCOUNT)),
        picture=await qr.drawn(offer.code) if pictured else None,
        slot=SLOT,
        perishable=True,
    )


def unavailable_view(why: Unavailable, origin: str = "") -> View:
    """Why there is no PIX by now, and what to do."""
    again = [subscribe_button(words.AGAIN_BUTTON, origin, style="primary")]
    payments = [button(words.PAYMENTS_BUTTON, ShowPaid(origin=origin))]
    rows = [again, payments]
    if why is Unavailable.BLOCKED:
        rows = [[go(words.DATA_BUTTON, EXPORT)], [go(HELP_BUTTON, HELP)]]
    return View(words.UNAVAILABLE[why], keyboard(*rows, back=origin or place(ACCOUNT)))


def _copy(code: str) -> InlineKeyboardButton:
    copied = CopyTextButton(text=code)
    return InlineKeyboardButton(text=words.COPY_BUTTON, copy_text=copied, style="primary")


# The e-mail that Mercado Pago asks for


async def _ask(_turn: Turn, draft: Draft) -> Question:
    refused = draft.values.get(WHY) == Unavailable.EMAIL_REFUSED
    return Question(words.ASK_OTHER_EMAIL if refused else words.ASK_EMAIL)


async def _finish(turn: Turn, draft: Draft) -> View:
    await turn.ask(EditAccount(AccountField.EMAIL, draft.values["email"]))
    await turn.ask(EndDraft(FORM.key, draft.number, "set"))
    return await offered(turn, draft.values.get(ORIGIN, ""))


async def _done(turn: Turn, _result: str) -> View:
    return await offered(turn)


FORM = SCREEN.form(
    Form(
        key="pay_email",
        steps=(Step("email", _ask, lambda text, _: parse_email(text)),),
        head=lambda _draft, _number: "",
        finish=_finish,
        done=_done,
    )
)
