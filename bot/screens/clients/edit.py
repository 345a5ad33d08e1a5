"""Changing any single field of a client: chosen, asked for, changed at once, undone (C5)."""

import json
from collections.abc import Callable, Mapping

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from actors.messages.clients import ClientCard, EditClient, Edited, GetClient, GetPresets
from actors.messages.drafts import MOST_RESULT, Draft, EndDraft
from actors.messages.tags import SetOwnValue
from bot.screens.clients import edit_words as words
from bot.screens.clients.buttons import ShowCard
from bot.screens.clients.hub import or_gone
from bot.screens.clients.money_buttons import EDIT_OWNER, EditField, ShowEdit
from bot.screens.clients.offers import see_button
from bot.ui.buttons import HOME, Row, bare_keyboard, button, go, keyboard, number_in
from bot.ui.form import SKIPPED, Form, Option, Question, Step
from bot.ui.labels import cut_name
from bot.ui.measure import label_width
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import BACK_BUTTON, HOME_BUTTON
from domain.clients import ClientField, parse_name, parse_notes, parse_plan, parse_server
from domain.contacts import parse_phone
from domain.due_dates import PLAN_DAYS, count_days
from domain.first_due import EVERY_MONTH
from domain.money import format_brl, parse_price
from domain.tags import FieldValue, parse_value
from domain.typed_dates import parse_date
from errors import NotFound

KEY = "edit"
VALUE = "value"
OWN = "o"
MOST_PRESETS = 6
SCREEN = Screen()
_F = ClientField
_PRESET = frozenset({_F.PLAN, _F.PRICE, _F.SERVER})
_MAY_BE_EMPTY = frozenset({_F.PLAN, _F.PRICE, _F.SERVER, _F.NOTES})
_ROWS = ((_F.NAME,), (_F.PHONE, _F.PRICE), (_F.PLAN, _F.DUE_ON), (_F.SERVER, _F.NOTES))
_CHECKS: Mapping[ClientField, Callable[[str], object]] = {
    _F.NAME: parse_name,
    _F.PHONE: parse_phone,
    _F.PLAN: parse_plan,
    _F.PRICE: parse_price,
    _F.SERVER: parse_server,
    _F.NOTES: parse_notes,
}


@SCREEN.press(ShowEdit)
async def show_edit(turn: Turn, pressed: ShowEdit) -> View:
    """The fields, each with what stands in it."""
    return await menu_at(turn, pressed.client_id, pressed.origin)


@SCREEN.origin(EDIT_OWNER)
async def back_to_edit(turn: Turn, rest: str) -> View:
    """Voltar from the question."""
    number, _, origin = rest.partition(".")
    return await menu_at(turn, number_in(number), origin)


async def menu_at(turn: Turn, client_id: int, origin: str) -> View:
    """The fields, or the list when the client is gone."""

    async def show() -> View:
        return menu_view(await turn.ask(GetClient(client_id)), origin)

    return await or_gone(turn, origin, show())


def menu_view(card: ClientCard, origin: str) -> View:
    """All fields as buttons; the own ones two in a row."""
    rows: list[Row] = [
        [_field_button(card, field, len(row), origin) for field in row] for row in _ROWS
    ]
    own = [_own_button(card, at, origin) for at in range(len(card.fields))]
    rows += [own[at : at + 2] for at in range(0, len(own), 2)]
    back = button(BACK_BUTTON, ShowCard(client_id=card.row.client_id, origin=origin))
    return View(words.menu(card), bare_keyboard(*rows, [back, go(HOME_BUTTON, HOME)]))


@SCREEN.press(EditField)
async def edit_field(turn: Turn, pressed: EditField) -> View:
    """Ask for one of them."""
    card = await turn.ask(GetClient(pressed.client_id))
    values = {"client_id": str(pressed.client_id), "field": pressed.field, "origin": pressed.origin}
    if pressed.field.startswith(OWN):
        values |= _own_values(card, pressed.field)
    else:
        field = _F(pressed.field) if pressed.field in set(_F) else _F.NAME
        values |= {
            "field": field,
            "name": card.row.name,
            "now": words.shown(card.client, field) or "",
        }
    origin = f"{EDIT_OWNER}{pressed.client_id}.{pressed.origin}"
    return await FORM.begin(turn, origin, values)


async def _ask(turn: Turn, draft: Draft) -> Question:
    values = draft.values
    if values["field"] == OWN:
        return Question(words.own_question(values["label"]), skip=words.EMPTY_BUTTON)
    field = _F(values["field"])
    skip = words.EMPTY_BUTTON if field in _MAY_BE_EMPTY and values["now"] else None
    return Question(words.question(field), await _presets(turn, field), skip)


async def _presets(turn: Turn, field: ClientField) -> list[list[Option]]:
    """What was used before, and the plans that everybody has."""
    if field not in _PRESET:
        return []
    known = await turn.ask(GetPresets())
    texts = {
        _F.PLAN: [*known.plans, *(count_days(days) for days in PLAN_DAYS), EVERY_MONTH],
        _F.PRICE: [str(price) for price in known.prices],
        _F.SERVER: [*known.servers],
    }[field]
    shown = {str(price): format_brl(price) for price in known.prices} if field is _F.PRICE else {}
    options = [
        Option(cut_name(shown.get(text, text), label_width(2)), text)
        for text in list(dict.fromkeys(texts))[:MOST_PRESETS]
    ]
    return [options[at : at + 2] for at in range(0, len(options), 2)]


def _read(text: str, draft: Draft) -> str:
    """The text as it was typed: what it means is read where it is kept; here it is only checked."""
    if draft.values["field"] == OWN:
        return parse_value(text) or SKIPPED
    field = _F(draft.values["field"])
    if field is _F.DUE_ON:
        parse_date(text, draft.today)
    else:
        _CHECKS[field](text)
    return text


def _head(draft: Draft, _number: int) -> str:
    values = draft.values
    field = values["field"]
    label = values["label"] if field == OWN else words.LABELS[_F(field)]
    return words.head(values["name"], label, values["now"], secret="secret" in values)


async def _change(turn: Turn, draft: Draft) -> View:
    """Change it."""
    values = draft.values
    client_id, origin = int(values["client_id"]), values["origin"]
    view = await _changed(turn, client_id, values, origin)
    await turn.ask(EndDraft(KEY, draft.number, _done_with(values, client_id, origin)))
    return view


def _done_with(values: Mapping[str, str], client_id: int, origin: str) -> str:
    """What the form led to; a value too long to be kept is left out: then the fields are shown."""
    said = values[VALUE] if values["field"] in _PRESET else ""
    done = json.dumps([client_id, values["field"], said, origin], ensure_ascii=False)
    if len(done) <= MOST_RESULT:
        return done
    return json.dumps([client_id, values["field"], "", origin], ensure_ascii=False)


async def _done(turn: Turn, result: str) -> View:
    """The same for who presses once more, if the field is still as it was said."""
    client_id, field, said, origin = json.loads(result)
    card = await turn.ask(GetClient(client_id))
    if field in _PRESET and said and _stands(card, _F(field), said):
        return edited_view(
            await turn.ask(EditClient(client_id, _F(field), said)), _F(field), origin
        )
    return menu_view(card, origin)


def _stands(card: ClientCard, field: ClientField, said: str) -> bool:
    value = card.client.price if field is _F.PRICE else getattr(card.client, field)
    return bool(value == _CHECKS[field](said))


async def _changed(turn: Turn, client_id: int, values: Mapping[str, str], origin: str) -> View:
    if values["field"] == OWN:
        card = await turn.ask(SetOwnValue(client_id, int(values["field_id"]), values[VALUE]))
        secret = "secret" in values
        text = words.own_edited(card, values["label"], values[VALUE] or None, secret=secret)
        return View(text, _after(card, (), origin), toast=f"✅ {values['label']}")
    field = _F(values["field"])
    return edited_view(
        await turn.ask(EditClient(client_id, field, values[VALUE] or None)), field, origin
    )


def edited_view(edited: Edited, field: ClientField, origin: str) -> View:
    """What was changed, the way back to how it was, and the card."""
    text = words.edited(edited, field)
    if field is _F.PHONE:
        text += words.shares(edited.card)
    undo = undo_row(edited.undo, origin)
    toast = words.toast(field, edited.card.client)
    return View(text, _after(edited.card, undo, origin), toast=toast)


def _after(card: ClientCard, undo: Row, origin: str) -> InlineKeyboardMarkup:
    client_id = card.row.client_id
    another = button(words.ANOTHER_BUTTON, ShowEdit(client_id=client_id, origin=origin))
    return keyboard([another, see_button(client_id, card.row.name, origin)], undo, back=origin)


def _field_button(
    card: ClientCard, field: ClientField, in_row: int, origin: str
) -> InlineKeyboardButton:
    label = words.field_button(
        words.EMOJIS[field], words.LABELS[field], words.shown(card.client, field), in_row
    )
    return button(label, EditField(client_id=card.row.client_id, field=field, origin=origin))


def _own_button(card: ClientCard, at: int, origin: str) -> InlineKeyboardButton:
    own = card.fields[at]
    # A secret stands on no button: whoever looks over the shoulder reads it.
    value = None if own.secret and own.value else own.value
    label = own.name if own.secret and own.value else None
    shown = label or (f"{own.name}: {value}" if value else None)
    text = words.field_button(words.OWN_EMOJI, own.name, shown, 2)
    pressed = EditField(client_id=card.row.client_id, field=f"{OWN}{at}", origin=origin)
    return button(text, pressed)


def _own_values(card: ClientCard, field: str) -> dict[str, str]:
    at = field.removeprefix(OWN)
    if not at.isdecimal() or int(at) >= len(card.fields):
        raise NotFound
    own: FieldValue = card.fields[int(at)]
    values = {
        "field": OWN,
        "field_id": str(own.field_id),
        "label": own.name,
        "name": card.row.name,
        "now": own.value or "",
    }
    return values | ({"secret": "1"} if own.secret else {})


FORM = SCREEN.form(
    Form(key=KEY, steps=(Step(VALUE, _ask, _read),), head=_head, finish=_change, done=_done)
)
