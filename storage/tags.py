"""Tags and who has them (C12). A dropped one is kept for a day, with its clients, to be undone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from domain.tags import MAX_TAGS, MAX_TAGS_OF_CLIENT, TAG_EMOJIS, Tag, TagCount
from errors import InvalidInput, NotFound
from storage.database import TenantConnection
from storage.sql import load

SQL = load("tags")


@dataclass(frozen=True, slots=True)
class StoredTag:
    """A tag, whether it is dropped, and how many clients have it."""

    tag: Tag
    dropped: bool
    clients: int


async def all_tags(tx: TenantConnection) -> tuple[TagCount, ...]:
    """The tags by name, each with how many clients that are not archived have it."""
    rows = await tx.fetch(SQL["all"])
    return tuple(TagCount(_tag(row), row["clients"]) for row in rows)


async def find(tx: TenantConnection, tag_id: int) -> StoredTag:
    """A tag, dropped ones included; raises NotFound."""
    row = await tx.fetchrow(SQL["find"], tag_id=tag_id)
    if row is None:
        raise NotFound(f"tag {tag_id}")
    return StoredTag(_tag(row), row["dropped"], row["clients"])


async def named(tx: TenantConnection, name: str) -> Tag | None:
    """The tag of this name, however it is written."""
    row = await tx.fetchrow(SQL["named"], name=name)
    return None if row is None else _tag(row)


async def make(tx: TenantConnection, name: str, emoji: str, now: datetime) -> Tag:
    """Make a tag, or find the one of this name; raises InvalidInput beyond MAX_TAGS."""
    found = await named(tx, name)
    if found is not None:
        return found
    if len(await all_tags(tx)) >= MAX_TAGS:
        raise InvalidInput(f"São até {MAX_TAGS} etiquetas. Apague uma antes de criar outra.")
    row = await tx.fetchrow(SQL["make"], name=name, emoji=emoji, now=now)
    return _tag(row) if row is not None else await make(tx, name, emoji, now)


async def rename(tx: TenantConnection, tag_id: int, name: str, emoji: str | None) -> Tag:
    """Call a tag otherwise. Raises NotFound, and InvalidInput when another has the name."""
    other = await named(tx, name)
    if other is not None and other.tag_id != tag_id:
        raise InvalidInput(f"Você já tem a etiqueta “{other.name}”.")
    row = await tx.fetchrow(SQL["rename"], tag_id=tag_id, name=name, emoji=emoji)
    if row is None:
        raise NotFound(f"tag {tag_id}")
    return _tag(row)


async def drop(tx: TenantConnection, tag_id: int, now: datetime) -> None:
    """Take a tag out of sight, off all its clients."""
    await tx.execute(SQL["drop"], tag_id=tag_id, now=now)


async def undrop(tx: TenantConnection, tag_id: int) -> None:
    """Bring a tag back, with its clients; raises NotFound when it is gone for good."""
    if await tx.fetchval(SQL["undrop"], tag_id=tag_id) is None:
        raise NotFound(f"tag {tag_id}")


async def put_on(tx: TenantConnection, client_id: int, tag_id: int) -> None:
    """Put a tag on a client.

    Raises:
        NotFound: there is no such client, or no such tag.
        InvalidInput: the client has as many as it may.
    """
    if await tx.fetchval(SQL["hold_client"], client_id=client_id) is None:
        raise NotFound(f"client {client_id}")
    if (await find(tx, tag_id)).dropped:
        raise NotFound(f"tag {tag_id}")
    others = await tx.fetchval(SQL["count_of_client"], client_id=client_id, tag_id=tag_id)
    if others >= MAX_TAGS_OF_CLIENT:
        raise InvalidInput(f"Um cliente tem até {MAX_TAGS_OF_CLIENT} etiquetas. Tire uma antes.")
    await tx.execute(SQL["put_on"], client_ids=[client_id], tag_ids=[tag_id])


async def take_off(tx: TenantConnection, client_id: int, tag_id: int) -> None:
    """Take a tag off a client, if it has it."""
    await tx.execute(SQL["take_off"], client_id=client_id, tag_id=tag_id)


async def describe(
    tx: TenantConnection,
    named_tags: Iterable[tuple[int, Sequence[str]]],
    now: datetime,
    emojis: Mapping[str, str] | None = None,
) -> None:
    """Put on clients the tags of these names, ten of a client at most.

    One that is not there is made, with its emoji of `emojis`; one that is keeps its own.

    Raises:
        InvalidInput: that would be more tags than there may be.
    """
    pairs = [
        (client_id, name) for client_id, names in named_tags for name in names[:MAX_TAGS_OF_CLIENT]
    ]
    known: dict[str, int] = {}
    for _, name in pairs:
        if name not in known:
            emoji = (emojis or {}).get(name, TAG_EMOJIS[0])
            known[name] = (await make(tx, name, emoji, now)).tag_id
    if pairs:
        await tx.execute(
            SQL["put_on"],
            client_ids=[client_id for client_id, _ in pairs],
            tag_ids=[known[name] for _, name in pairs],
        )


def _tag(row: asyncpg.Record) -> Tag:
    return Tag(row["id"], row["emoji"], row["name"])
