"""Renewing: the dates in full on the buttons, one press that does it all, and what it did (C6-C9).

The deal stands in the button: pressed twice it is one renewal, and once the due date has moved
meanwhile, nothing is done and the dates are shown as they are now.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from aiogram.types import InlineKeyboardButton

from actors.messages.clients import ClientRow, GetClient, GetPresets
from actors.messages.drafts import Draft, EndDraft
from actors.messages.payments import GetRenewal, RenewalChoices, RenewClient, Renewed
from bot.screens.clients import renew_words as words
from bot.screens.clients.buttons import ShowCard
from bot.screens.clients.hub import or_gone
from bot.screens.clients.money_buttons import (
    RENEWAL_OWNER,
    AskRenewalAmount,
    AskRenewalDate,
    Renew,
    ShowPayment,
    StartRenewal,
    amount_of,
    cents_of,
    pack_deal,
    unpack_deal,
)
from bot.screens.clients.offers import see_button, send_button, with_offer
from bot.screens.texts.buttons import EditAfterRenewal
from bot.ui.buttons import HOME, Row, bare_keyboard, button, go, number_in
from bot.ui.form import Form, Option, Question, Step
from bot.ui.labels import cut_name
from bot.ui.measure import label_width
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import BACK_BUTTON, HOME_BUTTON, toast
from domain.due_dates import short_date
from domain.likely_dates import likely_dates, read_renewal_date
from domain.money import format_brl, parse_price
from domain.reminders import Kind
from errors import AlreadyChanged

SCREEN = Screen()
MOST_PRICES = 4
MOST_ROWS = 5
"""Below what a renewal did: the offer, what was not received, Desfazer, the ways on."""
ZERO = Decimal("0.00")


# The dates to choose from


@SCREEN.press(StartRenewal)
async def start_renewal(turn: Turn, pressed: StartRenewal) -> View:
    """The dates and the amount, before anything is done."""
    return await _choices(turn, pressed.client_id, pressed.cents, pressed.origin)


@SCREEN.origin(RENEWAL_OWNER)
async def back_to_choices(turn: Turn, rest: str) -> View:
    """Voltar from the question for a date or an amount."""
    return await _choices(turn, *_place_in(rest))


async def _choices(turn: Turn, client_id: int, cents: int | None, origin: str) -> View:
    amount = None if cents is None else amount_of(cents)

    async def show() -> View:
        return choices_view(await turn.ask(GetRenewal(client_id, amount)), origin, cents)

    return await or_gone(turn, origin, show())


def choices_view(choices: RenewalChoices, origin: str, cents: int | None = None) -> View:
    """Each date in full; the likeliest is the green one."""
    row, amount = choices.row, choices.amount or ZERO
    dates: list[Row] = []
    for one in choices.choices:
        label = cut_name(words.choice(one, choices.plan), label_width(1))
        deal = pack_deal(row.due_on, one.due_on, amount)
        pressed = Renew(client_id=row.client_id, deal=deal, origin=origin)
        dates.append([button(label, pressed, style=None if dates else "success")])
    other_date = AskRenewalDate(client_id=row.client_id, origin=origin, cents=cents)
    other_amount = AskRenewalAmount(client_id=row.client_id, origin=origin)
    say = words.SAY_AMOUNT_BUTTON if choices.amount is None else words.OTHER_AMOUNT_BUTTON
    others = [button(words.OTHER_DATE_BUTTON, other_date), button(say, other_amount)]
    ways = _ways(row.client_id, origin)
    return View(words.choose(choices), bare_keyboard(*dates, others, ways))


# Done


@SCREEN.press(Renew)
async def renew(turn: Turn, pressed: Renew) -> View:
    """Renew, at once and once; what has changed meanwhile is shown as it is now."""
    try:
        return await or_gone(turn, pressed.origin, _renewed(turn, pressed))
    except AlreadyChanged as error:
        view = await _choices(turn, pressed.client_id, None, pressed.origin)
        return replace(view, toast=toast(error.sentence))


async def _renewed(turn: Turn, pressed: Renew) -> View:
    try:
        before, due_on, amount = unpack_deal(pressed.deal)
    except ValueError:
        return await _choices(turn, pressed.client_id, None, pressed.origin)
    renewed = await turn.ask(RenewClient(pressed.client_id, before, due_on, amount))
    card = await turn.ask(GetClient(pressed.client_id))
    return renewed_view(renewed, card.today, pressed.origin)


def renewed_view(renewed: Renewed, today: date, origin: str) -> View:
    """What it did, the message to send, and the ways to take it back."""
    row = renewed.row
    text = words.done(renewed, today)
    see = see_button(row.client_id, row.name, origin)
    payment = ShowPayment(payment_id=renewed.payment_id, origin=origin)
    not_received = [button(words.NOT_RECEIVED_BUTTON, payment)] if renewed.amount else []
    offer: list[Row] = []
    if renewed.preview is not None:
        text = with_offer(text, words.OFFER, renewed.preview, MOST_ROWS)
        silent = ShowCard(client_id=row.client_id, origin=origin)
        words_of = EditAfterRenewal(key=Kind.RENEWAL.value, client_id=row.client_id)
        change_text = button(words.CHANGE_TEXT_BUTTON, words_of)
        offer = [
            [send_button(row.client_id, Kind.RENEWAL, origin), change_text],
            [button(words.KEEP_SILENT_BUTTON, silent), see],
        ]
        see_row: Row = not_received
    else:
        see_row = [*not_received, see]
    undo = undo_row(renewed.undo, origin)
    rows = [*offer, see_row, undo, _ways(row.client_id, origin)]
    said = words.again if renewed.repeated else words.toast
    return View(text, bare_keyboard(*rows), toast=said(row.due_on))


# Another date, another amount


@SCREEN.press(AskRenewalDate)
async def ask_date(turn: Turn, pressed: AskRenewalDate) -> View:
    """Ask for a date of the owner's own."""
    row = (await turn.ask(GetRenewal(pressed.client_id))).row
    origin = _place(pressed.client_id, pressed.cents, pressed.origin)
    return await DATE_FORM.begin(turn, origin, {"name": row.name})


@SCREEN.press(AskRenewalAmount)
async def ask_amount(turn: Turn, pressed: AskRenewalAmount) -> View:
    """Ask how much was received."""
    row = (await turn.ask(GetRenewal(pressed.client_id))).row
    origin = _place(pressed.client_id, None, pressed.origin)
    return await AMOUNT_FORM.begin(turn, origin, {"name": row.name})


async def _which_date(turn: Turn, draft: Draft) -> Question:
    """What may have been meant by a date that is none is one touch away (law 7)."""
    meant = likely_dates(turn.said.answer or "", draft.today)
    options = [Option(short_date(day), str(day)) for day in meant if day > draft.today]
    return Question(words.ASK_DATE, [options] if options else [])


async def _which_amount(turn: Turn, _draft: Draft) -> Question:
    prices = (await turn.ask(GetPresets())).prices[:MOST_PRICES]
    options = [Option(format_brl(price), str(price)) for price in prices]
    rows = [options[at : at + 2] for at in range(0, len(options), 2)]
    return Question(words.ASK_AMOUNT, [*rows, [Option(words.NOTHING_BUTTON, str(ZERO))]])


def _head(draft: Draft, _number: int) -> str:
    return words.head(draft.values["name"])


async def _date_said(turn: Turn, draft: Draft) -> View:
    """The typed date, to be confirmed: nothing is done by typing."""
    said = f"{draft.values['due_on']} {draft.origin}"
    await turn.ask(EndDraft(DATE_FORM.key, draft.number, said))
    return await _date_kept(turn, said)


async def _date_kept(turn: Turn, said: str) -> View:
    due_on, _, place = said.partition(" ")
    client_id, cents, origin = _place_in(place.removeprefix(RENEWAL_OWNER))
    amount = None if cents is None else amount_of(cents)
    choices = await turn.ask(GetRenewal(client_id, amount))
    return confirm_view(choices, date.fromisoformat(due_on), origin, cents)


def confirm_view(
    choices: RenewalChoices, due_on: date, origin: str, cents: int | None = None
) -> View:
    """One date, and the button that renews to it."""
    row: ClientRow = choices.row
    deal = pack_deal(row.due_on, due_on, choices.amount or ZERO)
    pressed = Renew(client_id=row.client_id, deal=deal, origin=origin)
    other = StartRenewal(client_id=row.client_id, origin=origin, cents=cents)
    return View(
        words.confirm(row, due_on, choices.amount),
        bare_keyboard(
            [button(words.confirm_button(due_on), pressed, style="success")],
            [button(BACK_BUTTON, other), go(HOME_BUTTON, HOME)],
        ),
    )


async def _amount_said(turn: Turn, draft: Draft) -> View:
    """The dates again, for another amount."""
    client_id, _, origin = _place_in(draft.origin.removeprefix(RENEWAL_OWNER))
    place = _place(client_id, cents_of(Decimal(draft.values["amount"])), origin)
    await turn.ask(EndDraft(AMOUNT_FORM.key, draft.number, place))
    return await _amount_kept(turn, place)


async def _amount_kept(turn: Turn, place: str) -> View:
    return await _choices(turn, *_place_in(place.removeprefix(RENEWAL_OWNER)))


def _ways(client_id: int, origin: str) -> list[InlineKeyboardButton]:
    back = ShowCard(client_id=client_id, origin=origin)
    return [button(BACK_BUTTON, back), go(HOME_BUTTON, HOME)]


def _place(client_id: int, cents: int | None, origin: str) -> str:
    return f"{RENEWAL_OWNER}{client_id}.{'' if cents is None else cents}.{origin}"


def _place_in(packed: str) -> tuple[int, int | None, str]:
    client_id, _, rest = packed.partition(".")
    cents, _, origin = rest.partition(".")
    return (
        number_in(client_id),
        number_in(cents) if cents.isdecimal() else None,
        origin,
    )


DATE_FORM = SCREEN.form(
    Form(
        key="renew_date",
        steps=(
            Step(
                "due_on",
                _which_date,
                lambda text, draft: str(read_renewal_date(text, draft.today)),
            ),
        ),
        head=_head,
        finish=_date_said,
        done=_date_kept,
    )
)
AMOUNT_FORM = SCREEN.form(
    Form(
        key="renew_amount",
        steps=(Step("amount", _which_amount, lambda text, _: str(parse_price(text))),),
        head=_head,
        finish=_amount_said,
        done=_amount_kept,
    )
)
