"""What clients write back, gathered by the phone it came from, until the owner has answered (F8).

Every act is one transaction of its caller and may be repeated: a message is handled once, since it
is held while it is, and marked in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from domain.clients import Client
from domain.outbox import MessageState
from domain.quiet_hours import QuietHours
from domain.replies import ReplyKind
from domain.schedule import zone_named
from domain.whatsapp_numbers import NUMBER_SERVER, forms_of
from errors import NotFound
from storage import outbox
from storage.clients import client_from_row
from storage.database import TenantConnection
from storage.sql import load
from storage.whatsapp_incoming import Incoming

SQL = load("replies")
MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Talk:
    """What came from one phone; instants in UTC. It waits since `since`."""

    id: int
    phone: str
    since: datetime
    last_at: datetime
    done_at: datetime | None
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Untold:
    """A talk whose owner has not seen its `version`; `told_at` is when its card came last.

    `has_news`: the client has written since. Otherwise something else about it has changed.
    """

    talk_id: int
    version: int
    told_at: datetime | None
    since: datetime
    last_at: datetime
    has_news: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was written; `at` in UTC."""

    kind: ReplyKind
    text: str | None = field(repr=False)
    name: str | None = field(repr=False)
    size_bytes: int | None
    seconds: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What the owner wrote last; `farewell` confirmed that the client left, or came back."""

    state: MessageState
    reason: str | None
    text: str | None = field(repr=False)
    farewell: bool
    created_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class WaitingTalk:
    """A talk that waits for its owner, with the first of its clients."""

    talk_id: int
    client_id: int
    name: str
    due_on: date
    archived: bool
    since: datetime


async def next_unhandled(tx: TenantConnection) -> Incoming | None:
    """The oldest message that nobody dealt with, held until `tx` ends.

    So is the tenant's day, and first: what one word asks for may be about its messages.
    """
    await outbox.hold_day(tx)
    row = await tx.fetchrow(SQL["next_unhandled"])
    return None if row is None else Incoming(**dict(row))


async def clients_at(tx: TenantConnection, message: Incoming) -> list[Client]:
    """Whose message it is, the likeliest first; nobody's, where it is a stranger's (decision 6)."""
    digits = message.from_phone or ""
    usable = digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
    phone = f"+{digits}" if usable else ""
    forms = [f"+{form}" for form in forms_of(phone)] if usable else []
    rows = await tx.fetch(
        SQL["clients_at"],
        from_jid=message.from_jid,
        phone=phone,
        phone_jid=f"{digits}@{NUMBER_SERVER}" if usable else "",
        other_forms=forms,
    )
    return [client_from_row(row) for row in rows]


async def forget(tx: TenantConnection, message: Incoming) -> None:
    """Keep nothing of a message."""
    await tx.execute(SQL["forget"], from_jid=message.from_jid, message_id=message.message_id)


async def set_aside(tx: TenantConnection, message: Incoming, now: datetime) -> None:
    """Keep that a message came, and nothing of what it says (F11)."""
    await tx.execute(
        SQL["set_aside"], from_jid=message.from_jid, message_id=message.message_id, now=now
    )


async def add(
    tx: TenantConnection, message: Incoming, phone: str, client_ids: Sequence[int], now: datetime
) -> int:
    """Put a message into the talk of a phone, which is these clients'; the talk's id."""
    known = await tx.fetchval(SQL["talk_of"], phone=phone)
    waits = known is not None and (await waiting(tx, most=1, talk_id=known))[1] > 0
    opened = await tx.fetchval(SQL["open_talk"], phone=phone, now=now, waits=waits)
    talk_id = cast("int", opened)
    await tx.execute(SQL["set_people"], talk_id=talk_id, client_ids=list(client_ids))
    await tx.execute(
        SQL["put_in_talk"],
        talk_id=talk_id,
        from_jid=message.from_jid,
        message_id=message.message_id,
        now=now,
    )
    return talk_id


async def change(tx: TenantConnection, message: Incoming) -> bool:
    """Have an earlier message say what this one says; False where there is none, or nothing new."""
    deleted = message.kind == ReplyKind.DELETED
    changed = await tx.fetchval(
        SQL["change"],
        from_jid=message.from_jid,
        about=message.about,
        text=None if deleted else message.text,
        deleted=deleted,
    )
    return changed is not None


async def opt_out(tx: TenantConnection, client_ids: Sequence[int], now: datetime) -> list[int]:
    """Let clients receive nothing any more; those who were not out before."""
    rows = await tx.fetch(SQL["opt_out"], client_ids=list(client_ids), now=now)
    return [row["id"] for row in rows]


async def opt_in(tx: TenantConnection, client_ids: Sequence[int], now: datetime) -> list[int]:
    """Let clients receive again; those who were out."""
    rows = await tx.fetch(SQL["opt_in"], client_ids=list(client_ids), now=now)
    return [row["id"] for row in rows]


async def confirm(  # noqa: PLR0913 - the facts of one message, all named at the call
    tx: TenantConnection,
    client_id: int,
    *,
    body: str,
    nonce: str,
    day: date,
    now: datetime,
    until: datetime,
) -> None:
    """Queue the one message that an opt-out does not hold back; the same `nonce` is the same."""
    await tx.execute(
        SQL["confirm"], client_id=client_id, body=body, nonce=nonce, day=day, now=now, until=until
    )


async def claim_untold(tx: TenantConnection, replica: UUID) -> list[Untold]:
    """The talks that are this process's to tell now, the longest silent first."""
    rows = await tx.fetch(SQL["claim_untold"], replica=replica)
    return [Untold(**dict(row)) for row in rows]


async def is_anything_untold(tx: TenantConnection) -> bool:
    """Whether a talk has something that its owner has not seen."""
    return cast("bool", await tx.fetchval(SQL["is_anything_untold"]))


async def is_anything_left(tx: TenantConnection) -> bool:
    """Whether a process that ended left something to deal with, or to tell."""
    return cast("bool", await tx.fetchval(SQL["is_anything_left"]))


async def note_told(
    tx: TenantConnection, told: Untold, *, shown_state: MessageState | None, at: datetime | None
) -> None:
    """Note what Telegram took; `at` is when, where it came as a message of its own."""
    await tx.execute(
        SQL["told"],
        talk_id=told.talk_id,
        version=told.version,
        seen_at=told.last_at,
        at=at,
        shown_state=shown_state,
    )


async def ticks_changed(tx: TenantConnection, not_before: datetime) -> list[MessageState]:
    """Have cards shown anew whose answer has come further; the states they came to (F7)."""
    rows = await tx.fetch(SQL["ticks_changed"], not_before=not_before)
    return [MessageState(row["state"]) for row in rows]


async def done(tx: TenantConnection, talk_id: int, now: datetime) -> None:
    """Note that nothing in a talk waits for the owner; raises NotFound."""
    if await tx.fetchval(SQL["done"], talk_id=talk_id, now=now) is None:
        raise NotFound(f"talk {talk_id}")


async def find(tx: TenantConnection, talk_id: int) -> Talk:
    """One talk; raises NotFound."""
    row = await tx.fetchrow(SQL["find"], talk_id=talk_id)
    if row is None:
        raise NotFound(f"talk {talk_id}")
    return Talk(**dict(row))


async def people(tx: TenantConnection, talk_id: int) -> list[Client]:
    """Whose phone it is, those in the list first."""
    return [client_from_row(row) for row in await tx.fetch(SQL["people"], talk_id=talk_id)]


async def said(tx: TenantConnection, talk_id: int, since: datetime, most: int) -> list[Said]:
    """What was written since then, the last `most` of it, the oldest of those first."""
    rows = await tx.fetch(SQL["said"], talk_id=talk_id, since=since, most=most)
    return [_said(row) for row in reversed(rows)]


async def count_said(tx: TenantConnection, talk_id: int, since: datetime) -> int:
    """How much was written since then."""
    return cast("int", await tx.fetchval(SQL["count_said"], talk_id=talk_id, since=since))


async def answer(tx: TenantConnection, talk_id: int, since: datetime) -> Answered | None:
    """What the owner wrote last, since then."""
    row = await tx.fetchrow(SQL["answer"], talk_id=talk_id, since=since)
    if row is None:
        return None
    return Answered(**{**dict(row), "state": MessageState(row["state"])})


async def waiting(
    tx: TenantConnection, *, most: int, skipped: int = 0, talk_id: int | None = None
) -> tuple[list[WaitingTalk], int]:
    """A page of the talks that wait for the owner, the longest first, and how many there are.

    With `talk_id`, that one if it waits.
    """
    rows = await tx.fetch(SQL["waiting"], most=most, skipped=skipped, talk_id=talk_id)
    found = [
        WaitingTalk(
            row["id"], row["client_id"], row["name"], row["due_on"], row["archived"], row["since"]
        )
        for row in rows
    ]
    return found, rows[0]["total"] if rows else 0


async def quiet_hours(tx: TenantConnection) -> tuple[QuietHours, ZoneInfo]:
    """When the owner wants to hear of no reply, and where; raises NotFound for who is no tenant."""
    row = await tx.fetchrow(SQL["quiet_hours"])
    if row is None:
        raise NotFound(f"tenant {tx.tenant_id}")
    hours = QuietHours(row["quiet_on"], row["quiet_from"], row["quiet_until"])
    return hours, zone_named(row["time_zone"])


async def set_quiet_hours(
    tx: TenantConnection,
    *,
    on: bool | None = None,
    begins: time | None = None,
    ends: time | None = None,
) -> None:
    """Change what is given."""
    await tx.execute(SQL["set_quiet_hours"], quiet_on=on, quiet_from=begins, quiet_until=ends)


def _said(row: asyncpg.Record) -> Said:
    return Said(**{**dict(row), "kind": ReplyKind(row["kind"])})
