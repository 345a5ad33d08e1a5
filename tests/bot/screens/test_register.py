"""Registering a client in the chat: from the first question to the welcome (C1, C2, C12, C13)."""

import html
import json
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Any

import pytest

from actors.messages.clients import (
    ClientsView,
    DeleteClient,
    GetClient,
    GetClients,
    RegisterClient,
)
from actors.messages.drafts import StartDraft
from actors.messages.tags import MakeOwnField
from bot.screens.clients.money_buttons import StartNew
from bot.ui.buttons import Go
from bot.ui.form import SUMMARY
from bot.ui.measure import cut_labels, fits
from domain.clients import NewClient
from playground.telegram import TelegramStandIn
from storage.database import Database
from tests.bot.live import SECONDS, Live, living
from tests.bot.screens.walk import Walk, walk

NEW = Go(to="new")
ANSWERS = ("Juliana Prado", "11 95550-0163")
VALUES = {
    "name": "Juliana Prado",
    "phone": "+5511955500163",
    "plan": "30 dias",
    "price": "79.90",
    "server": "Torre Vila",
    "due_on": "2026-12-25",
    "notes": "Ligar só depois das 18h",
}


@pytest.fixture
async def form(live: Live) -> Walk:
    """An owner at the first question."""
    return await (await walk(await live.owner())).open(NEW)


async def at(live: Live, step: str, **changes: str) -> Walk:
    """An owner who has answered all before `step` and comes back to the form."""
    person = await live.owner()
    before = list(takewhile(lambda field: field != step, VALUES))
    values = {field: VALUES[field] for field in before} | changes
    begin = StartDraft(form="novo", number=1, step=step, values=values, origin="")
    await live.tenant(person).ask(begin, deadline=SECONDS)
    return await (await walk(person)).open(NEW)


async def clients_of(live: Live, form: Walk) -> ClientsView:
    found: ClientsView = await live.tenant(form.person).ask(GetClients(), deadline=SECONDS)
    return found


async def only_client(live: Live, form: Walk) -> Any:
    [row] = (await clients_of(live, form)).rows
    card = await live.tenant(form.person).ask(GetClient(row.client_id), deadline=SECONDS)
    return card.client


async def test_the_form_asks_one_question_after_another(form: Walk) -> None:
    asked = [form.text]
    for typed in (*ANSWERS, "Família 200 Mega", "79,90", "Torre Vila", "dia 10"):
        await form.say(typed)
        asked.append(form.text)

    questions = [
        "Qual é o nome? · passo 1 de 7",
        "Qual é o WhatsApp? · passo 2 de 7",
        "Qual é o plano? · passo 3 de 7",
        "Quanto paga? · passo 4 de 7",
        "Qual é o servidor? · passo 5 de 7",
        "Quando vence? · passo 6 de 7",
        "Quer anotar alguma coisa? · passo 7 de 7",
    ]
    assert questions == [
        question for question, text in zip(questions, asked, strict=True) if question in text
    ]


async def test_all_that_was_answered_is_shown_before_it_is_saved(live: Live) -> None:
    form = await at(live, SUMMARY)

    for line in (
        "👤 Juliana Prado",
        "📱 (11) 95550-0163",
        "📦 30 dias · R$ 79,90",
        "🖥 Torre Vila",
        "📅 Vence em 25/12/2026, sexta-feira",
        "📝 Ligar só depois das 18h",
    ):
        assert line in form.text
    assert 0 == (await clients_of(live, form)).total


async def test_saving_makes_the_client_and_offers_what_comes_next(live: Live) -> None:
    form = await (await at(live, SUMMARY)).tap("✅ Salvar cliente")
    client = await only_client(live, form)

    assert (
        "Juliana Prado",
        "+5511955500163",
        "30 dias",
        Decimal("79.90"),
        "Torre Vila",
        date(2026, 12, 25),
        "Ligar só depois das 18h",
    ) == (
        client.name,
        client.phone,
        client.plan,
        client.price,
        client.server,
        client.due_on,
        client.notes,
    )
    assert "Juliana Prado · 25/12" in form.text
    assert "Mando as boas-vindas?" in form.text
    assert ["💬 Mandar agora", "➕ Outro cliente", "👤 Ver Juliana"] == form.labels[:3]


async def test_saving_twice_is_one_client_and_shows_the_same(live: Live) -> None:
    form = await at(live, SUMMARY)
    save = form.button("✅ Salvar cliente")
    await form.press(save)
    await form.press_again(save)

    assert "Mando as boas-vindas?" in form.text
    assert 1 == (await clients_of(live, form)).total


async def test_a_client_that_was_deleted_is_not_made_anew_by_an_old_button(
    live: Live,
) -> None:
    form = await at(live, SUMMARY)
    save = form.button("✅ Salvar cliente")
    await form.press(save)
    client = await only_client(live, form)
    await live.tenant(form.person).ask(DeleteClient(client.id), deadline=SECONDS)
    await form.press(save)

    assert "Não encontrado" in form.text
    assert 0 == (await clients_of(live, form)).total


@pytest.mark.parametrize("typed", ["pular", "-"])
async def test_what_is_skipped_stores_nothing(live: Live, typed: str) -> None:
    form = await (await at(live, "server")).tap("⏭ Pular")
    await (await form.tap("📅 25/12/2026")).say(typed)
    await form.tap("✅ Salvar cliente")
    client = await only_client(live, form)

    assert (None, None) == (client.server, client.notes)


@pytest.mark.parametrize(
    ("step", "typed", "said", "asked"),
    [
        pytest.param("name", "123", "O nome precisa ter letras.", "Qual é o nome?", id="name"),
        pytest.param("phone", "123", "🤔", "Qual é o WhatsApp?", id="phone"),
        pytest.param("price", "muito", "Não entendi o valor “muito”", "Quanto paga?", id="price"),
        pytest.param("due_on", "24/11/2026", "já passou.", "Quando vence?", id="past"),
    ],
)
async def test_bad_input_is_explained_and_asked_again(
    live: Live, step: str, typed: str, said: str, asked: str
) -> None:
    form = await (await at(live, step)).say(typed)

    assert said in form.text
    assert asked in form.text


async def test_a_date_that_does_not_exist_comes_with_what_was_meant(live: Live) -> None:
    form = await (await at(live, "due_on")).say("31/02")

    assert "31/02 não existe: em 2027, fevereiro vai só até o dia 28." in form.text
    assert ["📅 25/12/2026 · daqui a 30 dias", "28/02/2027", "31/01/2027"] == form.labels[:3]

    await form.tap("28/02/2027")
    assert "Quer anotar alguma coisa?" in form.text


@pytest.mark.parametrize(
    ("typed", "due_on"),
    [
        ("hoje", "25/11/2026"),
        ("amanhã", "26/11/2026"),
        ("dia 10", "10/12/2026"),
        ("10/12", "10/12/2026"),
        ("sexta", "27/11/2026"),
        ("daqui a 30 dias", "25/12/2026"),
    ],
)
async def test_a_due_date_is_typed_as_it_is_said(live: Live, typed: str, due_on: str) -> None:
    form = await (await at(live, "due_on")).say(typed)
    await form.tap("⏭ Pular")

    assert f"Vence em {due_on}" in form.text


async def test_the_agreed_day_outlives_a_short_month(live: Live) -> None:
    form = await (await at(live, "due_on")).say("dia 31")
    await (await form.tap("⏭ Pular")).tap("✅ Salvar cliente")
    client = await only_client(live, form)

    assert (date(2026, 11, 30), 31) == (client.due_on, client.agreed_day)


async def test_voltar_keeps_what_was_typed_at_every_step(live: Live) -> None:
    form = await at(live, SUMMARY)
    texts = []
    for _ in range(7):
        await form.tap("⬅️ Voltar")
        texts.append(form.labels[0])

    assert [
        "✅ Manter Ligar só depois das 18h",
        "✅ Manter 25/12/2026",
        "✅ Manter Torre Vila",
        "✅ Manter R$ 79,90",
        "✅ Manter 30 dias",
        "✅ Manter (11) 95550-0163",
        "✅ Manter Juliana Prado",
    ] == texts

    await form.tap("✅ Manter")
    assert "confira antes de salvar" in form.text


async def test_one_field_is_set_right_from_the_summary(live: Live) -> None:
    form = await (await at(live, SUMMARY)).tap("✏️ Valor")
    await form.say("99")

    assert "30 dias · R$ 99,00" in form.text


async def test_a_number_in_use_names_who_has_it_with_or_without_its_ninth_digit(
    live: Live,
) -> None:
    form = await (await at(live, SUMMARY, phone="+5511987654321")).tap("✅ Salvar cliente")
    await (await form.tap("➕ Outro cliente")).say("Pedro Prado")
    await form.say("11 8765-4321")

    assert "Juliana Prado · 25/12" in form.text
    assert "já usa este celular" in form.text


async def test_what_was_used_before_is_offered_first(live: Live) -> None:
    form = await at(live, SUMMARY, plan="Família 200 Mega", price="99.90")
    await (await form.tap("✅ Salvar cliente")).tap("➕ Outro cliente")
    for typed in ANSWERS:
        await form.say(typed)
    plan = form.labels[0]
    await form.tap("⭐")
    price = form.labels[0]
    await form.tap(price)

    assert ("⭐ Família 200 Mega · o mais usado", "R$ 99,90", "Torre Vila") == (
        plan,
        price,
        form.labels[0],
    )


async def test_own_fields_are_one_question_that_may_be_skipped(live: Live, form: Walk) -> None:
    tenant = live.tenant(form.person)
    await tenant.ask(MakeOwnField("Usuário", secret=False), deadline=SECONDS)
    await tenant.ask(MakeOwnField("Senha", secret=True), deadline=SECONDS)
    await (await form.tap("✖️ Desistir")).open(NEW)
    for typed in (*ANSWERS, "30 dias", "79,90", "pular", "25/12"):
        await form.say(typed)

    assert "Seus campos · passo 7 de 8" in form.text

    await form.say("ana.souza\nxk29\ne mais")
    assert "São só 2 campos: Usuário e Senha." in form.text

    await (await form.say("Senha: xk29")).tap("⏭ Pular")
    await form.tap("✅ Salvar cliente")
    [row] = (await clients_of(live, form)).rows
    card = await tenant.ask(GetClient(row.client_id), deadline=SECONDS)
    assert [("Usuário", None), ("Senha", "xk29")] == [(one.name, one.value) for one in card.fields]


async def test_the_form_waits_at_home_and_says_that_it_goes_on(live: Live) -> None:
    form = await at(live, "plan")

    assert "Continuando de onde você parou." in form.text
    assert "Qual é o plano?" in form.text


async def test_the_form_outlives_a_restart_and_a_day(
    stand_in: TelegramStandIn, database: Database
) -> None:
    async with living(stand_in, database) as live:
        form = await at(live, "due_on")
    async with living(stand_in, database) as again:
        again.clock.move_to(again.clock.now().replace(day=26))
        await form.say("hoje")
        await (await form.tap("⏭ Pular")).tap("✅ Salvar cliente")
        client = await only_client(again, form)

    assert ("Juliana Prado", date(2026, 11, 26)) == (client.name, client.due_on)


async def test_a_due_date_that_passed_while_the_form_waited_is_not_saved(
    live: Live,
) -> None:
    form = await at(live, SUMMARY, due_on="2026-11-25")
    live.clock.move_to(live.clock.now().replace(day=27))
    await form.tap("✅ Salvar cliente")

    assert "25/11/2026 já passou." in form.text
    assert "✏️ Data" in form.labels
    assert 0 == (await clients_of(live, form)).total


async def test_giving_up_can_be_taken_back(live: Live) -> None:
    form = await (await at(live, "plan")).tap("✖️ Desistir")
    dropped = form.text
    await form.tap("↩️ Desfazer até 10:52")

    assert "Nada foi salvo." in dropped
    assert "Qual é o plano?" in form.text


async def test_the_welcome_goes_out_once_it_is_asked_for(live: Live) -> None:
    form = await (await at(live, SUMMARY)).tap("✅ Salvar cliente")
    send = form.button("💬 Mandar agora")
    await (await form.press(send)).press_again(send)
    async with live.database.tenant(form.person.chat_id) as tx:
        sent = await tx.fetch("SELECT kind FROM messages WHERE tenant_id = $1", form.person.chat_id)

    assert "A mensagem de boas-vindas" in form.text
    assert ["boas_vindas"] == [row["kind"] for row in sent]


async def test_voltar_from_the_first_question_leads_to_where_the_form_was_begun(
    form: Walk,
) -> None:
    await (await form.tap("✖️ Desistir")).open(StartNew(origin="gaccount"))
    await form.tap("⬅️ Voltar")

    assert "Conecta Bairro" in form.text


async def test_a_contact_shared_as_the_name_brings_its_number_along(form: Walk) -> None:
    form.person.stand_in.control.share_contact(form.person.chat_id, "+5511955500163", "Pedro Prado")
    await form.look()

    assert "Pedro Prado · (11) 95550-0163" in form.text
    assert "Qual é o plano?" in form.text


@pytest.mark.parametrize("step", [*VALUES, "own"])
async def test_the_fullest_question_is_seen_whole_on_one_phone(live: Live, step: str) -> None:
    person = await live.owner()
    tenant = live.tenant(person)
    for number in range(10):
        await tenant.ask(MakeOwnField(f"Campo de número {number}"), deadline=SECONDS)
    for number in range(7):
        await tenant.ask(RegisterClient(100 + number, crowd(number)), deadline=SECONDS)
    fields = [[number, f"Campo de número {number}", False] for number in range(10)]
    own = {field[1]: "um valor bem comprido" * 5 for field in fields}
    values = {
        **VALUES,
        "name": "Maria Aparecida dos Santos Figueiredo de Albuquerque",
        "notes": "Ligar só depois das 18h. " * 20,
        "fields": json.dumps(fields),
        "own": json.dumps(own),
    }
    begin = StartDraft(form="novo", number=1, step=step, values=values, origin="")
    await tenant.ask(begin, deadline=SECONDS)
    form = await (await walk(person)).open(NEW)

    rows = [[one["text"] for one in row] for row in form.shown["buttons"]]
    assert fits(html.escape(form.text), len(rows))
    assert [] == cut_labels(rows)


def crowd(number: int) -> NewClient:
    """One of many with long words, all on one phone."""
    return NewClient(
        name=f"Maria Aparecida dos Santos {number}",
        phone=VALUES["phone"],
        plan=f"Família {number} com internet, televisão e telefone",
        price=Decimal(99_000 + number),
        server=f"Torre {number} do Morro da Conceição",
        due_on=date(2026, 12, 10),
    )
