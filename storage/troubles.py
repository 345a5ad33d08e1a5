"""What could not be done, of all accounts (A11): kinds and codes of why, never what was said."""

from dataclasses import dataclass
from datetime import datetime

from domain.administration import Trouble
from storage.database import DispatcherConnection
from storage.sql import load

SQL = load("troubles")


@dataclass(frozen=True, slots=True)
class TroubleCount:
    """How often something went wrong for one reason; `reason` is a code, or a kind of error."""

    what: Trouble
    reason: str
    times: int


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """One of them; `name` is the account's, None where it is nobody's or erased."""

    reason: str
    at: datetime
    tenant_id: int | None
    name: str | None


async def counts(connection: DispatcherConnection, since: datetime) -> list[TroubleCount]:
    """What went wrong since an instant, the most frequent first."""
    rows = await connection.fetch(SQL["troubles"], since=since)
    return [TroubleCount(Trouble(row["what"]), row["reason"], row["times"]) for row in rows]


async def page(  # noqa: PLR0913 - a page of one kind
    connection: DispatcherConnection,
    what: Trouble,
    since: datetime,
    now: datetime,
    *,
    page: int,
    rows: int,
) -> tuple[list[TroubleRow], int]:
    """A page of one kind, newest first, and how many there are on all."""
    found = await connection.fetch(
        SQL["trouble_list"], what=what.value, since=since, now=now, page=page, rows=rows
    )
    shown = [TroubleRow(row["reason"], row["at"], row["tenant_id"], row["name"]) for row in found]
    return shown, found[0]["total"] if found else 0
