"""What no webhook told is found by looking; what runs out, ends; who is away is waited for (A4)."""

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from actors.messages.subscription import AccessChanged, Unavailable
from domain.charge import Standing
from domain.charges import ChargeState
from tests.money.gateways import Broken
from tests.money.house import DAYS, TRIAL, House, until

GRANTS = "SELECT count(*) FROM subscription_grants WHERE tenant_id = $1"
CHECK_AT = "SELECT check_at FROM subscription_charges WHERE tenant_id = $1 ORDER BY id DESC LIMIT 1"
DAY = timedelta(days=1)


async def becomes(house: House, tenant_id: int, state: ChargeState) -> None:
    async def is_so() -> bool:
        return await house.state(tenant_id) is state

    await until(is_so)


async def looked_at(house: House, tenant_id: int) -> None:
    """Wait until the newest charge is put off to a later look."""

    async def is_so() -> bool:
        return bool(await house.count(CHECK_AT, tenant_id) > house.clock.now())

    await until(is_so)


async def test_what_no_webhook_told_is_found_soon(house: House) -> None:
    tenant_id = await house.owner()
    house.act("pay", await house.pix(tenant_id))
    house.later(timedelta(minutes=1))
    await becomes(house, tenant_id, ChargeState.APPROVED)
    await until(lambda: bool(house.ears.heard(tenant_id)))

    assert 1 == await house.count(GRANTS, tenant_id)


async def test_a_refund_that_no_webhook_told_is_found_within_a_day(house: House) -> None:
    tenant_id = await house.owner()
    offer = await house.pix(tenant_id)
    house.act("pay", offer)
    await house.check(tenant_id)
    house.act("refund", offer)
    house.later(DAY)
    await becomes(house, tenant_id, ChargeState.REFUNDED)

    assert None is await house.paid_until(tenant_id)


async def test_an_old_one_is_looked_at_weekly_until_it_cannot_be_returned(house: House) -> None:
    tenant_id = await house.owner()
    house.act("pay", await house.pix(tenant_id))
    await house.check(tenant_id)
    house.later(100 * DAY)
    await looked_at(house, tenant_id)
    weekly = await house.count(CHECK_AT, tenant_id) - house.clock.now()
    house.later(100 * DAY)

    async def is_left_alone() -> bool:
        return await house.count(CHECK_AT, tenant_id) is None

    await until(is_left_alone)

    assert timedelta(days=6) < weekly <= timedelta(days=7)


async def test_what_nobody_pays_runs_out_and_a_new_one_can_be_made(house: House) -> None:
    tenant_id = await house.owner()
    first = await house.pix(tenant_id)
    house.later(timedelta(hours=25))
    await becomes(house, tenant_id, ChargeState.EXPIRED)

    assert first.code != (await house.pix(tenant_id)).code


async def test_what_is_paid_in_its_last_minutes_counts_though_a_new_one_was_made(
    house: House,
) -> None:
    tenant_id = await house.owner()
    first = await house.pix(tenant_id)
    house.later(timedelta(hours=23, minutes=50))
    await house.pix(tenant_id)
    house.act("pay", first)
    house.later(timedelta(minutes=16))

    async def is_granted() -> bool:
        return await house.paid_until(tenant_id) is not None

    await until(is_granted)

    assert 1 == await house.count(GRANTS, tenant_id)


async def test_ja_paguei_finds_the_one_before_the_newest(house: House) -> None:
    tenant_id = await house.owner()
    first = await house.pix(tenant_id)
    house.later(timedelta(hours=23, minutes=50))
    await house.pix(tenant_id)
    house.act("pay", first)

    standing = await house.check(tenant_id)

    assert (first.charge_id, ChargeState.APPROVED) == (standing.charge_id, standing.state)


async def test_what_was_never_answered_is_asked_for_again_by_itself(house: House) -> None:
    tenant_id = await house.owner()
    house.goes_wrong("drop", call="create", count=3)
    away = await house.offer(tenant_id)
    house.later(timedelta(minutes=1))

    async def has_code() -> bool:
        return (await house.charge(tenant_id)).charge.code is not None

    await until(has_code)
    offer = await house.pix(tenant_id)

    assert (Unavailable.AWAY, True) == (away, offer.again)


async def test_an_hour_away_loses_nothing_that_was_paid_meanwhile(house: House) -> None:
    payers = [await house.owner() for _ in range(3)]
    offers = [await house.pix(payer) for payer in payers]
    house.goes_wrong("error", code=500, count=10_000)
    for offer in offers:
        house.act("pay", offer)
    stranger = await house.owner()
    answers = [await house.offer(stranger) for _ in range(3)]
    standing = await house.check(payers[0])
    for _ in range(6):
        house.later(timedelta(minutes=10))
        await looked_at(house, payers[0])
    opened = REGISTRY.get_sample_value(
        "emdia_breaker_state", {"breaker": "mercado_pago", "state": "open"}
    )
    house.bank.faults.clear()
    await house.restart()  # as the breaker's half minute, which is not waited for here
    house.later(timedelta(hours=1))
    for payer in payers:
        await becomes(house, payer, ChargeState.APPROVED)

    assert ([Unavailable.AWAY] * 3, 1.0) == (answers, opened)
    assert (True, ChargeState.PENDING) == (standing.stale, standing.state)
    assert [1] * 3 == [await house.count(GRANTS, payer) for payer in payers]


async def test_a_wish_to_be_left_alone_for_an_hour_holds_nobody(house: House) -> None:
    tenant_id = await house.owner()
    await house.pix(tenant_id)
    house.goes_wrong("limited", retry_after=3600, count=10_000)

    async with asyncio.timeout(3):
        standings = [await house.check(tenant_id) for _ in range(3)]

    assert [True] * 3 == [standing.stale for standing in standings]
    assert (
        timedelta(minutes=55)
        < (await house.count(CHECK_AT, tenant_id) - house.clock.now())
        <= timedelta(hours=1)
    )


async def test_a_clock_that_was_ahead_puts_no_look_off_for_long(house: House) -> None:
    tenant_id = await house.owner()
    offer = await house.pix(tenant_id)
    house.later(20 * timedelta(hours=1))
    await looked_at(house, tenant_id)
    house.later(-20 * timedelta(hours=1))
    house.act("pay", offer)
    await becomes(house, tenant_id, ChargeState.APPROVED)

    assert 1 == await house.count(GRANTS, tenant_id)


async def test_a_charge_that_nobody_can_look_at_keeps_no_other_waiting(house: House) -> None:
    broken, well = await house.owner(), await house.owner()
    await house.pix(broken)
    offer = await house.pix(well)
    house.act("pay", offer)
    await house.console.execute(
        "UPDATE subscription_charges SET payment_id = '99999999999999999999' WHERE tenant_id = $1",
        broken,
    )
    house.later(timedelta(minutes=1))
    await becomes(house, well, ChargeState.APPROVED)

    assert ChargeState.PENDING is await house.state(broken)


async def test_access_that_changed_past_the_tenant_is_read_anew(house: House) -> None:
    tenant_id = await house.owner()
    end = house.clock.now() + TRIAL + DAYS * DAY
    await house.console.execute(
        "UPDATE tenants SET paid_until = $2 WHERE tenant_id = $1", tenant_id, end
    )
    await house.tenant(tenant_id).tell(AccessChanged())

    assert end.date() - DAY <= (await house.check(tenant_id)).ends_on <= end.date()


@pytest.mark.parametrize("act", ["refuse", "cancel", "expire"])
async def test_what_mercado_pago_ended_can_be_asked_for_anew(house: House, act: str) -> None:
    tenant_id = await house.owner()
    offer = await house.pix(tenant_id)
    house.act(act, offer)
    standing = await house.check(tenant_id)
    ended = {
        "refuse": ChargeState.REJECTED,
        "cancel": ChargeState.CANCELLED,
        "expire": ChargeState.EXPIRED,
    }

    assert (ended[act], True) == (standing.state, offer.code != (await house.pix(tenant_id)).code)


async def test_who_is_not_in_charge_answers_presses_and_looks_at_nothing_by_itself(
    house: House,
) -> None:
    house.in_charge.becomes(Standing.SUPERSEDED)
    tenant_id = await house.owner()
    house.act("pay", await house.pix(tenant_id))
    house.later(timedelta(minutes=5))
    for _ in range(20):  # whoever looked by itself would have by now
        await house.owner()
    before = await house.state(tenant_id)
    house.in_charge.becomes(Standing.IN_CHARGE)
    await becomes(house, tenant_id, ChargeState.APPROVED)

    assert ChargeState.PENDING is before


async def test_what_was_made_unseen_and_ran_out_is_made_anew_at_the_next_press(
    house: House,
) -> None:
    tenant_id = await house.owner()
    house.goes_wrong("lose_answer", call="create", count=3)
    await house.offer(tenant_id)
    house.bank.faults.clear()
    unseen = next(iter(house.bank.bank.all()))
    house.bank.control.act("cancel", unseen.payment_id)

    assert unseen.code != (await house.pix(tenant_id)).code


async def test_a_fault_that_nobody_foresaw_puts_that_charge_off_and_no_other(
    house: House,
) -> None:
    broken, well = await house.owner(), await house.owner()
    payment_id = house.payment_of(await house.pix(broken))
    house.act("pay", await house.pix(well))
    house.wrap = lambda gateway: Broken(gateway, payment_id)
    await house.restart()
    house.later(timedelta(minutes=1))
    await becomes(house, well, ChargeState.APPROVED)
    await looked_at(house, broken)
    answer = await house.check(broken)

    assert timedelta(minutes=50) < await house.count(CHECK_AT, broken) - house.clock.now()
    assert (True, ChargeState.PENDING) == (answer.stale, answer.state)
