"""The owner's data and business, as the owner meets them (I9, H4, A6)."""

import json
from datetime import timedelta

import pytest

from actors.messages.company import GetCompany
from actors.messages.sheets import PreviewImport
from domain.company import CompanyField
from domain.trail import is_yes_to_erase, told
from tests.bot.chat import Shop, labels, press, say, screen
from tests.bot.live import NOW, Live


@pytest.fixture
async def shop(live: Live) -> Shop:
    """A signed-up business with one client."""
    made = Shop(live, await live.owner())
    await made.client()
    return made


async def test_everything_is_taken_out_as_json(shop: Shop) -> None:
    data = await press(shop.owner, await say(shop.owner, "/conta"), "🗄 Meus dados")
    handed = await press(shop.owner, data, "🧾 Levar tudo em JSON")
    tables = json.loads(shop.owner.document(handed))["tabelas"]

    assert [row["name"] for row in tables["clients"]] == ["Roberto Souza"]
    assert "chaves do seu WhatsApp" in handed["caption"]


async def test_everything_is_taken_out_as_a_sheet_that_is_read_back(shop: Shop) -> None:
    data = await press(shop.owner, await say(shop.owner, "/conta"), "🗄 Meus dados")
    handed = await press(shop.owner, data, "📗 Levar tudo em Excel")
    review = await shop.ask(PreviewImport("tudo.xlsx", shop.owner.document(handed)))

    assert (review.new, review.known, review.bad) == (0, 1, 0)


async def test_the_data_can_be_taken_out_once_access_is_over(live: Live, shop: Shop) -> None:
    live.clock.move_to(NOW + timedelta(days=9))
    data = await press(shop.owner, await say(shop.owner, "/conta"), "🗄 Meus dados")

    assert ["🧾 Levar tudo em JSON"] in labels(data)


async def test_who_did_what_is_told(shop: Shop) -> None:
    data = await press(shop.owner, await say(shop.owner, "/conta"), "🗄 Meus dados")
    trail = await press(shop.owner, data, "📜 Quem fez o quê")

    assert "25/11 10:42 · Você cadastrou um cliente" in trail["text"]


async def test_only_the_word_itself_erases_and_then_nothing_is_left(shop: Shop) -> None:
    data = await press(shop.owner, await say(shop.owner, "/conta"), "🗄 Meus dados")
    asked = await press(shop.owner, data, "🗑 Apagar minha conta")
    again = await say(shop.owner, "apagar o Roberto")
    gone = await say(shop.owner, "Apagar")
    begun = await press(shop.owner, gone, "👋 Começar de novo")

    assert "• <b>1</b> cliente\n" in asked["html"]
    assert "escreva só a palavra APAGAR" in again["text"]
    assert "Apaguei tudo" in gone["text"]
    assert "pergunta 1 de 3" in begun["text"]


async def test_an_erased_account_can_begin_anew(shop: Shop) -> None:
    data = await press(shop.owner, await say(shop.owner, "/conta"), "🗄 Meus dados")
    await press(shop.owner, data, "🗑 Apagar minha conta")
    await say(shop.owner, "APAGAR")
    for answer in ("/start", "Rita Prado", "rita@exemplo.com"):
        await say(shop.owner, answer)
    shop.owner.say("11 95550-0142")
    home = await screen(shop.owner)
    while "🏪" not in home["text"]:
        home = await screen(shop.owner)

    assert "Faltam" in home["text"]


async def test_who_begins_anew_after_the_trial_is_led_to_pay_not_to_another(
    live: Live, shop: Shop
) -> None:
    live.clock.move_to(NOW + timedelta(days=9))
    data = await press(shop.owner, await say(shop.owner, "/conta"), "🗄 Meus dados")
    await press(shop.owner, data, "🗑 Apagar minha conta")
    await say(shop.owner, "APAGAR")
    for answer in ("/start", "Rita Prado", "rita@exemplo.com"):
        await say(shop.owner, answer)
    over = await say(shop.owner, "11 95550-0142")

    assert "Seu acesso terminou em 02/12/2026" in over["text"]
    assert ["💳 Gerar PIX e voltar"] in labels(over)


async def test_the_business_is_told_field_by_field_and_taken_out(shop: Shop) -> None:
    settings = await press(shop.owner, await say(shop.owner, "/menu"), "🏠 Ver o menu")
    company = await press(
        shop.owner, await press(shop.owner, settings, "⚙️ Configurações"), "🏪 Minha empresa"
    )
    await press(shop.owner, company, "✏️ Nome do negócio")
    named = await say(shop.owner, "  Conecta\u200b Bairro ")
    await press(shop.owner, named, "✏️ Nome do negócio")
    told_now = (await shop.ask(GetCompany())).values[CompanyField.COMPANY]
    emptied = await press(shop.owner, await say(shop.owner, "😀"), "🧹 Deixar em branco")

    assert told_now == "Conecta Bairro"
    assert "🏪 Nome: Conecta Bairro" in named["text"]
    assert "🏪 Nome: em branco" in emptied["text"]


@pytest.mark.parametrize("text", ["APAGAR", " apagar. ", "“Apagar”", "apagar!"])
def test_the_word_is_taken_however_it_is_written(text: str) -> None:
    assert is_yes_to_erase(text)


@pytest.mark.parametrize("text", ["não apagar", "apagar tudo", "", "apague"])
def test_nothing_else_is_the_word(text: str) -> None:
    assert not is_yes_to_erase(text)


def test_what_a_later_version_noted_is_told_as_some_change() -> None:
    assert told("owner", "teleport", "client 3", {}) == "Você fez uma mudança"


@pytest.mark.parametrize(
    ("action", "subject", "sentence"),
    [
        ("queue", "stopped", "Você parou os envios"),
        ("queue", "cancel_all message 7", "Você cancelou as mensagens de um cliente"),
        ("edit", "text cobranca", "Você mudou um texto"),
        ("bill late", "3 clients", "Você cobrou quem tinha ficado sem cobrança"),
        ("by_hand", "make 5", "Você escreveu uma mensagem"),
        ("schedule", "send_at, sundays", "Você mudou os horários ou o que sai sozinho"),
        (
            "client wrote leave",
            "client 3",
            "O EmDia não manda mais a um cliente, que escreveu SAIR",
        ),
    ],
)
def test_each_act_is_told_in_its_words(action: str, subject: str, sentence: str) -> None:
    assert sentence == told("owner", action, subject, {})


def test_an_import_says_how_many_are_new() -> None:
    assert told("owner", "import", "import 3", {"added": 2}).endswith("planilha: 2 novos")
