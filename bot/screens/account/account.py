"""The owner's own account: what it is, and each field to change (A9)."""

from dataclasses import replace

from aiogram.filters.callback_data import CallbackData

from actors.messages.account import AccountField, AccountView, EditAccount, GetAccount
from actors.messages.drafts import Draft, EndDraft
from bot.screens.account import words
from bot.screens.data.buttons import DATA
from bot.screens.subscription.buttons import ShowPaid, subscribe_button
from bot.screens.subscription.words import PAYMENTS_BUTTON
from bot.ui.buttons import HOME, Row, button, go, keyboard, place
from bot.ui.form import Form, Question, Step
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.clients import parse_name
from domain.contacts import parse_email, parse_phone
from domain.subscription import WARNING_DAYS, Area, Standing

ACCOUNT = "account"
SOON_DAYS = max(WARNING_DAYS)
"""Days before the end from which on to pay is the next step (A7)."""
SCREEN = Screen(area=Area.ACCOUNT)
READ = {
    AccountField.NAME: parse_name,
    AccountField.EMAIL: parse_email,
    AccountField.PHONE: parse_phone,
}


class EditMine(CallbackData, prefix="ae"):
    """Change one field of the account."""

    field: AccountField


@SCREEN.place(ACCOUNT)
async def show_account(turn: Turn) -> View:
    """The account as it stands."""
    return account_view(await turn.ask(GetAccount()))


@SCREEN.command("conta", told="Ver minha conta", order=80)
async def conta(turn: Turn, _rest: str) -> View:
    """Answer /conta."""
    return await show_account(turn)


@SCREEN.press(EditMine)
async def edit(turn: Turn, pressed: EditMine) -> View:
    """Ask for one field anew."""
    return await FORM.begin(turn, place(ACCOUNT), {"field": pressed.field.value})


def account_view(view: AccountView) -> View:
    """The account, with its fields to change."""
    edits = [button(label, EditMine(field=field)) for field, label in words.LABELS.items()]
    seen = [button(PAYMENTS_BUTTON, ShowPaid()), go(words.DATA_BUTTON, DATA)]
    return View(words.account(view), keyboard(_pay(view), edits, seen, back=place(HOME)))


def _pay(view: AccountView) -> Row:
    """The way to more days; who is blocked may not pay its way in."""
    label = words.PAY_LABELS.get(view.standing)
    if label is None:
        return []
    is_next = view.standing is not Standing.ACTIVE or view.days_left <= SOON_DAYS
    return [subscribe_button(label, style="success" if is_next else None)]


async def _ask(_turn: Turn, draft: Draft) -> Question:
    return Question(words.QUESTIONS[_field(draft)])


async def _finish(turn: Turn, draft: Draft) -> View:
    view = await turn.ask(EditAccount(_field(draft), draft.values["value"]))
    await turn.ask(EndDraft(FORM.key, draft.number, "changed"))
    return replace(account_view(view), toast=words.CHANGED)


def _field(draft: Draft) -> AccountField:
    return AccountField(draft.values["field"])


FORM = SCREEN.form(
    Form(
        key="mine",
        steps=(Step("value", _ask, lambda text, draft: READ[_field(draft)](text)),),
        head=lambda _draft, _number: "",
        finish=_finish,
    )
)
