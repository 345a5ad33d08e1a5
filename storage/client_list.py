"""The list of clients, a page at a time with the header above it (C3)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.client_list import FIRST_PLACE, ROWS, Figures, ListPlace, Which, pages_of
from domain.due_dates import SOON_DAYS, day_in_month
from domain.tags import Tag, TagCount
from storage.clients import bounds, patterns
from storage.database import TenantConnection
from storage.sql import load

SQL = load("client_list")
LAST_DAY = 31


@dataclass(frozen=True, slots=True)
class Row:
    """A client as lists show it."""

    client_id: int
    name: str
    due_on: date
    archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page; `place` is the one it is, which may not be the one asked for.

    `rules_version` is that of the tenant's charter as it stood; None: there is no such tenant.
    """

    place: ListPlace
    rows: tuple[Row, ...]
    total: int
    pages: int
    figures: Figures
    tags: tuple[TagCount, ...]
    rules_version: int | None


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
        rules_version=row["rules_version"],
    )


async def figures(tx: TenantConnection, today: date) -> Figures:
    """The header alone (C3)."""
    return (await walk(tx, FIRST_PLACE, today)).figures


def _figures(row: dict[str, Any], today: date) -> Figures:
    named = {name: row[name] for name in Figures.__dataclass_fields__ if name != "month"}
    return Figures(month=today.replace(day=1), **named)


def _row(client_id: int, name: str, due_on: str, archived: bool) -> Row:
    return Row(client_id, name, date.fromisoformat(due_on), archived)
