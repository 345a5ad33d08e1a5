"""A tenant's WhatsApp session and its Signal keys: written through, sealed, fenced (F3).

Every write carries the epoch of its owner. One whose ownership ended writes nothing and learns it
by StaleEpoch, so an old process can never overwrite a newer one's keys.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from errors import StaleEpoch
from storage.database import TenantConnection
from storage.sql import load
from storage.vault import Label, Vault
from storage.whatsapp_incoming import keep_incoming

# What the worker writes comes in through this module, whichever table it goes to.
__all__ = [
    "Session",
    "block_new_chats",
    "find_session",
    "forget",
    "get_creds",
    "get_keys",
    "keep_incoming",
    "reseal",
    "set_creds",
    "set_keys",
    "set_state",
]

SQL = load("whatsapp_state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """How the session stands: `state` as in `whatsapp_sessions`; instants in UTC."""

    state: str
    jid: str | None
    lid: str | None
    has_creds: bool
    epoch: int
    paired_at: datetime | None
    new_chats_blocked_until: datetime | None


async def find_session(tx: TenantConnection) -> Session | None:
    """The tenant's session; None before the first pairing was begun."""
    row = await tx.fetchrow(SQL["session"])
    return None if row is None else Session(**dict(row))


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
    state: str,
    *,
    now: datetime,
    jid: str | None = None,
    lid: str | None = None,
) -> None:
    """Record how the session stands; an unknown jid or lid leaves the known one. StaleEpoch."""
    _fence(
        tx,
        epoch,
        await tx.fetchval(SQL["set_state"], epoch=epoch, state=state, jid=jid, lid=lid, now=now),
    )


async def block_new_chats(
    tx: TenantConnection, epoch: int, until: datetime | None, now: datetime
) -> None:
    """Keep until when WhatsApp refuses new chats (463), None when it no longer does. StaleEpoch."""
    _fence(tx, epoch, await tx.fetchval(SQL["block_new_chats"], epoch=epoch, until=until, now=now))


async def forget(tx: TenantConnection, epoch: int, now: datetime) -> None:
    """Drop credentials and keys of an unlinked device; a new QR is needed. Raises StaleEpoch."""
    _fence(tx, epoch, await tx.fetchval(SQL["forget"], epoch=epoch, now=now))


async def get_keys(
    tx: TenantConnection, vault: Vault, type_: str, ids: Iterable[str]
) -> dict[str, str]:
    """The keys that are there, by id; raises VaultError when one does not open."""
    rows = await tx.fetch(SQL["get_keys"], type=type_, ids=list(ids))
    return {
        row["id"]: vault.open(row["value"], _key_label(tx, type_, row["id"])).decode()
        for row in rows
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
    creds = await tx.fetchval(SQL["held_creds"])
    moved = 0
    if creds is not None and not vault.is_current(creds):
        resealed = vault.reseal(creds, _creds_label(tx))
        await tx.execute(SQL["replace_creds"], creds=resealed)
        moved = 1
    rows = [
        (row["type"], row["id"], vault.reseal(row["value"], _key_label(tx, row["type"], row["id"])))
        for row in await tx.fetch(SQL["all_keys"])
        if not vault.is_current(row["value"])
    ]
    await tx.execute(
        SQL["replace_keys"],
        types=[type_ for type_, _, _ in rows],
        ids=[id_ for _, id_, _ in rows],
        values=[value for _, _, value in rows],
    )
    return moved + len(rows)


def _creds_label(tx: TenantConnection) -> Label:
    return Label(tx.tenant_id, "whatsapp_sessions", "creds")


def _key_label(tx: TenantConnection, type_: str, id_: str) -> Label:
    return Label(tx.tenant_id, f"whatsapp_keys/{type_}", id_)


def _fence(tx: TenantConnection, epoch: int, written: int | None) -> None:
    if written is None:
        raise StaleEpoch(tx.tenant_id, epoch)
