"""What Mercado Pago brings credits nothing by itself; whatever comes, each payment counts once."""

import asyncio
import hmac
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pytest
from prometheus_client import REGISTRY

from actors.messages.subscription import Offer
from domain.charges import ChargeState
from domain.public_address import MERCADO_PAGO_PATH
from playground.mercado_pago_webhooks import Delivery
from settings import PLAYGROUND_PAYMENTS_SECRET
from tests.money.conftest import Ground
from tests.money.gateways import Broken, Twin, Watched
from tests.money.house import DAYS, House, opened, until
from web.mercado_pago_webhook import MOST_BODY_BYTES

MONTH = timedelta(days=DAYS)
KEPT = "SELECT count(*) FROM webhook_events WHERE payload ->> 'payment_id' = $1"
GRANTS = "SELECT count(*) FROM subscription_grants WHERE tenant_id = $1"


def counted(outcome: str) -> float:
    """How many deliveries had that outcome so far."""
    name = "emdia_payment_webhooks_total"
    return REGISTRY.get_sample_value(name, {"outcome": outcome}) or 0.0


def signed(house: House, payment_id: str, request_id: str = "r-1") -> dict[str, str]:
    """What Mercado Pago shows."""
    ts = str(int(house.clock.now().timestamp()))
    text = f"id:{payment_id};request-id:{request_id};ts:{ts};"
    v1 = hmac.new(PLAYGROUND_PAYMENTS_SECRET.encode(), text.encode(), "sha256").hexdigest()
    return {"x-signature": f"ts={ts},v1={v1}", "x-request-id": request_id}


async def post(
    house: House,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes = b"{}",
) -> int:
    """Bring something to the door."""
    address = f"http://127.0.0.1:{house.port}{MERCADO_PAGO_PATH}"
    async with house.http.post(address, params=query, headers=headers, data=body) as answer:
        return answer.status


async def bring(house: House, payment_id: str, headers: Mapping[str, str]) -> int:
    """Bring a delivery about a payment."""
    return await post(house, {"data.id": payment_id, "type": "payment"}, headers)


async def answered(delivery: Delivery) -> list[int]:
    """What a delivery of the local Mercado Pago met."""
    await until(lambda: bool(delivery.answers))
    return delivery.answers


async def approved(house: House, tenant_id: int) -> None:
    async def is_so() -> bool:
        return await house.state(tenant_id) is ChargeState.APPROVED

    await until(is_so)


async def owner_with_pix(house: House) -> tuple[int, Offer]:
    tenant_id = await house.owner()
    return tenant_id, await house.pix(tenant_id)


async def test_a_payment_activates_by_itself(house: House) -> None:
    tenant_id, offer = await owner_with_pix(house)
    house.tells(webhooks=True)
    house.act("pay", offer)
    await approved(house, tenant_id)
    await until(lambda: bool(house.ears.heard(tenant_id)))

    assert 1 == await house.count(GRANTS, tenant_id)


async def test_deliveries_and_looks_at_once_are_one_grant(house: House) -> None:
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    await asyncio.gather(
        *(bring(house, payment_id, signed(house, payment_id, f"r-{one}")) for one in range(3)),
        *(house.check(tenant_id) for _ in range(3)),
    )
    await house.settled()

    assert (1, 3) == (await house.count(GRANTS, tenant_id), await house.count(KEPT, payment_id))
    assert 1 == len(house.ears.heard(tenant_id))


async def test_two_processes_at_once_are_one_grant(house: House, ground: Ground) -> None:
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    async with opened(ground.database, ground.dsn, ground.bank, ground.clock) as other:
        await asyncio.gather(
            bring(house, payment_id, signed(house, payment_id, "r-1")),
            bring(other, payment_id, signed(house, payment_id, "r-2")),
            *(each.check(tenant_id) for each in (house, other, house, other)),
        )
        await house.settled()

    assert (1, 1) == (
        await house.count(GRANTS, tenant_id),
        await house.count("SELECT count(*) FROM notices WHERE tenant_id = $1", tenant_id),
    )


async def test_the_same_delivery_again_is_kept_once(house: House) -> None:
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    headers = signed(house, payment_id)
    other_words = headers | {"x-signature": headers["x-signature"].replace(",", " , ")}
    statuses = [await bring(house, payment_id, each) for each in (headers, headers, other_words)]
    await house.settled()

    assert ([200] * 3, 1) == (statuses, await house.count(KEPT, payment_id))
    assert 1 == await house.count(GRANTS, tenant_id)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("xv1={other},{whole}", id="something like it before it"),
        pytest.param("{upper}", id="upper case"),
    ],
)
async def test_what_is_not_signed_makes_no_other_delivery_of_it(house: House, header: str) -> None:
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    headers = signed(house, payment_id)
    whole = headers["x-signature"]
    said = header.format(other="0" * 64, whole=whole, upper=whole.replace("v1=", "V1="))
    each = (headers, headers | {"x-signature": said})
    statuses = [await bring(house, payment_id, one) for one in each]
    await house.settled()

    assert ([200] * 2, 1) == (statuses, await house.count(KEPT, payment_id))
    assert 1 == await house.count(GRANTS, tenant_id)


async def test_a_payment_replayed_a_month_later_grants_nothing(house: House) -> None:
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    await house.check(tenant_id)
    end = await house.paid_until(tenant_id)
    house.later(timedelta(days=40))
    await bring(house, payment_id, signed(house, payment_id))
    await house.settled()

    assert end == await house.paid_until(tenant_id)


async def test_another_tenants_payment_is_that_tenants(house: House) -> None:
    payer, offer = await owner_with_pix(house)
    other, _ = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    await bring(house, payment_id, signed(house, payment_id))
    await approved(house, payer)
    await house.check(other)

    assert (None, 1) == (await house.paid_until(other), await house.count(GRANTS, payer))


@pytest.mark.parametrize(
    ("forged", "words"),
    [
        pytest.param({"amount": Decimal("0.01")}, "amount", id="smaller amount"),
        pytest.param({"currency": "ARS"}, "currency", id="other currency"),
    ],
)
async def test_what_is_not_what_was_asked_for_credits_nothing_and_is_told(
    house: House, forged: dict[str, object], words: str
) -> None:
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer, **forged)
    await bring(house, payment_id, signed(house, payment_id))
    await until(lambda: bool(house.ears.news_of(tenant_id)))
    standing = await house.check(tenant_id)
    details = {news.detail for _, news in house.ears.news if news.tenant_id == tenant_id}

    assert (None, ChargeState.PENDING) == (await house.paid_until(tenant_id), standing.state)
    assert (["mismatch"], {words}) == (house.ears.news_of(tenant_id), details)


@pytest.mark.parametrize(
    ("kind", "outcome"), [("forged", "forged"), ("unsigned", "missing"), ("stale", "stale")]
)
async def test_a_bad_signature_is_refused_counted_and_not_kept(
    house: House, kind: str, outcome: str
) -> None:
    house.tells(webhooks=True)
    before = counted(outcome)
    delivery = house.bank.webhooks.bring("777", kind=kind)

    assert [401] == await answered(delivery)
    assert (1.0, 0) == (counted(outcome) - before, await house.count(KEPT, "777"))


@pytest.mark.parametrize("kind", ["forged", "unsigned", "stale"])
async def test_a_bad_signature_wakes_a_look_at_a_charge_of_ours_that_waits(
    house: House, kind: str
) -> None:
    tenant_id, offer = await owner_with_pix(house)
    house.goes_wrong(kind)
    house.tells(webhooks=True)
    house.act("pay", offer)
    await approved(house, tenant_id)

    assert 1 == await house.count(GRANTS, tenant_id)


async def test_bad_signatures_wake_one_look_a_minute(house: House) -> None:
    asked: list[str] = []
    house.wrap = lambda gateway: Watched(gateway, asked)
    await house.restart()
    _, offer = await owner_with_pix(house)
    payment_id = house.payment_of(offer)
    statuses = [await bring(house, payment_id, {}) for _ in range(10)]
    await until(lambda: asked.count(payment_id) >= 1)

    assert ([401] * 10, 1) == (statuses, asked.count(payment_id))


async def test_a_crowd_of_strangers_keeps_no_press_waiting(house: House) -> None:
    tenant_id = await house.owner()
    statuses = await asyncio.gather(*(bring(house, str(one), {}) for one in range(300)))

    assert {401} == set(statuses)
    assert (await house.pix(tenant_id)).code


async def test_an_ipn_without_a_signature_wakes_a_look(house: House) -> None:
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    status = await post(house, {"id": payment_id, "topic": "payment"}, {})
    await approved(house, tenant_id)

    assert 401 == status


async def test_a_delivery_before_its_payment_can_be_read_is_tried_again(house: House) -> None:
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    house.goes_wrong("hidden", call="find", count=2)
    await bring(house, payment_id, signed(house, payment_id))
    await house.settled()
    before = await house.state(tenant_id)

    async def is_approved() -> bool:
        house.later(timedelta(seconds=10))
        return await house.state(tenant_id) is ChargeState.APPROVED

    await until(is_approved)

    assert (ChargeState.PENDING, 1) == (before, await house.count(GRANTS, tenant_id))


async def test_what_is_never_readable_is_set_aside_in_the_end(house: House) -> None:
    await bring(house, "4242", signed(house, "4242"))
    where = "FROM webhook_events WHERE payload ->> 'payment_id' = '4242'"

    async def is_aside() -> bool:
        house.later(timedelta(hours=7))
        return bool(await house.count(f"SELECT count(set_aside_at) {where}"))

    await until(is_aside)

    assert 13 == await house.count(f"SELECT attempts {where}")


async def test_the_panels_test_is_taken_and_done_with(house: House) -> None:
    house.tells(webhooks=True)
    delivery = house.bank.webhooks.panel_test()
    answers = await answered(delivery)
    await house.settled()

    assert [200] == answers
    assert 1 == await house.count(
        "SELECT count(*) FROM webhook_events WHERE payload ->> 'payment_id' = '123456' "
        "AND handled_at IS NOT NULL"
    )


async def test_deliveries_out_of_order_end_where_the_payment_stands(house: House) -> None:
    tenant_id, offer = await owner_with_pix(house)
    house.tells(webhooks=True)
    house.goes_wrong("out_of_order", count=4)
    house.act("pay", offer)
    payment_id = house.act("refund", offer)

    async def is_refunded() -> bool:
        return await house.state(tenant_id) is ChargeState.REFUNDED

    await until(is_refunded)
    await until(lambda: all(one.taken for one in house.bank.webhooks.deliveries[-4:]))
    await house.settled()

    assert None is await house.paid_until(tenant_id)
    assert Decimal(0) == sum(amount for _, amount in await house.booked(payment_id))


async def test_money_for_an_account_that_is_no_more_is_told(house: House) -> None:
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    await house.console.execute("DELETE FROM tenants WHERE tenant_id = $1", tenant_id)
    await bring(house, payment_id, signed(house, payment_id))
    await until(lambda: bool(house.ears.news_of(tenant_id)))

    assert ["orphan"] == house.ears.news_of(tenant_id)


async def test_what_is_not_kept_is_brought_again(house: House) -> None:
    tenant_id, offer = await owner_with_pix(house)
    await house.console.execute("ALTER TABLE webhook_events RENAME TO gone")
    payment_id = house.act("pay", offer)
    try:
        status = await bring(house, payment_id, signed(house, payment_id))
    finally:
        await house.console.execute("ALTER TABLE gone RENAME TO webhook_events")

    assert (503, ChargeState.PENDING) == (status, await house.state(tenant_id))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({"data.id": "1" * 41, "type": "payment"}, 401, id="too long an id"),
        pytest.param({"data.id": "1;2", "type": "payment"}, 401, id="no id"),
        pytest.param({}, 401, id="nothing"),
    ],
)
async def test_odd_queries_are_refused(house: House, query: dict[str, str], expected: int) -> None:
    assert expected == await post(house, query, {"x-signature": "ts=1,v1=" + "0" * 64})


async def test_of_something_else_than_a_payment_nothing_is_kept(house: House) -> None:
    query = {"data.id": "55", "type": "merchant_order"}

    assert 200 == await post(house, query, signed(house, "55"))
    assert 0 == await house.count(KEPT, "55")


async def test_a_body_larger_than_any_is_refused(house: House) -> None:
    query = {"data.id": "56", "type": "payment"}
    body = b" " * (MOST_BODY_BYTES + 1)

    assert 413 == await post(house, query, signed(house, "56"), body)


async def test_a_body_that_nobody_can_read_decides_nothing(house: House) -> None:
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    query = {"data.id": payment_id, "type": "payment"}
    status = await post(house, query, signed(house, payment_id), b"[" * 2000)
    await approved(house, tenant_id)

    assert 200 == status


async def test_a_payment_that_mercado_pago_made_twice_is_credited_once_and_told(
    house: House,
) -> None:
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    await house.check(tenant_id)
    house.wrap = lambda gateway: Twin(gateway, payment_id, "99")
    await house.restart()
    await bring(house, "99", signed(house, "99"))
    await until(lambda: "mismatch" in house.ears.news_of(tenant_id))

    assert 1 == await house.count(GRANTS, tenant_id)


async def test_a_fault_that_nobody_foresaw_costs_that_delivery_only(house: House) -> None:
    house.wrap = lambda gateway: Broken(gateway, "13")
    await house.restart()
    tenant_id, offer = await owner_with_pix(house)
    payment_id = house.act("pay", offer)
    await bring(house, "13", signed(house, "13"))
    await bring(house, payment_id, signed(house, payment_id))
    await approved(house, tenant_id)

    assert 1 == await house.count(
        "SELECT count(*) FROM webhook_events WHERE payload ->> 'payment_id' = '13' "
        "AND error = 'ZeroDivisionError'"
    )
