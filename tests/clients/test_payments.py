"""Payments that renew nothing, and payments set right (C9, C14)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from actors.messages.clients import DeleteClient, GetClient
from actors.messages.payments import (
    CorrectPayment,
    GetPayment,
    GetPayments,
    RecordPayment,
    RestorePayment,
    VoidPayment,
)
from domain.client_list import ROWS
from errors import CannotUndo, InvalidInput
from tests.clients.shop import DAY, PRICE, YESTERDAY, Shop

NOTHING = Decimal(0)


async def test_a_partial_payment_leaves_the_due_date_and_says_the_rest(shop: Shop) -> None:
    card = await shop.register()
    paid = await shop.ask(RecordPayment(card.row.client_id, Decimal(50), "n1"))
    after = await shop.ask(GetClient(card.row.client_id))

    assert (YESTERDAY, Decimal("29.90"), Decimal("29.90")) == (
        after.client.due_on,
        paid.rest,
        after.open_amount,
    )


async def test_one_press_is_one_payment(shop: Shop) -> None:
    card = await shop.register()
    order = RecordPayment(card.row.client_id, Decimal(50), "n1")
    first, again = await shop.ask(order), await shop.ask(order)

    assert (first.payment_id, first.undo, first.rest) == (again.payment_id, again.undo, again.rest)
    assert Decimal(50) == (await shop.ask(GetPayments(month=DAY))).sum


async def test_what_a_renewal_left_open_is_paid_late(shop: Shop) -> None:
    card = await shop.register()
    renewed = await shop.renew(card, amount=Decimal(50))
    owed = await shop.ask(GetClient(card.row.client_id))
    await shop.ask(RecordPayment(card.row.client_id, Decimal("29.90"), "n1"))
    after = await shop.ask(GetClient(card.row.client_id))

    assert (Decimal("29.90"), Decimal("29.90"), NOTHING) == (renewed.rest, owed.rest, after.rest)
    assert PRICE == after.open_amount


async def test_a_payment_can_be_undone(shop: Shop) -> None:
    card = await shop.register()
    paid = await shop.ask(RecordPayment(card.row.client_id, Decimal(50), "n1"))
    undone = await shop.undo(paid.undo)
    after = await shop.ask(GetClient(card.row.client_id))

    assert ("Desfeito: o pagamento de R$ 50,00 não conta mais.", PRICE) == (
        undone.says,
        after.open_amount,
    )


async def test_not_received_counts_no_more_and_says_what_becomes_of_the_due_date(
    shop: Shop,
) -> None:
    card = await shop.register()
    renewed = await shop.renew(card)
    asked = await shop.ask(GetPayment(renewed.payment_id))
    first = await shop.ask(VoidPayment(renewed.payment_id))
    again = await shop.ask(VoidPayment(renewed.payment_id))
    of_month = await shop.ask(GetPayments(month=DAY))
    of_client = await shop.ask(GetPayments(card.row.client_id))

    assert "O vencimento de Roberto Souza continua em 23/12/2026." == asked.says == first.says
    assert (first, True) == (again, first.payment.voided)
    assert (NOTHING, 0, 1, NOTHING) == (
        of_month.sum,
        of_month.total,
        of_client.total,
        of_client.sum,
    )


async def test_a_voided_payment_comes_back_by_undo_or_by_hand(shop: Shop) -> None:
    card = await shop.register()
    renewed = await shop.renew(card)
    voided = await shop.ask(VoidPayment(renewed.payment_id))
    await shop.undo(voided.undo)
    after_undo = (await shop.ask(GetPayments(month=DAY))).sum
    await shop.ask(VoidPayment(renewed.payment_id))
    restored = await shop.ask(RestorePayment(renewed.payment_id))
    by_hand = (await shop.ask(GetPayments(month=DAY))).sum
    await shop.undo(restored.undo)

    assert (PRICE, PRICE, NOTHING) == (
        after_undo,
        by_hand,
        (await shop.ask(GetPayments(month=DAY))).sum,
    )


async def test_a_payment_is_set_right_and_back(shop: Shop) -> None:
    card = await shop.register()
    renewed = await shop.renew(card)
    order = CorrectPayment(renewed.payment_id, Decimal(35), YESTERDAY, "em dinheiro")
    first, again = await shop.ask(order), await shop.ask(order)
    await shop.undo(first.undo)
    after = (await shop.ask(GetPayment(renewed.payment_id))).payment

    assert (Decimal(35), YESTERDAY, "em dinheiro") == (
        first.payment.amount,
        first.payment.paid_on,
        first.payment.note,
    )
    assert (first.undo, (PRICE, DAY, None)) == (
        again.undo,
        (after.amount, after.paid_on, after.note),
    )


async def test_a_correction_is_not_undone_under_another(shop: Shop) -> None:
    card = await shop.register()
    renewed = await shop.renew(card)
    first = await shop.ask(CorrectPayment(renewed.payment_id, Decimal(35)))
    await shop.ask(CorrectPayment(renewed.payment_id, Decimal(36)))

    with pytest.raises(CannotUndo, match="de novo"):
        await shop.undo(first.undo)


async def test_nothing_is_received_tomorrow(shop: Shop) -> None:
    card = await shop.register()
    renewed = await shop.renew(card)
    with pytest.raises(InvalidInput, match="ainda não chegou"):
        await shop.ask(CorrectPayment(renewed.payment_id, paid_on=DAY + timedelta(days=1)))


async def test_the_months_payments_come_in_pages_with_their_sum(shop: Shop) -> None:
    card = await shop.register()
    for number in range(ROWS + 1):
        await shop.ask(RecordPayment(card.row.client_id, Decimal(10), f"n{number}"))
    view = await shop.ask(GetPayments(month=DAY, page=2))

    assert (2, 2, ROWS + 1, 1, Decimal(70)) == (
        view.page,
        view.pages,
        view.total,
        len(view.payments),
        view.sum,
    )


async def test_a_payment_of_somebody_deleted_can_still_be_set_right(shop: Shop) -> None:
    card = await shop.register()
    renewed = await shop.renew(card)
    await shop.ask(DeleteClient(card.row.client_id))
    changed = await shop.ask(VoidPayment(renewed.payment_id))

    assert (True, None, "O cliente já foi apagado: muda só o que foi recebido.") == (
        changed.payment.voided,
        changed.row,
        changed.says,
    )
