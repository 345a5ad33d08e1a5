"""The settings of the schedule, the owner's own holidays, and what is still to go today (E9)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from domain.dials import Dials
from domain.holidays import OwnHoliday
from domain.reminders import Kind
from domain.schedule_change import Plan
from errors import NotFound
from storage import values
from storage.database import TenantConnection
from storage.sql import load

SQL = load("schedule_settings")


@dataclass(frozen=True, slots=True)
class StoredHoliday:
    """A holiday of the owner's own, by its id."""

    holiday_id: int
    holiday: OwnHoliday


@dataclass(frozen=True, slots=True)
class Named:
    """Who a message is to."""

    client_id: int
    name: str
    due_on: date
    archived: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """When messages may go on a day, UTC."""

    opens: datetime
    closes: datetime


async def save(tx: TenantConnection, dials: Dials) -> None:
    """Write the whole schedule."""
    columns: dict[str, Any] = {one.name: getattr(dials, one.name) for one in fields(dials)}
    columns["zone"] = dials.zone.key
    columns["automatic_kinds"] = sorted(dials.automatic_kinds)
    await tx.execute(SQL["save"], **columns)


async def goes_today(
    tx: TenantConnection,
    day: date,
    due_dates: Mapping[Kind, date],
    *,
    send_from: datetime,
    now: datetime,
) -> Plan:
    """What is still to go on `day`, queued or not yet planned, each from when."""
    rows = await tx.fetch(
        SQL["goes_today"],
        day=day,
        kinds=[kind.value for kind in due_dates],
        due_dates=list(due_dates.values()),
        send_from=send_from,
        now=now,
    )
    return {(row["client_id"], Kind(row["kind"]), row["due_on"]): row["at"] for row in rows}


async def is_planned(tx: TenantConnection, day: date) -> bool:
    """Whether `day` was planned."""
    return bool(await tx.fetchval(SQL["is_planned"], day=day))


async def take_turn_anew(tx: TenantConnection, day: date) -> None:
    """Let the turn of `day` be settled once more (E13)."""
    await tx.execute(SQL["take_turn_anew"], day=day)


async def move_window(tx: TenantConnection, day: date, before: Hours, after: Hours) -> None:
    """Bind what was bound to a day's window to another."""
    await tx.execute(
        SQL["move_window"],
        day=day,
        opened=before.opens,
        closed=before.closes,
        opens=after.opens,
        closes=after.closes,
    )


async def wait_again(
    tx: TenantConnection, day: date, closed: datetime, closes: datetime, now: datetime
) -> None:
    """Queue again what the owner asked for and the window ended, in one that is still open."""
    await tx.execute(SQL["wait_again"], day=day, closed=closed, closes=closes, now=now)


async def unask(
    tx: TenantConnection, client_ids: Collection[int], day: date, now: datetime
) -> None:
    """Take back late billings that were not tried yet."""
    await tx.execute(SQL["unask"], client_ids=list(client_ids), day=day, now=now)


async def people(tx: TenantConnection, client_ids: Collection[int]) -> dict[int, Named]:
    """These clients by their ids, those that are left."""
    rows = await tx.fetch(SQL["people"], client_ids=list(client_ids))
    return {row["id"]: Named(*row) for row in rows}


async def own_holidays(tx: TenantConnection) -> list[StoredHoliday]:
    """The owner's own: the yearly ones first, by the calendar."""
    rows = await tx.fetch(SQL["own_holidays"])
    return [
        StoredHoliday(row["id"], OwnHoliday(row["day"], row["name"], row["yearly"])) for row in rows
    ]


async def add_holiday(tx: TenantConnection, holiday: OwnHoliday, now: datetime) -> int | None:
    """Add one; None where that day stands already."""
    added: int | None = await tx.fetchval(
        SQL["add_holiday"],
        day=holiday.day,
        name=values.text(holiday.name),
        yearly=holiday.yearly,
        now=now,
    )
    return added


async def drop_holiday(tx: TenantConnection, holiday_id: int, now: datetime) -> bool:
    """Take one away; False when it was gone. Raises NotFound."""
    dropped: bool | None = await tx.fetchval(SQL["drop_holiday"], holiday_id=holiday_id, now=now)
    if dropped is None:
        raise NotFound(f"holiday {holiday_id}")
    return dropped


async def undrop_holiday(tx: TenantConnection, holiday_id: int) -> bool:
    """Have one again; False where that day stands anew."""
    return await tx.fetchval(SQL["undrop_holiday"], holiday_id=holiday_id) is not None
