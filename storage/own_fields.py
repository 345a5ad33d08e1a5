"""The tenant's own fields and what its clients have in them (C12).

A dropped field is kept for a day, with its values, to be undone. Values are never in a log.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import asyncpg

from domain.tags import MAX_OWN_FIELDS, OwnField, parse_field_name, variable_of
from errors import InvalidInput, NotFound
from storage.database import TenantConnection
from storage.sql import load

SQL = load("own_fields")


@dataclass(frozen=True, slots=True)
class StoredField:
    """A field, whether it is dropped, and how many clients have something in it."""

    field: OwnField
    dropped: bool
    clients: int


async def all_fields(tx: TenantConnection) -> tuple[OwnField, ...]:
    """The fields in the order they were made."""
    return tuple(_field(row) for row in await tx.fetch(SQL["all"]))


async def find(tx: TenantConnection, field_id: int) -> StoredField:
    """A field, dropped ones included; raises NotFound."""
    row = await tx.fetchrow(SQL["find"], field_id=field_id)
    if row is None:
        raise NotFound(f"own field {field_id}")
    return StoredField(_field(row), row["dropped"], row["clients"])


async def make(tx: TenantConnection, name: str, *, secret: bool, now: datetime) -> OwnField:
    """Make a field, or find the very same; raises InvalidInput."""
    await tx.execute(SQL["alone"])
    there = await all_fields(tx)
    for field in there:
        if (field.name, field.secret) == (name, secret):
            return field
    parse_field_name(name, [field.variable for field in there])
    _check_room(len(there))
    row = await tx.fetchrow(
        SQL["make"], name=name, variable=variable_of(name), secret=secret, now=now
    )
    assert row is not None  # noqa: S101 - an insert returns its row
    return _field(row)


async def rename(tx: TenantConnection, field_id: int, name: str) -> OwnField:
    """Call a field otherwise; raises NotFound and InvalidInput."""
    await tx.execute(SQL["alone"])
    others = [field.variable for field in await all_fields(tx) if field.field_id != field_id]
    parse_field_name(name, others)
    row = await tx.fetchrow(SQL["rename"], field_id=field_id, name=name, variable=variable_of(name))
    if row is None:
        raise NotFound(f"own field {field_id}")
    return _field(row)


async def drop(tx: TenantConnection, field_id: int, now: datetime) -> None:
    """Take a field out of sight, with what clients have in it."""
    await tx.execute(SQL["alone"])
    await tx.execute(SQL["drop"], field_id=field_id, now=now)
    await tx.execute(SQL["search_anew"], field_key=str(field_id))


async def undrop(tx: TenantConnection, field: OwnField) -> None:
    """Bring a field back, with its values.

    Raises:
        NotFound: it is gone for good.
        InvalidInput: another one has its name by now, or there is no room.
    """
    await tx.execute(SQL["alone"])
    there = await all_fields(tx)
    parse_field_name(field.name, [other.variable for other in there])
    _check_room(len(there))
    if await tx.fetchval(SQL["undrop"], field_id=field.field_id) is None:
        raise NotFound(f"own field {field.field_id}")
    await tx.execute(SQL["search_anew"], field_key=str(field.field_id))


async def set_value(
    tx: TenantConnection, client_id: int, field_id: int, value: str | None, now: datetime
) -> None:
    """Set what a client has in a field; None is nothing. Raises NotFound."""
    if (await find(tx, field_id)).dropped:
        raise NotFound(f"own field {field_id}")
    if not await _set_values(tx, [(client_id, field_id, value)], now):
        raise NotFound(f"client {client_id}")


async def text_with(tx: TenantConnection, variable: str) -> str | None:
    """The name of a text of the tenant's that uses `variable`, or None."""
    row = await tx.fetchrow(SQL["used_by"], variable=f"{{{variable}}}")
    return None if row is None else cast("str", row["name"])


async def describe(
    tx: TenantConnection, values: Iterable[tuple[int, Mapping[str, str]]], now: datetime
) -> None:
    """Set what clients have in the fields of these names, made where there are none.

    Raises:
        InvalidInput: that would be more fields than there may be, or a name is none.
    """
    given = [
        (client_id, name, value)
        for client_id, named in values
        for name, value in named.items()
        if value
    ]
    if not given:
        return
    known = {field.variable: field.field_id for field in await all_fields(tx)}
    for _, name, _ in given:
        if variable_of(name) not in known:
            made = await make(tx, name, secret=False, now=now)
            known[made.variable] = made.field_id
    await _set_values(
        tx, [(client_id, known[variable_of(name)], value) for client_id, name, value in given], now
    )


async def _set_values(
    tx: TenantConnection, values: Iterable[tuple[int, int, str | None]], now: datetime
) -> int:
    client_ids, field_ids, texts = zip(*values, strict=True)
    rows = await tx.fetch(
        SQL["set_values"],
        client_ids=list(client_ids),
        field_keys=[str(field_id) for field_id in field_ids],
        values=list(texts),
        now=now,
    )
    return len(rows)


def _check_room(fields: int) -> None:
    if fields >= MAX_OWN_FIELDS:
        raise InvalidInput(f"São até {MAX_OWN_FIELDS} campos. Apague um antes de criar outro.")


def _field(row: asyncpg.Record) -> OwnField:
    return OwnField(row["id"], row["name"], row["secret"])
