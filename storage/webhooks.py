"""What Mercado Pago brought, kept once until it is dealt with; and whose charge is meant.

Asked across tenants: ids and times only.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg

from domain.charge_checks import LONGEST, LONGEST_PENDING
from domain.charges import ChargeState
from storage.database import DispatcherConnection
from storage.sql import load

SQL = load("webhooks")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A kept delivery about a payment; `attempts` counts the try that is beginning."""

    delivery: str
    payment_id: str
    live: bool
    attempts: int


@dataclass(frozen=True, slots=True)
class ChargeRef:
    """A charge and whose it is; `state` is None where it was not asked."""

    tenant_id: int
    charge_id: int
    state: ChargeState | None = None


async def keep(
    connection: DispatcherConnection, delivery: str, payment_id: str, *, live: bool, now: datetime
) -> bool:
    """Keep a delivery; False when it is there already."""
    payload = {"payment_id": payment_id, "live": live}
    kept = await connection.fetchval(SQL["keep"], event=delivery, payload=payload, now=now)
    return cast("bool", kept)


async def claim(
    connection: DispatcherConnection, replica: UUID, *, now: datetime, until: datetime, most: int
) -> list[Webhook]:
    """Take some that wait, until `until`; nothing while a newer process lives."""
    rows = await connection.fetch(SQL["claim"], replica=replica, now=now, until=until, most=most)
    return [
        Webhook(
            row["event_id"],
            str(row["payload"].get("payment_id")),
            row["payload"].get("live") is True,
            row["attempts"],
        )
        for row in rows
    ]


async def done(connection: DispatcherConnection, delivery: str, now: datetime) -> None:
    """It has been dealt with."""
    await connection.execute(SQL["done"], event=delivery, now=now)


async def later(
    connection: DispatcherConnection, delivery: str, again: datetime, why: str, *, counts: bool
) -> None:
    """Try again at `again`; `counts`: the try that ends here was one."""
    await connection.execute(
        SQL["later"], event=delivery, again=again, why=why[:500], counts=counts
    )


async def set_aside(
    connection: DispatcherConnection, delivery: str, now: datetime, why: str
) -> None:
    """Try no more; it stays for whoever looks."""
    await connection.execute(SQL["set_aside"], event=delivery, now=now, why=why[:500])


async def charge_of_reference(connection: DispatcherConnection, reference: str) -> ChargeRef | None:
    """The charge that Mercado Pago knows by `reference`."""
    return _ref(await connection.fetchrow(SQL["by_reference"], reference=reference))


async def charge_of_payment(connection: DispatcherConnection, payment_id: str) -> ChargeRef | None:
    """The charge that Mercado Pago made as this payment, as far as we were told."""
    return _ref(await connection.fetchrow(SQL["by_payment"], payment_id=payment_id))


async def to_check(connection: DispatcherConnection, now: datetime, most: int) -> list[ChargeRef]:
    """Charges it is time to look at, the longest overdue first."""
    rows = await connection.fetch(SQL["to_check"], now=now, most=most)
    return [ChargeRef(row["tenant_id"], row["charge_id"]) for row in rows]


async def astray(connection: DispatcherConnection, now: datetime, most: int) -> list[ChargeRef]:
    """Charges that a clock that was ahead has put off too far (E14)."""
    rows = await connection.fetch(
        SQL["astray"], pending_after=now + LONGEST_PENDING, after=now + LONGEST, most=most
    )
    return [ChargeRef(row["tenant_id"], row["charge_id"]) for row in rows]


def _ref(row: asyncpg.Record | None) -> ChargeRef | None:
    if row is None:
        return None
    return ChargeRef(row["tenant_id"], row["charge_id"], ChargeState(row["status"]))
