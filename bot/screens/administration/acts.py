"""What is done to an account and needs an answer first: how many days, or why it is blocked.

The number of the form is that of the order: pressed twice, or handled again, it is one act.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from actors.messages.admin import AccountDetail, BlockAccount, GetAccountDetail, GiveDays
from actors.messages.drafts import Draft, EndDraft
from bot.screens.administration import account_words as words
from bot.screens.administration.account import account_at, account_view
from bot.screens.administration.buttons import AskBlock, AskGive, account_origin
from bot.ui.buttons import number_in
from bot.ui.form import Form, Option, Question, Step
from bot.ui.ports import Turn
from bot.ui.screen import Audience, Screen
from bot.ui.view import View
from domain.administration import parse_days, parse_reason

SCREEN = Screen(audience=Audience.ADMINS)
GIVEN_DAYS = (7, 30, 90, 365)


@SCREEN.press(AskGive)
async def ask_give(turn: Turn, pressed: AskGive) -> View:
    """Ask how many days."""
    return await _begin(GIVE, turn, pressed)


@SCREEN.press(AskBlock)
async def ask_block(turn: Turn, pressed: AskBlock) -> View:
    """Ask why."""
    return await _begin(BLOCK, turn, pressed)


async def _begin(form: Form, turn: Turn, pressed: AskGive | AskBlock) -> View:
    values = {"account": str(pressed.tenant_id), "behind": pressed.origin}
    return await form.begin(turn, account_origin(pressed.tenant_id, pressed.origin), values)


async def _ask_days(turn: Turn, draft: Draft) -> Question:
    view = await _detail(turn, draft)
    return Question(
        words.ask_give(view),
        [[Option(words.give_label(view, days), str(days))] for days in GIVEN_DAYS],
    )


async def _ask_why(turn: Turn, draft: Draft) -> Question:
    return Question(words.ask_block(await _detail(turn, draft)))


async def _give(turn: Turn, draft: Draft) -> View:
    days = int(draft.values["days"])
    view = await turn.administer(GiveDays(turn.chat_id, _account(draft), days, draft.number))
    return await _done(turn, draft, view, words.given(view, days))


async def _block(turn: Turn, draft: Draft) -> View:
    why = draft.values["why"]
    view = await turn.administer(BlockAccount(turn.chat_id, _account(draft), why, draft.number))
    return await _done(turn, draft, view, words.BLOCKED)


async def _done(turn: Turn, draft: Draft, view: AccountDetail, toast: str) -> View:
    behind = draft.values["behind"]
    await turn.ask(EndDraft(draft.form, draft.number, f"{view.tenant_id}~{behind}"))
    return replace(account_view(view, behind), toast=toast)


async def _again(turn: Turn, result: str) -> View:
    """What the act led to, as it is now."""
    tenant_id, _, behind = result.partition("~")
    return await account_at(turn, number_in(tenant_id), behind)


async def _detail(turn: Turn, draft: Draft) -> AccountDetail:
    return await turn.administer(GetAccountDetail(turn.chat_id, _account(draft)))


def _account(draft: Draft) -> int:
    return number_in(draft.values["account"])


def _form(step: Step, key: str, finish: Callable[[Turn, Draft], Awaitable[View]]) -> Form:
    return Form(key=key, steps=(step,), head=lambda _draft, _number: "", finish=finish, done=_again)


DAYS = Step("days", _ask_days, lambda text, _draft: str(parse_days(text)))
WHY = Step("why", _ask_why, lambda text, _draft: parse_reason(text))
GIVE = SCREEN.form(_form(DAYS, "give", _give))
BLOCK = SCREEN.form(_form(WHY, "block", _block))
