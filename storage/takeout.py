"""Everything a tenant has, table by table as the catalogue names them, to be taken out (I9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, cast

from domain.takeout import ExportedMessage, ExportedReply, ExportedText
from storage.database import TenantConnection
from storage.sql import load

SQL = load("takeout")
WITHHELD = {
    "tenant_owners": "which process serves the tenant: nothing of its own",
    "whatsapp_keys": "keys to the owner's WhatsApp, sealed: in other hands they would be theirs",
    "whatsapp_set_aside": "the same, of a line that ended",
}
"""The tables that are not taken out, and why."""


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """Somebody did something: codes, as they were noted; `at` is UTC."""

    at: datetime
    actor: str
    action: str
    subject: str | None
    detail: dict[str, Any]


async def everything(tx: TenantConnection) -> list[tuple[str, Sequence[str]]]:
    """Every table by name with its rows, each as JSON, without what is sealed: of one moment."""
    found = await tx.fetch(SQL["everything"], withheld=sorted(WITHHELD))
    return [(row["name"], row["rows"]) for row in found]


async def messages(tx: TenantConnection, most: int, zone: tzinfo) -> list[ExportedMessage]:
    """The latest messages, at most `most`, the latest first; their instants in `zone`."""
    rows = await tx.fetch(SQL["messages"], most=most)
    return [
        ExportedMessage(**{name: _in(zone, value) for name, value in row.items()}) for row in rows
    ]


async def replies(tx: TenantConnection, most: int, zone: tzinfo) -> list[ExportedReply]:
    """What clients wrote back last, at most `most`, the latest first; their instants in `zone`."""
    rows = await tx.fetch(SQL["replies"], most=most)
    return [
        ExportedReply(**{name: _in(zone, value) for name, value in row.items()}) for row in rows
    ]


async def texts(tx: TenantConnection) -> list[ExportedText]:
    """All texts that the owner wrote."""
    return [ExportedText(**dict(row)) for row in await tx.fetch(SQL["texts"])]


async def trail(tx: TenantConnection, page: int, a_page: int) -> list[TrailEntry]:
    """One page, from 1, of who did what, the latest first."""
    found = await tx.fetch(SQL["trail"], most=a_page, skip=(page - 1) * a_page)
    return [TrailEntry(**dict(row)) for row in found]


async def trail_length(tx: TenantConnection) -> int:
    """How many entries there are of who did what."""
    return cast("int", await tx.fetchval(SQL["trail_length"]))


def _in(zone: tzinfo, value: Any) -> Any:
    return value.astimezone(zone) if isinstance(value, datetime) else value
