"""The ledger in the chat: recorded, set right, not counted, and what adds up to what (C9, C14)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from actors.messages.clients import GetClients, RegisterClient
from actors.messages.payments import GetPayments, PaymentsView, RecordPayment, RenewClient
from bot.screens.clients.money_buttons import (
    ShowMonthPayments,
    ShowPayment,
    ShowPayments,
    StartPayment,
)
from domain.clients import NewClient
from domain.money import format_brl
from tests.bot.live import SECONDS, Live
from tests.bot.screens.walk import Walk, walk
from tests.bot.support import Person

DUE = date(2026, 11, 23)
PRICE = Decimal("79.90")


@pytest.fixture
async def owner(live: Live) -> Person:
    """Somebody with an account."""
    return await live.owner()


@pytest.fixture
async def client_id(live: Live, owner: Person) -> int:
    """A client two days late."""
    new = NewClient(
        name="Roberto Souza", phone="+5511955500187", plan="30 dias", price=PRICE, due_on=DUE
    )
    made = await live.tenant(owner).ask(RegisterClient(1, new), deadline=SECONDS)
    return int(made.card.row.client_id)


@pytest.fixture
async def renewed(live: Live, owner: Person, client_id: int) -> Walk:
    """At the one payment of a client who renewed."""
    order = RenewClient(client_id, DUE, DUE + timedelta(days=30), PRICE)
    done = await live.tenant(owner).ask(order, deadline=SECONDS)
    return await (await walk(owner)).open(ShowPayment(payment_id=done.payment_id))


async def ledger(live: Live, owner: Person) -> PaymentsView:
    found: PaymentsView = await live.tenant(owner).ask(GetPayments(), deadline=SECONDS)
    return found


async def test_a_partial_payment_leaves_the_due_date_and_says_the_rest(
    live: Live, owner: Person, client_id: int
) -> None:
    there = await (await walk(owner)).open(ShowPayments(client_id=client_id))
    empty = there.text
    await (await there.tap("➕ Registrar pagamento")).say("50")

    assert "Nenhum pagamento ainda." in empty
    assert "Anotei R$ 50,00.\nFalta receber R$ 29,90." in there.text
    assert "O vencimento continua em 23/11/2026." in there.text
    assert Decimal("50.00") == (await ledger(live, owner)).sum


async def test_all_that_is_open_is_one_touch_and_twice_is_one_payment(
    live: Live, owner: Person, client_id: int
) -> None:
    there = await (await walk(owner)).open(StartPayment(client_id=client_id))
    pressed = there.button("R$ 79,90 · tudo")
    await (await there.press(pressed)).press_again(pressed)

    assert "Não falta nada." in there.text
    assert (1, PRICE) == ((found := await ledger(live, owner)).total, found.sum)


async def test_a_recorded_payment_is_taken_back(live: Live, owner: Person, client_id: int) -> None:
    there = await (await walk(owner)).open(StartPayment(client_id=client_id))
    await (await there.say("50")).tap("↩️ Desfazer até 10:52")

    assert "não conta mais" in there.text
    assert Decimal(0) == (await ledger(live, owner)).sum


async def test_two_payments_of_one_amount_are_two(
    live: Live, owner: Person, client_id: int
) -> None:
    there = await walk(owner)
    for _ in range(2):
        await (await there.open(StartPayment(client_id=client_id))).say("20")

    assert (2, Decimal("40.00")) == ((found := await ledger(live, owner)).total, found.sum)


async def test_a_payment_says_what_it_did_to_the_due_date(renewed: Walk) -> None:
    assert "R$ 79,90 em 25/11/2026" in renewed.text
    assert "De 23/11/2026 para 23/12/2026" in renewed.text
    assert ["🚫 Não recebi", "💰 Valor", "📅 Dia", "📝 Observação", "👤 Ver Roberto"] == (
        renewed.labels[:5]
    )


async def test_what_was_not_received_stops_counting_and_counts_again(
    live: Live, owner: Person, renewed: Walk
) -> None:
    await renewed.tap("🚫 Não recebi")
    voided = (await ledger(live, owner)).sum
    await renewed.tap("✅ Recebi, sim")
    counted = (await ledger(live, owner)).sum

    assert (Decimal(0), PRICE) == (voided, counted)


@pytest.mark.parametrize(
    ("button", "typed", "said"),
    [
        pytest.param("💰 Valor", "60", "R$ 60,00 em 25/11/2026", id="amount"),
        pytest.param("📅 Dia", "ontem", "R$ 79,90 em 24/11/2026", id="day"),
        pytest.param("📝 Observação", "no dinheiro", "📝 no dinheiro", id="note"),
    ],
)
async def test_what_was_noted_wrongly_is_set_right(
    renewed: Walk, button: str, typed: str, said: str
) -> None:
    await (await renewed.tap(button)).say(typed)

    assert "Mudei este pagamento" in renewed.text
    assert said in renewed.text
    assert "↩️ Desfazer até 10:52" in renewed.labels


@pytest.mark.parametrize(
    ("button", "typed", "said"),
    [
        pytest.param("💰 Valor", "muito", "Não entendi o valor", id="amount"),
        pytest.param("📅 Dia", "amanhã", "Esse dia ainda não chegou.", id="day"),
    ],
)
async def test_what_cannot_be_right_is_explained_and_asked_again(
    renewed: Walk, button: str, typed: str, said: str
) -> None:
    await (await renewed.tap(button)).say(typed)

    assert said in renewed.text
    assert "?" in renewed.text


async def test_voltar_from_a_question_leads_to_the_payment_and_from_it_to_the_list(
    renewed: Walk,
) -> None:
    await (await renewed.tap("💰 Valor")).tap("⬅️ Voltar")
    payment = renewed.text
    await renewed.tap("⬅️ Voltar")

    assert "De 23/11/2026 para 23/12/2026" in payment
    assert "💰 25/11 · R$ 79,90" in renewed.labels


async def test_the_payments_of_a_month_add_up_to_what_the_list_of_clients_says(
    live: Live, owner: Person, client_id: int
) -> None:
    for number in range(8):
        paid = RecordPayment(client_id, Decimal(10 + number), f"n{number}")
        await live.tenant(owner).ask(paid, deadline=SECONDS)
    figures = (await live.tenant(owner).ask(GetClients(), deadline=SECONDS)).figures
    there = await (await walk(owner)).open(ShowMonthPayments())
    first = there.labels[:6]
    await there.tap("›")

    assert f"Novembro: {format_brl(figures.received)}" in there.text
    assert "💰 Roberto Souza · 25/11 · R$ 17,00" == first[0]
    assert ["💰 Roberto Souza · 25/11 · R$ 11,00", "💰 Roberto Souza · 25/11 · R$ 10,00"] == (
        there.labels[:2]
    )


async def test_a_payment_out_of_the_months_list_leads_back_to_its_page(
    live: Live, owner: Person, client_id: int
) -> None:
    for number in range(8):
        paid = RecordPayment(client_id, Decimal(10 + number), f"n{number}")
        await live.tenant(owner).ask(paid, deadline=SECONDS)
    there = await (await walk(owner)).open(ShowMonthPayments())
    await (await (await there.tap("›")).tap("💰 Roberto")).tap("⬅️ Voltar")

    assert "2/2" in there.labels
    assert "Novembro" in there.text


async def test_a_month_without_payments_says_so(owner: Person) -> None:
    there = await (await walk(owner)).open(ShowMonthPayments(month="2026-01"))

    assert "Recebido em janeiro" in there.text
    assert "Nenhum pagamento neste mês ainda." in there.text


async def test_the_payment_of_another_business_is_not_found(live: Live, renewed: Walk) -> None:
    there = await (await walk(await live.owner("Outra"))).open(ShowPayment(payment_id=1))

    assert "Não encontrado" in there.text
    assert "De 23/11/2026 para 23/12/2026" in renewed.text
