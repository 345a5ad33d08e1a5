"""A payment recorded, or set right: one question each (C9, C14)."""

from datetime import date, timedelta
from decimal import Decimal

from actors.messages.clients import GetClient
from actors.messages.drafts import Draft, EndDraft
from actors.messages.payments import CorrectPayment, GetPayment, Paid, RecordPayment
from bot.screens.clients import payments_words as words
from bot.screens.clients.money_buttons import (
    LEDGER_OWNER,
    PAYMENT_OWNER,
    CorrectPress,
    ShowPayment,
    ShowPayments,
    StartPayment,
    amount_of,
    cents_of,
)
from bot.screens.clients.offers import see_button
from bot.screens.clients.payments import (
    changed_view,
    payment_at,
    payment_in,
    payment_origin,
)
from bot.ui.buttons import button, keyboard
from bot.ui.form import SKIPPED, Form, Option, Question, Step
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from domain.clients import parse_notes
from domain.money import parse_price
from domain.typed_dates import parse_date
from errors import InvalidInput

SCREEN = Screen()
AMOUNT, DAY, NOTE = "a", "d", "n"
VALUE = "value"


# One more


@SCREEN.press(StartPayment)
async def start_payment(turn: Turn, pressed: StartPayment) -> View:
    """Ask how much."""
    card = await turn.ask(GetClient(pressed.client_id))
    values = {
        "client_id": str(pressed.client_id),
        "name": card.row.name,
        "whole": words.whole(card),
        "open": str(card.open_amount or ""),
        "origin": pressed.origin,
    }
    return await RECEIVED_FORM.begin(
        turn, f"{LEDGER_OWNER}{pressed.client_id}.{pressed.origin}", values
    )


async def _ask_received(_turn: Turn, draft: Draft) -> Question:
    whole = draft.values["whole"]
    option = Option(whole, draft.values["open"], style="primary")
    return Question(words.ASK_AMOUNT, [[option]] if whole else [])


async def _record(turn: Turn, draft: Draft) -> View:
    """Record it: the number of the form is that of the payment, so it is recorded once."""
    values = draft.values
    cents = cents_of(Decimal(values[VALUE]))
    done = f"{values['client_id']}.{cents}.{draft.number}.{values['origin']}"
    view = await _recorded(turn, done)
    await turn.ask(EndDraft(RECEIVED_FORM.key, draft.number, done))
    return view


async def _recorded(turn: Turn, done: str) -> View:
    client_id, cents, number, origin = done.split(".", 3)
    paid = await turn.ask(RecordPayment(int(client_id), amount_of(int(cents)), number))
    return recorded_view(paid, origin)


def recorded_view(paid: Paid, origin: str) -> View:
    """What was recorded, and what is left."""
    row = paid.row
    payments = ShowPayments(client_id=row.client_id, origin=origin)
    see = see_button(row.client_id, row.name, origin)
    return View(
        words.recorded(paid),
        keyboard(
            [button(words.SEE_PAYMENTS_BUTTON, payments), see],
            undo_row(paid.undo, origin),
            back=origin,
        ),
    )


# Set right


@SCREEN.press(CorrectPress)
async def correct(turn: Turn, pressed: CorrectPress) -> View:
    """Ask what is right."""
    view = await turn.ask(GetPayment(pressed.payment_id))
    at = ShowPayment(
        payment_id=pressed.payment_id,
        page=pressed.page,
        of_month=pressed.of_month,
        origin=pressed.origin,
    )
    values = {
        "what": pressed.what if pressed.what in {AMOUNT, DAY, NOTE} else AMOUNT,
        "name": view.payment.name or words.ERASED,
        "note": view.payment.note or "",
    }
    return await RIGHT_FORM.begin(turn, payment_origin(at), values)


async def _ask_right(_turn: Turn, draft: Draft) -> Question:
    what = draft.values["what"]
    if what == DAY:
        yesterday = draft.today - timedelta(days=1)
        days = ((words.TODAY_BUTTON, draft.today), (words.YESTERDAY_BUTTON, yesterday))
        return Question(words.ASK_DAY, [[Option(label, str(day)) for label, day in days]])
    if what == NOTE:
        skip = words.NO_NOTE_BUTTON if draft.values["note"] else None
        return Question(words.ASK_NOTE, skip=skip)
    return Question(words.ASK_RIGHT_AMOUNT)


def _read_right(text: str, draft: Draft) -> str:
    what = draft.values["what"]
    if what == DAY:
        day = parse_date(text, draft.today, nearest=True)
        if day > draft.today:
            raise InvalidInput(words.FUTURE)
        return str(day)
    return parse_notes(text) or SKIPPED if what == NOTE else str(parse_price(text))


async def _set_right(turn: Turn, draft: Draft) -> View:
    """Set it right."""
    at = payment_in(draft.origin.removeprefix(PAYMENT_OWNER))
    changed = await turn.ask(_order(at.payment_id, draft.values["what"], draft.values[VALUE]))
    await turn.ask(EndDraft(RIGHT_FORM.key, draft.number, draft.origin))
    return changed_view(changed, at)


async def _right_already(turn: Turn, place: str) -> View:
    """The payment as it is, for who presses once more."""
    return await payment_at(turn, payment_in(place.removeprefix(PAYMENT_OWNER)))


def _order(payment_id: int, what: str, said: str) -> CorrectPayment:
    if what == DAY:
        return CorrectPayment(payment_id, paid_on=date.fromisoformat(said))
    if what == NOTE:
        return CorrectPayment(payment_id, note=said)
    return CorrectPayment(payment_id, amount=Decimal(said))


def _head(draft: Draft, _number: int) -> str:
    return words.head(draft.values["name"])


RECEIVED_FORM = SCREEN.form(
    Form(
        key="received",
        steps=(Step(VALUE, _ask_received, lambda text, _: str(parse_price(text))),),
        head=_head,
        finish=_record,
        done=_recorded,
    )
)
RIGHT_FORM = SCREEN.form(
    Form(
        key="right",
        steps=(Step(VALUE, _ask_right, _read_right),),
        head=_head,
        finish=_set_right,
        done=_right_already,
    )
)
