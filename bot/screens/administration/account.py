"""One account, and what it has paid (A11): its own data and counts, and what can be done to it."""

from dataclasses import replace

from aiogram.types import InlineKeyboardButton

from actors.messages.admin import (
    AccountDetail,
    AccountPayments,
    GetAccountDetail,
    GetAccountPayments,
    TakeDaysBack,
    UnblockAccount,
)
from bot.screens.administration import account_words as words
from bot.screens.administration.buttons import (
    ACCOUNT_OWNER,
    FIND_ACCOUNT,
    AskBlock,
    AskGive,
    ShowAccount,
    ShowAccountPayments,
    TakeBack,
    Unblock,
    account_origin,
)
from bot.screens.administration.home import TO_ADMIN
from bot.ui.buttons import Row, button, keyboard, number_in
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Audience, Screen
from bot.ui.view import View
from bot.ui.words import undo_until
from domain.subscription import Standing
from errors import NotFound

SCREEN = Screen(audience=Audience.ADMINS)


@SCREEN.press(ShowAccount)
async def show_account(turn: Turn, pressed: ShowAccount) -> View:
    """One account."""
    return await account_at(turn, pressed.tenant_id, pressed.origin)


@SCREEN.origin(ACCOUNT_OWNER)
async def back_to_account(turn: Turn, rest: str) -> View:
    """Voltar to an account."""
    tenant_id, _, origin = rest.partition("~")
    return await account_at(turn, number_in(tenant_id), origin)


@SCREEN.press(ShowAccountPayments)
async def show_payments(turn: Turn, pressed: ShowAccountPayments) -> View:
    """A page of what it has paid."""
    try:
        found = await turn.administer(
            GetAccountPayments(turn.chat_id, pressed.tenant_id, pressed.page)
        )
    except NotFound:
        return await _gone(turn, pressed.origin)
    return payments_view(found, pressed)


@SCREEN.press(TakeBack)
async def take_back(turn: Turn, pressed: TakeBack) -> View:
    """Take days back that were given a moment ago."""
    asked = TakeDaysBack(turn.chat_id, pressed.tenant_id, pressed.number)
    try:
        view = await turn.administer(asked)
    except NotFound:
        return await _gone(turn, pressed.origin)
    return replace(account_view(view, pressed.origin), toast=words.TAKEN_BACK)


@SCREEN.press(Unblock)
async def unblock(turn: Turn, pressed: Unblock) -> View:
    """Let an account in again."""
    asked = UnblockAccount(turn.chat_id, pressed.tenant_id, turn.update_id)
    try:
        view = await turn.administer(asked)
    except NotFound:
        return await _gone(turn, pressed.origin)
    return replace(account_view(view, pressed.origin), toast=words.UNBLOCKED)


async def account_at(turn: Turn, tenant_id: int, origin: str) -> View:
    """One account; where it is gone, what lies behind, as it is now (law 5)."""
    try:
        view = await turn.administer(GetAccountDetail(turn.chat_id, tenant_id))
    except NotFound:
        return await _gone(turn, origin)
    return account_view(view, origin)


def account_view(view: AccountDetail, origin: str) -> View:
    """One account, with what can be done to it."""
    tenant_id = view.tenant_id
    rows: list[Row] = [
        [
            button(words.GIVE_BUTTON, AskGive(tenant_id=tenant_id, origin=origin)),
            _block_button(view, origin),
        ],
        [
            button(
                words.payments_button(view),
                ShowAccountPayments(tenant_id=tenant_id, origin=origin),
            )
        ],
    ]
    if view.given is not None:
        undo = TakeBack(tenant_id=tenant_id, number=view.given.number, origin=origin)
        rows.append([button(undo_until(view.given.until), undo)])
    ways = keyboard(*rows, back=origin or TO_ADMIN)
    return View(words.account(view), ways, asks=FIND_ACCOUNT)


def payments_view(view: AccountPayments, pressed: ShowAccountPayments) -> View:
    """What an account has paid."""
    pager = pager_row(view.page, view.pages, lambda page: pressed.model_copy(update={"page": page}))
    back = account_origin(pressed.tenant_id, pressed.origin)
    return View(words.payments(view), keyboard(pager, back=back), asks=FIND_ACCOUNT)


def _block_button(view: AccountDetail, origin: str) -> InlineKeyboardButton:
    if view.standing is Standing.BLOCKED:
        return button(words.UNBLOCK_BUTTON, Unblock(tenant_id=view.tenant_id, origin=origin))
    ask = AskBlock(tenant_id=view.tenant_id, origin=origin)
    return button(words.BLOCK_BUTTON, ask, style="danger")


async def _gone(turn: Turn, origin: str) -> View:
    return replace(await turn.back(origin or TO_ADMIN), toast=words.GONE)
