"""The payments of the subscription, and the receipt of each: to read, and as a file (A9)."""

from dataclasses import replace

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from actors.messages.subscription import GetHistory, GetReceipt, History, PaidLine, Receipt
from bot.screens.account.account import ACCOUNT
from bot.screens.subscription import receipt_pdf, receipt_words, words
from bot.screens.subscription.buttons import (
    CheckPaid,
    ShowPaid,
    ShowReceipt,
    TakeReceipt,
    subscribe_button,
)
from bot.ui.buttons import HOME, Row, bare_keyboard, button, go, keyboard, place
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import Document, View
from bot.ui.words import BACK_BUTTON, HOME_BUTTON
from domain.subscription import Area
from errors import NotFound

SCREEN = Screen(area=Area.PAYMENT)
ROWS = 6
MOST_PAGES = 10_000  # what is past it is nowhere, and would be no number in the database
WITH_RECEIPT = frozenset(receipt_words.PAID_AS)


@SCREEN.press(ShowPaid)
async def show_payments(turn: Turn, pressed: ShowPaid) -> View:
    """A page of them; what is past the end is the last."""
    page = min(max(pressed.page, 1), MOST_PAGES)
    history = await turn.ask(GetHistory(offset=(page - 1) * ROWS, limit=ROWS))
    if not history.lines and history.total:
        page = _pages(history)
        history = await turn.ask(GetHistory(offset=(page - 1) * ROWS, limit=ROWS))
    return payments_view(history, page, pressed.origin)


@SCREEN.press(ShowReceipt)
async def show_receipt(turn: Turn, pressed: ShowReceipt) -> View:
    """What can be shown of a payment."""
    try:
        shown = await turn.ask(GetReceipt(pressed.charge_id))
    except NotFound:
        return await _none(turn, pressed)
    return receipt_view(shown, pressed)


@SCREEN.press(TakeReceipt)
async def take_receipt(turn: Turn, pressed: TakeReceipt) -> View:
    """The same as a file."""
    try:
        shown = await turn.ask(GetReceipt(pressed.charge_id))
    except NotFound:
        return await _none(turn, pressed)
    return await receipt_file(shown, pressed)


def payments_view(history: History, page: int, origin: str = "") -> View:
    """A page of them; none teaches how to make the first (law 11)."""
    rows: list[Row] = [[_row(line, page, origin)] for line in history.lines]
    if not history.total:
        rows = [[subscribe_button(words.PAY_BUTTON, origin, style="success")]]
    ways = pager_row(page, _pages(history), lambda to: ShowPaid(page=to, origin=origin))
    return View(
        receipt_words.payments(history), keyboard(*rows, ways, back=origin or place(ACCOUNT))
    )


def receipt_view(shown: Receipt, at: ShowReceipt) -> View:
    """The receipt to read, and the way to the file."""
    pdf = TakeReceipt(charge_id=at.charge_id, page=at.page, origin=at.origin)
    back = ShowPaid(page=at.page, origin=at.origin)
    return View(
        receipt_words.receipt(shown),
        bare_keyboard([button(receipt_words.PDF_BUTTON, pdf)], _ways(back)),
    )


async def receipt_file(shown: Receipt, at: TakeReceipt) -> View:
    """The file, and the way back to what it says."""
    back = ShowReceipt(charge_id=at.charge_id, page=at.page, origin=at.origin)
    return View(
        receipt_words.handed_over(shown),
        bare_keyboard(_ways(back)),
        document=Document(receipt_words.file_name(shown), await receipt_pdf.drawn(shown)),
    )


def _ways(back: CallbackData) -> Row:
    return [button(BACK_BUTTON, back), go(HOME_BUTTON, HOME)]


def _row(line: PaidLine, page: int, origin: str) -> InlineKeyboardButton:
    """A payment: its receipt, or what became of it where there is none."""
    to: CallbackData = CheckPaid(charge_id=line.charge_id, origin=origin)
    if line.state in WITH_RECEIPT:
        to = ShowReceipt(charge_id=line.charge_id, page=page, origin=origin)
    return button(receipt_words.row(line), to)


def _pages(history: History) -> int:
    return max(1, -(-history.total // ROWS))


async def _none(turn: Turn, pressed: ShowReceipt | TakeReceipt) -> View:
    """The payments as they are now, and that this one has no receipt (law 5)."""
    there = await show_payments(turn, ShowPaid(page=pressed.page, origin=pressed.origin))
    return replace(there, toast=receipt_words.NO_RECEIPT)
