"""Everything typed is welcome anywhere: what each text, line, list or contact leads to (law 12)."""

from typing import Any

import pytest

from actors.messages.clients import GetClients
from domain.client_list import ListPlace
from tests.bot.chat import Shop, labels, press, say, screen, styles
from tests.bot.live import Live

LINE = "João Silva 11 98888-7777 mensal 35 dia 10"
LIST = f"{LINE}\nAna Alves 11 97777-6666 60 dia 5\nBia 11 96666-5555\n\nsó um nome"


@pytest.fixture
async def shop(shared_live: Live) -> Shop:
    """A business with three clients."""
    shop = Shop(shared_live, await shared_live.owner())
    await shop.client("Roberto Souza", phone="+5511955500187")
    await shop.client("Ana Souza Lima", 2, phone="+551187654321", server="Torre Vila")
    await shop.client("Pedro Prado", 17, phone="+5511955500163")
    return shop


async def names(shop: Shop, search: str) -> list[str]:
    """Who of the business matches."""
    view = await shop.ask(GetClients(ListPlace(search=search)))
    return [row.name for row in view.rows]


async def test_a_piece_of_a_name_finds_in_the_rows_of_the_list(shop: Shop) -> None:
    found = await say(shop.owner, "SOUZ")

    assert "🔎 “souz”: 2 clientes" in found["text"]
    assert [["🔴 Roberto Souza · 23/11"], ["🟡 Ana Souza Lima · 27/11"]] == labels(found)[:2]
    assert {} == styles(found)


@pytest.mark.parametrize("typed", ["torre", "/buscar vila", "8765", "/buscar ana souza"])
async def test_a_server_or_a_piece_of_a_phone_finds_too(shop: Shop, typed: str) -> None:
    assert [["🟡 Ana Souza Lima · 27/11"]] == labels(await say(shop.owner, typed))[:1]


async def test_the_question_is_answered_and_voltar_leads_to_the_list(shop: Shop) -> None:
    asked = await say(shop.owner, "/buscar")
    found = await say(shop.owner, "prado")
    back = await press(shop.owner, found, "⬅️ Voltar")

    assert "Quem você procura?" in asked["text"]
    assert [["🟢 Pedro Prado · 12/12"]] == labels(found)[:1]
    assert "Todos os clientes · 3" in back["text"]


async def test_whom_nobody_knows_can_be_registered_by_a_touch(shop: Shop) -> None:
    nobody = await say(shop.owner, "Juliana <Prado>")
    form = await press(shop.owner, nobody, "➕ Cadastrar “Juliana <Prado>”")

    assert "“Juliana <Prado>”: ninguém" in nobody["text"]
    assert "👤 Juliana <Prado>" in form["text"]
    assert len([label for row in labels(nobody) for label in row]) == 4


async def test_a_question_is_no_name_to_register(shop: Shop) -> None:
    answer = await say(shop.owner, "bom dia, tudo bem?")

    assert "Não achei ninguém, e não sei o que fazer com isso." in answer["text"]
    assert ["➕ Cadastrar um cliente"] == labels(answer)[0]


async def test_an_archived_client_is_found_where_nobody_else_is(shop: Shop) -> None:
    card = await press(shop.owner, await say(shop.owner, "prado"), "🟢 Pedro Prado")
    await press(shop.owner, card, "🗂 Arquivar")

    assert ["🗂 Pedro Prado · 12/12"] in labels(await say(shop.owner, "prado"))


async def test_a_line_that_reads_as_a_registration_fills_in_the_form(shop: Shop) -> None:
    form = await say(shop.owner, LINE)

    assert "João Silva" in form["text"]
    assert "R$ 35,00" in form["text"]
    assert "Qual é o servidor?" in form["text"]


@pytest.mark.parametrize("line", [LINE, LINE.replace(" mensal", "\nmensal")])
async def test_novo_takes_a_line_along(shop: Shop, line: str) -> None:
    assert "Qual é o servidor?" in (await say(shop.owner, f"/novo {line}"))["text"]


async def test_novo_alone_asks_from_the_beginning(shop: Shop) -> None:
    assert "passo 1" in (await say(shop.owner, "/novo"))["text"]


async def test_a_phone_in_use_names_who_has_it(shop: Shop) -> None:
    found = await say(shop.owner, "(11) 98765-4321")

    assert "📱 (11) 98765-4321 é de 1 cliente" in found["text"]
    assert [["🟡 Ana Souza Lima · 27/11"], ["➕ Cadastrar com este celular"]] == labels(found)[:2]


async def test_a_phone_nobody_has_can_be_registered(shop: Shop) -> None:
    free = await say(shop.owner, "11 98888-7777")
    form = await press(shop.owner, free, "➕ Cadastrar com este celular")

    assert "Nenhum cliente seu tem este celular" in free["text"]
    assert "Como o cliente se chama?" in form["text"] or "nome" in form["text"]


async def test_what_cannot_be_read_says_why_and_offers_what_can_be_done(shop: Shop) -> None:
    shown = await say(shop.owner, "Zeca 119888877")

    assert shown["text"].startswith("🤔 ")
    assert ["➕ Cadastrar um cliente"] in labels(shown)


@pytest.mark.parametrize("typed", ["🙂", ":", "?!"])
async def test_what_means_nothing_gets_the_likeliest_next_steps(shop: Shop, typed: str) -> None:
    shown = await say(shop.owner, typed)

    assert [
        ["➕ Cadastrar um cliente"],
        ["🔎 Buscar de novo", "👥 Meus clientes"],
        ["🏠 Início"],
    ] == labels(shown)


async def test_a_pasted_list_is_shown_before_it_is_saved(shop: Shop) -> None:
    shown = await say(shop.owner, LIST)

    assert "Achei 2 clientes para cadastrar" in shown["text"]
    assert "2 linhas em dúvida" in shown["text"]
    assert "3. “Bia 11 96666-5555”: Faltam o valor e o vencimento." in shown["text"]
    assert [] == await names(shop, "joao")
    assert {"✅ Cadastrar os 2": "primary"} == styles(shown)


async def test_a_pasted_list_pressed_twice_is_each_client_once(shop: Shop) -> None:
    shown = await say(shop.owner, LIST)
    done = await press(shop.owner, shown, "✅ Cadastrar os 2")
    await shop.owner.press_old(shown, shown["buttons"][0][0]["callback_data"])
    saved = [await names(shop, name) for name in ("joao", "alves", "bia")]

    assert "2 clientes cadastrados" in done["text"]
    assert [["João Silva"], ["Ana Alves"], []] == saved


async def test_more_lines_than_can_be_looked_at_are_a_sheet(shop: Shop) -> None:
    shown = await say(shop.owner, "\n".join([LINE] * 21))

    assert "mande uma planilha" in shown["text"]


async def test_one_client_over_several_lines_is_one(shop: Shop) -> None:
    form = await say(shop.owner, LINE.replace(" 11", "\n11").replace(" 35", "\n35"))

    assert "Qual é o servidor?" in form["text"]


async def test_a_shared_contact_is_the_card_of_who_has_the_number(shop: Shop) -> None:
    shop.owner.share("+5511955500187", "Beto")

    assert "🔴 Roberto Souza · 23/11/2026" in (await screen(shop.owner))["text"]


async def test_a_shared_contact_nobody_knows_opens_the_form(shop: Shop) -> None:
    shop.owner.share("11 98888-7777", "Juliana", "Prado")
    form = await screen(shop.owner)

    assert "Juliana Prado" in form["text"]
    assert "Qual é o plano?" in form["text"]


async def test_who_is_typed_after_the_bots_name_is_found_and_chosen(shop: Shop) -> None:
    await say(shop.owner, "/clientes")
    offered = await shop.owner.search("souz")
    shop.owner.choose(offered["results"][0])
    card = await screen(shop.owner)

    assert ["🔴 Roberto Souza · 23/11", "🟡 Ana Souza Lima · 27/11"] == [
        one["title"] for one in offered["results"]
    ]
    assert "Venceu há 2 dias" in card["text"]


@pytest.mark.parametrize("typed", ["/ver 999999", "/ver_99999999999999999999999"])
async def test_who_is_not_there_shows_the_list(shop: Shop, typed: str) -> None:
    assert "Todos os clientes · 3" in (await say(shop.owner, typed))["text"]


async def test_nothing_of_another_business_is_found(shop: Shop) -> None:
    other: Any = Shop(shop.live, await shop.live.owner("Outra"))
    mine = (await shop.ask(GetClients())).rows[0].client_id

    assert "ninguém" in (await say(other.owner, "souza"))["text"]
    assert "Nenhum cliente ainda" in (await say(other.owner, f"/ver_{mine}"))["text"]
