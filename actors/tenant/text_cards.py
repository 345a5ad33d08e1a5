"""A text as screens show it, and as a client would read it, out of what storage found (D1, D4)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from actors.messages.texts import TextCard, TextPreview, TextRow
from actors.tenant import cards
from actors.tenant.desk import Desk
from domain.clients import Client
from domain.code_alone import CODE
from domain.default_templates import DEFAULT_TEMPLATES
from domain.parts import as_sent
from domain.reminders import DAYS_LATE, Kind
from domain.samples import sample_client
from domain.tags import OwnField
from domain.template_values import Facts, values_for
from domain.templates import stored
from domain.text_editing import WorkingCopy
from domain.text_keys import FIXED_KINDS, TextKey
from domain.typed_texts import EMPTY, fault_in
from errors import MissingValue, NotFound, TextTooLong
from storage import clients, drafts, own_fields, texts
from storage.texts import StoredText

INVENTED = "Exemplo"
"""What somebody invented has in each field that a business fills in itself."""


def form_of(key: TextKey) -> str:
    """The form under which the working copy of a text is kept."""
    return f"text:{key.packed}"


def body_of(key: TextKey, own: StoredText | None) -> str:
    """The words of a text as its owner edits them."""
    if own is not None:
        return own.body
    return "" if key.is_new else DEFAULT_TEMPLATES[key.kind].text


async def found(desk: Desk, key: TextKey) -> StoredText | None:
    """What the tenant wrote as this text; raises NotFound for no such text."""
    if key.is_new or (key.id is None and key.kind not in FIXED_KINDS):
        raise NotFound(f"text {key.packed}")
    own = await texts.find(desk.tx, key)
    if key.id is not None and (own is None or own.dropped):
        raise NotFound(f"text {key.packed}")
    return own


def row(desk: Desk, key: TextKey, own: StoredText | None, used: Mapping[TextKey, int]) -> TextRow:
    """A text as lists show it."""
    active = own is None or own.active
    goes = not key.kind.automatic or key.kind in desk.book.rules.kinds
    name = own.name if own is not None and key.id is not None else ""
    return TextRow(key=key, name=name, on=active and goes, used=used.get(key, 0))


async def used(desk: Desk) -> Mapping[TextKey, int]:
    """How many messages of each text went in the month so far."""
    return await texts.used(desk.tx, desk.today.replace(day=1), desk.today)


async def card(desk: Desk, key: TextKey) -> TextCard:
    """All that one screen shows of a text; raises NotFound."""
    own = await found(desk, key)
    last = await texts.last_used(desk.tx, key)
    todays = await texts.of_today(desk.tx, key.kind, desk.today)
    body = body_of(key, own)
    is_counted = key.id is None
    return TextCard(
        row=row(desk, key, own, await used(desk)),
        body=body,
        own=own is not None and not _is_default(own),
        month=desk.today.replace(day=1),
        today=desk.today,
        last_used=None if last is None else desk.local(last),
        coming=todays.coming if is_counted else 0,
        stopped=todays.stopped if is_counted else 0,
        writing=await is_being_written(desk, key, body),
        fault=fault_in(body, desk.book.own_variables),
    )


async def is_being_written(desk: Desk, key: TextKey, body: str) -> bool:
    """Whether there are changes to a text that were not saved."""
    draft = await drafts.find(desk.tx, form_of(key))
    if draft is None or draft.result is not None:
        return False
    return WorkingCopy.unpacked(draft.values).body != body


async def preview(desk: Desk, key: TextKey, body: str, client_id: int) -> TextPreview:
    """The text `body` as this client would read it, or whoever shows it best.

    A kind that goes by itself is shown as on the day and at the hour at which it would go.
    """
    due_on = _shifted(desk.today, -DAYS_LATE.get(key.kind, 0))
    client, is_real = await _whom(desk, due_on, client_id)
    at = _moment(desk, key.kind, client)
    facts = Facts(client, desk.book.business, at.date(), at, desk.book.pix, desk.book.own_variables)
    own = await own_fields.all_fields(desk.tx)
    shown = TextPreview(
        client_id=client.id,
        name=client.name,
        due_on=client.due_on,
        row=cards.row_of(desk, client) if is_real else None,
        today=desk.today,
        parts=(),
        own=own,
        next_id=await _next(desk, due_on, client) if is_real else None,
    )
    template = stored(body)
    if template is None:
        return replace(shown, refusal=EMPTY)
    try:
        values = values_for(facts, template.variables)
        parts = as_sent(template, values, alone=desk.book.code_alone(key.kind))
    except MissingValue as error:
        return replace(shown, missing=_lacking(desk, error.names))
    except TextTooLong as error:
        return replace(shown, refusal=error.sentence)
    return replace(shown, parts=parts, secrets=_secrets(own, client))


def _is_default(own: StoredText) -> bool:
    return own.kind in DEFAULT_TEMPLATES and own.body == DEFAULT_TEMPLATES[own.kind].text


async def _whom(desk: Desk, due_on: date, client_id: int) -> tuple[Client, bool]:
    """Whose message is shown, and whether that is a real client."""
    if client_id:
        try:
            client = await clients.find(desk.tx, client_id)
        except NotFound:
            pass
        else:
            if not client.archived:
                return client, True
    chosen = await texts.example(desk.tx, due_on, 0)
    if chosen is not None:
        return await clients.find(desk.tx, chosen), True
    invented = dict.fromkeys(desk.book.own_variables.values(), INVENTED)
    return (
        replace(sample_client(due_on), server=INVENTED, notes=INVENTED, own_values=invented),
        False,
    )


async def _next(desk: Desk, due_on: date, client: Client) -> int | None:
    """The client after this one; None where there is no other."""
    following = await texts.example(desk.tx, due_on, client.id)
    return following if following != client.id else None


def _moment(desk: Desk, kind: Kind, client: Client) -> datetime:
    """When the client would read it, on the tenant's clock."""
    now = desk.local(desk.now)
    if not kind.automatic:
        return now
    day = _shifted(client.due_on, DAYS_LATE[kind])
    at = max(desk.book.settings.send_at, desk.book.rules.window.opens)
    return datetime.combine(day, at, now.tzinfo)


def _shifted(day: date, days: int) -> date:
    """`day` so many days on, inside the calendar."""
    ordinal = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(ordinal)


def _lacking(desk: Desk, names: tuple[str, ...]) -> tuple[str, ...]:
    """What is missing, where it is filled in: a code lacks the key, or the price of this client."""
    if desk.book.pix is None:
        return names
    return tuple(dict.fromkeys("valor" if name == CODE else name for name in names))


def _secrets(own: tuple[OwnField, ...], client: Client) -> tuple[str, ...]:
    values = (client.own_values.get(str(one.field_id)) for one in own if one.secret)
    return tuple(value for value in values if value)
