"""A client as screens show it: rows, cards and messages, out of what storage found (C3, C4)."""

from collections.abc import Iterable
from datetime import date, datetime

from actors.messages.clients import CancelledMessage, ClientCard, ClientRow, SentMessage
from actors.tenant.desk import Desk
from domain.by_hand import following
from domain.clients import Client
from domain.contacts import whatsapp_candidates
from domain.due_dates import status_of
from domain.outbox import Cancelled
from domain.reminders import Kind
from domain.renewal import still_open
from domain.why import MadeToday, why_not_today
from storage import client_card, clients
from storage.by_hand import Dropped
from storage.client_card import MessageRow
from storage.client_list import Row

LAST_MESSAGES = 3


def row_of(desk: Desk, found: Row | Client) -> ClientRow:
    """A client as lists show it."""
    return row_on(desk.today, found)


def row_on(today: date, found: Row | Client) -> ClientRow:
    """A client as lists show it on a day of the tenant."""
    client_id = found.client_id if isinstance(found, Row) else found.id
    status = status_of(found.due_on, today)
    return ClientRow(client_id, found.name, found.due_on, status, found.archived)


async def row(desk: Desk, client_id: int) -> ClientRow:
    """A client as lists show it; raises NotFound."""
    return row_of(desk, await client_card.find_row(desk.tx, client_id))


async def card(desk: Desk, client_id: int) -> ClientCard:
    """All that one screen shows of a client; raises NotFound."""
    found = await client_card.card(desk.tx, client_id)
    client = found.client
    sharing = await clients.on_phones(desk.tx, whatsapp_candidates(client.phone))
    now = desk.local(desk.now)
    return ClientCard(
        client=client,
        row=row_of(desk, client),
        today=desk.today,
        tags=found.tags,
        fields=found.fields,
        last_messages=sent(desk, found.messages[:LAST_MESSAGES]),
        shares_phone_with=tuple(row_of(desk, other) for other in sharing if other.id != client.id),
        open_amount=None if client.price is None else still_open(client.price, found.paid),
        rest=found.rest,
        why_not_today=why_not_today(
            client, desk.book.rules, desk.today, now.time(), made_today(desk, found.messages)
        ),
    )


def sent(desk: Desk, messages: Iterable[MessageRow]) -> tuple[SentMessage, ...]:
    """Messages as screens show them."""
    return tuple(
        SentMessage(
            message_id=message.message_id,
            at=desk.local(message.at),
            kind=message.kind,
            state=message.state,
            reason=message.reason,
        )
        for message in messages
    )


def made_today(desk: Desk, messages: Iterable[MessageRow]) -> tuple[MadeToday, ...]:
    """Those that are meant for today."""
    return tuple(
        MadeToday(message.kind, message.state, message.reason, desk.local(message.at))
        for message in messages
        if message.day == desk.today
    )


def cancelled(
    desk: Desk, messages: Iterable[Cancelled], scheduled: Iterable[Dropped] = ()
) -> tuple[CancelledMessage, ...]:
    """What will not go any more, as screens show it: what was scheduled comes last (C7)."""
    of_today = [
        CancelledMessage(kind=message.kind, day=message.day, at=desk.local(message.at))
        for message in messages
    ]
    to_come = [
        CancelledMessage(kind=Kind.GENERAL, day=at.date(), at=at)
        for one in scheduled
        if (at := _was_to_come(desk, one)) is not None
    ]
    return (*of_today, *to_come)


def kept_scheduled(desk: Desk, scheduled: Iterable[Dropped]) -> list[tuple[int, datetime | None]]:
    """What was scheduled, for bringing it back and for telling of it again; None: told already."""
    return [(one.schedule_id, _was_to_come(desk, one)) for one in scheduled]


def _was_to_come(desk: Desk, one: Dropped) -> datetime | None:
    """When it was to go; None for what the outbox tells of itself."""
    if one.queued:
        return None
    at = one.at
    if one.was_made and one.monthly_day is not None:
        at = following(at, one.monthly_day, desk.book.zone)
    return desk.local(at)
