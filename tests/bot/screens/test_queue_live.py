"""The queue as an owner walks through it: real bot, real tenant, real rows (E7, J7, E3b, B2)."""

from datetime import timedelta

from actors.messages.queue import PlanNow
from bot.screens.today.buttons import ActPress, BillPress, ShowMessage
from domain.queue_acts import QueueAct
from storage import tenants
from storage.tenants import CompanyDetails
from tests.bot.chat import Shop, labels, press, say, screen, styles, toast
from tests.bot.live import NOW, Live

PIX = CompanyDetails(company="TV", pix_key="rita@tv.example", pix_beneficiary="Rita")


async def shop_of(live: Live, **clients: int) -> Shop:
    """An owner with these clients, each due in so many days."""
    shop = Shop(live, await live.owner())
    async with live.database.tenant(shop.owner.chat_id) as tx:
        await tenants.set_company(tx, PIX)
    for number, (name, days) in enumerate(clients.items()):
        await shop.client(name, days, phone=f"+55119555{number:05d}")
    return shop


async def states(shop: Shop) -> list[str]:
    async with shop.live.database.tenant(shop.owner.chat_id) as tx:
        rows = await tx.fetch("SELECT state FROM messages ORDER BY id")
    return [row["state"] for row in rows]


async def test_a_message_is_looked_at_sent_first_cancelled_and_taken_back(live: Live) -> None:
    shop = await shop_of(live, Ana=-1, Bia=-1)
    queue = await say(shop.owner, "/fila")
    assert ["🕒 Ana · 24/11"] in labels(queue)

    message = await press(shop.owner, queue, "🕒 Bia")
    assert "Vai receber assim" in message["text"]
    first = await press(shop.owner, message, "📤 Mandar agora")
    gone = await press(shop.owner, first, "🚫 Cancelar esta")
    assert "Não vai mais" in gone["text"]
    assert ["queued", "cancelled"] == await states(shop)
    await press(shop.owner, gone, "↩️ Desfazer")

    assert ["queued", "queued"] == await states(shop)


async def test_what_was_sent_meanwhile_is_said_and_shown_as_it_is(live: Live) -> None:
    shop = await shop_of(live, Ana=-1)
    message = await press(shop.owner, await say(shop.owner, "/fila"), "🕒 Ana")
    async with live.database.tenant(shop.owner.chat_id) as tx:
        await tx.execute("UPDATE messages SET state = 'sent', attempt = 1, sent_at = $1", NOW)
    said = await toast(shop.owner, message, "🚫 Cancelar esta")
    shown = await shop.owner.read()

    assert "Essa mensagem já saiu." == said
    assert "✔️ Saiu · ✔️ 10:42" in shown["text"]
    assert ["sent"] == await states(shop)


async def test_all_is_stopped_and_goes_on_by_the_one_blue_button(live: Live) -> None:
    shop = await shop_of(live, Ana=-1)
    stopped = await press(shop.owner, await say(shop.owner, "/fila"), "⏸ Parar")
    assert stopped["text"].startswith("⏸ Você parou os envios às 10:42")
    assert "primary" == styles(stopped)["▶️ Voltar a enviar"]
    live.clock.move_to(NOW + timedelta(hours=2, minutes=5))
    again = await say(shop.owner, "/fila")
    assert "há 2 horas" in again["text"]
    goes = await press(shop.owner, again, "▶️ Voltar a enviar")

    assert "Você parou" not in goes["text"]


async def test_what_a_message_lacks_is_filled_in_from_the_blue_button(live: Live) -> None:
    shop = await shop_of(live)
    await shop.client("Tiago Melo", -1, price=None)
    shop.owner.say("/fila")
    queue = await screen(shop.owner)
    while "Fila de hoje" not in queue["text"]:  # what is missing is told by itself as well
        queue = await screen(shop.owner)
    assert ["✍️ Tiago Melo · 24/11 · falta o valor"] in labels(queue)
    await press(shop.owner, queue, "✍️ Tiago Melo")
    await say(shop.owner, "80")

    assert ["queued"] == await states(shop)


async def test_the_question_about_the_unbilled_is_answered_once(live: Live) -> None:
    shop = await shop_of(live, Ana=-3, Bia=-3)
    queue = await say(shop.owner, "/fila")
    question = await press(shop.owner, queue, "⚠️ 2")
    one = await press(shop.owner, question, "☑️ Bia")
    assert "Marcados: 1 de 2" in one["text"]
    done = await press(shop.owner, one, "📤 Cobrar o marcado")
    assert "1 cobrança entrou na fila de hoje" in done["text"]
    twice = [row[0] for row in one["buttons"] if row[0]["text"].startswith("📤")]
    await shop.owner.press_old(one, twice[0]["callback_data"])

    assert ["queued"] == await states(shop)
    left = await press(shop.owner, done, "⚠️ 1 sem cobrança")
    none = await press(shop.owner, left, "🙅 Nenhum")
    back = await press(shop.owner, none, "↩️ Desfazer")
    assert "de novo na lista" in back["text"]


async def test_a_day_to_come_is_opened_by_its_counts_and_by_a_typed_date(live: Live) -> None:
    shop = await shop_of(live, Ana=0, Bia=3)
    tomorrow = await press(shop.owner, await say(shop.owner, "/fila"), "🔮 Amanhã")
    assert "Venceram em 25/11: 1" in tomorrow["text"]
    listed = await press(shop.owner, tomorrow, "🔴 1")
    assert labels(listed)[0][0].startswith("🔴 Ana · 25/11")
    text = await press(shop.owner, await press(shop.owner, listed, "⬅️ Voltar"), "👀 Ler o texto")
    assert "Ana" in text["text"]
    await press(shop.owner, await press(shop.owner, text, "⬅️ Voltar"), "📅 Outro dia")
    wrong = await say(shop.owner, "ontem")
    assert "de amanhã em diante" in wrong["text"]
    typed = await say(shop.owner, "29/11")

    assert "domingo, 29/11" in typed["text"]
    assert ["🔴 1"] == labels(typed)[0]


async def test_another_owners_messages_are_not_found_and_not_touched(live: Live) -> None:
    """B2: another tenant's id in a button answers “não encontrado”, and changes nothing."""
    shop, other = await shop_of(live, Ana=-1), await shop_of(live, Eva=-1)
    async with live.database.tenant(shop.owner.chat_id) as tx:
        theirs = await tx.fetchval("SELECT id FROM messages")
    queue = await say(other.owner, "/fila")
    for pressed in (
        ShowMessage(message_id=theirs),
        *(ActPress(act=act, message_id=theirs) for act in QueueAct),
    ):
        answer = await other.owner.press_old(queue, pressed.pack())
        assert "Não encontrei" in (answer or {})["text"]
    await other.owner.press_old(queue, BillPress(seal="0123456789ab").pack())
    await other.ask(PlanNow())

    assert (["queued"], ["queued"]) == (await states(shop), await states(other))
