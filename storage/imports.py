"""Sheets that were sent: kept with their dry run, carried out once, taken back for a while (C11).

What an import did is written down in the transaction that does it, so a second confirmation, or a
second undoing, finds the first one's answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import asyncpg

from domain.clients import NewClient
from domain.due_dates import plan_length
from domain.import_decision import Decision, Doubles, Left, LeftRow, Registered, SheetFields
from domain.undo import Act
from errors import NotFound
from storage import clients, undos
from storage.database import TenantConnection
from storage.sql import load

SQL = load("imports")
MOST_FILES = 3
# A statement of so many rows keeps the loop for a few milliseconds only.
BATCH = 500


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What an import did, and until when it can be taken back."""

    added: int
    updated: int
    skipped: int
    undo_id: int
    undo_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImport:
    """A sheet as it was looked at; `is_here` while its file is. `undone` is what that answered."""

    id: int
    file_name: str
    today: date
    review: Mapping[str, Any]
    is_here: bool
    done: CarriedOut | None
    undone: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Since:
    """A client that an import added or changed; `happened`: something was done with it since."""

    client_id: int
    name: str
    added: bool
    happened: bool


async def keep(  # noqa: PLR0913 - the facts of one sheet, all named at the call
    tx: TenantConnection,
    *,
    file_name: str,
    file: bytes,
    today: date,
    review: Mapping[str, Any],
    left: Mapping[Left, Sequence[LeftRow]],
    now: datetime,
) -> int:
    """Keep a sheet with its dry run; returns its number. Of unconfirmed files the latest stay."""
    import_id = cast(
        "int",
        await tx.fetchval(
            SQL["keep"], file_name=file_name, file=file, today=today, review=review, now=now
        ),
    )
    rows = [(which, place, row) for which in left for place, row in enumerate(left[which], 1)]
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        await tx.execute(
            SQL["keep_rows"],
            import_id=import_id,
            kinds=[which.value for which, _, _ in some],
            places=[place for _, place, _ in some],
            rows=[row.row for _, _, row in some],
            names=[row.name for _, _, row in some],
            words=[row.words for _, _, row in some],
        )
    await tx.execute(SQL["forget_files"], most=MOST_FILES)
    return import_id


async def find(tx: TenantConnection, import_id: int) -> StoredImport:
    """A sheet that was sent; raises NotFound."""
    row = await tx.fetchrow(SQL["find"], import_id=import_id)
    if row is None:
        raise NotFound(f"import {import_id}")
    done = None
    if row["done_at"] is not None:
        done = CarriedOut(
            row["added"], row["updated"], row["skipped"], row["undo_id"], row["undo_until"]
        )
    return StoredImport(
        id=row["id"],
        file_name=row["file_name"],
        today=row["today"],
        review=row["review"],
        is_here=row["is_here"],
        done=done,
        undone=row["undone"],
    )


async def hold(tx: TenantConnection, import_id: int) -> StoredImport:
    """The same, after every other import of the tenant is through; raises NotFound."""
    await clients.import_alone(tx)
    await tx.execute(SQL["hold"], import_id=import_id)
    return await find(tx, import_id)


async def file(tx: TenantConnection, import_id: int) -> bytes | None:
    """The file itself, while it is kept."""
    return cast("bytes | None", await tx.fetchval(SQL["file"], import_id=import_id))


async def rows(
    tx: TenantConnection, import_id: int, which: Left, *, offset: int, most: int
) -> list[LeftRow]:
    """Some of the rows that do not simply enter."""
    found = await tx.fetch(
        SQL["rows"], import_id=import_id, which=which.value, offset=offset, most=most
    )
    return [LeftRow(*row) for row in found]


async def count_rows(tx: TenantConnection, import_id: int, which: Left) -> int:
    """How many of them there are."""
    counted = await tx.fetchval(SQL["count_rows"], import_id=import_id, which=which.value)
    return cast("int", counted)


async def registered(tx: TenantConnection) -> list[Registered]:
    """Every client there is, as far as an import compares."""
    found = await tx.fetch(SQL["registered"])
    return [
        Registered(
            client_id=row["id"],
            name=row["name"],
            phone=row["phone"],
            plan=row["plan"],
            price=row["price"],
            due_on=row["due_on"],
            archived=row["archived"],
            receives_billing=row["receives_billing"],
            receives_notices=row["receives_notices"],
            opted_out=row["opted_out"],
        )
        for row in found
    ]


async def carry_out(
    tx: TenantConnection, import_id: int, decision: Decision, *, doubles: Doubles, now: datetime
) -> CarriedOut:
    """Add and change whom `decision` says, and note it: all or nothing."""
    added = 0
    for start in range(0, len(decision.to_add), BATCH):
        ids = await clients.add_many(tx, decision.to_add[start : start + BATCH], now)
        await tx.execute(SQL["note_added"], import_id=import_id, client_ids=ids)
        added += len(ids)
    updated = 0
    for start in range(0, len(decision.to_update), BATCH):
        told = dict(decision.to_update[start : start + BATCH])
        updated += await _update(tx, import_id, told, now)
    rows_meant = len(decision.to_add) + len(decision.to_update) + decision.skipped
    payload = {"import_id": import_id}
    offer = await undos.add(
        tx, Act.IMPORT, topic=str(import_id), client_id=None, payload=payload, now=now
    )
    skipped = rows_meant - added - updated
    done = CarriedOut(added, updated, skipped, offer.undo_id, offer.until)
    await tx.execute(
        SQL["carried_out"],
        import_id=import_id,
        doubles=doubles.value,
        added=done.added,
        updated=done.updated,
        skipped=done.skipped,
        now=now,
        undo_id=done.undo_id,
        undo_until=done.undo_until,
    )
    return done


async def since(tx: TenantConnection, import_id: int) -> list[Since]:
    """Whom an import added or changed; they are held, and their messages before them.

    The caller holds the day.
    """
    await tx.execute(SQL["hold_messages"], import_id=import_id)
    return [
        Since(row["id"], row["name"], row["added"], row["edited"] or row["paid"] or row["messaged"])
        for row in await tx.fetch(SQL["since"], import_id=import_id)
    ]


async def take_back(
    tx: TenantConnection,
    stored: StoredImport,
    found: Sequence[Since],
    undone: Mapping[str, Any],
    now: datetime,
) -> None:
    """Remove and set back those of `found` with whom nothing happened, and note the answer."""
    untouched = [one for one in found if not one.happened]
    changed = [one.client_id for one in untouched if not one.added]
    await tx.execute(SQL["restore"], import_id=stored.id, client_ids=changed, now=now)
    added = [one.client_id for one in untouched if one.added]
    await tx.execute(SQL["remove"], client_ids=added)
    await tx.execute(SQL["taken_back"], import_id=stored.id, undone=undone)


async def _update(
    tx: TenantConnection, import_id: int, told: Mapping[int, NewClient], now: datetime
) -> int:
    before = {
        row["id"]: _fields(row) for row in await tx.fetch(SQL["to_update"], client_ids=list(told))
    }
    after = {one: before[one].told_by(told[one]) for one in before}
    ids = [one for one in before if after[one] != before[one]]
    await tx.execute(SQL["note_before"], import_id=import_id, client_ids=ids)
    changed = [after[one] for one in ids]
    await tx.execute(
        SQL["update"],
        client_ids=ids,
        plans=[one.plan for one in changed],
        plan_days=[_days_of(one.plan) for one in changed],
        prices=[one.price for one in changed],
        servers=[one.server for one in changed],
        due_dates=[one.due_on for one in changed],
        agreed_days=[one.agreed_day for one in changed],
        notes=[one.notes for one in changed],
        now=now,
    )
    return len(ids)


def _fields(row: asyncpg.Record) -> SheetFields:
    return SheetFields(
        plan=row["plan"],
        price=row["price"],
        server=row["server"],
        due_on=row["due_on"],
        agreed_day=row["agreed_day"],
        notes=row["notes"],
    )


def _days_of(plan: str | None) -> int | None:
    length = plan_length(plan) if plan else None
    return None if length is None else length.days
