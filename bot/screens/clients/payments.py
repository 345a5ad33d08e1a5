"""The ledger: a client's payments, a month's, and one of them (C9, C14).

The month's list adds up to the figure on the list of clients, whose button leads here (law 10).
"""

from datetime import date

from aiogram.types import InlineKeyboardButton

from actors.messages.clients import GetClient, GetClients
from actors.messages.payments import (
    GetPayment,
    GetPayments,
    PaymentChanged,
    PaymentRow,
    PaymentsView,
    PaymentView,
    RestorePayment,
    VoidPayment,
)
from bot.screens.clients import payments_words as words
from bot.screens.clients.buttons import ShowCard
from bot.screens.clients.hub import or_gone
from bot.screens.clients.money_buttons import (
    LEDGER_OWNER,
    PAYMENT_OWNER,
    CorrectPress,
    CountPayment,
    ShowMonthPayments,
    ShowPayment,
    ShowPayments,
    StartPayment,
    StartRenewal,
)
from bot.screens.clients.offers import see_button
from bot.ui.buttons import HOME, Row, bare_keyboard, button, go, keyboard, number_in
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import BACK_BUTTON, HOME_BUTTON

SCREEN = Screen()


# A client's payments


@SCREEN.press(ShowPayments)
async def show_payments(turn: Turn, pressed: ShowPayments) -> View:
    """A page of them, the latest first."""
    return await client_payments(turn, pressed.client_id, pressed.page, pressed.origin)


@SCREEN.origin(LEDGER_OWNER)
async def back_to_payments(turn: Turn, rest: str) -> View:
    """Voltar from the question for an amount."""
    number, _, origin = rest.partition(".")
    return await client_payments(turn, number_in(number), 1, origin)


async def client_payments(turn: Turn, client_id: int, page: int, origin: str) -> View:
    """A page of a client's payments."""

    async def show() -> View:
        card = await turn.ask(GetClient(client_id))
        view = await turn.ask(GetPayments(client_id=client_id, page=page))
        return payments_view(view, client_id, card.today, origin)

    return await or_gone(turn, origin, show())


def payments_view(view: PaymentsView, client_id: int, today: date, origin: str) -> View:
    """Each payment as a row; another one to record, or the renewal that is meant more often."""
    rows: list[Row] = [
        [
            button(
                words.client_line(payment, today),
                ShowPayment(payment_id=payment.payment_id, page=view.page, origin=origin),
            )
        ]
        for payment in view.payments
    ]
    pager = pager_row(
        view.page,
        view.pages,
        lambda page: ShowPayments(client_id=client_id, page=page, origin=origin),
    )
    renewal = StartRenewal(client_id=client_id, origin=origin)
    renew = button(words.RENEW_BUTTON, renewal, style="success")
    record = button(words.RECORD_BUTTON, StartPayment(client_id=client_id, origin=origin))
    back = button(BACK_BUTTON, ShowCard(client_id=client_id, origin=origin))
    assert view.row is not None  # noqa: S101 - asked for one client
    return View(
        words.of_client(view.row, view, today),
        bare_keyboard(*rows, pager, [renew], [record], [back, go(HOME_BUTTON, HOME)]),
    )


# A month's


@SCREEN.press(ShowMonthPayments)
async def show_month(turn: Turn, pressed: ShowMonthPayments) -> View:
    """The payments behind "Recebido", so that they add up to it."""
    return await _month(turn, _month_in(pressed.month), pressed.page, pressed.origin)


async def _month(turn: Turn, month: date | None, page: int, origin: str) -> View:
    clients = await turn.ask(GetClients())
    month = month or clients.figures.month
    view = await turn.ask(GetPayments(page=page, month=month))
    return month_view(view, month, clients.today, origin)


def month_view(view: PaymentsView, month: date, today: date, origin: str) -> View:
    """Who paid, when and how much."""
    rows: list[Row] = [
        [
            button(
                words.month_line(payment, today),
                ShowPayment(
                    payment_id=payment.payment_id, page=view.page, of_month=True, origin=origin
                ),
            )
        ]
        for payment in view.payments
    ]
    pager = pager_row(
        view.page,
        view.pages,
        lambda page: ShowMonthPayments(page=page, origin=origin, month=f"{month:%Y-%m}"),
    )
    return View(words.of_month(view, month), keyboard(*rows, pager, back=origin))


# One of them


@SCREEN.press(ShowPayment)
async def show_payment(turn: Turn, pressed: ShowPayment) -> View:
    """One payment, and what can be set right about it."""
    return await payment_at(turn, pressed)


@SCREEN.origin(PAYMENT_OWNER)
async def back_to_payment(turn: Turn, rest: str) -> View:
    """Voltar from the question for what is right."""
    return await payment_at(turn, payment_in(rest))


async def payment_at(turn: Turn, at: ShowPayment) -> View:
    """One payment, out of the list that `at` says."""
    return payment_view(await turn.ask(GetPayment(at.payment_id)), at)


def payment_view(view: PaymentView, at: ShowPayment) -> View:
    """One payment; `at` says which list it came from."""
    return View(words.one(view), bare_keyboard(*_rows(view.payment, at), *_ways(view, at)))


@SCREEN.press(CountPayment)
async def count_payment(turn: Turn, pressed: CountPayment) -> View:
    """Received after all, or not: at once, and it can be taken back."""
    order = RestorePayment if pressed.counts else VoidPayment
    at = ShowPayment(
        payment_id=pressed.payment_id,
        page=pressed.page,
        of_month=pressed.of_month,
        origin=pressed.origin,
    )
    return changed_view(await turn.ask(order(pressed.payment_id)), at)


def changed_view(changed: PaymentChanged, at: ShowPayment) -> View:
    """A payment that was just changed, with the way back to how it was."""
    seen = PaymentView(changed.payment, changed.row, changed.says)
    rows = [*_rows(changed.payment, at), undo_row(changed.undo, at.origin), *_ways(seen, at)]
    return View(words.changed(changed), bare_keyboard(*rows), toast=words.toast(changed))


def _rows(payment: PaymentRow, at: ShowPayment) -> list[Row]:
    """What can be set right; of a payment that does not count, only that it does."""
    label = words.RECEIVED_BUTTON if payment.voided else words.NOT_RECEIVED_BUTTON
    count = CountPayment(
        payment_id=payment.payment_id,
        counts=payment.voided,
        page=at.page,
        of_month=at.of_month,
        origin=at.origin,
    )
    rows: list[Row] = [[button(label, count)]]
    if not payment.voided:
        amount, day = (
            _correct(payment, "a", words.AMOUNT_BUTTON, at),
            _correct(payment, "d", words.DAY_BUTTON, at),
        )
        rows += [[amount, day], [_correct(payment, "n", words.NOTE_BUTTON, at)]]
    return rows


def _correct(payment: PaymentRow, what: str, label: str, at: ShowPayment) -> InlineKeyboardButton:
    pressed = CorrectPress(
        payment_id=payment.payment_id,
        what=what,
        page=at.page,
        of_month=at.of_month,
        origin=at.origin,
    )
    return button(label, pressed)


def _ways(view: PaymentView, at: ShowPayment) -> list[Row]:
    """The client's card, and back to the list it was chosen from."""
    row, home = view.row, go(HOME_BUTTON, HOME)
    if at.of_month or row is None:
        month = f"{view.payment.paid_on:%Y-%m}"
        back = button(BACK_BUTTON, ShowMonthPayments(page=at.page, origin=at.origin, month=month))
    else:
        back = button(
            BACK_BUTTON,
            ShowPayments(client_id=row.client_id, page=at.page, origin=at.origin),
        )
    see = [see_button(row.client_id, row.name, at.origin)] if row is not None else []
    return [see, [back, home]]


def payment_origin(at: ShowPayment) -> str:
    """The way back to one payment."""
    letter = "m" if at.of_month else "c"
    return f"{PAYMENT_OWNER}{at.payment_id}.{at.page}{letter}{at.origin}"


def payment_in(packed: str) -> ShowPayment:
    """The payment that a way back leads to."""
    number, _, rest = packed.partition(".")
    page = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    return ShowPayment(
        payment_id=number_in(number),
        page=number_in(page) or 1,
        of_month=rest[len(page) : len(page) + 1] == "m",
        origin=rest[len(page) + 1 :],
    )


def _month_in(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
