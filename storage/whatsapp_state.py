"""A tenant's WhatsApp session and its Signal keys: written through, sealed, fenced (F3).

Every write carries the epoch of its owner. One whose ownership ended writes nothing and learns it
by StaleEpoch, so an old process can never overwrite a newer one's keys. A device that was unlinked
is set aside, not dropped, until another one has been paired and has opened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.restrictions import LONGEST_REPORTED, Pause
from domain.whatsapp import SessionState
from errors import StaleEpoch
from storage.database import TenantConnection
from storage.sql import load
from storage.vault import Label, Vault
from storage.whatsapp_incoming import UNSTORABLE, keep_incoming

# What the worker writes comes in through this module, whichever table it goes to.
__all__ = [
    "UNSTORABLE",
    "Session",
    "abandon_pairing",
    "begin_pairing",
    "block_new_chats",
    "drop_set_aside",
    "find_session",
    "get_creds",
    "get_keys",
    "is_owned",
    "keep_incoming",
    "refused_clients",
    "reseal",
    "set_creds",
    "set_keys",
    "set_state",
]

SQL = load("whatsapp_state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """How the session stands; instants in UTC.

    `resume` lasts as long as a temporary ban, `pause` as long as new chats are refused.
    """

    state: SessionState
    jid: str | None
    lid: str | None
    has_creds: bool
    epoch: int
    paired_at: datetime | None
    resume: Pause | None = None
    pause: Pause | None = None


async def find_session(tx: TenantConnection) -> Session | None:
    """The tenant's session; None before the first pairing was begun."""
    row = await tx.fetchrow(SQL["session"])
    if row is None:
        return None
    return Session(
        state=SessionState(row["state"]),
        jid=row["jid"],
        lid=row["lid"],
        has_creds=row["has_creds"],
        epoch=row["epoch"],
        paired_at=row["paired_at"],
        resume=_pause(row["resume_at"], row["resume_within"]),
        pause=_pause(row["new_chats_blocked_until"], row["new_chats_blocked_within"]),
    )


async def get_creds(tx: TenantConnection, vault: Vault) -> str | None:
    """The device's credentials, None when there are none.

    Raises:
        VaultError: they are there but do not open; never to be taken for "none".
    """
    sealed = await tx.fetchval(SQL["creds"])
    return None if sealed is None else vault.open(sealed, _creds_label(tx)).decode()


async def set_creds(
    tx: TenantConnection, vault: Vault, epoch: int, creds: str, now: datetime
) -> None:
    """Keep the device's credentials, the latest only; raises StaleEpoch."""
    sealed = vault.seal(creds.encode(), _creds_label(tx))
    _fence(tx, epoch, await tx.fetchval(SQL["set_creds"], epoch=epoch, creds=sealed, now=now))


async def set_state(  # noqa: PLR0913 - the facts of one change, all named at the call
    tx: TenantConnection,
    epoch: int,
    state: SessionState,
    *,
    now: datetime,
    jid: str | None = None,
    lid: str | None = None,
    resume: Pause | None = None,
) -> None:
    """Record how the session stands; an unknown jid or lid leaves the known one. StaleEpoch."""
    written = await tx.fetchval(
        SQL["set_state"],
        epoch=epoch,
        state=state.value,
        jid=jid,
        lid=lid,
        resume_at=resume and resume.until,
        resume_within=resume and resume.longest,
        now=now,
    )
    _fence(tx, epoch, written)


async def block_new_chats(
    tx: TenantConnection, epoch: int, pause: Pause | None, now: datetime
) -> None:
    """Keep until when WhatsApp refuses new chats (463), None when it no longer does. StaleEpoch."""
    written = await tx.fetchval(
        SQL["block_new_chats"],
        epoch=epoch,
        until=pause and pause.until,
        within=pause and pause.longest,
        now=now,
    )
    _fence(tx, epoch, written)


async def begin_pairing(tx: TenantConnection, epoch: int, now: datetime) -> None:
    """Make room for a new device: the one before, and its keys, are set aside. StaleEpoch."""
    _fence(tx, epoch, await tx.fetchval(SQL["begin_pairing"], epoch=epoch, now=now))


async def abandon_pairing(tx: TenantConnection, epoch: int, now: datetime) -> None:
    """Nobody paired: the device that was set aside counts again, as it stood. StaleEpoch."""
    _fence(tx, epoch, await tx.fetchval(SQL["abandon_pairing"], epoch=epoch, now=now))


async def drop_set_aside(tx: TenantConnection, epoch: int) -> None:
    """The new device has opened: drop what was kept of the one before. StaleEpoch."""
    _fence(tx, epoch, await tx.fetchval(SQL["drop_set_aside"], epoch=epoch))


async def is_owned(tx: TenantConnection, epoch: int) -> bool:
    """Whether `epoch` is still the tenant's, so that its line may be fought for."""
    return bool(await tx.fetchval(SQL["owned"], epoch=epoch))


async def refused_clients(tx: TenantConnection, since: datetime, until: datetime) -> int:
    """How many different clients WhatsApp refused (463) after `since`, up to `until`."""
    return int(await tx.fetchval(SQL["refused_clients"], since=since, until=until))


async def get_keys(
    tx: TenantConnection, vault: Vault, epoch: int, type_: str, ids: Iterable[str]
) -> dict[str, str]:
    """The keys that are there, by id.

    Raises:
        StaleEpoch: what a former owner reads may be another's by now.
        VaultError: one is there and does not open; never to be taken for absent.
    """
    rows = await tx.fetch(SQL["get_keys"], epoch=epoch, type=type_, ids=list(ids))
    if not rows:
        raise StaleEpoch(tx.tenant_id, epoch)
    return {
        row["id"]: vault.open(row["value"], _key_label(tx, type_, row["id"])).decode()
        for row in rows
        if row["id"] is not None
    }


async def set_keys(
    tx: TenantConnection,
    vault: Vault,
    epoch: int,
    entries: Mapping[str, Mapping[str, str | None]],
) -> None:
    """Keep keys by type and id, deleting where None: all of them or, by StaleEpoch, none."""
    flat = [(type_, id_, value) for type_, of in entries.items() for id_, value in of.items()]
    sealed = [
        None if value is None else vault.seal(value.encode(), _key_label(tx, type_, id_))
        for type_, id_, value in flat
    ]
    types, ids = [type_ for type_, _, _ in flat], [id_ for _, id_, _ in flat]
    written = await tx.fetchval(SQL["set_keys"], epoch=epoch, types=types, ids=ids, values=sealed)
    _fence(tx, epoch, written)


async def reseal(tx: TenantConnection, vault: Vault) -> int:
    """Put the tenant's secrets under the vault's first key; returns how many were not.

    The rows are held meanwhile, so a write of the running session is never lost.
    """
    moved = 0
    for held, replace in (("held_creds", "replace_creds"), ("held_set_aside", "replace_set_aside")):
        creds = await tx.fetchval(SQL[held])
        if creds is not None and not vault.is_current(creds):
            await tx.execute(SQL[replace], creds=vault.reseal(creds, _creds_label(tx)))
            moved += 1
    rows = [row for row in await tx.fetch(SQL["all_keys"]) if not vault.is_current(row["value"])]
    await tx.execute(
        SQL["replace_keys"],
        generations=[row["generation"] for row in rows],
        types=[row["type"] for row in rows],
        ids=[row["id"] for row in rows],
        values=[vault.reseal(row["value"], _key_label(tx, row["type"], row["id"])) for row in rows],
    )
    return moved + len(rows)


def _pause(until: datetime | None, within: timedelta | None) -> Pause | None:
    return None if until is None else Pause(until, within or LONGEST_REPORTED)


def _creds_label(tx: TenantConnection) -> Label:
    return Label(tx.tenant_id, "whatsapp_sessions", "creds")


def _key_label(tx: TenantConnection, type_: str, id_: str) -> Label:
    return Label(tx.tenant_id, f"whatsapp_keys/{type_}", id_)


def _fence(tx: TenantConnection, epoch: int, written: int | None) -> None:
    if written is None:
        raise StaleEpoch(tx.tenant_id, epoch)
