"""The gateway before the local Mercado Pago, over real HTTP, and orders for it."""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID, uuid4

from domain.charges import Order
from gateways.mercado_pago import MercadoPago
from playground.mercado_pago import MercadoPagoStandIn
from settings import PLAYGROUND_PAYMENTS_TOKEN

CALL_SECONDS = 6.0
HASTY_SECONDS = 0.3
KNOWN_ID = "91000000001"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


class Bench:
    """One stand-in, one gateway to it, and how long the gateway slept between its attempts."""

    def __init__(self, bank: MercadoPagoStandIn) -> None:
        self.bank = bank
        self.bank_at = bank.api
        self.slept: list[float] = []
        self.later = 0.0
        self.gateway = self.another()

    def another(
        self, token: str = PLAYGROUND_PAYMENTS_TOKEN, *, call_seconds: float = CALL_SECONDS
    ) -> MercadoPago:
        """A gateway of its own, with a breaker of its own."""
        return MercadoPago(
            token,
            api=self.bank_at,
            monotonic=lambda: time.monotonic() + self.later,
            sleep=self.sleep,
            random=Random(1),  # noqa: S311 - a test's chance
            call_seconds=call_seconds,
        )

    async def sleep(self, seconds: float) -> None:
        """Let no time pass."""
        self.slept.append(seconds)
        await asyncio.sleep(0)

    def goes_wrong(self, kind: str, **more: object) -> None:
        """Order a fault."""
        self.bank.control.order({"kind": kind} | more)

    def order(
        self, *, key: UUID | None = None, amount: str = "20.00", email: str = "ana@exemplo.com"
    ) -> Order:
        """What a charge is made of."""
        key = key or uuid4()
        return Order(
            key=key,
            reference=f"emdia-{key.hex}",
            amount=Decimal(amount),
            currency="BRL",
            payer_email=email,
            expires_at=self.bank.bank.now() + timedelta(hours=24),
            description="EmDia: 30 dias",
        )

    @property
    def made(self) -> int:
        """How many charges there are."""
        return len(list(self.bank.bank.all()))


async def until(happened: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for what nobody tells of, at most so long."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


def working() -> int:
    """How many threads of gateways there are."""
    return sum(1 for one in threading.enumerate() if one.name == "mercado_pago")
