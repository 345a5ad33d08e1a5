"""What no walk is sure to come by: a few ways through the bot, walked step by step.

They lead to screens that need a state the town is not in, or several answers in a row.
"""

import asyncpg

from tests.crawl.chat import Chat
from tests.crawl.errands_queue import look_at_what_is_odd
from tests.crawl.house import NOW

FORGOTTEN = (
    "UPDATE settings SET automatic_kinds = ARRAY['cobranca'] WHERE tenant_id = $1",
    "DELETE FROM messages WHERE tenant_id = $1",
)
SETTLED = (
    *FORGOTTEN,
    "UPDATE clients SET due_on = DATE '2026-12-20', agreed_day = 20 WHERE tenant_id = $1",
    "UPDATE settings SET extra = '{}' WHERE tenant_id = $1",
)
LACKING = (
    "UPDATE settings SET support = NULL, pix_city = pix_key, pix_key = NULL WHERE tenant_id = $1"
)
COMPLETE = "UPDATE settings SET pix_key = pix_city, pix_city = NULL WHERE tenant_id = $1"
MANY_SCHEDULED = """
    INSERT INTO scheduled_messages (
        tenant_id, client_id, nonce, kind, text, at, day, state, created_at, changed_at)
    SELECT $1, $2, 'crawl ' || n, 'geral', 'Oi',
           TIMESTAMPTZ '2026-12-01 13:00Z' + n * interval '1 day', DATE '2026-12-01' + n, 'waiting',
           now(), now()
    FROM generate_series(1, 18) AS n
"""
# Sent half an hour ago to somebody whose phone is off.
UNARRIVED = """
    INSERT INTO messages (
        tenant_id, client_id, kind, day, state, phone, whatsapp_id, correlation_id, attempt,
        not_before, expires_at, created_at, sent_at)
    SELECT tenant_id, id, 'geral', at::date, 'sent', phone, '3EB0UNARRIVED', 'errand', 1,
        at, at, at, at
    FROM clients, LATERAL (SELECT timestamptz '2026-11-25 13:12+00' AS at) sent
    WHERE tenant_id = $1 AND id = $2
"""
SOMEBODY = """
    SELECT min(id) FROM clients
    WHERE tenant_id = $1 AND archived_at IS NULL AND opted_out_at IS NULL
"""

WROTE = """
    WITH somebody AS (
        SELECT id, phone FROM clients WHERE tenant_id = $1 AND id = $2
    ), talk AS (
        INSERT INTO reply_talks (tenant_id, phone, since, last_at, version, told_version)
        SELECT $1, phone, $3, $3, 1, 1 FROM somebody RETURNING id
    ), people AS (
        INSERT INTO reply_people (tenant_id, talk_id, client_id) SELECT $1, talk.id, $2 FROM talk
    )
    INSERT INTO whatsapp_incoming (
        tenant_id, from_jid, whatsapp_id, kind, body, at, handled_at, talk_id)
    SELECT $1, 'j', 'M1', 'text', 'oi', $3, $3, talk.id FROM talk
"""
PROMISED = (
    "UPDATE whatsapp_incoming SET body = 'dia 10 eu pago' WHERE tenant_id = $1",
    "UPDATE reply_talks SET done_at = NULL WHERE tenant_id = $1",
)


async def run_errands(chat: Chat, console: asyncpg.Pool) -> None:
    """Answer; renew; archive; see the PIX key; write texts; the unbilled and the queue; none."""
    await _answer(chat, console)
    client_id = await console.fetchval(SOMEBODY, chat.chat_id)
    await chat.say(f"/ver_{client_id}")
    for label in ("Renovar", "Outra data"):
        await _tap(chat, label)
    await chat.say("daqui a 45 dias")
    for label in ("Renovar até", "Mudar o texto", "Voltar", "Início"):
        await _tap(chat, label)
    await chat.say(f"/ver_{client_id}")
    for label in ("Arquivar", "Ver o cliente", "Por que não recebeu", "Trazer de volta"):
        await _tap(chat, label)
    await _write(chat, console, client_id)
    await _menu(chat)
    for label in ("Configurações", "Chave PIX", "Mandar o código no texto", "Mudar a chave"):
        await _tap(chat, label)
    await _turn_the_schedule(chat)
    await _write_texts(chat)
    for statement in FORGOTTEN:
        await console.execute(statement, chat.chat_id)
    await _menu(chat)
    await _tap(chat, "sem cobrança")
    await _tap(chat, "Nenhum")
    await _tap(chat, "Desfazer")
    await _walk_the_queue(chat)
    for statement in SETTLED:
        await console.execute(statement, chat.chat_id)
    await _menu(chat)
    await _tap(chat, "Escolher o que sai sozinho")
    await look_at_what_is_odd(chat, console)
    await console.execute(UNARRIVED, chat.chat_id, client_id)
    await _whatsapp(chat)


async def run_last_errand(chat: Chat) -> None:
    """See who did what, and end the account: nothing is left to walk after it."""
    await chat.say("/conta")
    for label in ("Meus dados", "Quem fez o quê", "Voltar", "Apagar minha conta"):
        await _tap(chat, label)
    for said in ("não sei", "APAGAR"):
        await chat.say(said)
    await _tap(chat, "Começar de novo")


async def _answer(chat: Chat, console: asyncpg.Pool) -> None:
    """Answer a client, remind of a promise, be done with it; change the hours of silence."""
    client_id = await console.fetchval(SOMEBODY, chat.chat_id)
    await console.execute(WROTE, chat.chat_id, client_id, NOW)
    await _menu(chat)
    for label in ("1 resposta", "·", "Responder"):
        await _tap(chat, label)
    await chat.say("Combinado, dia 10 então!")
    for label in ("Voltar", "Voltar", "Prometeu pagar", "Voltar", "Já resolvi"):
        await _tap(chat, label)
    for statement in PROMISED:
        await console.execute(statement, chat.chat_id)
    await _menu(chat)
    for label in ("1 resposta", "·", "Lembrar", "Desfazer"):
        await _tap(chat, label)
    await _menu(chat)
    for label in ("Configurações", "Horas de silêncio", "Mudar os horários", "22:00", "07:00"):
        await _tap(chat, label)
    await _tap(chat, "Silêncio ligado")


async def _turn_the_schedule(chat: Chat) -> None:
    """Ask for a time at which nothing may go, widen the window for it; add and drop a holiday."""
    for typed, label in (("23:00", "Enviar às"), ("7h", "07:00 e")):
        await chat.say("/agendador")
        await _tap(chat, "📤")
        await chat.say(typed)
        await _tap(chat, label)
    await _tap(chat, "Desfazer")
    await chat.say("/agendador")
    await _tap(chat, "Feriados")
    for label in ("Mais ajustes", "Ver os feriados", "Carnaval"):
        await _tap(chat, label)
    await chat.say("25/01 aniversário da cidade")
    await _tap(chat, "🗑")


async def _write(chat: Chat, console: asyncpg.Pool, client_id: int) -> None:
    """Write to a client: what lacks something, what is past, what works; change it, cancel it."""
    await console.execute(LACKING, chat.chat_id)
    await chat.say(f"/ver_{client_id}")
    await _tap(chat, "Mensagem")
    for said in ("Oi, {nomee}", "Oi! {servidor} {pix_chave} {suporte}"):
        await chat.say(said)
    await console.execute(COMPLETE, chat.chat_id)
    await _tap(chat, "Voltar")
    for said in ("Até logo!", "sei lá", "hoje 7h", "sexta", "todo dia 31 às 10h"):
        await chat.say(said)
    for label in ("Horário", "Amanhã", "Agendar", "Agendadas", "Amanhã", "Mudar o texto"):
        await _tap(chat, label)
    await chat.say("Até amanhã!")
    for label in ("Salvar", "Agendadas", "Amanhã", "Não mandar", "Desfazer até", "Ver o cliente"):
        await _tap(chat, label)
    await console.execute(MANY_SCHEDULED, chat.chat_id, client_id)
    await _tap(chat, "Mensagem")
    await chat.say("Oi!")
    for label in ("Agora", "Mandar agora", "Agendadas", "›"):
        await _tap(chat, label)


async def _write_texts(chat: Chat) -> None:
    """A text with a slip in it, let go of and taken back, saved, renamed, deleted; a default."""
    await chat.say("/textos")
    for label in ("›", "‹", "Novo texto"):
        await _tap(chat, label)
    await chat.say("Manutenção na rede")
    await chat.say("Oi, {nme}! Hoje a rede para das 2 às 4. {suporte}")
    for label in ("Trocar por", "Desistir", "Desfazer até", "Salvar", "Mudar o nome"):
        await _tap(chat, label)
    await chat.say("Rede parada")
    for label in ("Apagar", "Desfazer até"):
        await _tap(chat, label)
    await chat.say("/textos")
    # One that is not of today: its messages would tell of what they lack, below the screen.
    for label in ("Renovação", "Desligar", "Ligar", "Mudar o texto"):
        await _tap(chat, label)
    await chat.say("{primeiro_nome}, recebi os {valor}. Obrigado!")
    for label in ("Salvar", "Voltar ao texto padrão", "Ver pronto"):
        await _tap(chat, label)
    await chat.say("/textos")
    for label in ("Cobrança, 1 dia", "no mês", "/", "Voltar"):
        await _tap(chat, label)


async def _walk_the_queue(chat: Chat) -> None:
    """Bill who was left out; then one of those messages, a pause, and a day to come."""
    await chat.say("/fila")
    await _tap_if_there(chat, "Voltar a enviar")
    for label in ("⚠️", "Desmarcar", "⬜", "Cobrar o marcado", "Ver a fila", "🕒"):
        await _tap(chat, label)
    for label in ("Mandar agora", "Cancelar esta", "Desfazer"):
        await _tap(chat, label)
    await chat.say("/fila")
    for label in ("Parar", "Voltar a enviar", "Amanhã", "⚪", "Voltar", "Outro dia"):
        await _tap(chat, label)
    await chat.say("nunca")
    await chat.say("daqui a 3 dias")
    for label in ("›", "Voltar", "🔄"):
        await _tap(chat, label)


async def _whatsapp(chat: Chat) -> None:
    """Look at it, try it out on a phone, leave it, and come back to it."""
    await chat.say("/whatsapp")
    await _tap_if_there(chat, "Conectar")
    await chat.say("/whatsapp")
    for label in ("O que aconteceu", "Voltar", "Novo código QR", "Voltar", "Mandar um teste"):
        await _tap(chat, label)
    await _tap(chat, "outro celular")
    for typed in ("não sei", "11 95550-0199"):
        await chat.say(typed)
    await chat.say("/whatsapp")
    for label in ("Reconectar", "Desconectar", "Sim, desconectar", "Conectar WhatsApp"):
        await _tap(chat, label)


async def _menu(chat: Chat) -> None:
    """The whole menu, also where a walk has undone a first step."""
    await chat.say("/menu")
    await _tap_if_there(chat, "Ver o menu")


async def _tap_if_there(chat: Chat, label: str) -> None:
    """Press a button that is there only where a walk has changed how things stand."""
    if chat.live and any(label in one.label for one in chat.live.buttons):
        await _tap(chat, label)


async def _tap(chat: Chat, label: str) -> None:
    """Press the button of the live screen that says `label`."""
    await chat.tap(label)
