"""The texts in the chat: the list, one of them, the editor, the preview (D1 to D5)."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from actors.messages.account import SetPix
from actors.messages.clients import RegisterClient
from actors.messages.tags import MakeOwnField, SetOwnValue
from actors.messages.texts import EditAct, TextGroup
from bot.screens.clients.money_buttons import StartRenewal
from bot.screens.texts.buttons import (
    DropTextPress,
    EditorPress,
    OpenPress,
    PreviewPress,
    SavePress,
    ShowText,
    ShowTextMessages,
)
from domain.clients import NewClient
from playground.telegram import TelegramStandIn
from storage.database import Database
from tests.bot.live import SECONDS, Live, living
from tests.bot.screens.walk import Walk, walk
from tests.bot.support import Person

BILLING, RENEWAL = "cobranca", "renovacao"
YESTERDAY = date(2026, 11, 24)
_DRAFTS = count(1)


async def carla(live: Live, person: Person, **changes: Any) -> int:
    """A client one day late; her id."""
    facts: dict[str, Any] = {
        "name": "Carla Dias",
        "phone": "+5511955500188",
        "plan": "30 dias",
        "price": Decimal("79.90"),
        "due_on": YESTERDAY,
        **changes,
    }
    made = await live.tenant(person).ask(
        RegisterClient(next(_DRAFTS), NewClient(**facts)), deadline=SECONDS
    )
    return int(made.card.row.client_id)


async def shop(live: Live) -> Walk:
    """An owner with a PIX key and one client, before the list of texts."""
    person = await live.owner()
    await live.tenant(person).ask(
        SetPix("loja@exemplo.com", "Conecta Bairro", "SAO PAULO"), deadline=SECONDS
    )
    await carla(live, person)
    return await (await walk(person)).say("/textos")


async def editing(live: Live) -> Walk:
    """The same, before the editor of the billing."""
    there = await (await shop(live)).tap("🟢 Cobrança")
    return await there.tap("✏️ Mudar o texto")


async def test_the_list_shows_each_text_with_how_it_stands_and_its_count(live: Live) -> None:
    there = await shop(live)

    assert "Textos das mensagens" in there.text
    assert [
        "🟢 Cobrança, 1 dia de atraso · 0",
        "⚪ Vence hoje · 0",
        "⚪ Vence amanhã · 0",
        "⚪ Vence em 2 dias · 0",
        "💬 Renovação · 0",
        "💬 Boas-vindas · 0",
        "➕ Novo texto",
    ] == there.labels[:7]
    assert "primary" == there.shown["buttons"][6][0]["style"]


async def test_one_text_says_when_it_goes_and_what_that_is_about_today(live: Live) -> None:
    there = await (await shop(live)).tap("🟢 Cobrança")

    assert "🟢 Sai sozinho no 1º dia de atraso, uma vez só · texto padrão" in there.text
    assert "1 mensagem de hoje ainda sai." in there.text
    assert "Nunca saiu ainda." in there.text
    assert ["✏️ Mudar o texto", "👀 Ver pronto", "⚪ Desligar", "🕒 1 hoje"] == there.labels[:4]


async def test_a_count_opens_the_messages_it_counts_and_they_lead_back(live: Live) -> None:
    there = await (await shop(live)).tap("🟢 Cobrança")
    await there.tap("🕒 1 hoje")
    listed = there.text
    await there.tap("🔴 Carla Dias · 24/11")
    client = there.text
    await (await there.tap("⬅️ Voltar")).tap("⬅️ Voltar")

    assert "Ainda saem hoje · 1" in listed
    assert "Carla Dias" in client
    assert "Cobrança, 1 dia de atraso" in there.text


async def test_a_switch_says_what_it_does_to_today_and_is_undone(live: Live) -> None:
    there = await (await shop(live)).tap("🟢 Cobrança")
    await there.tap("⚪ Desligar")
    off, said = there.text, there.toast
    await there.tap("↩️ Desfazer")
    await there.tap("⬅️ Voltar")

    assert "⚪ Desligado. 1 mensagem de hoje não sai." == said
    assert "1 mensagem de hoje não sai." in off
    assert "1 mensagem de hoje ainda sai." in there.text


async def test_the_editor_shows_the_words_and_what_a_client_receives(live: Live) -> None:
    there = await editing(live)

    assert "{saudacao}, {primeiro_nome}! Tudo bem?" in there.text
    assert "Carla Dias · 24/11 recebe assim:" in there.text
    assert "Bom dia, Carla! Tudo bem?" in there.text
    assert ["1º nome", "Valor", "Vencimento", "Saudação", "Código PIX", "Plano"] == (
        there.labels[:6]
    )
    assert "💾 Salvar" not in there.labels


async def test_a_button_puts_a_variable_at_the_end_and_desfazer_takes_it_back(
    live: Live,
) -> None:
    there = await (await editing(live)).tap("Código PIX")
    code = there.text
    await there.tap("↩️ Desfazer")

    assert "Obrigado!\n{pix_copia_e_cola}" in code
    assert "O PIX vai sozinho, na 2ª mensagem." in code
    assert "00020126" in code
    assert "{pix_copia_e_cola}" not in there.text


async def test_the_variables_have_pages(live: Live) -> None:
    there = await (await editing(live)).tap("›")
    second = there.labels[:6]
    await there.tap("4 »")

    assert ["Nome", "Dias atraso", "Dias faltam", "Chave PIX", "Recebedor", "Por extenso"] == second
    assert [] == [label for label in there.labels[:3] if "‹" in label]


async def test_a_typed_text_takes_the_place_of_the_whole_and_is_saved(live: Live) -> None:
    there = await (await editing(live)).say("Oi, {primeiro_nome}! São {valor}.")
    typed = there.text
    await there.tap("💾 Salvar")

    assert "Oi, Carla! São R$ 79,90." in typed
    assert "💾 Salvo. 1 mensagem de hoje vai com ele." == there.toast
    assert "Oi, {primeiro_nome}! São {valor}." in there.text
    assert "♻️ Voltar ao texto padrão" in there.labels
    assert "↩️ Desfazer até 10:52" in there.labels


async def test_a_slip_is_set_right_by_a_button_and_not_saved_before(live: Live) -> None:
    there = await (await editing(live)).say("Oi, {nme}! São { valor }.")
    first, offered = there.text, there.labels
    await there.tap("✅ Trocar por {nome}")
    second = there.text
    await there.tap("✅ Trocar por {valor}")

    assert "Não conheço {nme}. Você quis dizer {nome}?" in first
    assert "💾 Salvar" not in offered
    assert "{ valor } não sai assim: o certo é {valor}." in second
    assert "Oi, Carla Dias! São R$ 79,90." in there.text
    assert "💾 Salvar" in there.labels


async def test_a_text_that_could_grow_too_long_is_refused_with_what_to_shorten(
    live: Live,
) -> None:
    there = await (await editing(live)).say("{informacoes}" * 9)

    assert "passaria em 404 letras do que cabe (4096)" in there.text
    assert "tire uma das 9 vezes {informacoes}" in there.text
    assert "💾 Salvar" not in there.labels


async def test_a_text_far_too_long_leaves_what_there_was(live: Live) -> None:
    there = await (await editing(live)).say("a" * 2_100)

    assert "este passou em 100 letras" in there.text
    assert "{saudacao}, {primeiro_nome}! Tudo bem?" in there.text


async def test_two_thousand_emojis_are_one_screen_in_one_message(live: Live) -> None:
    there = await (await editing(live)).say("😀" * 2_000)
    await there.tap("💾 Salvar")

    assert "💾 Salvo" in there.toast


async def test_voltar_keeps_what_was_typed_and_the_text_says_so(live: Live) -> None:
    there = await (await editing(live)).say("Oi, {nome}!")
    await there.tap("⬅️ Voltar")
    card = there.text
    await there.tap("✏️ Continuar o texto")

    assert "Você tem mudanças que não foram salvas." in card
    assert "Tudo bem?" in card
    assert "Oi, Carla Dias!" in there.text


async def test_a_working_copy_outlives_a_restart(
    stand_in: TelegramStandIn, database: Database
) -> None:
    async with living(stand_in, database) as live:
        there = await (await editing(live)).say("Oi, {nome}!")
    async with living(stand_in, database):
        await there.say("Olá, {nome}!")
        await there.tap("💾 Salvar")

    assert "Olá, {nome}!" in there.text


async def test_letting_go_is_undone(live: Live) -> None:
    there = await (await editing(live)).say("Oi, {nome}!")
    await there.tap("✖️ Desistir")
    gone = there.text
    await there.tap("↩️ Desfazer até 10:52")

    assert "Nada foi salvo." in gone
    assert "Oi, Carla Dias!" in there.text


async def test_a_new_text_is_named_written_saved_renamed_and_deleted(live: Live) -> None:
    there = await (await shop(live)).tap("➕ Novo texto")
    await there.say("Manutenção na rede")
    empty = there.text
    await there.say("Oi, {primeiro_nome}! Hoje a rede para das 2 às 4.")
    await there.tap("💾 Salvar")
    made = there.text
    await (await there.tap("🏷 Mudar o nome")).say("Rede")
    await there.tap("⬅️ Voltar")
    listed = there.labels
    await (await there.tap("💬 Rede · 0")).tap("🗑 Apagar")
    dropped = there.text
    await there.tap("↩️ Desfazer")
    await there.tap("⬅️ Voltar")

    assert "Manutenção na rede" in empty
    assert "💬 Sai quando você manda." in made
    assert "💬 Rede · 0" in listed
    assert "Apaguei o texto “Rede”." in dropped
    assert "💬 Rede · 0" in there.labels


async def test_a_new_text_that_was_begun_goes_on(live: Live) -> None:
    there = await (await shop(live)).tap("➕ Novo texto")
    await (await there.say("Natal")).say("Boas festas, {nome}!")
    await (await there.say("/textos")).tap("➕ Novo texto")

    assert "Boas festas, Carla Dias!" in there.text


async def test_the_default_comes_back_and_that_is_undone(live: Live) -> None:
    there = await (await editing(live)).say("Oi, {nome}!")
    await (await there.tap("💾 Salvar")).tap("♻️ Voltar ao texto padrão")
    default, said = there.text, there.toast
    await (await there.tap("↩️ Desfazer")).tap("⬅️ Voltar")

    assert "♻️ O texto padrão está de volta." == said
    assert "Tudo bem?" in default
    assert "Oi, {nome}!" in there.text


async def test_a_preview_leads_to_another_client_and_back_to_the_first(live: Live) -> None:
    there = await shop(live)
    await carla(
        live,
        there.person,
        name="Bruno Lima",
        phone="+5511955500189",
        due_on=YESTERDAY + timedelta(days=10),
    )
    await (await there.tap("🟢 Cobrança")).tap("👀 Ver pronto")
    first = there.text
    await there.tap("👤 Ver com outro")
    second = there.text
    await there.tap("👤 Ver com outro")

    assert "Carla Dias · 24/11 recebe assim:" in first
    assert "Bruno Lima · 04/12 recebe assim:" in second
    assert first == there.text


async def test_without_a_client_somebody_invented_reads_it(live: Live) -> None:
    there = await (await walk(await live.owner())).say("/textos")
    await (await there.tap("💬 Renovação")).tap("👀 Ver pronto")

    assert "Ana Souza, alguém de exemplo, recebe assim:" in there.text
    assert "Ana, recebi seu pagamento" in there.text
    assert "👤 Ver com outro" not in there.labels


async def test_what_is_missing_is_said_with_the_button_that_fills_it_in(live: Live) -> None:
    there = await (await walk(await live.owner())).say("/textos")
    await (await there.tap("🟢 Cobrança")).tap("👀 Ver pronto")
    without_key, buttons = there.text, there.labels
    await there.tap("🔑 Cadastrar chave PIX")

    assert "Falta a sua chave PIX, o nome de quem recebe o PIX." in without_key
    assert "🔑 Cadastrar chave PIX" == buttons[0]
    assert "Qual é a sua chave PIX?" in there.text


async def test_a_value_of_the_client_that_is_missing_is_filled_in_on_the_spot(live: Live) -> None:
    there = await (await shop(live)).open(OpenPress(key=RENEWAL))
    await (await there.say("{nome}: {servidor}")).tap("💾 Salvar")
    await there.tap("👀 Ver pronto")
    missing = there.text
    await (await there.tap("✏️ Preencher o servidor")).say("Alfa")
    await (await there.tap("⬅️ Voltar")).tap("👀 Ver pronto")

    assert "Falta o servidor." in missing
    assert "Carla Dias: Alfa" in there.text


async def test_a_secret_is_covered_in_a_preview(live: Live) -> None:
    there = await shop(live)
    tenant = live.tenant(there.person)
    field = await tenant.ask(MakeOwnField("Senha", secret=True), deadline=SECONDS)
    client_id = await carla(live, there.person, name="Ana <b>", phone="+5511955500190")
    await tenant.ask(SetOwnValue(client_id, field.field_id, "x<k>29"), deadline=SECONDS)
    await there.open(OpenPress(key=RENEWAL))
    await (await there.say("{nome}: {senha}!")).tap("💾 Salvar")
    await there.open(PreviewPress(key=RENEWAL, client_id=client_id))

    assert "Ana <b>: x<k>29!" in there.text
    assert ["x<k>29"] == [
        there.text.encode("utf-16-le")[one["offset"] * 2 :][: one["length"] * 2].decode("utf-16-le")
        for one in there.shown["entities"]
        if one["type"] == "spoiler"
    ]


async def test_a_renewal_leads_to_its_text_and_back_to_the_client(live: Live) -> None:
    there = await shop(live)
    client_id = await carla(live, there.person, name="Ana Souza", phone="+5511955500190")
    await there.open(StartRenewal(client_id=client_id))
    await (await there.tap("25/12/2026")).tap("✏️ Mudar o texto")
    editor = there.text
    await there.tap("⬅️ Voltar")

    assert "recebi seu pagamento, obrigado!" in editor
    assert "Ana Souza" in there.text


async def test_settings_and_the_menu_lead_to_the_texts(live: Live) -> None:
    there = await (await walk(await live.owner())).tap("🏠 Ver o menu")
    await there.tap("📝 Textos")
    from_menu = there.text
    await (await (await there.tap("🏠 Início")).tap("🏠 Ver o menu")).tap("⚙️ Configurações")
    await there.tap("📝 Textos")

    assert "Textos das mensagens" in from_menu
    assert from_menu == there.text


@pytest.mark.parametrize(
    "pressed",
    [
        pytest.param(ShowText(key="g999"), id="one of nobody"),
        pytest.param(ShowText(key="nada"), id="no text at all"),
        pytest.param(ShowTextMessages(key="g999", group=TextGroup.WENT), id="its messages"),
        pytest.param(SavePress(key="g999", at=1), id="saving it"),
        pytest.param(EditorPress(key="cobranca", act=EditAct.UNDO, at=3), id="an editor of before"),
    ],
)
async def test_what_is_gone_leads_to_the_texts(live: Live, pressed: Any) -> None:
    there = await (await walk(await live.owner())).open(pressed)

    assert "Textos das mensagens" in there.text or "Cobrança, 1 dia de atraso" in there.text
    assert there.toast


@pytest.mark.parametrize(
    "pressed",
    [PreviewPress(key="nada"), DropTextPress(key="cobranca"), OpenPress(key="g999")],
    ids=str,
)
async def test_what_cannot_be_is_said(live: Live, pressed: Any) -> None:
    there = await (await walk(await live.owner())).open(pressed)

    assert "Não encontrado" in there.text
    assert "🏠 Início" in there.labels


async def test_a_double_press_of_a_variable_puts_it_in_once(live: Live) -> None:
    there = await editing(live)
    pressed = there.button("Valor")
    await there.press(pressed)
    once = there.text
    await there.press_again(pressed)

    assert "O texto mudou depois disso. Veja como está agora." == there.toast
    assert once.count("{valor}") == 2
