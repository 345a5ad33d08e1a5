"""What a tenant is asked about its clients, and what it answers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actors.runtime import Request


@dataclass(frozen=True, slots=True)
class ClientRenewed:
    """What a renewal did: the kinds of the pending messages it cancelled (C7)."""

    due_on: date
    cancelled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenewClient(Request[ClientRenewed]):
    """Record a payment, move the due date, cancel what was pending (C6, C7, C9)."""

    client_id: int
    due_on: date
    amount: Decimal
    paid_on: date
