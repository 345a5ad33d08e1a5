"""One client with all that hangs on it: tags, fields, messages, and what it owes (C4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.client_list import ROWS
from domain.clients import Client
from domain.outbox import MessageState
from domain.reminders import Kind
from domain.tags import FieldValue, Tag
from errors import NotFound
from storage.client_list import Row
from storage.clients import client_from_row
from storage.database import TenantConnection
from storage.sql import load

SQL = load("client_card")
# The last messages of a client are read with its card: those shown, and all of today's.
MESSAGES_READ = 12


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


async def card(tx: TenantConnection, client_id: int) -> Card:
    """One client with its tags, fields and last messages; raises NotFound."""
    row = await tx.fetchrow(SQL["card"], client_id=client_id, most=MESSAGES_READ)
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
    row = await tx.fetchrow(SQL["row"], client_id=client_id)
    if row is None:
        raise NotFound(f"client {client_id}")
    return Row(row["id"], row["name"], row["due_on"], row["archived"])


async def messages(tx: TenantConnection, client_id: int, page: int) -> MessagePage:
    """A page of what went to a client, or did not; the nearest there is."""
    row = await tx.fetchrow(SQL["messages"], client_id=client_id, page=page, rows=ROWS)
    assert row is not None  # noqa: S101 - an aggregate always has its one row
    return MessagePage(_messages(row["messages"]), row["page"], row["total"])


async def losses(tx: TenantConnection, client_id: int) -> Losses:
    """What erasing a client would take along."""
    row = await tx.fetchrow(SQL["losses"], client_id=client_id)
    assert row is not None  # noqa: S101 - an aggregate always has its one row
    return Losses(row["messages"], row["payments"], row["paid"])


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
