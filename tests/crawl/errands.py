"""What no walk is sure to come by: a few ways through the bot, walked step by step.

They lead to screens that need a state the town is not in, or several answers in a row.
"""

import asyncpg

from tests.crawl.chat import Chat

FORGOTTEN = "DELETE FROM messages WHERE tenant_id = $1"
SETTLED = (
    FORGOTTEN,
    "UPDATE clients SET due_on = DATE '2026-12-20', agreed_day = 20 WHERE tenant_id = $1",
    "UPDATE settings SET extra = '{}' WHERE tenant_id = $1",
)
SOMEBODY = """
    SELECT min(id) FROM clients
    WHERE tenant_id = $1 AND archived_at IS NULL AND opted_out_at IS NULL
"""


async def run_errands(chat: Chat, console: asyncpg.Pool) -> None:
    """Renew to a typed date; archive; see the PIX key; the unbilled and the queue; then none."""
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
    await _tap(chat, "Nenhum")
    await _tap(chat, "Desfazer")
    await _walk_the_queue(chat)
    for statement in SETTLED:
        await console.execute(statement, chat.chat_id)
    await chat.say("/menu")
    await _tap(chat, "Escolher o que sai sozinho")


async def _walk_the_queue(chat: Chat) -> None:
    """Bill who was left out; then one of those messages, a pause, and a day to come."""
    await chat.say("/fila")
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


async def _tap(chat: Chat, label: str) -> None:
    """Press the button of the live screen that says `label`."""
    live = chat.live
    found = [one for one in live.buttons if label in one.label] if live else []
    if live is None or not found or found[0].data is None:
        raise LookupError(f"no button {label!r} on {live.title if live else 'an empty chat'}")
    await chat.press(live, found[0].data)
