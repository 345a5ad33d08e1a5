"""One local Mercado Pago for a module; each test has a gateway of its own, and no faults."""

from collections.abc import AsyncIterator

import pytest

from playground.mercado_pago import MercadoPagoStandIn
from tests.payments.support import KNOWN_ID, Bench


@pytest.fixture(scope="module")
async def stand_in() -> AsyncIterator[MercadoPagoStandIn]:
    """Listens for all tests of a module, and knows one payment."""
    async with MercadoPagoStandIn(first_id=int(KNOWN_ID)) as bank:
        made = Bench(bank)
        await made.gateway.create(made.order())
        yield bank


@pytest.fixture
async def bench(stand_in: MercadoPagoStandIn) -> AsyncIterator[Bench]:
    """A gateway that has not failed yet."""
    stand_in.faults.clear()
    made = Bench(stand_in)
    yield made
    await made.gateway.close()
