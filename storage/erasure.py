"""Forgetting: a client, or a whole tenant, in every table that there is (I9).

What hangs on either by a foreign key goes along; the rest is named here. A test compares both with
the catalogue, so a table made later cannot be left out.
"""

from domain.clients import Client
from domain.contacts import whatsapp_candidates
from domain.takeout import Losses
from storage import clients, outbox
from storage.database import TenantConnection
from storage.sql import load

SQL = load("erasure")
OUTLIVES = frozenset({"audit_log"})
"""What stays of a tenant: who did what and when, without a name (I9)."""


async def losses(tx: TenantConnection) -> Losses:
    """What erasing the tenant would take along."""
    row = await tx.fetchrow(SQL["losses"])
    assert row is not None  # noqa: S101 - four counts are one row
    return Losses(**dict(row))


async def erase_client(tx: TenantConnection, client: Client) -> None:
    """Delete a client, its messages and every trace of it; the money it paid stays counted.

    Raises NotFound.
    """
    # Before whatever the others touch that hold the day: its payments, what it wrote.
    await outbox.hold_day(tx)
    phones = list(whatsapp_candidates(client.phone))
    shared = await tx.fetchval(SQL["shares_phone"], phones=phones, client_id=client.id)
    await tx.execute(SQL["forget_notes"], client_id=client.id)
    await clients.erase(tx, client.id)
    await tx.execute(
        SQL["forget_traces"],
        client_id=client.id,
        name=client.name,
        phone=client.phone,
        phones=phones,
        users=[phone.removeprefix("+") for phone in phones],
        shared=shared,
    )


async def erase_tenant(tx: TenantConnection) -> bool:
    """Delete the tenant of `tx` and all it had; False when there was none (any more)."""
    await outbox.hold_day(tx)
    gone = await tx.fetchval(SQL["forget_tenant"])
    await tx.execute(SQL["forget_chat"])
    return gone is not None
