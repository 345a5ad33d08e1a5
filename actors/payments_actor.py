"""What the platform is paid, as one actor: charges are made, looked at and settled (A3–A5).

Nothing is granted by a message about a payment, only by the payment itself, fetched and compared.
Each tenant's acts are one after another; what concerns everybody (looking by ourselves, dealing
with what webhooks brought, telling administrators) is done where this process is in charge. What
must last is in PostgreSQL, so this actor may fall at any moment.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from actors.messages.admin_news import AdminNews, NewsKind, pack
from actors.messages.subscription import (
    LookAtCharge,
    Looked,
    Made,
    MakeCharge,
    Unavailable,
    WebhookCame,
)
from actors.payments.admins import Admins
from actors.payments.deliveries import Deliveries
from actors.payments.lines import Lines
from actors.payments.looking import Looker
from actors.payments.making import Maker
from actors.payments.ports import PaymentsPorts
from actors.payments.rounds import Rounds
from actors.payments.till import Till
from actors.payments.unsigned import Unsigned
from actors.runtime import Actor, Later, on
from domain.charges import ChargeState
from errors import EmDiaError
from gateways.payments import Payments
from storage import admin_notices, charges, webhooks
from telemetry import logger

LOG = logger("payments")
NOTE_SECONDS = 30.0
NOT_SET_UP = "not_set_up"


@dataclass(frozen=True, slots=True)
class _Account:
    """What works with an account at Mercado Pago, where there is one."""

    provider: Payments
    maker: Maker
    looker: Looker
    rounds: Rounds
    deliveries: Deliveries
    unsigned: Unsigned


class PaymentsActor(Actor):
    """Presses, the rounds and the deliveries, with the gateway that `ports.provider` makes."""

    def __init__(self, ports: PaymentsPorts) -> None:
        self._ports = ports
        self._account: _Account | None = None

    async def started(self) -> None:
        """Be ready for presses; look and deal where this process is in charge."""
        provider = self._ports.provider()
        self._lines = Lines(self._spawn)
        work: list[Callable[[], Coroutine[Any, Any, None]]]
        work = [Admins(self._ports, self.context.clock).tell]
        if provider is None:
            work.append(self._note_not_set_up)
        else:
            account = self._account = self._with(provider)
            work += [account.rounds.look_at_charges, account.deliveries.deal]
        for each in work:
            name = each.__name__.strip("_").replace("_", " ")
            lead = self._ports.in_charge.lead(each, self.context.spawn, name=name)
            self.context.spawn(lead, name=f"lead {name}")

    def _with(self, provider: Payments) -> _Account:
        ports, clock, random = self._ports, self.context.clock, self.context.random
        till, lines = Till(ports, clock, self._spawn), self._lines
        maker = Maker(ports, provider, till, clock, random)
        looker = Looker(ports, provider, till, maker, clock=clock, random=random)
        return _Account(
            provider=provider,
            maker=maker,
            looker=looker,
            rounds=Rounds(ports, looker, lines, clock),
            deliveries=Deliveries(ports, provider, looker, lines, clock=clock, random=random),
            unsigned=Unsigned(ports, looker, lines, clock),
        )

    async def stopping(self) -> None:
        """Let go of the gateway."""
        if self._account is not None:
            await self._account.provider.close()

    # What tenants ask

    @on(MakeCharge)
    async def make_charge(self, message: MakeCharge) -> Later[Made | Unavailable]:
        """Offer the pending charge, or have one made."""
        return self.context.later(self._make(message.tenant_id))

    async def _make(self, tenant_id: int) -> Made | Unavailable:
        if self._account is None:
            return Unavailable.NOT_SET_UP
        return await self._lines.run(tenant_id, partial(self._account.maker.make, tenant_id))

    @on(LookAtCharge)
    async def look_at_charge(self, message: LookAtCharge) -> Later[Looked]:
        """Fetch a charge and settle what follows."""
        return self.context.later(self._look(message.tenant_id, message.charge_id))

    async def _look(self, tenant_id: int, charge_id: int | None) -> Looked:
        if self._account is not None:
            look = partial(self._account.looker.look, tenant_id, charge_id)
            return await self._lines.run(tenant_id, look)
        async with self._ports.database.tenant(tenant_id) as tx:
            known = await charges.find(tx, charge_id)
        if known is None:
            return Looked(charge_id=None, state=None)
        state: ChargeState = known.charge.state
        return Looked(charge_id=known.charge.charge_id, state=state, stale=True)

    # What Mercado Pago brings

    @on(WebhookCame)
    async def webhook_came(self, message: WebhookCame) -> Later[None]:
        """Keep it, and deal with it later; of one that is not Mercado Pago's keep nothing.

        Raises:
            StorageUnavailable: it is not kept.
        """
        if message.verified:
            return self.context.later(self._keep(message))
        if self._account is not None:
            self._spawn(self._account.unsigned.came(message.payment_id), "unsigned delivery")
        return self.context.later(asyncio.sleep(0))

    async def _keep(self, message: WebhookCame) -> None:
        async with self._ports.database.dispatcher() as connection:
            new = await webhooks.keep(
                connection,
                message.delivery,
                message.payment_id,
                live=message.live,
                now=self.context.clock.now(),
            )
        LOG.info("delivery kept", payment=message.payment_id, new=new)
        if self._account is not None:
            self._account.deliveries.stir()

    # Without an account

    async def _note_not_set_up(self) -> None:
        """Have administrators hear, once ever, that nobody can pay."""
        news = pack(AdminNews(kind=NewsKind.NOT_SET_UP))
        while True:
            try:
                async with self._ports.database.dispatcher() as connection:
                    now = self.context.clock.now()
                    await admin_notices.put_alone(connection, NOT_SET_UP, news, now)
            except EmDiaError as error:
                LOG.warning("not noted that payments are not set up", error=repr(error))
                await self.context.clock.sleep(NOTE_SECONDS)
            else:
                return

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
        return self.context.spawn(work, name=name)
