"""The owner's PIX: the key, typed in its kind, and who receives (D5, A10)."""

from dataclasses import replace

from aiogram.filters.callback_data import CallbackData
from aiogram.types import CopyTextButton, InlineKeyboardButton

from actors.messages.account import GetAccount, GetPix, PixView, SetPix, SetPixAlone
from actors.messages.drafts import Draft, EndDraft
from bot.screens.settings import words
from bot.ui.buttons import HOME, Row, button, go, keyboard, place
from bot.ui.form import Form, Option, Question, Step
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import with_notice
from domain.pix import DEFAULT_CITY, parse_beneficiary, parse_city, parse_pix_key

PIX = "pix"
EDIT_PIX = "pix_edit"
MOST_COPIED = 256
SCREEN = Screen()


class CodeAlone(CallbackData, prefix="px"):
    """Let the code go as a message of its own, or not: to what is said, however often pressed."""

    on: bool


@SCREEN.place(PIX)
async def show_pix(turn: Turn) -> View:
    """The key that is set, or the question for it."""
    view = await turn.ask(GetPix())
    return await edit(turn) if view.key is None else pix_view(view)


@SCREEN.place(EDIT_PIX)
async def edit(turn: Turn) -> View:
    """Ask for the key, and who receives."""
    return await FORM.begin(turn, place(HOME))


@SCREEN.press(CodeAlone)
async def move_code(turn: Turn, pressed: CodeAlone) -> View:
    """Set it, and say where the code goes from now on (D5)."""
    view = await turn.ask(SetPixAlone(pressed.on))
    shown = await edit(turn) if view.key is None else pix_view(view)
    return replace(shown, toast=words.code_moved(view))


def pix_view(view: PixView) -> View:
    """The key, with a code of one cent to try."""
    change = [go(words.CHANGE_PIX_BUTTON, EDIT_PIX)]
    label = words.CODE_INSIDE_BUTTON if view.alone else words.CODE_ALONE_BUTTON
    alone = [button(label, CodeAlone(on=not view.alone))]
    return View(words.pix_set(view), keyboard(_copy(view.code), change, alone, back=place(HOME)))


def _copy(code: str | None) -> Row:
    if not code or len(code) > MOST_COPIED:
        return []
    return [
        InlineKeyboardButton(
            text=words.COPY_BUTTON, copy_text=CopyTextButton(text=code), style="primary"
        )
    ]


async def _ask_key(_turn: Turn, _draft: Draft) -> Question:
    return Question(words.ASK_KEY)


async def _ask_beneficiary(turn: Turn, _draft: Draft) -> Question:
    account = await turn.ask(GetAccount())
    name = parse_beneficiary(account.name) if any(map(str.isalpha, account.name)) else ""
    options = [[Option(f"👤 {name}", name, style="primary")]] if name else []
    return Question(words.ASK_BENEFICIARY, options)


async def _ask_city(_turn: Turn, _draft: Draft) -> Question:
    return Question(words.ASK_CITY, [[Option(f"🏙 Deixar {DEFAULT_CITY}", DEFAULT_CITY)]])


def _head(_draft: Draft, number: int) -> str:
    return f"🔑 <b>Chave PIX</b> · passo {number} de {len(FORM.steps)}"


async def _finish(turn: Turn, draft: Draft) -> View:
    values = draft.values
    view = await turn.ask(SetPix(values["key"], values["beneficiary"], values["city"]))
    await turn.ask(EndDraft(FORM.key, draft.number, "set"))
    shown = pix_view(view)
    return View(with_notice(words.PIX_SAVED, shown.text), shown.keyboard, toast=words.PIX_SAVED)


FORM = SCREEN.form(
    Form(
        key="pix",
        steps=(
            Step("key", _ask_key, lambda text, _: parse_pix_key(text).value),
            Step("beneficiary", _ask_beneficiary, lambda text, _: parse_beneficiary(text)),
            Step("city", _ask_city, lambda text, _: parse_city(text)),
        ),
        head=_head,
        finish=_finish,
    )
)
