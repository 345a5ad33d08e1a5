"""The list of clients, a page at a time with its header, and one client whole (C3, C4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.client_list import FIRST_PLACE, ROWS, Figures, ListPlace, Which, pages_of
from domain.clients import Client
from domain.due_dates import SOON_DAYS, day_in_month
from domain.outbox import MessageState
from domain.reminders import Kind
from domain.tags import FieldValue, Tag, TagCount
from errors import NotFound
from storage.clients import bounds, client_from_row, patterns
from storage.database import TenantConnection
from storage.sql import load

SQL = load("client_list")
CARD_SQL = load("client_card")
LAST_DAY = 31
# The last messages of a client are read with its card: those shown, and all of today's.
MESSAGES_READ = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A client as lists show it."""

    client_id: int
    name: str
    due_on: date
    archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page; `place` is the one it is, which may not be the one asked for."""

    place: ListPlace
    rows: tuple[Row, ...]
    total: int
    pages: int
    figures: Figures
    tags: tuple[TagCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message of a client; `at` is the last thing that happened to it, or when it is to go."""

    message_id: int
    kind: Kind
    state: MessageState
    reason: str | None
    at: datetime
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One client with all that hangs on it.

    `paid` went towards the due date that stands; `rest` is what the renewal before left unpaid, of
    the due date `renewed_from`.
    """

    client: Client
    paid: Decimal
    rest: Decimal
    renewed_from: date | None
    tags: tuple[Tag, ...]
    fields: tuple[FieldValue, ...]
    messages: tuple[MessageRow, ...]


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One page of a client's messages, the latest first."""

    messages: tuple[MessageRow, ...]
    page: int
    total: int


@dataclass(frozen=True, slots=True)
class Losses:
    """What goes with a client, and what it paid."""

    messages: int
    payments: int
    paid: Decimal


async def walk(tx: TenantConnection, place: ListPlace, today: date, *, rows: int = ROWS) -> Found:
    """The page of the list at `place` with the header above it, in one statement (C3, G2)."""
    due_from, due_until = bounds(place.which, today)
    words, digits = patterns(place.search)
    row = await tx.fetchrow(
        SQL["walk"],
        archived=place.which is Which.ARCHIVED,
        due_from=due_from,
        due_until=due_until,
        tag=place.tag,
        words=words,
        digits=digits,
        page=place.page,
        rows=rows,
        today=today,
        soon=today + timedelta(days=SOON_DAYS),
        month_start=today.replace(day=1),
        month_end=day_in_month(today.year, today.month, LAST_DAY),
    )
    assert row is not None  # noqa: S101 - an aggregate always has its one row
    pages = pages_of(row["total"], rows)
    return Found(
        place=place.within(pages),
        rows=tuple(_row(*found) for found in row["rows"]),
        total=row["total"],
        pages=pages,
        figures=_figures(dict(row), today),
        tags=tuple(TagCount(Tag(*found[:3]), found[3]) for found in row["tags"]),
    )


async def figures(tx: TenantConnection, today: date) -> Figures:
    """The header alone (C3)."""
    return (await walk(tx, FIRST_PLACE, today)).figures


async def card(tx: TenantConnection, client_id: int) -> Card:
    """One client with its tags, fields and last messages; raises NotFound."""
    row = await tx.fetchrow(CARD_SQL["card"], client_id=client_id, most=MESSAGES_READ)
    if row is None:
        raise NotFound(f"client {client_id}")
    client = client_from_row(row)
    return Card(
        client=client,
        paid=row["paid"],
        rest=row["rest"],
        renewed_from=row["renewed_from"],
        tags=tuple(Tag(*found) for found in row["tags"]),
        fields=tuple(
            FieldValue(field_id, name, client.own_values.get(str(field_id)), secret)
            for field_id, name, secret in row["own_fields"]
        ),
        messages=_messages(row["messages"]),
    )


async def find_row(tx: TenantConnection, client_id: int) -> Row:
    """One client as lists show it; raises NotFound."""
    row = await tx.fetchrow(CARD_SQL["row"], client_id=client_id)
    if row is None:
        raise NotFound(f"client {client_id}")
    return Row(row["id"], row["name"], row["due_on"], row["archived"])


async def messages(tx: TenantConnection, client_id: int, page: int) -> MessagePage:
    """A page of what went to a client, or did not; the nearest there is."""
    row = await tx.fetchrow(CARD_SQL["messages"], client_id=client_id, page=page, rows=ROWS)
    assert row is not None  # noqa: S101 - an aggregate always has its one row
    return MessagePage(_messages(row["messages"]), row["page"], row["total"])


async def losses(tx: TenantConnection, client_id: int) -> Losses:
    """What erasing a client would take along."""
    row = await tx.fetchrow(CARD_SQL["losses"], client_id=client_id)
    assert row is not None  # noqa: S101 - an aggregate always has its one row
    return Losses(row["messages"], row["payments"], row["paid"])


def _figures(row: dict[str, Any], today: date) -> Figures:
    named = {name: row[name] for name in Figures.__dataclass_fields__ if name != "month"}
    return Figures(month=today.replace(day=1), **named)


def _row(client_id: int, name: str, due_on: str, archived: bool) -> Row:
    return Row(client_id, name, date.fromisoformat(due_on), archived)


def _messages(found: Iterable[Sequence[Any]]) -> tuple[MessageRow, ...]:
    return tuple(
        MessageRow(
            message_id=message_id,
            kind=Kind(kind),
            state=MessageState(state),
            reason=reason,
            at=datetime.fromisoformat(at),
            day=date.fromisoformat(day),
        )
        for message_id, kind, state, reason, at, day in found
    )
