"""The tenant's clients: kept, found, searched, counted. Who renews is in `storage.ledger`.

Values come in validated by `domain`; another tenant's id is simply not found (B2).
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import cast

import asyncpg

from domain.client_list import Which
from domain.clients import Client, NewClient
from domain.due_dates import SOON_DAYS, agreed_after, plan_length
from domain.import_preview import ClientKey, client_key
from domain.text import fold
from errors import NotFound
from storage import own_fields, tags
from storage.database import TenantConnection
from storage.sql import load

SQL = load("clients")
FEWEST_PHONE_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Page:
    """Some clients in the order of their due dates, out of `total` that match."""

    clients: tuple[Client, ...]
    total: int


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
        billing=[client.receives_billing for client in clients],
        notices=[client.receives_notices for client in clients],
        opted_out=[client.opted_out for client in clients],
        now=now,
    )
    await _describe(tx, rows, clients, now)
    return [row["id"] for row in rows]


async def register(
    tx: TenantConnection, draft: int, client: NewClient, now: datetime
) -> int | None:
    """Register the client of a form; None when that form's client is there already (C1)."""
    made = await tx.fetchval(
        SQL["register"],
        draft=draft,
        name=client.name,
        phone=client.phone,
        plan=client.plan,
        plan_days=_plan_days(client.plan),
        price=client.price,
        server=client.server,
        due_on=client.due_on,
        agreed_day=agreed_after(client.agreed_day, client.due_on),
        notes=client.notes,
        receives_billing=client.receives_billing,
        receives_notices=client.receives_notices,
        opted_out=client.opted_out,
        now=now,
    )
    if made is not None:
        await own_fields.describe(tx, [(made, client.own_fields)], now)
        await tags.describe(tx, [(made, client.tags)], now, client.tag_emojis)
    return cast("int | None", made)


async def of_draft(tx: TenantConnection, draft: int) -> int:
    """The client of a form; raises NotFound."""
    found = await tx.fetchval(SQL["of_draft"], draft=draft)
    if found is None:
        raise NotFound(f"client of draft {draft}")
    return cast("int", found)


async def hold(tx: TenantConnection, client_id: int) -> Client:
    """One client, held until `tx` ends; raises NotFound."""
    await tx.execute(SQL["hold"], client_id=client_id)
    return await find(tx, client_id)


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
    due_from, due_until = bounds(which, today)
    words, digits = patterns(search)
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


@dataclass(frozen=True, slots=True)
class Presets:
    """What the tenant used before, the most used first (C1)."""

    plans: tuple[str, ...]
    prices: tuple[Decimal, ...]
    servers: tuple[str, ...]


async def presets(tx: TenantConnection, most: int) -> Presets:
    """What the next registration is likely to need, `most` of each."""
    row = await tx.fetchrow(SQL["presets"], most=most)
    assert row is not None  # noqa: S101 - a select of scalars always has its one row
    return Presets(tuple(row["plans"]), tuple(map(Decimal, row["prices"])), tuple(row["servers"]))


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
    await tx.execute(SQL["hold_scheduled"], client_id=client_id)
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
        own_values=row.get("own_values") or {},
    )


async def _describe(
    tx: TenantConnection,
    rows: Sequence[asyncpg.Record],
    clients: Sequence[NewClient],
    now: datetime,
) -> None:
    """Put on those that were added what they came with: tags, and values of own fields (C12)."""
    if not any(client.tags or client.own_fields for client in clients):
        return
    ids = {(row["phone"], row["name"], row["due_on"], row["plan"]): row["id"] for row in rows}
    known = [
        (client_id, client)
        for client in clients
        if (client_id := ids.get((client.phone, client.name, client.due_on, client.plan)))
    ]
    # Fields first: a new one holds the tenant's settings, which go before any client.
    await own_fields.describe(
        tx, [(client_id, client.own_fields) for client_id, client in known], now
    )
    emojis = {
        name: emoji for client in reversed(clients) for name, emoji in client.tag_emojis.items()
    }
    named = [(client_id, client.tags) for client_id, client in known]
    await tags.describe(tx, named, now, emojis)


def _plan_days(plan: str | None) -> int | None:
    length = plan_length(plan) if plan else None
    return None if length is None else length.days


def bounds(which: Which, today: date) -> tuple[date | None, date | None]:
    """The first and last due date a filter lets through."""
    soon = today + timedelta(days=SOON_DAYS)
    day = timedelta(days=1)
    return {
        Which.UP_TO_DATE: (soon + day, None),
        Which.DUE_SOON: (today, soon),
        Which.DUE_TODAY: (today, today),
        Which.OVERDUE: (None, today - day),
    }.get(which, (None, None))


def patterns(search: str) -> tuple[str | None, str | None]:
    """LIKE patterns for words and for phone digits; what people type is never a wildcard."""
    words = re.sub(r"([\\%_])", r"\\\1", fold(search))
    digits = re.sub(r"\D", "", search)
    return (
        f"%{words}%" if words else None,
        f"%{digits}%" if len(digits) >= FEWEST_PHONE_DIGITS else None,
    )
