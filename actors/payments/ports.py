"""What the payments work with."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from actors.charge.standing import Charge as InCharge
from actors.runtime import Ref
from gateways.payments import Payments
from storage.database import Database


class Tenants(Protocol):
    """The way to the tenants: waking one is the directory's affair."""

    async def tell(self, tenant_id: int, message: object) -> None:
        """Leave it with the tenant."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsPorts:
    """All of it; `provider` makes the gateway, and gives None where no account is set up.

    `price` and `days` are what is asked for and granted from now on; a charge keeps its own.
    `poll_seconds` pass between two looks at what is due.
    """

    database: Database
    provider: Callable[[], Payments | None]
    tenants: Tenants
    telegram: Callable[[], Ref]
    replica: UUID
    admins: Collection[int]
    price: Decimal
    days: int
    in_charge: InCharge
    poll_seconds: float = 5.0
