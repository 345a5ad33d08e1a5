"""What an owner does about a reply: answers, reminds of a promise, confirms a payment (E12, J3)."""

from actors.messages.replies import GetReplies, RepliesCame
from domain.replies import ReplyKind
from tests.bot.chat import labels, press, say, screen, styles
from tests.bot.live import Live
from tests.bot.screens.writing import outbox, rows, sent, settings, shop_of, writes
from tests.bot.support import buttons


async def test_an_answer_is_shown_before_it_goes_and_its_way_on_the_card(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "oi, tudo bem?")
    asked = await press(shop.owner, await screen(shop.owner), "💬 Responder")
    preview = await say(shop.owner, "Tudo, Roberto!")
    card = await press(shop.owner, preview, "📤 Mandar agora")
    again = await press(shop.owner, card, "💬 Responder")

    assert "O que você quer responder?" in asked["text"]
    assert "<blockquote>Tudo, Roberto!</blockquote>" in preview["html"]
    assert "Você: Tudo, Roberto!\n🕒 na fila às 10:42" in card["text"]
    assert "O que você quer responder?" in again["text"]
    assert [("geral", "queued", False)] == await outbox(shop)
    assert 0 == (await shop.ask(GetReplies())).total


async def test_how_far_an_answer_came_is_seen_on_its_card(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "oi, tudo bem?")
    await press(shop.owner, await screen(shop.owner), "💬 Responder")
    card = await press(shop.owner, await say(shop.owner, "Tudo!"), "📤 Mandar agora")
    [(whatsapp_id,)] = await rows(shop, "whatsapp_id", "messages")
    await sent(shop, whatsapp_id)
    await live.tenant(shop.owner).tell(RepliesCame())
    ticked = await screen(shop.owner)

    assert card["message_id"] == ticked["message_id"]
    assert "👀 lida às" in ticked["text"]


async def test_a_promise_becomes_one_message_of_its_day_however_often_it_is_pressed(
    live: Live,
) -> None:
    shop = await shop_of(live)
    await writes(shop, "sexta eu pago")
    card = await screen(shop.owner)
    done = await press(shop.owner, card, "🤝 Lembrar sexta, 27/11")
    back = await press(shop.owner, done, "⬅️ Voltar")
    await shop.owner.press_old(card, buttons(card)["🤝 Lembrar sexta, 27/11"])

    assert "Lembrete marcado: sexta, 27/11, às 09:00" in done["text"]
    assert "🕒 Sai sexta, 27/11, às 09:00" in back["text"]
    assert [("waiting",)] == await rows(shop, "state", "scheduled_messages")


async def test_who_leaves_gets_nothing_that_was_scheduled(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "sexta eu pago")
    await press(shop.owner, await screen(shop.owner), "🤝 Lembrar sexta, 27/11")
    await writes(shop, "sair")
    await screen(shop.owner)

    assert [("cancelled", "opted_out")] == await rows(shop, "state, reason", "scheduled_messages")


async def test_a_day_is_asked_for_a_promise_made_by_voice(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "", kind=ReplyKind.AUDIO)
    await press(shop.owner, await screen(shop.owner), "🤝 Prometeu pagar")
    again = await say(shop.owner, "ontem")
    done = await say(shop.owner, "dia 5")

    assert "Escolha um dia de amanhã em diante" in again["text"]
    assert "Lembrete marcado: sábado, 05/12" in done["text"]


async def test_why_no_reminder_can_be_marked_is_told_at_every_press(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "", kind=ReplyKind.AUDIO)
    asked = await press(shop.owner, await screen(shop.owner), "🤝 Prometeu pagar")
    await writes(shop, "sair")
    await screen(shop.owner)
    tomorrow = buttons(asked)["26/11 · amanhã"]
    told = [await shop.owner.press_old(asked, tomorrow) for _ in range(2)]

    texts = [(one or {}).get("text") for one in told]
    assert ["O cliente respondeu SAIR e não recebe mais mensagens."] * 2 == texts


async def test_the_hours_of_silence_are_changed_and_turned_off(live: Live) -> None:
    shop = await shop_of(live)
    await say(shop.owner, "/menu")
    quiet = await press(shop.owner, await settings(shop), "🌙 Horas de silêncio")
    off = await press(shop.owner, quiet, "🟢 Silêncio ligado")
    await press(shop.owner, off, "🕙 Mudar os horários")
    await say(shop.owner, "22h")
    same = await say(shop.owner, "22:00")
    changed = await say(shop.owner, "8h")

    assert "Das 22:00 às 07:00" in quiet["text"]
    assert "Desligado" in off["text"]
    assert "horas diferentes" in same["text"]
    assert "Das 22:00 às 08:00" in changed["text"]


async def test_the_owner_confirms_a_payment_out_of_the_card_and_comes_back_to_it(
    live: Live,
) -> None:
    shop = await shop_of(live)
    await writes(shop, "paguei")
    choices = await press(shop.owner, await screen(shop.owner), "✅ Recebi, renovar")
    done = await press(shop.owner, choices, "25/12/2026")
    client = await press(shop.owner, done, "👤 Ver Roberto")
    card = await press(shop.owner, client, "⬅️ Voltar")

    assert "R$ 79,90" in done["text"]
    assert "Roberto Souza · 🟢 25/12 respondeu" in card["text"]
    assert {} == styles(card)
    assert 0 == (await shop.ask(GetReplies())).total


async def test_only_marking_it_paid_leaves_the_due_date(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "paguei")
    asked = await press(shop.owner, await screen(shop.owner), "💰 Só marcar pago")
    done = await press(shop.owner, asked, "R$ 79,90")
    card = await press(shop.owner, done, "⬅️ Voltar")

    assert "Roberto Souza · 🔴 23/11 respondeu" in card["text"]
    assert "Já resolvi" not in str(labels(card))


async def test_what_is_written_after_a_renewal_is_a_card_of_its_own(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "paguei")
    card = await screen(shop.owner)
    choices = await press(shop.owner, card, "✅ Recebi, renovar")
    done = await press(shop.owner, choices, "25/12/2026")
    await writes(shop, "obrigado!")
    again = await screen(shop.owner)

    assert again["message_id"] > done["message_id"]
    assert "paguei" not in again["text"]
    assert {"💬 Responder": "primary"} == styles(again)
