"""Registering a client: eight questions at most, a summary, and what comes after it (C1, C2).

The form outlives a restart and the day. Nothing is saved before the owner has seen it all, and
pressing twice is one client.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from actors.messages.clients import (
    ClientCard,
    GetClient,
    GetPhoneOwners,
    GetPresets,
    RegisterClient,
    Registered,
)
from actors.messages.drafts import Draft, EndDraft, GetDraft
from bot.screens.clients import register_words as words
from bot.screens.clients.buttons import NEW_CLIENT
from bot.screens.clients.money_buttons import StartNew
from bot.screens.clients.offers import see_button, send_button, with_offer
from bot.screens.clients.register_steps import (
    FIELDS,
    OWN,
    STEPS,
    due_in,
    due_value,
    fields_in,
    fields_value,
    own_in,
)
from bot.ui.buttons import Row, button, keyboard
from bot.ui.form import Form, Summary
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import with_notice
from domain.clients import NewClient, parse_name
from domain.contacts import parse_phone
from domain.quick_entry import Entry
from domain.reminders import Kind
from errors import InvalidInput

KEY = "novo"
SCREEN = Screen()


def prefilled(entry: Entry) -> dict[str, str]:
    """What a typed line says of a client, as the form keeps it."""
    due_on = due_value(entry.due_on, entry.agreed_day) if entry.due_on else None
    price = str(entry.price) if entry.price is not None else None
    values = {
        "name": entry.name,
        "phone": entry.phone,
        "plan": entry.plan,
        "price": price,
        "due_on": due_on,
    }
    return {field: value for field, value in values.items() if value is not None}


async def new_client(turn: Turn, origin: str = "", values: Mapping[str, str] | None = None) -> View:
    """Go on with the form that waits, and say so, or begin one; with `values`, always a new one."""
    waiting = None if values else await turn.ask(GetDraft(KEY))
    if waiting is not None and waiting.result is None and set(waiting.values) - {FIELDS}:
        view = await NEW_CLIENT_FORM.begin(turn)
        return replace(view, text=with_notice(words.GOES_ON, view.text))
    own = (await turn.ask(GetPresets())).own_fields
    begun = {**(values or {}), **({FIELDS: fields_value(own)} if own else {})}
    return await NEW_CLIENT_FORM.begin(turn, origin, begun)


@SCREEN.place(NEW_CLIENT)
async def new_from_menu(turn: Turn) -> View:
    """From where nothing has to be remembered."""
    return await new_client(turn)


@SCREEN.press(StartNew)
async def new_from(turn: Turn, pressed: StartNew) -> View:
    """From a list, and back to it."""
    return await new_client(turn, pressed.origin)


def _head(draft: Draft, _number: int) -> str:
    return words.head(draft.values)


async def _summary(turn: Turn, draft: Draft) -> Summary:
    """All that was answered, and who has this number already (C2)."""
    values = draft.values
    said = own_in(values)
    own = [(name, said[name], secret) for name, secret in fields_in(values) if name in said]
    text = words.summary(values, due_in(values["due_on"])[0], own)
    owners = await turn.ask(GetPhoneOwners(values["phone"]))
    if owners:
        text = f"{text}\n\n{words.shares_phone(owners, draft.today)}"
    return Summary(text, words.SAVE_BUTTON, _edits(draft))


def _edits(draft: Draft) -> list[Row]:
    form = NEW_CLIENT_FORM
    rows: list[Row] = [
        [form.edit(label, draft, field) for field, label in row] for row in words.EDITS
    ]
    own = [form.edit(words.OWN_EDIT, draft, OWN)] if fields_in(draft.values) else []
    label = words.notes_button(bool(draft.values.get("notes")), beside=bool(own))
    return [*rows, [*own, form.edit(label, draft, "notes")]]


async def _save(turn: Turn, draft: Draft) -> View:
    """Register, once for this form (C1). A form may have waited until its due date was past."""
    client = _as_answered(draft.values)
    if client.due_on < draft.today:
        raise InvalidInput(words.passed(client.due_on))
    registered = await turn.ask(RegisterClient(draft.number, client))
    client_id = registered.card.row.client_id
    await turn.ask(EndDraft(KEY, draft.number, f"{client_id}.{draft.number}.{draft.origin}"))
    return saved_view(registered, draft.origin)


async def _saved(turn: Turn, result: str) -> View:
    """The same screen for who presses once more; who was deleted meanwhile is not made anew."""
    client_id, number, origin = result.split(".", 2)
    card = await turn.ask(GetClient(int(client_id)))
    return saved_view(await turn.ask(RegisterClient(int(number), _as_saved(card))), origin)


def saved_view(registered: Registered, origin: str) -> View:
    """The client is there: the welcome to send, another one, the card."""
    row = registered.card.row
    text = words.saved(row, registered.card.today)
    another = button(
        words.ANOTHER_BUTTON,
        StartNew(origin=origin),
        style=None if registered.welcome else "primary",
    )
    see = see_button(row.client_id, row.name, origin)
    if registered.welcome is None:
        return View(text, keyboard([another], [see], back=origin))
    send = send_button(row.client_id, Kind.WELCOME, origin)
    rows = [[send], [another, see]]
    text = with_offer(text, words.WELCOME, registered.welcome, len(rows) + 1)
    return View(text, keyboard(*rows, back=origin))


def _as_answered(values: Mapping[str, str]) -> NewClient:
    due_on, agreed_day = due_in(values["due_on"])
    return NewClient(
        name=values["name"],
        phone=values["phone"],
        plan=values["plan"],
        price=Decimal(values["price"]),
        server=values.get("server") or None,
        due_on=due_on,
        agreed_day=agreed_day,
        notes=values.get("notes") or None,
        own_fields=own_in(values),
    )


def _as_saved(card: ClientCard) -> NewClient:
    """The same client once more: registering it again with its form's number changes nothing."""
    client = card.client
    return NewClient(
        name=client.name,
        phone=client.phone,
        plan=client.plan,
        price=client.price or Decimal(0),
        due_on=client.due_on,
        agreed_day=client.agreed_day,
    )


async def answer(turn: Turn) -> View:
    """Take an answer; a contact shared as the name brings its number along."""
    contact = turn.said.contact
    draft = await turn.ask(GetDraft(KEY)) if contact is not None else None
    if contact is None or draft is None or draft.result is not None or draft.step != "name":
        return await NEW_CLIENT_FORM.answer(turn)
    values = {**draft.values, "name": parse_name(contact.name)}
    try:
        values["phone"] = parse_phone(contact.phone)
    except InvalidInput:
        values.pop("phone", None)  # it is asked for, and explained there
    return await NEW_CLIENT_FORM.begin(turn, draft.origin, values)


NEW_CLIENT_FORM = SCREEN.form(
    Form(key=KEY, steps=STEPS, head=_head, finish=_save, summary=_summary, done=_saved)
)
SCREEN.question(NEW_CLIENT_FORM.asks)(answer)
