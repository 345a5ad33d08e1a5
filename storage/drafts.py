"""Forms that are being filled in, one of each kind: they outlive restarts, and the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from storage.database import TenantConnection
from storage.sql import load

SQL = load("drafts")
UNDO = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDraft:
    """A form as it stands; see `actors.messages.drafts.Draft`."""

    form: str
    number: int
    step: str
    values: Mapping[str, str]
    offered: Mapping[str, tuple[str, ...]]
    origin: str
    update_id: int
    result: str | None


async def find(tx: TenantConnection, form: str) -> StoredDraft | None:
    """The form of this kind that was not thrown away."""
    row = await tx.fetchrow(SQL["find"], form=form)
    return None if row is None else _draft(row)


async def start(  # noqa: PLR0913 - what a form begins with
    tx: TenantConnection,
    *,
    form: str,
    number: int,
    step: str,
    values: Mapping[str, str],
    origin: str,
    now: datetime,
) -> None:
    """Begin a form, in the place of an older one; the same number again changes nothing."""
    await tx.execute(
        SQL["start"],
        form=form,
        number=number,
        step=step,
        answers=dict(values),
        origin=origin,
        now=now,
    )


async def put(  # noqa: PLR0913 - all of a form that changes
    tx: TenantConnection,
    *,
    form: str,
    number: int,
    step: str,
    values: Mapping[str, str],
    offered: Mapping[str, tuple[str, ...]],
    update_id: int,
    now: datetime,
) -> bool:
    """Keep where a form stands; False when it is another one by now, done or thrown away."""
    kept = await tx.fetchval(
        SQL["put"],
        form=form,
        number=number,
        step=step,
        answers=dict(values),
        offered={key: list(some) for key, some in offered.items()},
        update_id=update_id,
        now=now,
    )
    return kept is not None


async def end(tx: TenantConnection, form: str, number: int, result: str, now: datetime) -> None:
    """The form led to `result`; what was typed is kept no longer."""
    await tx.execute(SQL["end"], form=form, number=number, result=result, now=now)


async def drop(
    tx: TenantConnection, form: str, number: int | None, now: datetime
) -> tuple[int, str] | None:
    """Throw a form away; its number and where it was begun, None when there was none."""
    row = await tx.fetchrow(SQL["drop"], form=form, number=number, now=now)
    return None if row is None else (row["number"], row["origin"])


async def restore(tx: TenantConnection, form: str, number: int, now: datetime) -> bool:
    """Take a form back; False when that is too late, or there is none."""
    restored = await tx.fetchval(SQL["restore"], form=form, number=number, since=now - UNDO)
    return restored is not None


def _draft(row: asyncpg.Record) -> StoredDraft:
    return StoredDraft(
        form=row["form"],
        number=row["number"],
        step=row["step"],
        values=row["answers"],
        offered={key: tuple(some) for key, some in row["offered"].items()},
        origin=row["origin"],
        update_id=row["update_id"],
        result=row["result"],
    )
