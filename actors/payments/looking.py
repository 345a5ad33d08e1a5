"""A look at a charge: fetched from Mercado Pago, and settled as what was fetched says (A3, A4).

The caller has each tenant's acts done one after another (`Lines`).
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random

from actors.messages.subscription import Looked, Unavailable
from actors.payments.making import Maker, best_of
from actors.payments.ports import PaymentsPorts
from actors.payments.till import Till, look_again
from actors.runtime import Clock
from domain.backoff import PAYMENTS
from domain.charge_checks import is_near_its_end, next_check
from domain.charges import ChargeState
from errors import NotFound, NotSignedUp, PaymentsAway
from gateways.payments import Payments
from storage import charges
from storage.charges import StoredCharge
from telemetry import PAYMENT_LOOKS

LONGEST_AWAY = 3600.0


class Look(StrEnum):
    """What became of a look at a charge."""

    TAKEN = "taken"
    UNREADABLE = "unreadable"  # there is no such payment, or not yet
    AWAY = "away"
    GONE = "gone"  # the charge, or its tenant, is no more


@dataclass(frozen=True, slots=True)
class Seen:
    """A look, and where the charge stands after it."""

    look: Look
    state: ChargeState | None
    retry_after: float | None = None


class Looker:
    """Looks at charges, with an account at `provider`; `maker` makes what was never made."""

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        ports: PaymentsPorts,
        provider: Payments,
        till: Till,
        maker: Maker,
        *,
        clock: Clock,
        random: Random,
    ) -> None:
        self._ports = ports
        self._provider = provider
        self._till = till
        self._maker = maker
        self._clock = clock
        self._random = random

    async def look(self, tenant_id: int, charge_id: int | None = None) -> Looked:
        """Fetch the newest charge, or one, and let follow what follows (A3, A4).

        Without `charge_id` the ones before it that may have been paid are looked at as well: one
        of them that turns out paid is what was meant.
        """
        async with self._ports.database.tenant(tenant_id) as tx:
            newest = await charges.find(tx, charge_id)
            others = await charges.open_ones(tx) if charge_id is None else []
        if newest is None:
            return Looked(charge_id=None, state=None)
        asked = newest.charge.charge_id
        seen = await self.see(tenant_id, asked)
        if seen.state is ChargeState.PENDING:
            for other in others:
                if other != asked:
                    await self.see(tenant_id, other)
            async with self._ports.database.tenant(tenant_id) as tx:
                paid = await charges.paid_since(tx, asked) if charge_id is None else None
            if paid is not None:
                return Looked(charge_id=paid, state=ChargeState.APPROVED)
        return Looked(charge_id=asked, state=seen.state, stale=seen.look is Look.AWAY)

    async def see(
        self, tenant_id: int, charge_id: int, *, payment_id: str | None = None, make: bool = False
    ) -> Seen:
        """Look at one charge: as the payment `payment_id` where somebody named it.

        `make`: where Mercado Pago knows nothing of it, have it made (once more).
        Raises StorageUnavailable.
        """
        async with self._ports.database.tenant(tenant_id) as tx:
            stored = await charges.find(tx, charge_id)
        if stored is None:
            return Seen(Look.GONE, None)
        try:
            seen = await self._see(tenant_id, stored, payment_id, make=make)
        except PaymentsAway as away:
            seen = await self._postpone(tenant_id, stored, away)
        except (NotFound, NotSignedUp):
            seen = Seen(Look.GONE, None)
        PAYMENT_LOOKS.labels(outcome=seen.look).inc()
        return seen

    async def _see(
        self, tenant_id: int, stored: StoredCharge, payment_id: str | None, *, make: bool
    ) -> Seen:
        charge, now = stored.charge, self._clock.now()
        wanted = payment_id or charge.payment_id
        if stored.refusal is not None and wanted is None:
            return Seen(Look.TAKEN, charge.state)  # it was never made
        if wanted is not None:
            payment = await self._provider.find(wanted)
        else:
            payment = best_of(charge, await self._provider.search(charge.reference))
            waits = charge.state is ChargeState.PENDING and not is_near_its_end(charge, now)
            if payment is None and make and waits:
                made = await self._maker.have_made(tenant_id, charge)
                if made is Unavailable.AWAY:
                    raise PaymentsAway("create")
                return await self._after(tenant_id, stored)
        if payment is not None:
            state = await self._till.take(tenant_id, charge.charge_id, payment)
            return Seen(Look.TAKEN, state)
        async with self._ports.database.tenant(tenant_id) as tx:
            await look_again(tx, await charges.hold(tx, charge.charge_id), now)
        return Seen(Look.UNREADABLE, (await self._after(tenant_id, stored)).state)

    async def _after(self, tenant_id: int, stored: StoredCharge) -> Seen:
        async with self._ports.database.tenant(tenant_id) as tx:
            found = await charges.find(tx, stored.charge.charge_id)
        return Seen(Look.TAKEN, found.charge.state if found else None)

    async def _postpone(self, tenant_id: int, stored: StoredCharge, away: PaymentsAway) -> Seen:
        """Look again when Mercado Pago may be back; what has run out meanwhile has run out."""
        now = self._clock.now()
        wait = PAYMENTS.delay(stored.checks, self._random)
        wait = max(wait, min(away.retry_after or 0.0, LONGEST_AWAY))
        async with self._ports.database.tenant(tenant_id) as tx:
            held = await charges.hold(tx, stored.charge.charge_id)
            if next_check(held.charge, now, checks=held.checks, over=False) is not None:
                again = now + timedelta(seconds=wait)
                await charges.look_again(tx, held.charge.charge_id, again)
        return Seen(Look.AWAY, stored.charge.state, away.retry_after)
