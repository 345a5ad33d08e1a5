"""Own fields: the list of them, one of them, and the form that makes or renames one (C12)."""

from dataclasses import replace

from actors.messages.drafts import Draft, EndDraft
from actors.messages.tags import (
    DropOwnField,
    FieldDropped,
    GetOwnFields,
    MakeOwnField,
    RenameOwnField,
)
from bot.screens.clients import tag_words as words
from bot.screens.clients.buttons import (
    MORE,
    OWN_FIELDS,
    DropFieldPress,
    RenameFieldPress,
    ShowField,
)
from bot.ui.buttons import button, go, keyboard, place
from bot.ui.form import Form, Option, Question, Step
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import not_understood, toast
from domain.tags import MAX_OWN_FIELDS, OwnField, parse_field_name
from domain.text import fold
from errors import InvalidInput

SCREEN = Screen()
NEW_FIELD = "new_field"
NOTHING = "0"
YES, NO = "sim", "nao"
_ANSWERS = {"sim": YES, "s": YES, "secreto": YES, "nao": NO, "n": NO}


@SCREEN.place(OWN_FIELDS)
async def show_fields(turn: Turn) -> View:
    """All own fields."""
    return fields_view(await turn.ask(GetOwnFields()))


@SCREEN.place(NEW_FIELD)
async def new_field(turn: Turn) -> View:
    """Ask for a new one."""
    return await FORM.begin(turn, place(OWN_FIELDS), {"field": NOTHING})


@SCREEN.press(ShowField)
async def show_field(turn: Turn, pressed: ShowField) -> View:
    """One own field; all of them where it is gone."""
    return _one_of(await turn.ask(GetOwnFields()), pressed.field_id)


@SCREEN.press(DropFieldPress)
async def drop_field(turn: Turn, pressed: DropFieldPress) -> View:
    """Drop it at once, with what was in it: it can be undone (law 6)."""
    try:
        return dropped_view(await turn.ask(DropOwnField(pressed.field_id)))
    except InvalidInput as error:
        # A text still uses its variable: that is read before it is mended.
        return View(not_understood(error.sentence), keyboard(back=place(OWN_FIELDS)))


@SCREEN.press(RenameFieldPress)
async def rename_field(turn: Turn, pressed: RenameFieldPress) -> View:
    """Ask how it is called from now on."""
    own = _find(await turn.ask(GetOwnFields()), pressed.field_id)
    if own is None:
        return await show_fields(turn)
    # Only the name is asked: what is secret stays so.
    values = {"field": str(own.field_id), "was": own.name, "secret": YES if own.secret else NO}
    return await FORM.begin(turn, place(OWN_FIELDS), values)


def fields_view(own: tuple[OwnField, ...]) -> View:
    """A button for each, and the way to another while there is room."""
    new = [go(words.NEW_FIELD_BUTTON, NEW_FIELD, style="primary")]
    return View(
        words.fields(own),
        keyboard(
            *([button(words.field_button(one), ShowField(field_id=one.field_id))] for one in own),
            new if len(own) < MAX_OWN_FIELDS else [],
            back=place(MORE),
        ),
    )


def field_view(own: OwnField) -> View:
    """One own field and what can be done with it."""
    field_id = own.field_id
    return View(
        words.field(own),
        keyboard(
            [
                button(words.RENAME_BUTTON, RenameFieldPress(field_id=field_id)),
                button(words.DROP_BUTTON, DropFieldPress(field_id=field_id), style="danger"),
            ],
            back=place(OWN_FIELDS),
        ),
    )


def dropped_view(done: FieldDropped) -> View:
    """A field that is gone, and the way to have it again."""
    back = place(OWN_FIELDS)
    return View(words.field_dropped(done), keyboard(undo_row(done.undo, back), back=back))


# The form


async def _ask_name(_turn: Turn, _draft: Draft) -> Question:
    return Question(words.ASK_FIELD)


async def _ask_secret(_turn: Turn, _draft: Draft) -> Question:
    options = [Option(words.OPEN_FIELD_BUTTON, NO), Option(words.SECRET_FIELD_BUTTON, YES)]
    return Question(words.ASK_COVERED, [options])


def _read_secret(text: str, _draft: Draft) -> str:
    answer = _ANSWERS.get(fold(text))
    if answer is None:
        raise InvalidInput("Responda sim ou não, ou toque em um botão.")
    return answer


async def _finish(turn: Turn, draft: Draft) -> View:
    try:
        saved = await _save(turn, draft)
    except InvalidInput as error:
        again = [FORM.edit(words.RENAME_BUTTON, draft, "name")]
        return View(not_understood(error.sentence), keyboard(again, back=draft.origin))
    await turn.ask(EndDraft(FORM.key, draft.number, str(saved.field_id)))
    return replace(field_view(saved), toast=toast(words.field_saved(saved)))


async def _save(turn: Turn, draft: Draft) -> OwnField:
    name, field_id = draft.values["name"], int(draft.values["field"])
    if field_id:
        return await turn.ask(RenameOwnField(field_id, name))
    return await turn.ask(MakeOwnField(name, secret=draft.values["secret"] == YES))


async def _done(turn: Turn, result: str) -> View:
    return _one_of(await turn.ask(GetOwnFields()), int(result))


FORM = SCREEN.form(
    Form(
        key="field",
        steps=(
            Step("name", _ask_name, lambda text, _: parse_field_name(text, taken=())),
            Step("secret", _ask_secret, _read_secret),
        ),
        head=lambda draft, _: words.field_head(draft.values.get("name") or draft.values.get("was")),
        finish=_finish,
        done=_done,
    )
)


def _one_of(own: tuple[OwnField, ...], field_id: int) -> View:
    found = _find(own, field_id)
    return field_view(found) if found is not None else fields_view(own)


def _find(own: tuple[OwnField, ...], field_id: int) -> OwnField | None:
    return next((one for one in own if one.field_id == field_id), None)
