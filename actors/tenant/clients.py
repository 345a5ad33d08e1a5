"""What happens to the tenant's clients."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actors.runtime import Request, on
from actors.tenant.queue import QueuePart
from storage import ledger


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


class ClientsPart(QueuePart):
    """Renews."""

    @on(RenewClient)
    async def renew_client(self, message: RenewClient) -> ClientRenewed:
        """Record the payment, move the due date and cancel what was pending, at once (C6–C9)."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            renewal = await ledger.renew(
                tx,
                message.client_id,
                due_on=message.due_on,
                amount=message.amount,
                paid_on=message.paid_on,
                now=self.context.clock.now(),
            )
        # A due date that was set right may be of today's again (E6). The renewal is done in any
        # case: an error here would have it done twice.
        await self._plan_if_possible()
        return ClientRenewed(message.due_on, tuple(kind.value for kind in renewal.cancelled))
