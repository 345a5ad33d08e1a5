"""The texts that a tenant wrote, how often each went, and whose message shows one best (D1, D2).

Only what the tenant wrote itself is kept: the default texts live in the code.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

import asyncpg

from domain.outbox import MessageState
from domain.reasons import Reason
from domain.reminders import Kind
from domain.text_keys import TextKey
from storage.database import TenantConnection
from storage.sql import load

SQL = load("texts")
# Why a message of today rests when the owner switched its kind off.
OFF_REASONS = (Reason.TEMPLATE_OFF, Reason.KIND_OFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """A text the tenant wrote; a dropped one may still come back."""

    id: int
    kind: Kind
    name: str
    body: str = field(repr=False)
    active: bool
    dropped: bool = False

    @property
    def key(self) -> TextKey:
        """Which text it is."""
        return TextKey(self.kind, self.id if self.kind is Kind.GENERAL else None)


@dataclass(frozen=True, slots=True)
class TodaysMessages:
    """Of one kind: how many are still to go today, and how many do not since it is off."""

    coming: int
    stopped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOfText:
    """A message that was written from a text, and whose it is; `at` is the last known of it."""

    client_id: int
    name: str
    due_on: date
    archived: bool
    state: MessageState
    reason: str | None
    at: datetime


async def all_texts(tx: TenantConnection) -> dict[TextKey, StoredText]:
    """What the tenant wrote, by what it is; of `geral` the oldest first."""
    found = [_text(row) for row in await tx.fetch(SQL["all"])]
    return {text.key: text for text in found}


async def alone(tx: TenantConnection) -> None:
    """Be the only one who changes texts until the end of the transaction."""
    await tx.execute(SQL["alone"])


async def find(tx: TenantConnection, key: TextKey) -> StoredText | None:
    """What the tenant wrote as this text, dropped ones included; None where it wrote nothing."""
    row = await tx.fetchrow(SQL["find"], kind=key.kind, id=key.id)
    return None if row is None else _text(row)


async def add(  # noqa: PLR0913 - what a text is made of
    tx: TenantConnection, kind: Kind, *, name: str, body: str, active: bool, now: datetime
) -> int:
    """Keep a text of the tenant's own; its id."""
    made = await tx.fetchval(SQL["add"], kind=kind, name=name, body=body, active=active, now=now)
    return cast("int", made)


async def change(tx: TenantConnection, text: StoredText, now: datetime) -> bool:
    """Keep a text as it is given; False when it is gone for good."""
    changed = await tx.fetchval(
        SQL["change"],
        id=text.id,
        name=text.name,
        body=text.body,
        active=text.active,
        dropped=text.dropped,
        now=now,
    )
    return changed is not None


async def forget(tx: TenantConnection, kind: Kind) -> None:
    """Let the kind have the text again that everybody begins with (D2)."""
    await tx.execute(SQL["forget"], kind=kind)


async def used(tx: TenantConnection, first: date, last: date) -> Mapping[TextKey, int]:
    """How many messages of each text went on these days, first and last included."""
    rows = await tx.fetch(SQL["used"], first=first, last=last)
    return {TextKey(Kind(row["kind"]), row["text_id"]): row["used"] for row in rows}


async def last_used(tx: TenantConnection, key: TextKey) -> datetime | None:
    """When a message of this text went last; None for never."""
    found = await tx.fetchval(SQL["last_used"], kind=key.kind, text_id=key.id)
    return cast("datetime | None", found)


async def of_today(tx: TenantConnection, kind: Kind, today: date) -> TodaysMessages:
    """What switching the kind, or changing its text, is about today."""
    row = await tx.fetchrow(SQL["of_today"], kind=kind, day=today, off_reasons=list(OFF_REASONS))
    assert row is not None  # noqa: S101 - counts always have their one row
    return TodaysMessages(row["coming"], row["stopped"])


async def page(  # noqa: PLR0913 - which messages of which text, and which of them
    tx: TenantConnection,
    key: TextKey,
    *,
    first: date,
    last: date,
    states: Collection[MessageState],
    reasons: Collection[Reason] | None,
    number: int,
    rows: int,
) -> tuple[list[MessageOfText], int]:
    """A page of the messages of a text, the nearest there is, and how many there are."""
    found = await tx.fetch(
        SQL["page"],
        kind=key.kind,
        text_id=key.id,
        first=first,
        last=last,
        states=[state.value for state in states],
        reasons=None if reasons is None else [reason.value for reason in reasons],
        page=number,
        rows=rows,
    )
    return [_message(row) for row in found], found[0]["total"] if found else 0


async def example(tx: TenantConnection, from_due_on: date, after: int) -> int | None:
    """Whose message shows a text best, out of those after `after`; None without any client.

    First comes who falls due on `from_due_on`, then who does so the soonest after.
    """
    found = await tx.fetchval(SQL["example"], **{"from": from_due_on, "after": after})
    return cast("int | None", found)


def _text(row: asyncpg.Record) -> StoredText:
    facts: dict[str, Any] = dict(row)
    return StoredText(**{**facts, "kind": Kind(row["kind"])})


def _message(row: asyncpg.Record) -> MessageOfText:
    return MessageOfText(
        client_id=row["client_id"],
        name=row["name"],
        due_on=row["due_on"],
        archived=row["archived"],
        state=MessageState(row["state"]),
        reason=row["reason"],
        at=row["at"],
    )
