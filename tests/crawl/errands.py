"""What no walk is sure to come by: a few ways through the bot, walked step by step.

They lead to screens that need a state the town is not in, or several answers in a row.
"""

import asyncpg

from tests.crawl.chat import Chat

FORGOTTEN = "DELETE FROM messages WHERE tenant_id = $1"
SETTLED = (
    "UPDATE clients SET due_on = DATE '2026-12-20', agreed_day = 20 WHERE tenant_id = $1",
    "UPDATE settings SET extra = '{}' WHERE tenant_id = $1",
)
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


async def run_errands(chat: Chat, console: asyncpg.Pool) -> None:
    """Renew to a typed date; archive; see the PIX key; come home to the unbilled, then to none."""
    client_id = await console.fetchval(SOMEBODY, chat.chat_id)
    await chat.say(f"/ver_{client_id}")
    for label in ("Renovar", "Outra data"):
        await _tap(chat, label)
    await chat.say("daqui a 45 dias")
    await _tap(chat, "Início")
    await chat.say(f"/ver_{client_id}")
    for label in ("Arquivar", "Ver o cliente", "Por que não recebeu", "Trazer de volta"):
        await _tap(chat, label)
    await chat.say("/menu")
    for label in ("Configurações", "Chave PIX", "Mudar a chave"):
        await _tap(chat, label)
    await console.execute(FORGOTTEN, chat.chat_id)
    await chat.say("/menu")
    await _tap(chat, "sem cobrança")
    for statement in SETTLED:
        await console.execute(statement, chat.chat_id)
    await chat.say("/menu")
    await _tap(chat, "Escolher o que sai sozinho")
    await console.execute(UNARRIVED, chat.chat_id, client_id)
    await _whatsapp(chat)


async def _whatsapp(chat: Chat) -> None:
    """Look at it, try it out on a phone, leave it, and come back to it."""
    await chat.say("/whatsapp")
    for label in ("O que aconteceu", "Voltar", "Novo código QR", "Voltar", "Mandar um teste"):
        await _tap(chat, label)
    await _tap(chat, "outro celular")
    for typed in ("não sei", "11 95550-0199"):
        await chat.say(typed)
    await chat.say("/whatsapp")
    for label in ("Reconectar", "Desconectar", "Sim, desconectar", "Conectar WhatsApp"):
        await _tap(chat, label)


async def _tap(chat: Chat, label: str) -> None:
    """Press the button of the live screen that says `label`."""
    live = chat.live
    found = [one for one in live.buttons if label in one.label] if live else []
    if live is None or not found or found[0].data is None:
        raise LookupError(f"no button {label!r} on {live.title if live else 'an empty chat'}")
    await chat.press(live, found[0].data)
