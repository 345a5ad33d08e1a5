"""Renewing in one transaction, and taking it back whole (C6–C9, C14, E6)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from actors.messages.clients import EditClient, GetClient, GetClients, SendToClient
from actors.messages.payments import (
    GetPayments,
    GetRenewal,
    ReadRenewalDate,
    RecordPayment,
    RenewClient,
)
from actors.messages.undo import Undo
from domain.clients import ClientField
from domain.reasons import Reason
from domain.reminders import Kind
from domain.renewal import RenewalWay
from errors import AlreadyChanged, CannotUndo, InvalidInput
from tests.clients.shop import DAY, PRICE, YESTERDAY, Shop

W = RenewalWay
NOTHING = Decimal(0)


async def test_the_choices_come_with_their_dates_and_what_they_give_away(shop: Shop) -> None:
    card = await shop.register(due_on=DAY - timedelta(days=2))
    view = await shop.ask(GetRenewal(card.row.client_id))

    assert [
        (W.THIRTY_FROM_TODAY, date(2026, 12, 24), 2),
        (W.THIRTY_FROM_DUE, date(2026, 12, 22), 0),
        (W.SAME_DAY, date(2026, 12, 22), 0),
    ] == [(choice.way, choice.due_on, choice.free_days) for choice in view.choices]
    assert (PRICE, PRICE, NOTHING) == (view.price, view.amount, view.rest)


async def test_another_amount_says_the_rest(shop: Shop) -> None:
    card = await shop.register()
    view = await shop.ask(GetRenewal(card.row.client_id, Decimal(50)))

    assert (Decimal(50), Decimal("29.90")) == (view.amount, view.rest)


async def test_what_was_paid_before_is_not_asked_for_again(shop: Shop) -> None:
    card = await shop.register()
    await shop.ask(RecordPayment(card.row.client_id, Decimal(50), "n1"))
    view = await shop.ask(GetRenewal(card.row.client_id))

    assert (Decimal("29.90"), NOTHING) == (view.amount, view.rest)


async def test_a_typed_date_of_the_past_is_refused(shop: Shop) -> None:
    card = await shop.register()
    read = await shop.ask(ReadRenewalDate(card.row.client_id, "10/12"))

    assert date(2026, 12, 10) == read
    with pytest.raises(InvalidInput, match="depois de hoje"):
        await shop.ask(ReadRenewalDate(card.row.client_id, "hoje"))
    with pytest.raises(InvalidInput, match="depois de hoje"):
        await shop.ask(RenewClient(card.row.client_id, YESTERDAY, DAY, PRICE))


async def test_a_renewal_tells_what_it_cancelled_and_what_it_could_send(shop: Shop) -> None:
    card = await shop.register()
    renewed = await shop.renew(card)

    assert [(Kind.BILLING, DAY)] == [(gone.kind, gone.day) for gone in renewed.cancelled]
    assert (YESTERDAY, date(2026, 12, 23), PRICE, NOTHING, False) == (
        renewed.before,
        renewed.row.due_on,
        renewed.amount,
        renewed.rest,
        renewed.repeated,
    )
    assert renewed.preview is not None
    assert "até 23/12/2026" in renewed.preview
    assert renewed.undo is not None
    assert "09:10" == f"{renewed.undo.until:%H:%M}"


async def test_a_press_twice_is_one_renewal_with_one_answer(shop: Shop) -> None:
    card = await shop.register()
    first = await shop.renew(card)
    shop.later(minutes=1)
    again = await shop.renew(card)

    assert (first.payment_id, first.undo, first.cancelled, True) == (
        again.payment_id,
        again.undo,
        again.cancelled,
        again.repeated,
    )
    assert PRICE == (await shop.ask(GetPayments(month=DAY))).sum


async def test_an_old_button_renews_nothing_and_says_how_it_stands(shop: Shop) -> None:
    card = await shop.register()
    await shop.renew(card)
    with pytest.raises(AlreadyChanged, match="agora vence em 23/12/2026"):
        await shop.renew(card, days=60)

    assert 1 == (await shop.ask(GetPayments(card.row.client_id))).total


async def test_an_undone_renewal_leaves_all_as_it_was_once(shop: Shop) -> None:
    card = await shop.register()
    queued = await shop.messages()
    renewed = await shop.renew(card)
    first = await shop.undo(renewed.undo)
    shop.later(minutes=30)
    again = await shop.undo(renewed.undo)
    after = await shop.ask(GetClient(card.row.client_id))
    figures = (await shop.ask(GetClients())).figures

    assert "Renovação desfeita: Roberto Souza volta a vencer em 23/11/2026." == first.says
    assert (first, card.client, queued) == (again, after.client, await shop.messages())
    assert (Decimal(0), PRICE) == (figures.received, figures.overdue_value)


async def test_the_renewals_own_message_is_kept_back_by_the_undo(shop: Shop) -> None:
    """It speaks of a due date that is none."""
    card = await shop.register()
    renewed = await shop.renew(card)
    await shop.ask(SendToClient(card.row.client_id, Kind.RENEWAL))
    await shop.undo(renewed.undo)

    assert [("cobranca", "queued"), ("renovacao", "cancelled")] == sorted(
        (row[1], row[2]) for row in await shop.messages()
    )


async def test_after_ten_minutes_a_renewal_stays(shop: Shop) -> None:
    card = await shop.register()
    renewed = await shop.renew(card)
    shop.later(minutes=11)

    with pytest.raises(CannotUndo, match="Já passou"):
        await shop.undo(renewed.undo)


async def test_a_renewal_is_not_undone_under_another(shop: Shop) -> None:
    card = await shop.register()
    first = await shop.renew(card)
    second = await shop.renew(await shop.ask(GetClient(card.row.client_id)))
    with pytest.raises(CannotUndo, match="mudou depois"):
        await shop.undo(first.undo)
    await shop.undo(second.undo)
    await shop.undo(first.undo)

    assert YESTERDAY == (await shop.ask(GetClient(card.row.client_id))).client.due_on


async def test_the_agreed_day_comes_back_with_the_due_date(shop: Shop) -> None:
    card = await shop.register(due_on=date(2026, 11, 30), agreed_day=31)
    renewed = await shop.renew(card)
    await shop.undo(renewed.undo)
    after = await shop.ask(GetClient(card.row.client_id))

    assert (date(2026, 11, 30), 31) == (after.client.due_on, after.client.agreed_day)


async def test_what_was_cancelled_before_the_renewal_stays_cancelled(shop: Shop) -> None:
    card = await shop.register()
    async with shop.database.tenant(21) as tx:
        await tx.execute(
            "UPDATE messages SET state = 'cancelled', reason = 'cancelled' WHERE tenant_id = 21"
        )
    renewed = await shop.renew(card)
    await shop.undo(renewed.undo)

    assert [("cancelled", Reason.CANCELLED)] == [row[2:] for row in await shop.messages()]


async def test_the_message_of_the_renewal_is_queued_once_for_its_due_date(shop: Shop) -> None:
    card = await shop.register()
    await shop.renew(card)
    order = SendToClient(card.row.client_id, Kind.RENEWAL)
    first, again = await shop.ask(order), await shop.ask(order)

    assert ("09:00", first.at) == (f"{first.at:%H:%M}", again.at)
    assert first.held is not None
    assert 1 == sum(row[1] == "renovacao" for row in await shop.messages())


async def test_a_renewal_repeated_later_leaves_alone_what_was_queued_since(shop: Shop) -> None:
    card = await shop.register()
    renewed = await shop.renew(card)
    await shop.ask(SendToClient(card.row.client_id, Kind.RENEWAL))
    again = await shop.ask(
        RenewClient(card.row.client_id, renewed.before, renewed.row.due_on, renewed.amount)
    )

    assert again.repeated
    assert ["queued"] == [row[2] for row in await shop.messages() if row[1] == "renovacao"]


async def test_after_hours_a_message_is_not_kept_for_tomorrow(shop: Shop) -> None:
    card = await shop.register()
    shop.later(hours=12)
    with pytest.raises(InvalidInput, match="já acabou"):
        await shop.ask(SendToClient(card.row.client_id, Kind.WELCOME))


async def test_who_answered_sair_gets_no_message(shop: Shop) -> None:
    card = await shop.register()
    async with shop.database.tenant(21) as tx:
        await tx.execute("UPDATE clients SET opted_out_at = now() WHERE tenant_id = 21")
    with pytest.raises(InvalidInput, match="SAIR"):
        await shop.ask(SendToClient(card.row.client_id, Kind.WELCOME))


async def test_the_next_message_says_the_new_price_to_the_new_phone(shop: Shop) -> None:
    card = await shop.register()
    await shop.ask(EditClient(card.row.client_id, ClientField.PHONE, "11 95550-0163"))
    async with shop.database.tenant(21) as tx:
        phone = await tx.fetchval(
            """SELECT c.phone FROM messages m JOIN clients c ON c.tenant_id = m.tenant_id
               AND c.id = m.client_id WHERE m.tenant_id = 21"""
        )

    assert "+5511955500163" == phone


async def test_an_undo_nobody_offered_is_not_found(shop: Shop) -> None:
    with pytest.raises(Exception, match="undo 999"):
        await shop.ask(Undo(999))
