"""What a client writes back: one card that grows, who leaves, and the hours of silence (F8, J3)."""

from datetime import timedelta

import pytest

from actors.messages.account import GetAccess
from actors.messages.clients import ArchiveClient, DeleteClient, GetClient
from actors.messages.replies import GetReplies, RepliesCame
from actors.messages.subscription import AccessChanged
from domain.replies import ReplyKind
from storage import whatsapp_numbers
from tests.bot.chat import Shop, labels, press, say, screen, styles
from tests.bot.live import NOW, Live
from tests.bot.screens.writing import PHONE, outbox, rows, shop_of, writes


async def test_paguei_makes_a_card_to_confirm_and_renews_nothing(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "paguei")
    card = await screen(shop.owner)

    assert "<blockquote>paguei</blockquote>" in card["html"]
    assert {"✅ Recebi, renovar": "success"} == styles(card)
    assert [
        ["✅ Recebi, renovar"],
        ["💬 Responder", "🤝 Prometeu pagar"],
        ["💰 Só marcar pago", "✏️ Outro valor"],
        ["👤 Ver cliente", "☑️ Já resolvi"],
        ["🏠 Início"],
    ] == labels(card)


async def test_what_comes_more_is_added_to_the_card_and_a_flood_is_one_change(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "oi")
    card = await screen(shop.owner)
    await writes(shop, *(f"mensagem {number}" for number in range(1, 51)))
    grown = await screen(shop.owner)

    assert card["message_id"] == grown["message_id"]
    assert "<i>45 mensagens antes</i>" in grown["html"]
    assert "<blockquote>mensagem 50</blockquote>" in grown["html"]


async def test_a_redelivered_message_changes_nothing(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "oi", message_id="SAME")
    await screen(shop.owner)
    await writes(shop, "oi", message_id="SAME")
    replies = await shop.ask(GetReplies())

    assert (1, 1) == (replies.total, len(shop.owner.sees()) - 2)


async def test_a_card_far_up_is_left_for_a_new_one_at_the_bottom(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "oi")
    card = await screen(shop.owner)
    await say(shop.owner, "/menu")
    await writes(shop, "tudo bem?")
    again = await screen(shop.owner)

    assert again["message_id"] > card["message_id"]
    assert [] == (await shop.owner.left(card))["buttons"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 10_000, id="10,000 letters"),
        pytest.param("🙂" * 3_000, id="emoji"),
        pytest.param("\u202eoirartnoc oa otircse\u202c " * 99, id="right to left"),
        pytest.param("<b>não</b> & </blockquote>\n" * 200, id="markup"),
        pytest.param("oi\0 \ud800", id="what no database takes"),
    ],
)
async def test_whatever_is_written_makes_a_card(live: Live, text: str) -> None:
    shop = await shop_of(live)
    await writes(shop, text)
    card = await screen(shop.owner)

    assert "💬 Responder" in str(labels(card))
    assert "\u202e" not in card["text"]


async def test_a_file_is_told_by_its_kind_its_name_and_its_size(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "", kind=ReplyKind.PDF, name="comprovante.pdf")
    card = await screen(shop.owner)

    assert "📄 PDF “comprovante.pdf” (47 KB) · às 10:42" in card["text"]
    assert {"✅ Recebi, renovar": "success"} == styles(card)


async def test_an_edit_and_a_deletion_change_what_the_card_says(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "paguei onten", message_id="A")
    await screen(shop.owner)
    await writes(shop, "paguei ontem", about="A")
    edited = await screen(shop.owner)
    await writes(shop, "", about="A", kind=ReplyKind.DELETED)
    deleted = await screen(shop.owner)

    assert "<blockquote>paguei ontem</blockquote>" in edited["html"]
    assert "🗑 Apagou uma mensagem" in deleted["text"]
    assert "paguei" not in deleted["text"]


async def test_a_stranger_is_not_shown_and_not_kept(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "oi, quanto custa?", phone="5511977770000")
    replies = await shop.ask(GetReplies())

    assert (0, []) == (replies.total, await rows(shop, "body", "whatsapp_incoming"))


async def test_the_number_without_the_ninth_digit_is_the_clients(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "oi", phone="551188880001")

    assert "Roberto Souza" in (await screen(shop.owner))["text"]


async def test_an_account_is_the_clients_for_whom_whatsapp_answered_with_it(live: Live) -> None:
    shop = await shop_of(live)
    async with live.database.tenant(shop.owner.chat_id) as tx:
        await whatsapp_numbers.keep(
            tx, f"+{PHONE}", jid=f"{PHONE}@s.whatsapp.net", lid="77@lid", now=live.clock.now()
        )
    await writes(shop, "oi", lid="77@lid")

    assert "Roberto Souza" in (await screen(shop.owner))["text"]


async def test_several_clients_on_one_phone_are_named_and_chosen(live: Live) -> None:
    shop = await shop_of(live)
    await shop.client(name="Ana Souza", phone=f"+{PHONE}", days=3)
    await writes(shop, "paguei")
    card = await screen(shop.owner)
    chosen = await press(shop.owner, card, "🟡 Ana Souza")

    assert "De quem é?" in card["text"]
    assert [["🔴 Roberto Souza · 23/11"], ["🟡 Ana Souza · 28/11"]] == labels(card)[:2]
    assert "Ana Souza" in chosen["text"]
    assert {"✅ Recebi, renovar": "success"} == styles(chosen)


async def test_sair_alone_leaves_once_and_voltar_comes_back(live: Live) -> None:
    shop = await shop_of(live)
    other = await shop.client(name="Ana Souza", phone=f"+{PHONE}", days=3)
    await writes(shop, "vou sair agora")
    await screen(shop.owner)
    before = (await shop.ask(GetClient(other.client.id))).client.opted_out
    await writes(shop, "SAIR!", "sair")
    left = await screen(shop.owner)
    gone = (await shop.ask(GetClient(other.client.id))).client.opted_out
    farewells = await outbox(shop)
    await writes(shop, "Voltar")
    back = await screen(shop.owner)

    assert (False, True) == (before, gone)
    assert "🔕 Pediu SAIR" in left["text"]
    assert [("geral", "queued", True)] == farewells
    assert "🔔 Escreveu VOLTAR" in back["text"]
    assert not (await shop.ask(GetClient(other.client.id))).client.opted_out
    assert [("geral", "queued", True)] * 2 == (await outbox(shop))[:2]


async def test_what_was_planned_for_who_leaves_is_cancelled(live: Live) -> None:
    shop = Shop(live, await live.owner())
    await say(shop.owner, "/menu")
    await shop.client(days=-1, phone=f"+{PHONE}")
    before = await outbox(shop)
    await writes(shop, "sair")
    await shop.ask(GetReplies())

    assert [("cobranca", "waiting", False)] == before
    assert [("cobranca", "cancelled", False), ("geral", "queued", True)] == await outbox(shop)


async def test_a_promise_is_offered_one_reminder_for_its_day(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "sexta eu pago")
    card = await screen(shop.owner)

    assert "Prometeu pagar sexta, 27/11" in card["text"]
    assert {"🤝 Lembrar sexta, 27/11": "primary"} == styles(card)


async def test_home_and_the_list_show_who_waits_until_the_owner_is_done(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "oi")
    card = await screen(shop.owner)
    menu = await press(shop.owner, await say(shop.owner, "/menu"), "🏠 Ver o menu")
    waits = [label for row in labels(menu) for label in row if label.startswith("📥")]
    await press(shop.owner, card, "☑️ Já resolvi")

    assert ["📥 1 resposta"] == [label for label in waits if "resposta" in label]
    assert 0 == (await shop.ask(GetReplies())).total


async def test_the_silence_holds_cards_back_and_its_end_tells_them_together(live: Live) -> None:
    shop = await shop_of(live)
    await shop.client(name="Ana Souza", phone="+5511988880002", days=3)
    live.clock.move_to(NOW.replace(hour=5))
    await writes(shop, "oi")
    await writes(shop, "oi", phone="5511988880002")
    seen = (await shop.ask(GetReplies())).total, len(shop.owner.sees())
    live.clock.move_to(NOW.replace(hour=10))
    await live.tenant(shop.owner).tell(RepliesCame())
    together = await screen(shop.owner)

    assert (2, 2) == seen
    assert together["text"].startswith("🌙 Enquanto você descansava")
    assert ["🔴 Roberto Souza · 23/11 · 02:42"] == labels(together)[0]


async def test_what_came_while_access_was_over_is_told_on_return_and_together(live: Live) -> None:
    """None is lost, none is shown before, and on return they do not come card by card (A6)."""
    shop = await shop_of(live)
    await shop.client(name="Ana Souza", phone="+5511988880002", days=3)
    live.clock.move_to(NOW + timedelta(days=9))
    await writes(shop, "oi")
    await writes(shop, "oi", phone="5511988880002")
    await shop.ask(GetAccess())  # answered once they are dealt with
    before = len(shop.owner.sees())
    live.clock.move_to(NOW + timedelta(days=9, hours=3))
    async with live.database.tenant(shop.owner.chat_id) as tx:
        await tx.execute(
            "UPDATE tenants SET paid_until = $2 WHERE tenant_id = $1",
            shop.owner.chat_id,
            NOW + timedelta(days=39),
        )
    await live.tenant(shop.owner).tell(AccessChanged())
    together = await screen(shop.owner)

    assert together["text"].startswith("📥 O que chegou e eu ainda não contei")
    assert before + 1 == len(shop.owner.sees())


async def test_what_an_erased_client_wrote_goes_with_it(live: Live) -> None:
    shop = await shop_of(live)
    await writes(shop, "oi")
    await screen(shop.owner)
    [(client_id,)] = await rows(shop, "id", "clients")
    await shop.ask(DeleteClient(client_id))

    assert [] == await rows(shop, "body", "whatsapp_incoming")
    assert [] == await rows(shop, "phone", "reply_talks")


async def test_what_confirms_a_sair_goes_also_to_who_is_put_away_meanwhile(live: Live) -> None:
    """Confirmed once (F8): that the owner archives or renews is no reason to leave it out."""
    shop = Shop(live, await live.owner())
    await say(shop.owner, "/menu")
    card = await shop.client(days=-1, phone=f"+{PHONE}")
    await writes(shop, "sair")
    await shop.ask(GetReplies())
    await shop.ask(ArchiveClient(card.client.id, archived=True))

    assert [("cobranca", "cancelled", False), ("geral", "queued", True)] == await outbox(shop)
