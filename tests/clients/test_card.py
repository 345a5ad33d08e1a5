"""One client: edited, switched, archived, deleted; why it got nothing today (C4, C5, C10, E8)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from actors.messages.clients import (
    ArchiveClient,
    DeleteClient,
    EditClient,
    GetClient,
    GetClientMessages,
    GetDeletion,
    SetSwitch,
    WhyNotToday,
)
from actors.messages.payments import GetPayments
from domain.clients import ClientField, Switch
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.reminders import Kind
from errors import InvalidInput, NotFound
from tests.clients.shop import DAY, PRICE, YESTERDAY, Shop

F = ClientField


@pytest.mark.parametrize(
    ("field", "text", "value", "before"),
    [
        pytest.param(F.NAME, "Roberto Lima", "Roberto Lima", "Roberto Souza", id="name"),
        pytest.param(F.PHONE, "11 95550-0163", "+5511955500163", "(11) 95550-0187", id="phone"),
        pytest.param(F.PLAN, "Família", "Família", "30 dias", id="plan"),
        pytest.param(F.PRICE, "35", Decimal(35), "R$ 79,90", id="price"),
        pytest.param(F.SERVER, "Vila", "Vila", None, id="server"),
        pytest.param(F.DUE_ON, "10/12", date(2026, 12, 10), "23/11/2026", id="due date"),
        pytest.param(F.NOTES, "Só à tarde", "Só à tarde", None, id="notes"),
        pytest.param(F.PLAN, None, None, "30 dias", id="nothing"),
    ],
)
async def test_any_field_can_be_edited_and_put_back(
    shop: Shop, field: F, text: str | None, value: object, before: str | None
) -> None:
    card = await shop.register()
    edited = await shop.ask(EditClient(card.row.client_id, field, text))
    again = await shop.ask(EditClient(card.row.client_id, field, text))
    undone = await shop.undo(edited.undo)
    after = await shop.ask(GetClient(card.row.client_id))

    assert (value, before) == (getattr(edited.card.client, field), edited.before)
    assert (edited.undo, edited.before) == (again.undo, again.before)
    assert (card.row.client_id, card.client) == (undone.client_id, after.client)


@pytest.mark.parametrize("field", [F.NAME, F.PHONE, F.DUE_ON])
async def test_what_every_client_has_cannot_be_emptied(shop: Shop, field: F) -> None:
    card = await shop.register()
    with pytest.raises(InvalidInput, match="não pode ficar vazio"):
        await shop.ask(EditClient(card.row.client_id, field, None))


async def test_a_typed_day_is_the_agreed_one_also_where_a_month_lacks_it(shop: Shop) -> None:
    card = await shop.register()
    edited = await shop.ask(EditClient(card.row.client_id, F.DUE_ON, "dia 31"))

    assert (date(2026, 11, 30), 31) == (
        edited.card.client.due_on,
        edited.card.client.agreed_day,
    )


async def test_an_edit_that_was_followed_by_another_is_not_undone(shop: Shop) -> None:
    card = await shop.register()
    first = await shop.ask(EditClient(card.row.client_id, F.NAME, "Ana"))
    await shop.ask(EditClient(card.row.client_id, F.NAME, "Bia"))

    with pytest.raises(Exception, match="de novo depois disso"):
        await shop.undo(first.undo)


async def test_a_switch_says_what_it_does_to_today_and_back(shop: Shop) -> None:
    card = await shop.register()
    off = await shop.ask(SetSwitch(card.row.client_id, Switch.BILLING, on=False))
    again = await shop.ask(SetSwitch(card.row.client_id, Switch.BILLING, on=False))
    cancelled = await shop.messages()
    await shop.undo(off.undo)

    assert ("Não vai mais: cobrança do 1º dia de atraso.",) == off.effect
    assert (off.undo, False) == (again.undo, off.card.client.receives_billing)
    assert [("cancelled", Reason.BILLING_OFF)] == [row[2:] for row in cancelled]
    assert [(cancelled[0][0], "queued")] == [(row[0], row[2]) for row in await shop.messages()]


async def test_who_is_archived_hears_nothing_until_that_is_undone(shop: Shop) -> None:
    card = await shop.register()
    queued = await shop.messages()
    gone = await shop.ask(ArchiveClient(card.row.client_id, archived=True))
    again = await shop.ask(ArchiveClient(card.row.client_id, archived=True))
    archived = await shop.messages()
    await shop.undo(gone.undo)

    assert ([(Kind.BILLING, DAY)], True) == (
        [(message.kind, message.day) for message in gone.cancelled],
        gone.row.archived,
    )
    assert (gone.undo, "cancelled") == (again.undo, archived[0][2])
    assert queued == await shop.messages()


async def test_bringing_back_from_the_archive_plans_today(shop: Shop) -> None:
    card = await shop.register()
    await shop.ask(ArchiveClient(card.row.client_id, archived=True))
    back = await shop.ask(ArchiveClient(card.row.client_id, archived=False))
    states = [row[2] for row in await shop.messages()]
    await shop.undo(back.undo)

    assert (["queued"], ["cancelled"]) == (states, [row[2] for row in await shop.messages()])


async def test_deleting_says_first_what_is_lost_and_keeps_the_money(shop: Shop) -> None:
    card = await shop.register()
    await shop.renew(card)
    losses = await shop.ask(GetDeletion(card.row.client_id))
    deleted = await shop.ask(DeleteClient(card.row.client_id))
    ledger = await shop.ask(GetPayments(month=DAY))

    assert (1, 1, PRICE, "Roberto Souza") == (
        losses.messages,
        losses.payments,
        losses.paid,
        deleted.name,
    )
    assert (PRICE, [(None, None)]) == (
        ledger.sum,
        [(line.client_id, line.name) for line in ledger.payments],
    )
    with pytest.raises(NotFound):
        await shop.ask(DeleteClient(card.row.client_id))


async def test_messages_are_listed_with_their_state(shop: Shop) -> None:
    card = await shop.register()
    view = await shop.ask(GetClientMessages(card.row.client_id, page=9))

    assert (1, 1, 1, [(Kind.BILLING, MessageState.QUEUED)]) == (
        view.page,
        view.pages,
        view.total,
        [(message.kind, message.state) for message in view.messages],
    )
    assert "09:00" == f"{view.messages[0].at:%H:%M}"


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        pytest.param(YESTERDAY, None, id="billed today"),
        pytest.param(
            DAY - timedelta(days=2),
            "Atrasado há 2 dias: só cobramos no 1º dia de atraso.",
            id="too late",
        ),
        pytest.param(
            DAY + timedelta(days=9),
            "Vence em 03/12/2026, daqui a 9 dias: ainda não é dia de mensagem.",
            id="not yet",
        ),
    ],
)
async def test_the_card_says_why_nothing_goes_today(
    shop: Shop, due_on: date, expected: str | None
) -> None:
    assert expected == (await shop.register(due_on=due_on)).why_not_today


async def test_what_waits_is_told_with_what_holds_the_queue(shop: Shop) -> None:
    card = await shop.register()
    said = await shop.ask(WhyNotToday(card.row.client_id))

    assert said[0].startswith("Cobrança do 1º dia de atraso: está na fila, para as 09:00.")
    assert said[-1].startswith("O WhatsApp não estava ligado ao EmDia")
