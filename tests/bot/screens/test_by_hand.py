"""Writing to a client in the chat: chosen or typed, previewed, now or at a moment, undone (E12)."""

from datetime import date, timedelta

from actors.messages.by_hand import GetHandMessages, HandMessages
from actors.messages.clients import DeleteClient, RegisterClient
from actors.messages.queue import PlanNow
from bot.screens.by_hand.buttons import SCHEDULED, CancelHand, ShowHand, ShowScheduled, WriteTo
from bot.ui.buttons import Go
from domain.clients import NewClient
from domain.money import parse_price
from tests.bot.live import SECONDS, Live
from tests.bot.screens.walk import Walk, walk

DUE = date(2026, 12, 10)
WAYS = ["⬅️ Voltar", "✖️ Desistir", "🏠 Início"]


async def writing(live: Live) -> tuple[Walk, int]:
    """An owner before the first question, and the client."""
    person = await live.owner()
    new = NewClient(
        name="Ana Souza",
        phone="+5511955500187",
        plan="30 dias",
        price=parse_price("79,90"),
        due_on=DUE,
    )
    made = await live.tenant(person).ask(RegisterClient(1, new), deadline=SECONDS)
    client_id = int(made.card.row.client_id)
    there = await (await walk(person)).open(WriteTo(client_id=client_id, origin="la1"))
    return there, client_id


async def made_by(live: Live, there: Walk) -> HandMessages:
    found: HandMessages = await live.tenant(there.person).ask(GetHandMessages(), deadline=SECONDS)
    return found


async def test_a_text_is_chosen_or_typed(live: Live) -> None:
    there, _ = await writing(live)

    assert "Mensagem para Ana Souza" in there.text
    assert "O que você quer dizer?" in there.text
    assert [
        "📝 Tudo bem?",
        "📝 Boas-vindas",
        "📝 Renovação",
        "📝 Cobrança",
        "📝 Vence hoje",
        "📝 Vence amanhã",
        "📝 Vence em 2 dias",
        *WAYS,
    ] == there.labels


async def test_it_is_shown_as_it_arrives_and_goes_now(live: Live) -> None:
    there, client_id = await writing(live)
    await there.say("Oi, {primeiro_nome}! São {valor}.")
    asked = (there.text, there.labels)
    await there.tap("📨 Agora")
    summed_up = (there.text, there.labels)
    confirm = there.button("✅ Mandar agora")
    await there.tap("✅ Mandar agora")
    done, labels = there.text, there.labels
    await there.press(confirm)

    assert "Oi, Ana! São R$ 79,90." in asked[0]
    assert ["📨 Agora", "🗓 Hoje 12:42", "🗓 Amanhã 09:00", *WAYS] == asked[1]
    assert "Oi, Ana! São R$ 79,90." in summed_up[0]
    assert ["✅ Mandar agora", "📝 Texto", "🕒 Horário", *WAYS] == summed_up[1]
    assert "Está na fila" in done
    assert "↩️ Desfazer até 10:52" in labels
    assert "Está na fila" in there.text
    assert 1 == (await made_by(live, there)).total
    assert client_id


async def test_a_moment_is_typed_and_what_does_not_work_is_answered_with_the_nearest(
    live: Live,
) -> None:
    there, _ = await writing(live)
    await there.tap("📝 Tudo bem?")
    await there.say("sei lá")
    unclear = there.text
    await there.say("hoje 9h")
    past = (there.text, there.labels)
    await there.say("sexta de manhã")
    open_hour = (there.text, there.labels)
    await there.say("10")
    summed_up = there.text
    await there.tap("✅ Agendar")

    assert "Não entendi quando é “sei lá”" in unclear
    assert "Hoje às 09:00 já passou." in past[0]
    assert ["🗓 Amanhã 09:00", *WAYS] == past[1]
    assert "A que horas, sexta-feira, 27/11?" in open_hour[0]
    assert ["🗓 27/11 08:00", "🗓 27/11 09:00", "🗓 27/11 10:00", "🗓 27/11 11:00"] == open_hour[1][:4]
    assert "Sexta-feira, 27/11, às 10:00" in summed_up
    assert "Contado para aquele dia: a saudação." in summed_up
    assert "Agendada para sexta-feira, 27/11, às 10:00" in there.text


async def test_it_can_come_back_every_month(live: Live) -> None:
    there, _ = await writing(live)
    await there.say("Aula amanhã?")
    await there.say("todo dia 31 às 10h")
    summed_up = there.text
    await there.tap("✅ Agendar")
    (one,) = (await made_by(live, there)).messages

    assert "Todo mês, no dia 31 (ou no último do mês)" in summed_up
    assert (31, "30/11 10:00") == (one.monthly_day, f"{one.at:%d/%m %H:%M}")


async def test_what_is_missing_is_named_with_the_way_to_fill_it(live: Live) -> None:
    there, _ = await writing(live)
    await there.say("Oi {nomee}")
    unknown = there.text
    await there.say("{pix_chave} {servidor} {suporte}")
    lacks = (there.text, there.labels)
    await there.press_again(there.button("🔄 Já preenchi"))

    assert "Você quis dizer {nome}?" in unknown
    assert "sua chave PIX" in lacks[0]
    assert [
        "🔑 Preencher o PIX",
        "⚙️ Preencher nas configurações",
        "✏️ Preencher na ficha",
        "🔄 Já preenchi",
        *WAYS,
    ] == lacks[1]


async def scheduled(live: Live) -> tuple[Walk, int, int]:
    """A message for tomorrow at nine, and its client."""
    there, client_id = await writing(live)
    await there.tap("📝 Tudo bem?")
    await there.tap("🗓 Amanhã 09:00")
    await there.tap("✅ Agendar")
    (one,) = (await made_by(live, there)).messages
    return there, client_id, one.message_id


async def test_what_is_scheduled_is_listed_and_changed_in_place(live: Live) -> None:
    there, _, _ = await scheduled(live)
    await there.open(Go(to=SCHEDULED))
    listed = (there.text, there.labels)
    await there.tap("🗓 Ana Souza · 26/11 · 09:00")
    one = (there.text, there.labels)
    await there.tap("🕒 Mudar o horário")
    await there.say("amanhã 15h")
    await there.tap("✅ Salvar")
    moved = there.text
    await there.tap("🗓 Agendadas")
    await there.tap("🗓 Amanhã 15:00")
    await there.tap("📝 Mudar o texto")
    await there.say("Até amanhã")
    await there.tap("✅ Salvar")

    assert "1 mensagem" in listed[0]
    assert "Sai amanhã às 09:00" in one[0]
    assert ["🕒 Mudar o horário", "📝 Mudar o texto", "👤 Ver Ana", "🚫 Não mandar"] == one[1][:4]
    assert "Agendada para amanhã às 15:00" in moved
    assert "Até amanhã" in there.text
    assert "Agendada para amanhã às 15:00" in there.text


async def test_a_cancelled_one_can_be_undone(live: Live) -> None:
    there, client_id, _ = await scheduled(live)
    await there.open(ShowScheduled(client_id=client_id))
    await there.tap("🗓 Amanhã 09:00")
    await there.tap("🚫 Não mandar")
    cancelled = there.text
    gone = (await made_by(live, there)).total
    await there.tap("↩️ Desfazer")

    assert "Não vai." in cancelled
    assert "a mensagem vai amanhã às 09:00" in there.text
    assert (0, 1) == (gone, (await made_by(live, there)).total)


async def test_what_did_not_go_is_told_and_scheduled_anew(live: Live) -> None:
    there, _, _ = await scheduled(live)
    live.clock.move_to(live.clock.now() + timedelta(days=3))
    await there.open(Go(to="today"))
    await live.tenant(there.person).ask(PlanNow(), deadline=SECONDS)
    await there.look()
    told = (there.text, there.labels)
    await there.tap("⚠️ 1 para marcar de novo")
    await there.tap("⚠️ Ana Souza · 26/11 · 09:00")
    ended = there.text
    await there.tap("🔁 Marcar de novo")
    await there.say("amanhã 9h")
    await there.tap("✅ Salvar")

    assert "A mensagem para Ana Souza não saiu" in told[0]
    assert "Não saiu." in ended
    assert "Agendada para amanhã às 09:00" in there.text


async def test_an_erased_client_and_a_strangers_message_show_how_it_is_now(live: Live) -> None:
    there, client_id, message_id = await scheduled(live)
    stranger = await walk(await live.owner())
    await stranger.open(ShowHand(message_id=message_id))
    not_found = stranger.toast
    await stranger.press_again(CancelHand(message_id=message_id).pack())
    await stranger.open(WriteTo(client_id=client_id))
    await live.tenant(there.person).ask(DeleteClient(client_id), deadline=SECONDS)
    await there.open(ShowHand(message_id=message_id))

    assert "Não encontrado. Talvez já tenha sido apagado." == not_found
    assert "Nada agendado" in there.text


async def test_who_opted_out_is_written_to_by_nobody(live: Live) -> None:
    there, client_id = await writing(live)
    async with live.database.tenant(there.person.chat_id) as tx:
        await tx.execute(
            "UPDATE clients SET opted_out_at = now() WHERE tenant_id = $1", there.person.chat_id
        )
    await there.open(WriteTo(client_id=client_id))

    assert "respondeu SAIR" in there.text
    assert ["⬅️ Voltar", "🏠 Início"] == there.labels
