"""Faults before a frame leaves, counted in the message's row so that a restart keeps them (F11).

While a process is new the count comes before the work: a message that ends the process is counted
too, and is set aside instead of ending the next.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.outbox import MessageState, Settlement, after_fault
from storage.database import TenantConnection
from storage.sql import load

SQL = load("preparation")


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A message whose preparation was counted before it began; `faults` includes this one."""

    message_id: int
    state: MessageState
    faults: int


async def take_up(
    tx: TenantConnection, now: datetime, *, excused: int | None = None
) -> TakenUp | None:
    """Count the preparation of the oldest message that may go, before it begins (F11).

    `excused` is the id of one whose last preparation was cut short by PostgreSQL: not its fault.
    """
    row = await tx.fetchrow(SQL["take_up"], now=now, excused=excused)
    if row is None:
        return None
    return TakenUp(row["id"], MessageState(row["state"]), row["faults"])


async def set_back(
    tx: TenantConnection, message_id: int, state: MessageState, faults: int, now: datetime
) -> Settlement:
    """Put a message behind the others after fault number `faults`, or aside after the last."""
    settlement = after_fault(state, faults, now)
    await tx.execute(
        SQL["set_back"],
        message_id=message_id,
        state=settlement.state,
        reason=settlement.reason,
        faults=faults,
        next_try=settlement.next_try,
        now=now,
    )
    return settlement


async def clear_faults(tx: TenantConnection, message_id: int) -> None:
    """What was taken up came to an end that says nothing against it."""
    await tx.execute(SQL["clear_faults"], message_id=message_id)
