"""Walking through the clients as an owner does: what is seen, and what stands in the business."""

import pytest

from actors.messages.clients import DeleteClient, GetClient, GetClients
from actors.messages.tags import GetOwnFields, GetTags, MakeOwnField
from bot.screens.clients import words
from domain.client_list import ListPlace, Which
from tests.bot.chat import Shop, labels, press, say, screen, toast
from tests.bot.live import Live


@pytest.fixture
async def shop(shared_live: Live) -> Shop:
    """A signed-up business without clients."""
    return Shop(shared_live, await shared_live.owner())


async def test_the_first_look_teaches_and_samples_show_how_it_looks(shop: Shop) -> None:
    empty = await say(shop.owner, "/clientes")
    said = await toast(shop.owner, empty, words.SAMPLES_BUTTON)
    full = await screen(shop.owner)

    assert "Nenhum cliente ainda" in empty["text"]
    assert "Nada é enviado a eles" in said
    assert ["🔴 Exemplo: Ana Souza · 21/11"] in labels(full)


async def test_voltar_leads_to_the_same_page_of_the_same_filter(shop: Shop) -> None:
    for at in range(8):
        await shop.client(f"Cliente {at}", days=-at - 1)
    await shop.client("Em Dia", days=30)
    everybody = await say(shop.owner, "/clientes")
    overdue = await press(shop.owner, everybody, "🔴 8")
    second = await press(shop.owner, overdue, "›")
    card = await press(shop.owner, second, "🔴 Cliente 1")
    back = await press(shop.owner, card, "⬅️ Voltar")

    assert ["‹", "2/2"] in labels(second)
    assert "Venceu há 2 dias" in card["text"]
    assert (second["text"], second["buttons"]) == (back["text"], back["buttons"])
    assert [everybody["message_id"]] * 2 == [card["message_id"], back["message_id"]]


async def test_archiving_is_done_at_once_and_undone_by_a_touch(shop: Shop) -> None:
    client = await shop.client()
    card = await press(shop.owner, await say(shop.owner, "/clientes"), "🔴 Roberto Souza")
    away = await press(shop.owner, card, "🗂 Arquivar")
    then = await shop.ask(GetClient(client.client.id))
    undone = await press(shop.owner, away, "↩️ Desfazer até 10:52")
    now = await shop.ask(GetClient(client.client.id))
    back = await press(shop.owner, undone, "👤 Ver o cliente")

    assert [True, False] == [then.client.archived, now.client.archived]
    assert "Roberto Souza volta para a lista" in undone["text"]
    assert "🔴 Roberto Souza · 23/11/2026" in back["text"]


async def test_the_archived_are_found_under_more_and_taken_back(shop: Shop) -> None:
    await shop.client("Ana")
    await shop.client("Bia")
    card = await press(shop.owner, await say(shop.owner, "/clientes"), "🔴 Ana")
    await press(shop.owner, await press(shop.owner, card, "🗂 Arquivar"), "⬅️ Voltar")
    more = await press(shop.owner, await say(shop.owner, "/clientes"), "⋯ Mais")
    away = await press(shop.owner, more, "🗂 Arquivados · 1")
    card = await press(shop.owner, away, "🗂 Ana")
    back = await press(shop.owner, card, "🗂 Trazer de volta")

    assert "De volta à lista" in back["text"]
    assert (await shop.ask(GetClients(ListPlace(Which.ARCHIVED)))).total == 0


async def test_deleting_asks_once_and_shows_the_list_without_the_client(shop: Shop) -> None:
    await shop.client("Ana")
    await shop.client("Bia")
    card = await press(shop.owner, await say(shop.owner, "/clientes"), "🔴 Ana")
    asked = await press(shop.owner, card, "🗑 Apagar")
    said = await toast(shop.owner, asked, "🗑 Apagar de vez")
    left = await screen(shop.owner)

    assert "Isto não tem volta" in asked["text"]
    assert said == "Ana foi apagado."
    assert ["🔴 Bia · 23/11"] in labels(left)
    assert ["🔴 Ana · 23/11"] not in labels(left)


async def test_a_client_that_is_gone_leads_to_its_list_as_it_is_now(shop: Shop) -> None:
    client = await shop.client("Ana")
    await shop.client("Bia")
    await shop.client("Caio", days=20)
    overdue = await press(shop.owner, await say(shop.owner, "/clientes"), "🔴 2")
    card = await press(shop.owner, overdue, "🔴 Ana")
    await shop.ask(DeleteClient(client.client.id))
    said = await toast(shop.owner, card, "📜 Histórico")
    left = await screen(shop.owner)

    assert said == words.GONE
    assert "🔴 Em atraso · 1" in left["text"]
    assert ["🔴 Bia · 23/11"] in labels(left)


async def test_a_tag_is_made_from_the_card_put_on_and_filtered_by(shop: Shop) -> None:
    await shop.client("Ana")
    await shop.client("Bia")
    card = await press(shop.owner, await say(shop.owner, "/clientes"), "🔴 Ana")
    none = await press(shop.owner, card, "🏷 Etiquetas")
    await press(shop.owner, none, "➕ Nova etiqueta")
    colours = await say(shop.owner, "Prédio Ipê")
    switches = await press(shop.owner, colours, "🟣")
    again = await press(shop.owner, switches, "⬅️ Voltar")
    everybody = await press(shop.owner, again, "⬅️ Voltar")
    chosen = await press(shop.owner, everybody, "🏷")
    theirs = await press(shop.owner, chosen, "🟣 Prédio Ipê · 1")

    assert "Nenhuma etiqueta ainda" in none["text"]
    assert ["🟢 🟣 Prédio Ipê"] in labels(switches)
    assert "🏷 🟣 Prédio Ipê" in again["text"]
    assert "🏷 🟣 Prédio Ipê · 1" in theirs["text"]
    assert (["🔴 Ana · 23/11"] in labels(theirs), ["🔴 Bia · 23/11"] in labels(theirs)) == (
        True,
        False,
    )


async def test_a_tag_is_taken_off_renamed_dropped_and_brought_back(shop: Shop) -> None:
    client = await shop.client("Ana")
    tags = await press(shop.owner, await say(shop.owner, "/clientes"), "🏷")
    await press(shop.owner, tags, "➕ Nova etiqueta")
    made = await press(shop.owner, await say(shop.owner, "Ipê"), "🔵")
    renaming = await press(shop.owner, made, "✏️ Nome ou cor")
    colours = await press(shop.owner, renaming, "Deixar “Ipê”")
    renamed = await press(shop.owner, colours, "⭐")
    dropped = await press(shop.owner, renamed, "🗑 Apagar")
    gone = await shop.ask(GetTags())
    await press(shop.owner, dropped, "↩️ Desfazer")

    assert "🏷 ⭐ Ipê · 0 clientes" in renamed["text"]
    assert gone == ()
    assert ["Ipê"] == [one.tag.name for one in await shop.ask(GetTags())]
    assert (await shop.ask(GetClient(client.client.id))).tags == ()


async def test_a_secret_field_is_made_in_two_answers(shop: Shop) -> None:
    await shop.client("Ana")
    more = await press(shop.owner, await say(shop.owner, "/clientes"), "⋯ Mais")
    await press(shop.owner, await press(shop.owner, more, "🧩 Campos próprios"), "➕ Novo campo")
    secret = await say(shop.owner, "Senha")
    made = await press(shop.owner, secret, "🔒 Secreto")
    renaming = await press(shop.owner, made, "✏️ Mudar o nome")
    taken = await say(shop.owner, "nome")

    assert "Nos textos: {senha}" in made["text"]
    assert "Como o campo se chama?" in renaming["text"]
    assert "{nome} já existe nos textos" in taken["text"]
    assert [("Senha", True)] == [(own.name, own.secret) for own in await shop.ask(GetOwnFields())]


async def test_a_field_that_a_text_uses_stays_and_the_owner_reads_why(shop: Shop) -> None:
    field = await shop.ask(MakeOwnField("usuario"))
    async with shop.live.database.tenant(shop.owner.chat_id) as tx:
        await tx.execute(
            """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
               VALUES ($1, 'renovacao', 'Acesso', 'Oi {usuario}', true, now(), now())""",
            shop.owner.chat_id,
        )
    more = await press(shop.owner, await say(shop.owner, "/clientes"), "⋯ Mais")
    fields = await press(shop.owner, more, "🧩 Campos próprios")
    one = await press(shop.owner, fields, "usuario")
    kept = await press(shop.owner, one, "🗑 Apagar")

    assert "“Acesso” usa {usuario}" in kept["text"]
    assert (field,) == await shop.ask(GetOwnFields())
