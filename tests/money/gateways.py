"""Gateways with something odd about them, before the local Mercado Pago."""

from dataclasses import replace

from domain.charges import Payment
from gateways.payments import Payments


class Watched:
    """A gateway that notes what is looked at."""

    def __init__(self, gateway: Payments, asked: list[str]) -> None:
        self._asked = asked
        self.create, self.search, self.close = gateway.create, gateway.search, gateway.close
        self._find = gateway.find

    async def find(self, payment_id: str) -> Payment | None:
        """Note it."""
        self._asked.append(payment_id)
        return await self._find(payment_id)


class Twin(Watched):
    """A Mercado Pago that made a payment a second time, under another number."""

    def __init__(self, gateway: Payments, payment_id: str, twin: str) -> None:
        super().__init__(gateway, [])
        self._ids = (payment_id, twin)

    async def find(self, payment_id: str) -> Payment | None:
        """Answer the twin as the first with its own number."""
        payment, twin = self._ids
        if payment_id != twin:
            return await self._find(payment_id)
        first = await self._find(payment)
        assert first is not None
        return replace(first, payment_id=twin)


class Broken(Watched):
    """A gateway with a fault in its program."""

    def __init__(self, gateway: Payments, payment_id: str) -> None:
        super().__init__(gateway, [])
        self._payment_id = payment_id

    async def find(self, payment_id: str) -> Payment | None:
        """Fail over one payment."""
        if payment_id == self._payment_id:
            raise ZeroDivisionError
        return await self._find(payment_id)
