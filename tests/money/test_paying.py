"""A PIX is made once, offered again, and counts once, whoever tells of it (A3–A5)."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from actors.messages.account import AccountField, EditAccount
from actors.messages.notices import SubscriptionPaid, SubscriptionRestored, SubscriptionReturned
from actors.messages.subscription import (
    GetHistory,
    GetReceipt,
    Offer,
    Unavailable,
)
from domain.charges import ChargeState
from domain.subscription import Standing
from errors import AccessEnded, NotFound
from tests.money.house import ADMINS, DAYS, PRICE, SECONDS, TRIAL, House, until

MONTH = timedelta(days=DAYS)
SLACK = timedelta(seconds=SECONDS)  # that a test takes
UNTOLD = "SELECT EXISTS (SELECT FROM admin_notices WHERE done_at IS NULL)"
CHARGES = "SELECT count(*) FROM subscription_charges WHERE tenant_id = $1"


def made(house: House) -> int:
    return len(list(house.bank.bank.all()))


async def test_gerar_pix_answers_with_a_code_and_where_it_leads(house: House) -> None:
    tenant_id = await house.owner()

    offer = await house.pix(tenant_id)

    left = offer.expires_at - house.clock.now()
    assert (PRICE, DAYS, Standing.TRIAL, False) == (
        offer.amount,
        offer.days,
        offer.standing,
        offer.again,
    )
    assert MONTH == offer.would_end_on - offer.ends_on
    assert timedelta(hours=23) < left <= timedelta(hours=24)


async def test_pressed_twice_at_once_it_is_one_charge(house: House) -> None:
    tenant_id = await house.owner()
    before = made(house)

    offers = await asyncio.gather(*(house.pix(tenant_id) for _ in range(4)))

    assert 1 == len({offer.code for offer in offers})
    assert (1, 1) == (await house.count(CHARGES, tenant_id), made(house) - before)


async def test_what_is_pending_is_offered_again(house: House) -> None:
    tenant_id = await house.owner()
    first = await house.pix(tenant_id)
    house.later(timedelta(hours=2))

    second = await house.pix(tenant_id)

    assert (first.code, True) == (second.code, second.again)


async def test_near_its_end_a_new_one_is_made_and_both_count_if_both_are_paid(
    house: House,
) -> None:
    tenant_id = await house.owner()
    start = house.clock.now()
    first = await house.pix(tenant_id)
    house.later(timedelta(hours=23, minutes=40))
    second = await house.pix(tenant_id)
    house.act("pay", first)
    house.act("pay", second)
    await house.check(tenant_id, first.charge_id)
    await house.check(tenant_id, second.charge_id)

    assert first.code != second.code
    end = await house.paid_until(tenant_id)
    assert end is not None
    assert timedelta(0) <= (start + TRIAL + 2 * MONTH) - end < SLACK


async def test_ja_paguei_tells_pending_then_approved(house: House) -> None:
    tenant_id = await house.owner()
    offer = await house.pix(tenant_id)
    before = await house.check(tenant_id)
    house.act("pay", offer)

    after = await house.check(tenant_id)

    assert (ChargeState.PENDING, ChargeState.APPROVED) == (before.state, after.state)
    assert offer.would_end_on == after.ends_on


async def test_the_owner_and_each_administrator_hear_of_it_once(house: House) -> None:
    tenant_id = await house.owner()
    offer = await house.pix(tenant_id)
    house.act("pay", offer)
    await asyncio.gather(*(house.check(tenant_id) for _ in range(3)))
    await until(lambda: len(house.ears.news) >= len(ADMINS) and bool(house.ears.heard(tenant_id)))
    await house.restart()
    await house.check(tenant_id)

    assert [SubscriptionPaid] == [type(notice) for notice in house.ears.heard(tenant_id)]
    assert [["paid"], ["paid"]] == [house.ears.news_of(tenant_id, chat) for chat in ADMINS]


async def test_an_administrator_who_is_away_hears_it_later_and_keeps_nobody_waiting(
    house: House,
) -> None:
    away, here = ADMINS
    house.ears.deaf.add(away)
    tenant_id = await house.owner()
    house.act("pay", await house.pix(tenant_id))
    await house.check(tenant_id)
    await until(lambda: bool(house.ears.news_of(tenant_id, here)))
    before = house.ears.news_of(tenant_id, away)
    house.ears.deaf.clear()
    await house.restart()
    await until(lambda: bool(house.ears.news_of(tenant_id, away)))

    assert ([], ["paid"]) == (before, house.ears.news_of(tenant_id, here))


async def test_news_wait_a_week_for_who_is_away_and_no_longer(house: House) -> None:
    house.ears.deaf.add(ADMINS[0])
    tenant_id = await house.owner()
    house.act("pay", await house.pix(tenant_id))
    await house.check(tenant_id)
    house.later(timedelta(days=8))
    await house.restart()
    await until(lambda: house.is_none(UNTOLD))

    assert [] == house.ears.news_of(tenant_id, ADMINS[0])


async def test_without_an_email_it_is_asked_for(house: House) -> None:
    tenant_id = await house.owner(email=None)
    missing = await house.offer(tenant_id)
    await house.tenant(tenant_id).ask(
        EditAccount(AccountField.EMAIL, "ana@exemplo.com"), deadline=SECONDS
    )

    assert (Unavailable.EMAIL_MISSING, Offer) == (missing, type(await house.offer(tenant_id)))


@pytest.mark.parametrize(
    ("cause", "expected", "told"),
    [
        pytest.param(2060, Unavailable.EMAIL_REFUSED, 0, id="the account's own e-mail"),
        pytest.param(13253, Unavailable.REFUSED, 1, id="no PIX key at the receiver"),
    ],
)
async def test_a_refusal_makes_nothing_and_the_next_press_asks_anew(
    house: House, cause: int, expected: Unavailable, told: int
) -> None:
    tenant_id = await house.owner()
    house.goes_wrong("refused", code=400, cause=cause, call="create")
    refused = await house.offer(tenant_id)
    first = await house.charge(tenant_id)
    offer = await house.pix(tenant_id)
    await until(lambda: told == sum(news.kind == "refused" for _, news in house.ears.news) // 2)

    assert (expected, ChargeState.REJECTED, str(cause)) == (
        refused,
        first.charge.state,
        first.refusal,
    )
    assert first.charge.charge_id != offer.charge_id


async def test_a_key_known_with_another_order_is_left_and_a_new_one_is_taken(
    house: House,
) -> None:
    tenant_id = await house.owner()
    house.goes_wrong("conflict", call="create")

    offer = await house.pix(tenant_id)

    assert (2, ChargeState.PENDING) == (
        await house.count(CHARGES, tenant_id),
        (await house.charge(tenant_id)).charge.state,
    )
    assert offer.code


async def test_who_is_blocked_cannot_pay_the_way_in(house: House) -> None:
    tenant_id = await house.owner()
    await house.console.execute(
        "UPDATE tenants SET blocked_at = now() WHERE tenant_id = $1", tenant_id
    )

    with pytest.raises(AccessEnded):
        await house.offer(tenant_id)


async def test_a_price_that_changed_is_of_the_next_charge(house: House) -> None:
    tenant_id = await house.owner()
    old = await house.pix(tenant_id)
    house.price = Decimal("25.00")
    await house.restart()
    again = await house.pix(tenant_id)
    house.act("pay", old)
    await house.check(tenant_id)
    new = await house.pix(tenant_id)

    assert (PRICE, Decimal("25.00")) == (again.amount, new.amount)


@pytest.mark.parametrize("lost", ["lose_answer", "hang"])
async def test_a_time_out_after_it_was_made_makes_no_second_one(house: House, lost: str) -> None:
    tenant_id = await house.owner()
    before = made(house)
    house.goes_wrong(lost, call="create", count=3, seconds=2)
    away = await house.offer(tenant_id)
    house.bank.faults.clear()

    offer = await house.pix(tenant_id)

    assert Unavailable.AWAY is away
    assert (1, 1) == (await house.count(CHARGES, tenant_id), made(house) - before)
    assert offer.code == next(iter(house.bank.bank.all())).code


async def test_a_kill_between_writing_and_asking_is_gone_on_with(house: House) -> None:
    tenant_id = await house.owner()
    house.goes_wrong("drop", call="create", count=3)
    await house.offer(tenant_id)
    await house.restart()
    before = await house.charge(tenant_id)

    offer = await house.pix(tenant_id)

    assert (None, before.charge.charge_id) == (before.charge.code, offer.charge_id)


async def test_a_process_that_ends_while_mercado_pago_thinks_leaves_one_charge(
    house: House,
) -> None:
    tenant_id = await house.owner()
    before = made(house)
    house.goes_wrong("hang", call="create", seconds=5)
    press = asyncio.create_task(house.offer(tenant_id))
    await until(lambda: made(house) > before)
    await house.restart()
    await asyncio.gather(press, return_exceptions=True)
    house.bank.faults.clear()

    offer = await house.pix(tenant_id)

    assert offer.code == next(iter(house.bank.bank.all())).code
    assert (1, 1) == (await house.count(CHARGES, tenant_id), made(house) - before)


async def test_history_and_receipt_show_what_was_paid(house: House) -> None:
    tenant_id = await house.owner()
    offer = await house.pix(tenant_id)
    payment_id = house.act("pay", offer)
    await house.check(tenant_id)
    await house.pix(tenant_id)
    history = await house.tenant(tenant_id).ask(GetHistory(), deadline=SECONDS)
    receipt = await house.tenant(tenant_id).ask(GetReceipt(offer.charge_id), deadline=SECONDS)

    [line] = history.lines
    assert (1, ChargeState.APPROVED, offer.would_end_on) == (
        history.total,
        line.state,
        line.reaches,
    )
    assert (payment_id, PRICE, "Dona Maria") == (receipt.payment_id, receipt.amount, receipt.name)


async def test_there_is_no_receipt_of_what_was_not_paid(house: House) -> None:
    tenant_id = await house.owner()
    offer = await house.pix(tenant_id)

    with pytest.raises(NotFound):
        await house.tenant(tenant_id).ask(GetReceipt(offer.charge_id), deadline=SECONDS)


async def test_a_refund_takes_its_days_back_and_everybody_hears_of_it(house: House) -> None:
    tenant_id = await house.owner()
    offer = await house.pix(tenant_id)
    house.act("pay", offer)
    await house.check(tenant_id)
    payment_id = house.act("refund", offer)
    standing = await house.check(tenant_id)
    await until(lambda: len(house.ears.news_of(tenant_id)) == 2)
    await until(lambda: len(house.ears.heard(tenant_id)) == 2)

    assert (None, ChargeState.REFUNDED) == (await house.paid_until(tenant_id), standing.state)
    assert [("received", PRICE), ("returned", -PRICE)] == await house.booked(payment_id)
    assert ["paid", "refunded"] == house.ears.news_of(tenant_id)
    assert SubscriptionReturned is type(house.ears.heard(tenant_id)[-1])


async def test_who_is_blocked_is_not_asked_to_pay_when_money_goes_back(house: House) -> None:
    tenant_id = await house.owner()
    offer = await house.pix(tenant_id)
    house.act("pay", offer)
    await house.check(tenant_id)
    await house.console.execute(
        "UPDATE tenants SET blocked_at = now() WHERE tenant_id = $1", tenant_id
    )
    house.act("refund", offer)
    house.later(timedelta(days=1))
    await until(lambda: len(house.ears.heard(tenant_id)) == 2)

    returned = house.ears.heard(tenant_id)[-1]
    assert isinstance(returned, SubscriptionReturned)
    assert not returned.over


async def test_a_part_that_went_back_takes_no_day(house: House) -> None:
    tenant_id = await house.owner()
    offer = await house.pix(tenant_id)
    house.act("pay", offer)
    await house.check(tenant_id)
    end = await house.paid_until(tenant_id)
    payment_id = house.act("refund", offer, amount=Decimal("5.00"))
    await house.check(tenant_id)
    await until(lambda: len(house.ears.news_of(tenant_id)) == 2)

    assert end == await house.paid_until(tenant_id)
    assert [("received", PRICE), ("returned", Decimal("-5.00"))] == await house.booked(payment_id)
    assert ["paid", "partly_refunded"] == house.ears.news_of(tenant_id)


async def test_a_dispute_leaves_the_days_a_charge_back_takes_them_a_win_gives_them_back(
    house: House,
) -> None:
    tenant_id = await house.owner()
    offer = await house.pix(tenant_id)
    payment_id = house.act("pay", offer)
    await house.check(tenant_id)
    ends_at = []
    for act in ("mediate", "charge_back", "win"):
        house.act(act, offer)
        await house.check(tenant_id)
        ends_at.append(await house.paid_until(tenant_id))
    await until(lambda: len(house.ears.news_of(tenant_id)) == 4)
    await until(lambda: len(house.ears.heard(tenant_id)) == 3)

    granted = ends_at[0]
    assert [granted, None, granted] == ends_at
    assert ["paid", "in_mediation", "charged_back", "won"] == house.ears.news_of(tenant_id)
    assert [("received", PRICE), ("returned", -PRICE), ("restored", PRICE)] == (
        await house.booked(payment_id)
    )
    assert [SubscriptionPaid, SubscriptionReturned, SubscriptionRestored] == [
        type(notice) for notice in house.ears.heard(tenant_id)
    ]


async def test_without_an_account_nobody_pays_and_administrators_hear_it_once_ever(
    house: House,
) -> None:
    house.has_account = False
    await house.restart()
    tenant_id = await house.owner()
    answers = [await house.offer(tenant_id) for _ in range(2)]
    await until(lambda: len(house.ears.news) == len(ADMINS))
    await house.restart()
    await house.offer(tenant_id)

    assert [Unavailable.NOT_SET_UP] * 2 == answers
    assert ["not_set_up"] * len(ADMINS) == [news.kind for _, news in house.ears.news]


async def test_each_act_is_in_the_log_of_who_did_what(house: House) -> None:
    tenant_id = await house.owner()
    house.act("pay", await house.pix(tenant_id))
    await house.check(tenant_id)

    assert 1 == await house.count(
        "SELECT count(*) FROM audit_log WHERE tenant_id = $1 AND actor = 'payments' "
        "AND detail ->> 'days' = 'grant'",
        tenant_id,
    )
