"""The test messages that an owner sends to themselves: none is ever a client's (F2)."""

from datetime import datetime, timedelta
from typing import cast

import asyncpg

from domain.contacts import whatsapp_candidates
from domain.whatsapp_tests import (
    FORGOTTEN_AFTER,
    TEXT,
    OwnTest,
    TestState,
    WhyNot,
    id_of_test,
)
from storage.database import TenantConnection
from storage.sql import load

SQL = load("whatsapp_tests")
ONE_DAY = timedelta(days=1)


async def ask(tx: TenantConnection, nonce: int, phone: str, *, own: bool, now: datetime) -> OwnTest:
    """Keep that a test is wanted; the same press is the same test, as it stands."""
    whatsapp_id = id_of_test(tx.tenant_id, nonce)
    await tx.execute(
        SQL["ask"], nonce=nonce, whatsapp_id=whatsapp_id, phone=phone, own=own, now=now
    )
    found = await of_press(tx, nonce)
    assert found is not None  # noqa: S101 - it was just kept
    return found


async def of_press(tx: TenantConnection, nonce: int) -> OwnTest | None:
    """The test that a press asked for."""
    return _test(await tx.fetchrow(SQL["of_press"], nonce=nonce))


async def asked_lately(tx: TenantConnection, now: datetime) -> list[datetime]:
    """When the tests of the last day were asked for."""
    return [row["created_at"] for row in await tx.fetch(SQL["asked_since"], since=now - ONE_DAY)]


async def next_waiting(tx: TenantConnection, now: datetime) -> OwnTest | None:
    """The oldest that waits, and that somebody still waits for."""
    return _test(await tx.fetchrow(SQL["next"], since=now - FORGOTTEN_AFTER))


async def begin(tx: TenantConnection, nonce: int) -> bool:
    """Begin it, once ever: a test is never repeated."""
    return await tx.fetchval(SQL["begin"], nonce=nonce) is not None


async def settle(
    tx: TenantConnection,
    nonce: int,
    state: TestState,
    *,
    reason: WhyNot | None = None,
    sent_at: datetime | None = None,
) -> None:
    """Record what became of it, unless a receipt was faster (F7)."""
    await tx.execute(SQL["settle"], nonce=nonce, state=state.value, reason=reason, sent_at=sent_at)


async def receipt(
    tx: TenantConnection, whatsapp_id: str, state: str, at: datetime
) -> OwnTest | None:
    """Record a receipt; the test as it stands then, None when that id is none of ours."""
    return _test(await tx.fetchrow(SQL["receipt"], whatsapp_id=whatsapp_id, state=state, at=at))


async def late_ack(tx: TenantConnection, whatsapp_id: str, at: datetime) -> OwnTest | None:
    """Record the server's ack that came late."""
    return _test(await tx.fetchrow(SQL["late_ack"], whatsapp_id=whatsapp_id, at=at))


async def leave_open(tx: TenantConnection) -> None:
    """What an earlier life had begun may have left: nobody knows."""
    await tx.execute(SQL["left_open"])


async def text_of(tx: TenantConnection, whatsapp_id: str) -> str | None:
    """What was sent under this id, for a phone that could not read it."""
    return TEXT if await tx.fetchval(SQL["is_ours"], whatsapp_id=whatsapp_id) else None


async def client_with(tx: TenantConnection, phone: str) -> str | None:
    """The client whose number it is, in either of its forms, archived ones too."""
    phones = list(whatsapp_candidates(phone))
    return cast("str | None", await tx.fetchval(SQL["client_with"], phones=phones))


def _test(row: asyncpg.Record | None) -> OwnTest | None:
    if row is None:
        return None
    return OwnTest(
        nonce=row["nonce"],
        whatsapp_id=row["whatsapp_id"],
        phone=row["phone"],
        own=row["own"],
        state=TestState(row["state"]),
        reason=None if row["reason"] is None else WhyNot(row["reason"]),
        created_at=row["created_at"],
        sent_at=row["sent_at"],
        delivered_at=row["delivered_at"],
    )
