"""The tenant's clients: kept, found, searched, counted. Who renews is in `storage.ledger`.

Values come in validated by `domain`; another tenant's id is simply not found (B2).
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import cast

import asyncpg

from domain.clients import Client, NewClient
from domain.due_dates import SOON_DAYS, agreed_after, day_in_month, plan_length
from domain.import_preview import ClientKey, client_key
from domain.text import fold
from errors import NotFound
from storage.database import TenantConnection
from storage.sql import load

SQL = load("clients")
FEWEST_PHONE_DIGITS = 3
LAST_DAY = 31


class Which(StrEnum):
    """The filters of the list (C3)."""

    ALL = "all"
    UP_TO_DATE = "up_to_date"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Page:
    """Some clients in the order of their due dates, out of `total` that match."""

    clients: tuple[Client, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The header of the list (C3): counts, and money of the current month."""

    up_to_date: int
    due_soon: int
    overdue: int
    overdue_value: Decimal
    expected: Decimal
    received: Decimal


async def add(tx: TenantConnection, client: NewClient, now: datetime) -> int:
    """Register one client; returns its id, also when the very same is there already."""
    added = await add_many(tx, [client], now)
    if added:
        return added[0]
    same = await tx.fetchval(
        SQL["find_same"],
        phone=client.phone,
        name=client.name,
        due_on=client.due_on,
        plan=client.plan,
    )
    return cast("int", same)


async def add_many(tx: TenantConnection, clients: Sequence[NewClient], now: datetime) -> list[int]:
    """Register a whole import (C11) in one statement; returns the new ids, in order.

    Repeating it adds nothing: a client with the same phone, name, plan and due date is left alone.
    """
    rows = await tx.fetch(
        SQL["add"],
        names=[client.name for client in clients],
        phones=[client.phone for client in clients],
        plans=[client.plan for client in clients],
        plan_days=[_plan_days(client.plan) for client in clients],
        prices=[client.price for client in clients],
        servers=[client.server for client in clients],
        due_dates=[client.due_on for client in clients],
        agreed_days=[agreed_after(client.agreed_day, client.due_on) for client in clients],
        notes=[client.notes for client in clients],
        now=now,
    )
    return [row["id"] for row in rows]


async def find(tx: TenantConnection, client_id: int) -> Client:
    """One client; raises NotFound."""
    row = await tx.fetchrow(SQL["find"], client_id=client_id)
    if row is None:
        raise NotFound(f"client {client_id}")
    return client_from_row(row)


async def on_phones(tx: TenantConnection, phones: Collection[str]) -> list[Client]:
    """The clients on these numbers, to warn of before another joins them (C2)."""
    rows = await tx.fetch(SQL["on_phones"], phones=list(phones))
    return [client_from_row(row) for row in rows]


async def page(  # noqa: PLR0913 - a filter, a search and a place in the list
    tx: TenantConnection,
    today: date,
    *,
    which: Which = Which.ALL,
    search: str = "",
    offset: int = 0,
    most: int = 10,
) -> Page:
    """Clients by filter and search; `search` is part of a name, a phone or a server (C3)."""
    due_from, due_until = _bounds(which, today)
    words, digits = _patterns(search)
    chosen = {
        "archived": which is Which.ARCHIVED,
        "due_from": due_from,
        "due_until": due_until,
        "words": words,
        "digits": digits,
    }
    total = await tx.fetchval(SQL["count"], **chosen)
    rows = await tx.fetch(SQL["page"], **chosen, most=most, offset=offset)
    return Page(tuple(client_from_row(row) for row in rows), total)


async def overview(tx: TenantConnection, today: date) -> Overview:
    """Counts and money on `today`, zero-safe (G2)."""
    row = await tx.fetchrow(
        SQL["overview"],
        today=today,
        soon=today + timedelta(days=SOON_DAYS),
        month_start=today.replace(day=1),
        month_end=day_in_month(today.year, today.month, LAST_DAY),
    )
    assert row is not None  # noqa: S101 - an aggregate always has its one row
    return Overview(**dict(row))


async def identities(tx: TenantConnection) -> set[ClientKey]:
    """What an import compares its rows with, to mark duplicates (C11)."""
    rows = await tx.fetch(SQL["identities"])
    return {
        client_key(row["phone"], row["name"], row["plan"], archived=row["archived"]) for row in rows
    }


async def import_alone(tx: TenantConnection) -> None:
    """Wait until no other import of this tenant is under way, and hold the next ones up."""
    await tx.execute(SQL["alone"])


async def servers(tx: TenantConnection, most: int) -> list[str]:
    """The servers used before, as presets for the next registration (C1)."""
    return [row["server"] for row in await tx.fetch(SQL["servers"], most=most)]


async def save(tx: TenantConnection, client: Client, now: datetime) -> None:
    """Write every field of `client` that can be edited, archiving and opting out included (C5).

    Raises:
        NotFound: there is no such client any more.
    """
    saved = await tx.fetchval(
        SQL["save"],
        client_id=client.id,
        name=client.name,
        phone=client.phone,
        plan=client.plan,
        plan_days=_plan_days(client.plan),
        price=client.price,
        server=client.server,
        due_on=client.due_on,
        agreed_day=client.agreed_day,
        notes=client.notes,
        receives_billing=client.receives_billing,
        receives_notices=client.receives_notices,
        preferences=client.preferences,
        archived=client.archived,
        opted_out=client.opted_out,
        now=now,
    )
    if saved is None:
        raise NotFound(f"client {client.id}")


async def erase(tx: TenantConnection, client_id: int) -> None:
    """Delete a client and its messages (C4, I9); the money it paid stays counted. NotFound."""
    await tx.execute(SQL["hold_day"])
    await tx.execute(SQL["hold_messages"], client_id=client_id)
    if await tx.fetchval(SQL["erase"], client_id=client_id) is None:
        raise NotFound(f"client {client_id}")


def client_from_row(row: asyncpg.Record) -> Client:
    """A client out of the columns of `clients`; preferences that are no object are unreadable."""
    preferences = row["preferences"]
    return Client(
        id=row["id"],
        name=row["name"],
        phone=row["phone"],
        due_on=row["due_on"],
        agreed_day=row.get("agreed_day"),
        plan=row["plan"],
        price=row["price"],
        server=row["server"],
        notes=row["notes"],
        receives_billing=row["receives_billing"],
        receives_notices=row["receives_notices"],
        preferences=preferences if isinstance(preferences, dict) else None,
        archived=row["archived_at"] is not None,
        opted_out=row["opted_out_at"] is not None,
        renewed_on=row.get("renewed_on"),
    )


def _plan_days(plan: str | None) -> int | None:
    length = plan_length(plan) if plan else None
    return None if length is None else length.days


def _bounds(which: Which, today: date) -> tuple[date | None, date | None]:
    """The first and last due date a filter lets through."""
    soon = today + timedelta(days=SOON_DAYS)
    day = timedelta(days=1)
    return {
        Which.UP_TO_DATE: (soon + day, None),
        Which.DUE_SOON: (today, soon),
        Which.OVERDUE: (None, today - day),
    }.get(which, (None, None))


def _patterns(search: str) -> tuple[str | None, str | None]:
    """LIKE patterns for words and for phone digits; what people type is never a wildcard."""
    words = re.sub(r"([\\%_])", r"\\\1", fold(search))
    digits = re.sub(r"\D", "", search)
    return (
        f"%{words}%" if words else None,
        f"%{digits}%" if len(digits) >= FEWEST_PHONE_DIGITS else None,
    )
