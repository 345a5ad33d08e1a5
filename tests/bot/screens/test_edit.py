"""Changing one field of a client in the chat, and what it receives (C5, C10, C12)."""

from datetime import date
from decimal import Decimal

import pytest

from actors.messages.clients import ClientCard, GetClient, RegisterClient
from actors.messages.tags import MakeOwnField
from bot.screens.clients.money_buttons import EditField, ShowEdit, ShowSwitches
from domain.clients import ClientField, NewClient
from tests.bot.live import SECONDS, Live
from tests.bot.screens.walk import Walk, walk
from tests.bot.support import Person


async def ana(live: Live, person: Person, number: int = 1, name: str = "Ana Souza") -> int:
    """A client up to date; her id."""
    new = NewClient(
        name=name,
        phone="+5511955500187",
        plan="30 dias",
        price=Decimal("30.00"),
        server="Torre Centro",
        due_on=date(2026, 12, 10),
        notes="Paga no dinheiro",
    )
    made = await live.tenant(person).ask(RegisterClient(number, new), deadline=SECONDS)
    return int(made.card.row.client_id)


@pytest.fixture
async def owner(live: Live) -> Person:
    """Somebody with an account."""
    return await live.owner()


@pytest.fixture
async def client_id(live: Live, owner: Person) -> int:
    """Ana's number."""
    return await ana(live, owner)


async def card_of(live: Live, owner: Person, client_id: int) -> ClientCard:
    found: ClientCard = await live.tenant(owner).ask(GetClient(client_id), deadline=SECONDS)
    return found


async def editing(owner: Person, client_id: int, field: str) -> Walk:
    """At the question for one field."""
    return await (await walk(owner)).open(EditField(client_id=client_id, field=field))


async def test_the_fields_are_buttons_with_what_stands_in_them(
    owner: Person, client_id: int
) -> None:
    there = await (await walk(owner)).open(ShowEdit(client_id=client_id))

    assert [
        "👤 Ana Souza",
        "📱 (11) 95550-0187",
        "💰 R$ 30,00",
        "📦 30 dias",
        "📅 10/12/2026",
        "🖥 Torre Centro",
        "📝 Paga no dinheiro",
        "⬅️ Voltar",
        "🏠 Início",
    ] == there.labels


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        pytest.param(ClientField.NAME, " Ana  Lima ", "Ana Lima", id="name"),
        pytest.param(ClientField.PHONE, "11 95550-0163", "+5511955500163", id="phone"),
        pytest.param(ClientField.PLAN, "Anual", "Anual", id="plan"),
        pytest.param(ClientField.PRICE, "35 reais", Decimal("35.00"), id="price"),
        pytest.param(ClientField.SERVER, "Torre Vila", "Torre Vila", id="server"),
        pytest.param(ClientField.DUE_ON, "dia 15", date(2026, 12, 15), id="due date"),
        pytest.param(ClientField.NOTES, "Ligar antes", "Ligar antes", id="notes"),
    ],
)
async def test_any_single_field_is_changed_by_typing(  # noqa: PLR0913, PLR0917 - a table
    live: Live, owner: Person, client_id: int, field: ClientField, typed: str, expected: object
) -> None:
    there = await (await editing(owner, client_id, field)).say(typed)
    client = (await card_of(live, owner, client_id)).client

    assert expected == getattr(client, field)
    assert "Antes: " in there.text
    assert "↩️ Desfazer até 10:52" in there.labels


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        pytest.param(ClientField.NAME, "123", "O nome precisa ter letras.", id="name"),
        pytest.param(ClientField.PHONE, "12", "🤔", id="phone"),
        pytest.param(ClientField.PRICE, "muito", "Não entendi o valor “muito”.", id="price"),
        pytest.param(ClientField.DUE_ON, "31/02", "não existe", id="due date"),
    ],
)
async def test_a_wrong_value_is_explained_and_asked_for_again(
    owner: Person, client_id: int, field: ClientField, typed: str, said: str
) -> None:
    there = await (await editing(owner, client_id, field)).say(typed)

    assert said in there.text
    assert "?" in there.text
    assert "⬅️ Voltar" in there.labels


async def test_a_preset_pressed_twice_is_one_change_that_can_still_be_undone(
    live: Live, owner: Person, client_id: int
) -> None:
    there = await editing(owner, client_id, ClientField.PLAN)
    pressed = there.button("90 dias")
    await (await there.press(pressed)).press_again(pressed)
    await there.tap("↩️ Desfazer")
    client = (await card_of(live, owner, client_id)).client

    assert "volta a ser 30 dias" in there.text
    assert "30 dias" == client.plan


async def test_what_may_be_empty_is_emptied(live: Live, owner: Person, client_id: int) -> None:
    there = await (await editing(owner, client_id, ClientField.NOTES)).tap("🧹 Deixar vazio")
    client = (await card_of(live, owner, client_id)).client

    assert "Observação: vazio" in there.text
    assert client.notes is None


async def test_a_name_has_no_button_that_empties_it(owner: Person, client_id: int) -> None:
    there = await editing(owner, client_id, ClientField.NAME)

    assert ["⬅️ Voltar", "✖️ Desistir", "🏠 Início"] == there.labels


async def test_voltar_from_the_question_leads_to_the_fields(owner: Person, client_id: int) -> None:
    there = await (await editing(owner, client_id, ClientField.PRICE)).tap("⬅️ Voltar")

    assert "O que você quer mudar?" in there.text


async def test_who_gives_up_can_go_back_to_the_fields(owner: Person, client_id: int) -> None:
    there = await (await editing(owner, client_id, ClientField.PRICE)).tap("✖️ Desistir")
    await there.tap("⬅️ Voltar")

    assert "O que você quer mudar?" in there.text


async def test_a_number_that_another_client_has_is_said(
    live: Live, owner: Person, client_id: int
) -> None:
    await ana(live, owner, 2, "Pedro Prado")
    await (await editing(owner, client_id, ClientField.PHONE)).say("11 98888-7777")
    there = await (await editing(owner, client_id, ClientField.PHONE)).say("11 95550-0187")

    assert "Pedro Prado" in there.text
    assert "já usa este celular" in there.text


async def test_an_own_field_is_changed_and_a_secret_one_hidden(
    live: Live, owner: Person, client_id: int
) -> None:
    await live.tenant(owner).ask(MakeOwnField("Senha", secret=True), deadline=SECONDS)
    there = await (await walk(owner)).open(ShowEdit(client_id=client_id))
    await (await there.tap("🔑 Senha")).say("xk29mQ7")
    card = await card_of(live, owner, client_id)
    await there.open(ShowEdit(client_id=client_id))

    assert ["xk29mQ7"] == [one.value for one in card.fields]
    assert "🔑 Senha" in there.labels


async def test_the_client_of_another_business_cannot_be_changed(live: Live, client_id: int) -> None:
    there = await editing(await live.owner("Outra"), client_id, ClientField.NAME)

    assert "Não encontrado" in there.text


# Preferences


async def test_a_switch_turns_at_once_and_back(live: Live, owner: Person, client_id: int) -> None:
    there = await (await walk(owner)).open(ShowSwitches(client_id=client_id))
    before = there.labels[:2]
    await there.tap("🟢 Cobranças")
    after, toast = there.labels[:3], there.toast
    off = (await card_of(live, owner, client_id)).client.receives_billing
    await there.tap("↩️ Desfazer")
    on = (await card_of(live, owner, client_id)).client.receives_billing

    assert ["🟢 Cobranças", "🟢 Avisos"] == before
    assert (["⚪ Cobranças", "🟢 Avisos", "↩️ Desfazer até 10:52"], "Cobranças desligadas") == (
        after,
        toast,
    )
    assert (False, True) == (off, on)


async def test_a_switch_pressed_twice_stays_where_the_button_said(
    live: Live, owner: Person, client_id: int
) -> None:
    there = await (await walk(owner)).open(ShowSwitches(client_id=client_id))
    pressed = there.button("🟢 Avisos")
    await (await there.press(pressed)).press_again(pressed)

    assert (await card_of(live, owner, client_id)).client.receives_notices is False
