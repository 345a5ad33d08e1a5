"""Desfazer in time, too late and after a restart; a pasted list after a restart (law 6, H2)."""

from datetime import timedelta

from actors.messages.clients import GetClient, GetClients
from playground.telegram import TelegramStandIn
from storage.database import Database
from tests.bot.chat import Shop, labels, press, say
from tests.bot.live import NOW, living

LIST = "João Silva 11 98888-7777 mensal 35 dia 10\nAna Alves 11 97777-6666 60 dia 5"


async def test_undoing_too_late_changes_nothing_and_says_so(
    stand_in: TelegramStandIn, database: Database
) -> None:
    async with living(stand_in, database) as live:
        shop = Shop(live, await live.owner())
        client = await shop.client()
        card = await press(shop.owner, await say(shop.owner, "/clientes"), "🔴 Roberto")
        away = await press(shop.owner, card, "🗂 Arquivar")
        live.clock.move_to(NOW + timedelta(minutes=11))
        late = await press(shop.owner, away, "↩️ Desfazer")

        assert "Já passou o tempo de desfazer" in late["text"]
        assert ["⬅️ Voltar", "🏠 Início"] in labels(late)
        assert (await shop.ask(GetClient(client.client.id))).client.archived


async def test_a_restart_forgets_neither_an_undo_nor_a_pasted_list(
    stand_in: TelegramStandIn, database: Database
) -> None:
    async with living(stand_in, database) as live:
        before = Shop(live, await live.owner())
        client = await before.client()
        card = await press(before.owner, await say(before.owner, "/clientes"), "🔴 Roberto")
        away = await press(before.owner, card, "🗂 Arquivar")
        pasted = await say(before.owner, LIST)
    async with living(stand_in, database) as live:
        after = Shop(live, before.owner)
        done = await press(after.owner, pasted, "✅ Cadastrar os 2")
        await after.owner.press_old(away, away["buttons"][0][0]["callback_data"])

        assert "2 clientes cadastrados" in done["text"]
        assert (await after.ask(GetClients())).total == 3
        assert not (await after.ask(GetClient(client.client.id))).client.archived
