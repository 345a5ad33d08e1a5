"""Registration: once for each draft, with its warnings, presets, today's plan (C1, C2, E3b)."""

from dataclasses import replace
from decimal import Decimal

from actors.messages.clients import (
    ClientCard,
    GetClients,
    GetPhoneOwners,
    GetPresets,
    RegisterClient,
)
from domain.outbox import MessageState
from domain.reminders import Kind
from tests.clients.shop import PRICE, Shop, person


async def test_a_draft_becomes_one_client_however_often_it_is_confirmed(shop: Shop) -> None:
    first = await shop.ask(RegisterClient(7, person()))
    again = await shop.ask(RegisterClient(7, person()))

    assert (True, False) == (first.created, again.created)
    assert (first.card.row, 1) == (again.card.row, (await shop.ask(GetClients())).total)


async def test_two_drafts_of_the_same_words_are_two_clients(shop: Shop) -> None:
    for draft in (7, 8):
        await shop.ask(RegisterClient(draft, person()))

    assert 2 == (await shop.ask(GetClients())).total


async def test_the_welcome_is_shown_as_it_would_go(shop: Shop) -> None:
    registered = await shop.ask(RegisterClient(7, person()))

    assert registered.welcome is not None
    assert "Roberto! Seja bem-vindo" in registered.welcome
    assert "23/11/2026" in registered.welcome


async def test_without_a_text_for_it_there_is_no_welcome(shop: Shop) -> None:
    async with shop.database.tenant(21) as tx:
        await tx.execute(
            """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
               VALUES (21, 'boas_vindas', 'minha', 'Oi', false, now(), now())"""
        )

    assert (await shop.ask(RegisterClient(7, person()))).welcome is None


async def test_somebody_registered_on_the_day_of_its_billing_is_billed_today(shop: Shop) -> None:
    card = await shop.register()

    assert [(Kind.BILLING, MessageState.QUEUED)] == [
        (message.kind, message.state) for message in card.last_messages
    ]
    assert card.why_not_today is None


async def test_the_phone_names_who_has_it_in_either_form(shop: Shop) -> None:
    old = await shop.register(name="Pedro", phone="+551187654321")
    new = await shop.register(name="Ana", phone="+5511987654321")
    owners = await shop.ask(GetPhoneOwners("+5511987654321"))

    assert ["Pedro", "Ana"] == [row.name for row in owners]
    assert [old.row] == list(new.shares_phone_with)


async def test_presets_are_what_was_used_most_first(shop: Shop) -> None:
    for number, (plan, price, server) in enumerate(
        [("Família", "99.00", "Vila"), ("30 dias", "35.00", "Ipê"), ("30 dias", "35.00", "Ipê")]
    ):
        await shop.register(name=f"Ana {number}", plan=plan, price=Decimal(price), server=server)
    presets = await shop.ask(GetPresets())

    assert (("30 dias", "Família"), (Decimal(35), Decimal(99)), ("Ipê", "Vila")) == (
        presets.plans,
        presets.prices,
        presets.servers,
    )


async def test_tags_and_own_fields_come_with_the_client(shop: Shop) -> None:
    new = replace(person(), tags=("Prédio Ipê",), own_fields={"Usuário": "roberto.souza"})
    card: ClientCard = (await shop.ask(RegisterClient(7, new))).card

    assert (["Prédio Ipê"], [("Usuário", "roberto.souza")]) == (
        [tag.name for tag in card.tags],
        [(field.name, field.value) for field in card.fields],
    )


async def test_a_registration_is_in_the_audit_trail_without_a_name(shop: Shop) -> None:
    card = await shop.register()
    async with shop.database.tenant(21) as tx:
        noted = await tx.fetch(
            "SELECT action, subject, detail FROM audit_log WHERE tenant_id = 21 AND subject = $1",
            f"client {card.row.client_id}",
        )

    assert [("register", f"client {card.row.client_id}", {})] == [tuple(row) for row in noted]
    assert card.open_amount == PRICE
