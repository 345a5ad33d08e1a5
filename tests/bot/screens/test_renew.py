"""Renewing in the chat: dates in full, one press that does it all, taking it back (C6-C9, C14)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from actors.messages.clients import RegisterClient
from actors.messages.payments import GetPayments, PaymentsView
from bot.screens.clients.money_buttons import Renew, StartRenewal, pack_deal
from domain.clients import NewClient
from playground.telegram import TelegramStandIn
from storage.database import Database
from tests.bot.live import SECONDS, Live, living
from tests.bot.screens.walk import Walk, walk
from tests.bot.support import Person

PRICE = Decimal("79.90")
DUE = date(2026, 11, 23)


async def roberto(live: Live, person: Person, price: Decimal = PRICE) -> int:
    """A client two days late; his id."""
    new = NewClient(
        name="Roberto Souza", phone="+5511955500187", plan="30 dias", price=price, due_on=DUE
    )
    made = await live.tenant(person).ask(RegisterClient(1, new), deadline=SECONDS)
    return int(made.card.row.client_id)


async def choosing(live: Live) -> Walk:
    """An owner before the dates of Roberto's renewal."""
    person = await live.owner()
    client_id = await roberto(live, person)
    return await (await walk(person)).open(StartRenewal(client_id=client_id))


async def ledger_of(live: Live, there: Walk, client_id: int | None = None) -> PaymentsView:
    asked = GetPayments(client_id=client_id)
    found: PaymentsView = await live.tenant(there.person).ask(asked, deadline=SECONDS)
    return found


async def test_each_choice_says_its_date_before_it_is_made(live: Live) -> None:
    there = await choosing(live)

    assert "Renovar Roberto Souza · 🔴 23/11" in there.text
    assert "Venceu há 2 dias · 30 dias" in there.text
    assert "Você recebeu: R$ 79,90" in there.text
    assert [
        "25/12/2026 · +30 dias de hoje",
        "23/12/2026 · +30 dias do vencimento",
        "23/12/2026 · todo dia 23",
        "✏️ Outra data",
        "💰 Outro valor",
        "⬅️ Voltar",
        "🏠 Início",
    ] == there.labels
    assert "success" == there.shown["buttons"][0][0]["style"]


async def test_one_press_moves_the_date_records_the_money_and_offers_the_message(
    live: Live,
) -> None:
    there = await (await choosing(live)).tap("25/12/2026")
    ledger = await ledger_of(live, there)

    assert "Renovado até 25/12/2026" == there.toast
    assert "Roberto Souza · 25/12/2026" in there.text
    assert "Recebido: R$ 79,90" in there.text
    assert "Mando a mensagem de renovação?" in there.text
    assert [
        "💬 Mandar agora",
        "✏️ Mudar o texto",
        "Não mandar",
        "👤 Ver Roberto",
        "💰 Não recebi ainda",
        "↩️ Desfazer até 10:52",
        "⬅️ Voltar",
        "🏠 Início",
    ] == there.labels
    assert [(PRICE, DUE, date(2026, 12, 25))] == [
        (one.amount, one.due_on_before, one.due_on_after) for one in ledger.payments
    ]


async def test_pressing_twice_is_one_renewal(live: Live) -> None:
    there = await choosing(live)
    pressed = there.button("25/12/2026")
    await there.press(pressed)
    await there.press_again(pressed)
    ledger = await ledger_of(live, there)

    assert "Já estava renovado até 25/12/2026" == there.toast
    assert (1, PRICE) == (ledger.total, ledger.sum)


async def test_another_date_of_an_old_screen_does_nothing_and_shows_how_it_is_now(
    live: Live,
) -> None:
    there = await choosing(live)
    other = there.button("23/12/2026")
    await (await there.tap("25/12/2026")).press(other)
    ledger = await ledger_of(live, there)

    assert "25/12/2026" in there.toast
    assert "Renovar Roberto Souza · 🟢 25/12" in there.text
    assert 1 == ledger.total


async def test_a_renewal_is_taken_back_with_its_money(live: Live) -> None:
    there = await (await choosing(live)).tap("25/12/2026")
    await there.tap("↩️ Desfazer")
    ledger = await ledger_of(live, there)

    assert "Roberto Souza volta a vencer em 23/11/2026" in there.text
    assert Decimal(0) == ledger.sum


async def test_a_typed_date_is_confirmed_before_anything_is_done(live: Live) -> None:
    there = await (await choosing(live)).tap("✏️ Outra data")
    asked = there.text
    past = (await there.say("24/11/2026")).text
    before = (await there.say("dia 10")).text
    untouched = await ledger_of(live, there)
    await there.tap("✅ Renovar até 10/12/2026")

    assert "Até quando fica pago?" in asked
    assert "precisa ser depois de hoje" in past
    assert "Fica pago até 10/12/2026" in before
    assert 0 == untouched.total
    assert "Roberto Souza · 10/12/2026" in there.text


async def test_a_partial_amount_is_said_with_what_is_left(live: Live) -> None:
    there = await (await choosing(live)).tap("💰 Outro valor")
    await there.say("50")
    partial = there.text
    await there.tap("25/12/2026")
    ledger = await ledger_of(live, there)

    assert "Você recebeu: R$ 50,00" in partial
    assert "Fica faltando R$ 29,90." in partial
    assert "Falta receber R$ 29,90." in there.text
    assert Decimal("50.00") == ledger.sum


async def test_an_amount_outlives_the_question_for_a_date(live: Live) -> None:
    there = await (await choosing(live)).tap("💰 Outro valor")
    await (await there.say("50")).tap("✏️ Outra data")
    await (await there.say("dia 10")).tap("⬅️ Voltar")

    assert "Você recebeu: R$ 50,00" in there.text


async def test_an_amount_that_is_none_is_asked_for_again(live: Live) -> None:
    there = await (await choosing(live)).tap("💰 Outro valor")
    await there.say("muito")

    assert "Não entendi o valor “muito”" in there.text
    assert "Quanto você recebeu?" in there.text


async def test_nothing_received_yet_renews_and_counts_nothing(live: Live) -> None:
    there = await (await choosing(live)).tap("💰 Outro valor")
    await (await there.tap("Não recebi nada ainda")).tap("25/12/2026")
    ledger = await ledger_of(live, there)

    assert "Nada recebido ainda" in there.text
    assert "💰 Não recebi ainda" not in there.labels
    assert Decimal(0) == ledger.sum


async def test_a_preset_pressed_twice_shows_the_dates_twice(live: Live) -> None:
    there = await (await choosing(live)).tap("💰 Outro valor")
    pressed = there.button("R$ 79,90")
    await (await there.press(pressed)).press_again(pressed)

    assert "Até quando fica pago?" in there.text


async def test_a_renewal_that_was_not_paid_is_said_so_afterwards(live: Live) -> None:
    there = await (await choosing(live)).tap("25/12/2026")
    await there.tap("💰 Não recebi ainda")
    before = there.text
    await there.tap("🚫 Não recebi")
    ledger = await ledger_of(live, there)

    assert "continua" in before
    assert "não recebido" in there.text
    assert Decimal(0) == ledger.sum


async def test_voltar_leads_to_the_card_and_from_there_to_the_list(live: Live) -> None:
    person = await live.owner()
    client_id = await roberto(live, person)
    there = await walk(person)
    await there.open(StartRenewal(client_id=client_id, origin="lo1"))
    await there.tap("⬅️ Voltar")
    card = there.text
    await there.tap("⬅️ Voltar")

    assert "Roberto Souza" in card
    assert "🔴 Roberto Souza · 23/11" in there.labels


async def test_a_renewal_begun_before_a_restart_is_ended_after_it(
    stand_in: TelegramStandIn, database: Database
) -> None:
    async with living(stand_in, database) as live:
        there = await choosing(live)
    async with living(stand_in, database) as again:
        await there.tap("25/12/2026")
        ledger = await ledger_of(again, there)

    assert "Roberto Souza · 25/12/2026" in there.text
    assert 1 == ledger.total


async def test_the_client_of_another_business_is_not_found(live: Live) -> None:
    theirs = await roberto(live, await live.owner())
    there = await walk(await live.owner("Outra"))
    deal = pack_deal(DUE, DUE + timedelta(days=60), PRICE)
    await there.open(StartRenewal(client_id=theirs))
    seen = there.toast
    await there.press_again(Renew(client_id=theirs, deal=deal).pack())

    assert "Esse cliente não existe mais." in seen
    assert "Esse cliente não existe mais." in there.toast
    assert "Roberto" not in there.text


@pytest.mark.parametrize("deal", ["", "x", "!!!!!!!", "zzzzzzzzz"])
async def test_a_deal_that_cannot_be_read_does_nothing(live: Live, deal: str) -> None:
    person = await live.owner()
    client_id = await roberto(live, person)
    there = await walk(person)
    await there.open(Renew(client_id=client_id, deal=deal or "-"))
    ledger = await ledger_of(live, there)

    assert 0 == ledger.total
