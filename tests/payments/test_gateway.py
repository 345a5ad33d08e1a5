"""The gateway to Mercado Pago before the local one, over real HTTP: A3, A4, I2."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from domain.charges import Payment
from domain.pix import crc16
from errors import PaymentConflict, PaymentRefused, PaymentsAway
from gateways.mercado_pago import (
    ATTEMPTS,
    FAILURES_TO_OPEN,
    MOST_HANGING_THREADS,
    MOST_THREADS,
    OPEN_SECONDS,
)
from gateways.mercado_pago_answers import body_of
from gateways.mercado_pago_http import Cut, Line
from guards.breaker import BreakerState
from tests.payments.support import HASTY_SECONDS, KNOWN_ID, Bench, until, working

Call = Callable[[Bench], Awaitable[object]]
CALLS: dict[str, Call] = {
    "create": lambda bench: bench.gateway.create(bench.order()),
    "find": lambda bench: bench.gateway.find(KNOWN_ID),
    "search": lambda bench: bench.gateway.search("emdia-nobody"),
}
each_call = pytest.mark.parametrize("name", CALLS)


async def test_a_charge_comes_back_as_it_was_ordered(bench: Bench) -> None:
    order = bench.order()

    made = await bench.gateway.create(order)

    assert ("pending", Decimal("20.00"), "BRL", order.reference, True) == (
        made.status,
        made.amount,
        made.currency,
        made.reference,
        made.live,
    )
    assert made.code is not None
    assert made.code[-4:] == crc16(made.code[:-4])
    assert made.expires_at == order.expires_at.replace(
        microsecond=order.expires_at.microsecond // 1000 * 1000
    )


async def test_the_same_order_is_the_same_payment(bench: Bench) -> None:
    order = bench.order()

    first, again = await bench.gateway.create(order), await bench.another().create(order)

    assert (first.payment_id, first.code) == (again.payment_id, again.code)


async def test_a_payment_is_found_by_its_number_and_by_our_reference(bench: Bench) -> None:
    order = bench.order(amount="19.90")
    made = await bench.gateway.create(order)
    bench.bank.control.act("pay", made.payment_id)

    found = await bench.gateway.find(made.payment_id)

    assert found is not None
    assert ("approved", "accredited", Decimal("19.90"), True) == (
        found.status,
        found.status_detail,
        found.amount,
        found.approved_at is not None,
    )
    assert (found,) == await bench.gateway.search(order.reference)


@pytest.mark.parametrize("payment_id", ["123456", "", "x/../y", "9" * 41, "1 or 1", "não"])
async def test_a_payment_that_is_not_there_is_none(bench: Bench, payment_id: str) -> None:
    assert await bench.gateway.find(payment_id) is None


async def test_a_search_goes_over_all_pages(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateways.mercado_pago.PAGE", 2)
    order = bench.order()
    for _ in range(5):
        await bench.gateway.create(replace(order, key=uuid4()))

    found = await bench.gateway.search(order.reference)

    assert (5, {order.reference}) == (
        len({one.payment_id for one in found}),
        {one.reference for one in found},
    )


async def test_a_payment_nobody_can_read_costs_only_itself(bench: Bench) -> None:
    order = bench.order()
    first = await bench.gateway.create(order)
    await bench.gateway.create(replace(order, key=uuid4()))
    bench.bank.bank.held(first.payment_id).currency = "???"

    assert 1 == len(await bench.gateway.search(order.reference))


async def test_what_went_back_is_told(bench: Bench) -> None:
    made = await bench.gateway.create(bench.order())
    bench.bank.control.act("pay", made.payment_id)
    bench.bank.control.act("refund", made.payment_id, amount=Decimal("0.10"))

    found = await bench.gateway.find(made.payment_id)

    assert found is not None
    assert ("approved", Decimal("0.10")) == (found.status, found.refunded)


# What it refuses


async def test_the_accounts_own_email_is_refused_by_its_number(bench: Bench) -> None:
    with pytest.raises(PaymentRefused) as refused:
        await bench.gateway.create(bench.order(email="Contas@EmDia.example"))

    assert "2060" == refused.value.code


@pytest.mark.parametrize(
    ("status", "cause", "expected"),
    [(400, 13253, "13253"), (403, 4390, "4390"), (403, None, "forbidden"), (422, None, "error")],
)
async def test_a_refusal_has_its_own_name(
    bench: Bench, status: int, cause: int | None, expected: str
) -> None:
    bench.goes_wrong("refused", call="create", code=status, cause=cause)

    with pytest.raises(PaymentRefused) as refused:
        await bench.gateway.create(bench.order())

    assert expected == refused.value.code
    assert [] == bench.slept


async def test_a_key_that_is_known_with_another_order_is_a_conflict(bench: Bench) -> None:
    order = bench.order()
    await bench.gateway.create(order)

    with pytest.raises(PaymentConflict):
        await bench.gateway.create(replace(order, amount=Decimal("10.00")))


async def test_a_wrong_token_refuses_a_charge_and_keeps_looks_waiting(bench: Bench) -> None:
    stranger = bench.another("another-token-of-somebody")

    with pytest.raises(PaymentRefused, match="unauthorized"):
        await stranger.create(bench.order())
    with pytest.raises(PaymentsAway, match="401"):
        await stranger.find(KNOWN_ID)
    assert BreakerState.CLOSED is stranger.breaker.state


# What may be tried again


@each_call
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"kind": "error", "code": 500}, id="500"),
        pytest.param({"kind": "html", "code": 502}, id="a page of somebody in between"),
        pytest.param({"kind": "html", "code": 200}, id="a page as an answer"),
        pytest.param({"kind": "error", "code": 408}, id="408"),
        pytest.param({"kind": "error", "code": 302}, id="a redirection"),
        pytest.param({"kind": "locked"}, id="423"),
        pytest.param({"kind": "drop"}, id="dropped"),
        pytest.param({"kind": "lose_answer"}, id="the answer lost"),
        pytest.param({"kind": "garbage"}, id="half an answer"),
        pytest.param({"kind": "empty"}, id="no answer"),
    ],
)
async def test_what_is_safe_is_tried_again_once_it_went_wrong(
    bench: Bench, name: str, fault: dict[str, object]
) -> None:
    before = bench.made
    bench.goes_wrong(**fault)  # type: ignore[arg-type]

    await CALLS[name](bench)

    assert (1, name == "create") == (len(bench.slept), bench.made - before == 1)


async def test_a_charge_whose_answer_never_came_is_made_once(bench: Bench) -> None:
    before = bench.made
    bench.goes_wrong("hang", call="create", seconds=30.0)

    made = await bench.another(call_seconds=HASTY_SECONDS).create(bench.order())

    assert (before + 1, "pending") == (bench.made, made.status)


@each_call
async def test_it_gives_up_after_a_few_attempts(bench: Bench, name: str) -> None:
    bench.goes_wrong("error", count=ATTEMPTS, code=500)

    with pytest.raises(PaymentsAway) as away:
        await CALLS[name](bench)

    assert (ATTEMPTS - 1, None, 0) == (
        len(bench.slept),
        away.value.retry_after,
        bench.bank.faults.pending,
    )


@each_call
async def test_an_odd_answer_is_no_answer(bench: Bench, name: str) -> None:
    bench.goes_wrong("odd", call=name)

    with pytest.raises(PaymentsAway, match="missing or not usable"):
        await CALLS[name](bench)


async def test_another_payment_than_was_asked_for_is_no_answer(bench: Bench) -> None:
    made = await bench.gateway.create(bench.order())
    bench.bank.bank.held(made.payment_id).payment_id = 7

    with pytest.raises(PaymentsAway, match="another payment"):
        await bench.gateway.find(made.payment_id)


# Being left alone


async def test_an_hour_of_being_left_alone_holds_nobody(bench: Bench) -> None:
    bench.goes_wrong("limited", retry_after=3600)
    begun = time.monotonic()

    with pytest.raises(PaymentsAway) as away:
        await bench.gateway.find(KNOWN_ID)
    with pytest.raises(PaymentsAway) as refused:
        await bench.gateway.create(bench.order())

    await until(lambda: not working())
    assert (3600.0, []) == (away.value.retry_after, bench.slept)
    assert 3590.0 < (refused.value.retry_after or 0.0) <= 3600.0
    assert time.monotonic() - begun < 5.0


async def test_after_the_hour_one_asks_and_then_all_do(bench: Bench) -> None:
    bench.goes_wrong("limited", retry_after=3600)
    with pytest.raises(PaymentsAway):
        await bench.gateway.find(KNOWN_ID)
    bench.later = 3601.0

    await bench.gateway.create(bench.order())

    assert BreakerState.CLOSED is bench.gateway.breaker.state


async def test_too_many_requests_without_a_word_on_how_long_is_a_minute(bench: Bench) -> None:
    bench.goes_wrong("limited")

    with pytest.raises(PaymentsAway) as away:
        await bench.gateway.find(KNOWN_ID)

    assert (None, BreakerState.OPEN) == (away.value.retry_after, bench.gateway.breaker.state)


async def test_who_is_away_is_not_asked_until_a_while_later(bench: Bench) -> None:
    bench.goes_wrong("error", count=FAILURES_TO_OPEN, code=500)
    for _ in range(2):
        with pytest.raises(PaymentsAway):
            await bench.gateway.find(KNOWN_ID)

    with pytest.raises(PaymentsAway, match="breaker open"):
        await bench.gateway.find(KNOWN_ID)
    bench.later = OPEN_SECONDS

    assert (1.0, 0) == (
        _metric("emdia_breaker_state", state="half_open"),
        bench.bank.faults.pending,
    )
    await bench.gateway.create(bench.order())
    assert (0.0, 1.0) == (
        _metric("emdia_breaker_state", state="half_open"),
        _metric("emdia_breaker_state", state="closed"),
    )


def _metric(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"breaker": "mercado_pago"} | labels)


# Threads


@pytest.mark.parametrize("kind", ["trickle", "drip"])
async def test_a_trickle_of_bytes_holds_no_thread(bench: Bench, kind: str) -> None:
    bench.goes_wrong(kind, count=ATTEMPTS, seconds=0.05)

    with pytest.raises(PaymentsAway, match="TimeoutError"):
        await bench.another(call_seconds=HASTY_SECONDS).search("emdia-nobody")

    await until(lambda: not working())


async def test_who_is_called_off_leaves_no_thread(bench: Bench) -> None:
    bench.goes_wrong("hang", seconds=30.0)
    call = asyncio.ensure_future(CALLS["find"](bench))
    await until(lambda: working() > 0)

    call.cancel()

    await until(lambda: not working())
    assert (True, BreakerState.CLOSED) == (call.cancelling() > 0, bench.gateway.breaker.state)


async def test_many_at_once_are_few_threads(bench: Bench) -> None:
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, working())
            await asyncio.sleep(0.001)

    watching = asyncio.ensure_future(watch())
    made = await asyncio.gather(*(bench.gateway.create(bench.order()) for _ in range(12)))
    watching.cancel()

    assert (12, True) == (len({one.payment_id for one in made}), 0 < most <= 5)


async def test_who_finds_no_thread_free_says_nothing_of_mercado_pago(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.goes_wrong("slow", count=MOST_THREADS, seconds=30.0)
    slow = [asyncio.ensure_future(CALLS["find"](bench)) for _ in range(MOST_THREADS)]
    await until(lambda: working() == MOST_THREADS)
    monkeypatch.setattr("gateways.mercado_pago.TOTAL_SECONDS", 0.05)

    with pytest.raises(PaymentsAway, match="busy"):
        await bench.gateway.find(KNOWN_ID)
    for one in slow:
        one.cancel()

    await until(lambda: not working())
    assert BreakerState.CLOSED is bench.gateway.breaker.state


async def test_threads_that_hang_for_ever_are_few_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def resolve(*_: object) -> object:
        release.wait(20)  # as a name server that is away
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("gateways.mercado_pago.FAILURES_TO_OPEN", 1000)
        patched.setattr("socket.getaddrinfo", resolve)
        bench.bank_at = "http://localhost:1"  # a name, not a number
        gateway = bench.another(call_seconds=0.05)
        calls = [gateway.find(KNOWN_ID) for _ in range(MOST_HANGING_THREADS)]
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        hanging = working()
        release.set()

    assert ({PaymentsAway}, True) == (
        {type(one) for one in outcomes},
        0 < hanging <= MOST_HANGING_THREADS + 4,
    )


# Money is exact


async def test_no_amount_is_a_float_inside(bench: Bench) -> None:
    made = await bench.gateway.create(bench.order(amount="0.29"))
    bench.bank.control.act("pay", made.payment_id)
    found = await bench.gateway.find(made.payment_id)

    assert (Decimal("0.29"), Decimal("0.29"), Decimal("0.00")) == (
        made.amount,
        found and found.amount,
        found and found.refunded,
    )
    assert {Decimal} == {type(one) for one in _amounts(found)}


def _amounts(payment: Payment | None) -> tuple[object, ...]:
    return () if payment is None else (payment.amount, payment.refunded)


async def test_a_body_is_the_same_to_the_last_byte(bench: Bench) -> None:
    order = bench.order()

    assert json.dumps(body_of(order)) == json.dumps(body_of(replace(order)))


async def test_a_fresh_token_goes_with_each_call(bench: Bench) -> None:
    first = bench.another()
    await first.create(bench.order())

    with pytest.raises(PaymentRefused):
        await bench.another("another-token-of-somebody").create(bench.order())
    await first.create(bench.order())


def test_a_line_that_is_cut_lets_nobody_on_it() -> None:
    line = Line()
    ours, theirs = socket.socketpair()
    line.cut()

    with pytest.raises(Cut):
        line.holds(ours)
    assert (-1, b"") == (ours.fileno(), theirs.recv(1))
    theirs.close()


def test_a_line_ends_the_reads_on_it() -> None:
    line = Line()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        line.holds(ours)
        line.cut()

        assert (b"", b"") == (ours.recv(1), theirs.recv(1))
    line.close()


async def test_a_handshake_that_trickles_holds_no_thread(bench: Bench) -> None:
    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError), closing(writer):
            writer.write(b"\x16\x03\x03\x40\x00")  # of a record of TLS that is never whole
            while True:
                writer.write(b"\x00")
                await writer.drain()
                await asyncio.sleep(0.02)

    async with await asyncio.start_server(trickle, "127.0.0.1", 0) as server:
        bench.bank_at = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(PaymentsAway):
            await bench.another(call_seconds=HASTY_SECONDS).find(KNOWN_ID)

        await until(lambda: not working())
