"""What the local Mercado Pago brings, well and badly, as the door would judge it (A4, I8)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from domain.webhook_signature import Signature, verify
from playground.mercado_pago import MercadoPagoStandIn
from settings import PLAYGROUND_PAYMENTS_SECRET
from tests.payments.support import Bench, until


@dataclass
class Door:
    """Somebody who takes deliveries in, after as many refusals as it is told."""

    bench: Bench
    refusing: int = 0
    came: list[tuple[str, Signature, dict[str, Any]]] = field(default_factory=list)

    async def receive(self, request: web.Request) -> web.Response:
        """Judge one as our own door does."""
        now = self.bench.bank.bank.now()
        judged = verify(
            PLAYGROUND_PAYMENTS_SECRET,
            data_ids=request.query.getall("data.id", []),
            request_ids=request.headers.getall("x-request-id", []),
            signatures=request.headers.getall("x-signature", []),
            now=now,
        )
        named = request.query.get("data.id", request.query.get("id", ""))
        self.came.append((named, judged, await request.json()))
        self.refusing -= 1
        if self.refusing >= 0:
            return web.Response(status=503)
        return web.Response(status=200 if judged is Signature.VERIFIED else 401)

    @property
    def judged(self) -> list[Signature]:
        """What was thought of each."""
        return [judged for _, judged, _ in self.came]

    async def heard(self, count: int) -> None:
        """Wait until so many came."""
        await until(lambda: len(self.came) >= count)


@pytest.fixture(scope="module")
async def listening() -> AsyncIterator[tuple[MercadoPagoStandIn, list[Door], str]]:
    """A stand-in, and a server whose door each test fills anew."""
    doors: list[Door] = []

    async def receive(request: web.Request) -> web.Response:
        return await doors[-1].receive(request)

    app = web.Application()
    app.router.add_post("/hook", receive)
    server = TestServer(app)
    await server.start_server()
    async with MercadoPagoStandIn() as bank:
        yield bank, doors, str(server.make_url("/hook"))
    await server.close()


@pytest.fixture
async def door(listening: tuple[MercadoPagoStandIn, list[Door], str]) -> AsyncIterator[Door]:
    """A door that heard nothing yet."""
    bank, doors, url = listening
    bank.faults.clear()
    made = Door(Bench(bank))
    doors.append(made)
    await bank.webhooks.close()
    await bank.webhooks.open()
    bank.webhooks.url = lambda: url
    bank.webhooks.milliseconds = bank.webhooks.ipn = False
    yield made
    bank.webhooks.url = lambda: None


async def made(door: Door) -> str:
    """A charge that was made, and told of."""
    payment = await door.bench.gateway.create(door.bench.order())
    await door.heard(1)
    door.came.clear()
    return payment.payment_id


@pytest.mark.parametrize("milliseconds", [False, True])
async def test_what_happens_is_brought_and_signed(door: Door, milliseconds: bool) -> None:
    door.bench.bank.webhooks.milliseconds = milliseconds
    payment_id = await made(door)
    door.bench.bank.control.act("pay", payment_id)
    await door.heard(1)

    (named, judged, body) = door.came[0]
    assert (payment_id, Signature.VERIFIED, "payment.updated", payment_id, True) == (
        named,
        judged,
        body["action"],
        body["data"]["id"],
        body["live_mode"],
    )


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("forged", Signature.FORGED),
        ("unsigned", Signature.MISSING),
        ("stale", Signature.STALE),
    ],
)
async def test_a_bad_signature_is_bad(door: Door, kind: str, expected: Signature) -> None:
    payment_id = await made(door)
    door.bench.goes_wrong(kind)
    door.bench.bank.control.act("pay", payment_id)
    await door.heard(1)

    assert [expected] == door.judged


async def test_what_was_not_taken_comes_again(door: Door) -> None:
    payment_id = await made(door)
    door.refusing = 2
    door.bench.bank.control.act("pay", payment_id)
    await door.heard(3)
    last = door.bench.bank.webhooks.deliveries[-1]
    await until(lambda: last.taken)

    assert [503, 503, 200] == last.answers


async def test_one_may_come_twice_and_a_refund_comes_three_times(door: Door) -> None:
    payment_id = await made(door)
    door.bench.goes_wrong("twice")
    door.bench.bank.control.act("pay", payment_id)
    await door.heard(2)
    door.bench.bank.control.act("refund", payment_id)
    await door.heard(5)

    assert 5 == len(door.came)


async def test_they_may_come_the_last_one_first(door: Door) -> None:
    first, second = await made(door), await made(door)
    door.bench.goes_wrong("out_of_order", count=2)
    door.bench.bank.control.act("pay", first)
    door.bench.bank.control.act("pay", second)
    await door.heard(2)

    assert [second, first] == [named for named, _, _ in door.came]


async def test_one_may_never_come_and_one_late(door: Door) -> None:
    first, second, third = await made(door), await made(door), await made(door)
    door.bench.goes_wrong("lost")
    door.bench.goes_wrong("late", seconds=0.1)
    for payment_id in (first, second, third):
        door.bench.bank.control.act("pay", payment_id)
    await door.heard(2)

    assert [third, second] == [named for named, _, _ in door.came]


async def test_one_may_come_before_the_payment_can_be_read(door: Door) -> None:
    door.bench.goes_wrong("hidden", call="find")
    payment_id = await made(door)

    looks = [await door.bench.gateway.find(payment_id) for _ in range(2)]

    assert [True, False] == [look is None for look in looks]


async def test_the_old_kind_may_come_beside_it(door: Door) -> None:
    payment_id = await made(door)
    door.bench.bank.webhooks.ipn = True
    door.bench.bank.control.act("pay", payment_id)
    await door.heard(2)

    assert [(payment_id, Signature.MISSING), (payment_id, Signature.VERIFIED)] == [
        (named, judged) for named, judged, _ in door.came
    ]


async def test_the_panels_test_verifies_and_names_no_payment(door: Door) -> None:
    door.bench.bank.webhooks.panel_test()
    await door.heard(1)

    (named, judged, body) = door.came[0]
    assert ("123456", Signature.VERIFIED, False, "2021", None) == (
        named,
        judged,
        body["live_mode"],
        body["date_created"][:4],
        await door.bench.gateway.find(named),
    )


async def test_nothing_is_brought_to_another_machine(door: Door) -> None:
    door.bench.bank.webhooks.url = lambda: "http://bank.example/hook"
    delivery = door.bench.bank.webhooks.bring("1")
    await asyncio.sleep(0)

    assert [] == delivery.answers
