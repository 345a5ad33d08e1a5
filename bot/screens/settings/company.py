"""What messages say about the business: each field, and how many texts use it (H4)."""

from dataclasses import replace

from aiogram.filters.callback_data import CallbackData

from actors.messages.company import CompanyView, GetCompany, SetCompany
from actors.messages.drafts import Draft, EndDraft
from bot.screens.settings import company_words as words
from bot.ui.buttons import HOME, button, keyboard, place
from bot.ui.form import SKIPPED, Form, Question, Step
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.company import READ, CompanyField

COMPANY = "company"
SCREEN = Screen()


class EditCompany(CallbackData, prefix="ec"):
    """Change one field of the business."""

    field: CompanyField


@SCREEN.place(COMPANY)
async def show_company(turn: Turn) -> View:
    """The business as messages know it."""
    return company_view(await turn.ask(GetCompany()))


@SCREEN.press(EditCompany)
async def edit(turn: Turn, pressed: EditCompany) -> View:
    """Ask for one field anew."""
    return await FORM.begin(turn, place(COMPANY), {"field": pressed.field.value})


def company_view(view: CompanyView) -> View:
    """The business, with its fields to change."""
    edits = [[button(label, EditCompany(field=field))] for field, label in words.EDIT.items()]
    return View(words.company(view), keyboard(*edits, back=place(HOME)))


async def _ask(turn: Turn, draft: Draft) -> Question:
    field = _field(draft)
    view = await turn.ask(GetCompany())
    return Question(words.QUESTIONS[field], skip=words.TAKE_OUT if view.values[field] else None)


async def _finish(turn: Turn, draft: Draft) -> View:
    view = await turn.ask(SetCompany(_field(draft), draft.values.get("value", SKIPPED)))
    await turn.ask(EndDraft(FORM.key, draft.number, "changed"))
    return replace(company_view(view), toast=words.CHANGED)


def _field(draft: Draft) -> CompanyField:
    return CompanyField(draft.values["field"])


FORM = SCREEN.form(
    Form(
        key="company",
        steps=(Step("value", _ask, lambda text, draft: READ[_field(draft)](text)),),
        head=lambda _draft, _number: "",
        finish=_finish,
    )
)
